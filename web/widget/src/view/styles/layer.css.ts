/** The picture's layer: markers, cross-hair, status. */
import { css } from "../style-sheets.ts";

export const layerStyles = css`
  /* Everything that a page's rules could have handed down is set anew; only the font family is the page's. */
  .root {
    font-family: var(--font);
    font-size: 14px;
    line-height: 20px;
    font-weight: 400;
    font-style: normal;
    font-variant: normal;
    letter-spacing: normal;
    word-spacing: normal;
    text-align: start;
    text-indent: 0;
    text-transform: none;
    text-shadow: none;
    white-space: normal;
    cursor: auto;
    color: var(--text);
    position: absolute;
    inset: 0;
    pointer-events: none;
    -webkit-font-smoothing: antialiased;
  }

  .root *,
  .root *::before,
  .root *::after {
    box-sizing: border-box;
  }

  .surface,
  .content {
    position: absolute;
  }

  .surface {
    pointer-events: auto;
    cursor: crosshair;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }

  .content {
    pointer-events: none;
  }

  button {
    font: inherit;
    color: inherit;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }

  /* A press whose target is exchanged before it is let go is no click, and what is on a button changes with what others do. */
  button > * {
    pointer-events: none;
  }

  button:disabled {
    cursor: default;
  }

  [hidden] {
    display: none !important;
  }

  .pane {
    position: absolute;
    inset: 0;
    contain: layout size style;
  }

  .pane.layer {
    will-change: transform;
  }

  .pane:hover,
  .pane:focus-within {
    z-index: 1;
  }

  .pane.open {
    z-index: 2;
  }

  .marker {
    position: absolute;
    width: var(--marker-size);
    height: var(--marker-size);
    margin: calc(var(--marker-size) / -2); /* a transform would make each marker a layer of its own to sort and paint */
    pointer-events: auto;
    border-radius: var(--marker-radius);
  }

  /* On a picture that is turned or mirrored, what can be read stands upright. */
  .turned .marker,
  .turned .status {
    transform: var(--upright);
  }

  .face {
    display: grid;
    place-items: center;
    width: 100%;
    height: 100%;
    /* Not inherited: that makes Chromium's styling of a new marker dearer the more there are. */
    border-radius: var(--marker-radius);
    color: var(--marker-text);
    background: var(--marker);
    border: 1.5px solid var(--marker-ring);
    box-shadow:
      0 0 0 1px rgb(10 14 25 / 22%),
      0 2px 8px rgb(10 14 25 / 32%);
    font-size: clamp(12px, calc(var(--marker-size) * 0.4), 18px);
    line-height: 1;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    transition:
      background-color var(--quick),
      transform var(--quick),
      opacity var(--quick);
  }

  /* Among so many it only darkens the picture, and where no graphics card draws it, it takes most of the time. */
  .crowded .marker:not(.open) .face,
  .crowded .dot {
    box-shadow: none;
  }

  .crowded .dot {
    border: 0;
  }

  .marker:hover .face {
    transform: scale(1.08);
    background: var(--marker-hover);
  }

  .marker:hover,
  .marker:focus-visible {
    z-index: 1;
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

  .marker.resolved:not(.open) .face,
  .marker.held:not(.open) .face {
    opacity: 0.6;
  }

  .marker.held .face {
    border-style: dashed;
  }

  /* It is shown by its cluster. */
  .marker[data-clustered]:not([data-fanned], [data-moving]),
  .cluster[aria-expanded="true"] {
    visibility: hidden;
  }

  .cluster .face {
    border-radius: 50%;
    box-shadow:
      3px 3px 0 -1px var(--marker),
      0 0 0 1px rgb(10 14 25 / 22%),
      0 2px 8px rgb(10 14 25 / 32%);
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

  .region {
    position: absolute;
    border: 1.5px solid var(--marker-ring);
    border-radius: 4px;
    box-shadow: 0 0 0 1px rgb(10 14 25 / 40%);
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

  .marker:focus-visible,
  .window button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .marker:focus-visible {
    box-shadow: 0 0 0 6px #fff;
    outline-width: 3px;
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

  .window {
    position: fixed;
    inset: auto;
    left: 0;
    top: 0;
    z-index: 2147483647;
    width: var(--window-width);
    max-width: none;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    overflow: visible;
    pointer-events: auto;
    color: var(--text);
    background: none;
    outline: none;
  }

  /* Until the window itself has come. */
  .shell {
    padding: 12px;
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .shell > button {
    float: inline-end;
    width: 28px;
    height: 28px;
  }

  .shell p {
    margin: 4px 0 12px;
    min-height: 20px;
  }

  .shell textarea {
    display: block;
    width: 100%;
    margin: 0;
    padding: 7px 11px;
    font: inherit;
    color: var(--text);
    border: 1px solid var(--accent);
    border-radius: var(--field-radius);
    background: var(--surface);
    outline: none;
    resize: none;
  }

  @media (max-width: 767.98px) {
    .shell {
      left: 0 !important;
      top: 0 !important;
      width: 100vw;
      height: 100dvh;
    }

    .shell textarea {
      font-size: 16px;
    }
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

  @media (prefers-reduced-motion: reduce) {
    .root *,
    .root *::before,
    .root *::after {
      animation-duration: 0s !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0s !important;
    }
  }

  @media (forced-colors: active) {
    .face,
    .status {
      border: 2px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
  }
`;
