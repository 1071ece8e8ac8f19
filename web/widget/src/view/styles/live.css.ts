/** What is on the picture beside its markers: what takes clicks, the cross-hair, the status. */
import { css } from "../style-sheets.ts";

export const liveStyles = css`
  .surface {
    position: absolute;
    pointer-events: auto;
    cursor: crosshair;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }

  button:disabled {
    cursor: default;
  }

  .marker.open,
  .marker.draft {
    z-index: 2;
  }

  /* Only one's own: a burst of others' would be a burst of animations. */
  .marker.draft {
    animation: appear var(--quick) ease-out;
  }

  .marker.open .face,
  .marker.draft .face {
    color: var(--on-accent);
    background: var(--accent);
  }

  .marker.pending .face {
    border-style: dashed;
  }

  .marker.gone .face {
    opacity: 0.5;
    border-style: dotted;
  }

  .dot,
  .badge {
    position: absolute;
    border-radius: 50%;
    border: 2px solid #fff;
    box-shadow: 0 1px 3px rgb(10 14 25 / 40%);
  }

  .dot {
    top: -4px;
    inset-inline-end: -4px;
    width: 12px;
    height: 12px;
    background: var(--dot);
  }

  .badge {
    bottom: -6px;
    inset-inline-end: -6px;
    display: grid;
    place-items: center;
    width: 18px;
    height: 18px;
    color: #fff;
    background: #b3261e;
  }

  .badge svg {
    width: 12px;
    height: 12px;
  }

  .crowded .dot {
    border: 0;
    box-shadow: none;
  }

  .crosshair {
    position: absolute;
    inset: 0;
    outline: none;
  }

  .crosshair:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: -3px;
    box-shadow: inset 0 0 0 5px #fff;
  }

  .crosshair-mark,
  .crosshair-hint {
    display: none;
    position: absolute;
    left: var(--x);
    top: var(--y);
  }

  .crosshair:focus-visible > * {
    display: block;
  }

  .crosshair-mark {
    width: 32px;
    height: 32px;
    margin: -16px;
    border-radius: 50%;
    background:
      linear-gradient(var(--accent) 0 0) center / 2px 16px no-repeat,
      linear-gradient(var(--accent) 0 0) center / 16px 2px no-repeat,
      rgb(255 255 255 / 80%);
    border: 2px solid var(--accent);
  }

  .root.dark .crosshair-mark {
    background-color: rgb(16 21 43 / 80%);
  }

  .crosshair-hint {
    width: max-content;
    max-width: 100%;
    margin-top: 22px;
    transform: translateX(calc(0% - var(--x))); /* its middle beneath the mark, and its ends on the picture */
    padding: 2px 8px;
    border-radius: 8px;
    font-size: 12px;
    line-height: 16px;
    color: #fff;
    background: rgb(22 27 39 / 84%);
  }

  .window button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .status {
    position: absolute;
    top: 8px;
    inset-inline-end: 8px;
    max-width: calc(100% - 16px);
    display: flex;
    align-items: center;
    gap: 8px;
    padding-block: 4px;
    padding-inline: 8px 12px;
    border-radius: 14px;
    font-size: 13px;
    line-height: 20px;
    color: #fff;
    background: rgb(22 27 39 / 84%);
    box-shadow: 0 1px 4px rgb(10 14 25 / 30%);
    animation: appear var(--quick) ease-out both;
  }

  .status:empty {
    visibility: hidden;
    animation: none; /* so that it starts anew, with its delay, when there is something to say */
  }

  /* A blink of the connection is not worth a word; the attribute says it at once. */
  .status[data-status="connecting"],
  .status[data-status="reconnecting"] {
    animation-delay: 700ms;
  }

  /* What a page has chosen is no trouble: it is said when somebody is near. */
  .root:not(:hover, :focus-within) :is([data-status="polling"], [data-status="notLive"]) {
    opacity: 0;
  }

  .status svg {
    flex: none;
  }

  .status .sign-in {
    margin-block: -4px;
    padding: 4px 0;
    padding-inline-start: 4px;
    color: inherit;
    pointer-events: auto;
  }

  [data-status="connecting"] svg,
  [data-status="reconnecting"] svg,
  .turning svg {
    animation: turn 1.2s linear infinite;
  }

  .turned .status {
    transform: var(--upright);
  }

  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }

  @media (forced-colors: active) {
    .status {
      border: 2px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
  }
`;
