/** The chat window: beside its marker, or the whole screen on a phone. */
import { css } from "../style-sheets.ts";

export const windowStyles = css`
  .window {
    animation: appear var(--quick) ease-out;
  }

  .sheet {
    display: flex;
    flex-direction: column;
    max-height: min(480px, calc(100vh - 16px));
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
    overflow: hidden;
  }

  /* Before it has been placed it must not flash in the corner; hidden outright, it could not take the focus. */
  .window:not([data-side]) {
    opacity: 0;
    animation: none;
  }

  .arrow {
    position: absolute;
    width: 16px;
    height: 16px;
    transform: rotate(45deg);
    background: var(--surface);
    border-radius: 3px;
  }

  .to-right .arrow {
    left: -7px;
  }

  .to-left .arrow {
    right: -7px;
  }

  .to-bottom .arrow {
    top: -7px;
  }

  .to-top .arrow {
    bottom: -7px;
  }

  header {
    display: flex;
    align-items: center;
    gap: 4px;
    padding-block: 8px;
    padding-inline: 16px 8px;
    border-bottom: 1px solid var(--line);
  }

  h2 {
    flex: 1;
    min-width: 0;
    margin: 0;
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .tool {
    display: grid;
    place-items: center;
    flex: none;
    width: 28px;
    height: 28px;
    border-radius: 8px;
    color: var(--text-quiet);
    transition: background-color var(--quick);
  }

  .tool:hover {
    color: var(--text);
    background: var(--surface-quiet);
  }

  .held-note {
    display: flex;
    gap: 8px;
    padding: 8px 16px;
    background: var(--surface-quiet);
  }

  .held-note svg {
    flex: none;
  }

  .window .sign-in {
    display: block;
    margin: -8px -16px;
    padding: 10px 16px;
    font-size: 13px;
    font-weight: 600;
    color: var(--accent);
  }

  .scroller {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-anchor: none; /* scroll-keeper.ts does it, in every browser */
  }

  /* Over the thread's end, on the room that it leaves there: nothing moves when somebody begins or ends. */
  .writing {
    position: relative;
    flex: none;
    height: 0;
    margin: 0 12px;
  }

  .writing span {
    position: absolute;
    bottom: 0;
    max-width: 100%;
    padding: 0 4px;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    font-size: 12px;
    line-height: 16px;
    color: var(--text-quiet);
    background: var(--surface);
  }
`;
