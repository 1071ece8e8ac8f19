/** The list of all conversations: beside the page's edge, or the whole screen on a phone. */
import { css } from "../style-sheets.ts";

export const panelStyles = css`
  .panel {
    position: fixed;
    inset: 8px;
    inset-inline-start: auto;
    z-index: 2147483646;
    display: flex;
    flex-direction: column;
    width: min(360px, calc(100vw - 16px));
    height: auto;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: var(--radius);
    overflow: hidden;
    color: var(--text);
    background: var(--surface);
    box-shadow: var(--shadow);
    pointer-events: auto;
  }

  .panel:not(:popover-open) {
    display: none;
  }

  .panel header {
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 8px 16px;
    padding-inline-end: 8px;
  }

  .panel h2 {
    flex: 1;
    margin: 0;
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
  }

  .panel .tool {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 8px;
    color: var(--text-quiet);
  }

  .panel .tool:hover {
    color: var(--text);
    background: var(--surface-quiet);
  }

  .panel .fresh-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    padding: 4px 16px 8px;
    padding-inline-end: 10px;
    font-size: 13px;
  }

  .panel .fresh-line span {
    flex: 1 0 auto;
    font-weight: 600;
  }

  .panel .fresh-line button {
    min-height: 28px;
    padding: 0 6px;
    border-radius: 8px;
    color: var(--accent);
  }

  .panel .fresh-line button:hover {
    background: var(--surface-quiet);
  }

  .panel .asked {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 0 16px 12px;
    border-bottom: 1px solid var(--line);
    font-size: 13px;
  }

  .panel input[type="search"] {
    flex: 1 0 100%;
  }

  .panel input[type="search"],
  .panel select {
    min-height: 32px;
    margin: 0;
    padding: 0 10px;
    font: inherit;
    color: var(--text);
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
  }

  .panel select {
    width: auto;
  }

  .panel input[type="checkbox"] {
    flex: none;
    width: 16px;
    height: 16px;
    min-height: 0;
    margin: 0;
    padding: 0;
    accent-color: var(--accent);
  }

  .panel label {
    display: flex;
    flex: none;
    white-space: nowrap;
    align-items: center;
    gap: 6px;
    min-height: 24px;
  }

  .panel ol {
    flex: 1;
    margin: 0;
    padding: 8px;
    overflow-y: auto;
    overscroll-behavior: contain;
    list-style: none;
  }

  .panel .entry {
    display: grid;
    grid-template-columns: 28px 1fr auto;
    gap: 2px 10px;
    width: 100%;
    min-height: 48px;
    padding: 8px;
    text-align: start;
    border-radius: 10px;
  }

  .panel .entry:hover,
  .panel .entry[aria-current="true"] {
    background: var(--surface-quiet);
  }

  .panel .number {
    grid-row: span 2;
    display: grid;
    place-items: center;
    width: 28px;
    height: 28px;
    border-radius: 8px;
    font-size: 12px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    color: var(--on-accent);
    background: var(--accent);
  }

  .panel .entry[data-resolved] .number {
    color: var(--text-quiet);
    background: var(--line);
  }

  .panel .said,
  .panel .who {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    /* Where the list's column begins, whichever way the words run. */
    justify-self: start;
    max-width: 100%;
  }

  .panel .who,
  .panel .note {
    grid-column: 2 / -1;
    font-size: 12px;
    line-height: 16px;
    color: var(--text-quiet);
  }

  .panel .fresh {
    align-self: center;
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--dot);
  }

  .panel .note {
    margin: 0;
    padding: 16px;
    text-align: center;
  }

  .panel :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  @media (max-width: 767.98px) {
    .panel {
      inset: 0;
      width: 100vw;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom)
        env(safe-area-inset-left);
      border-radius: 0;
    }

    .panel input[type="search"],
    .panel select {
      font-size: 16px;
    }
  }

  @media (forced-colors: active) {
    .panel {
      border: 1px solid CanvasText;
    }
  }
`;
