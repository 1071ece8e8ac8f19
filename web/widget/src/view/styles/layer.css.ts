/** The picture's markers, and what all else on it builds on. */
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

  .content {
    position: absolute;
    pointer-events: none;
    transition: font-size 0s 0.2s; /* markers inherit it, and are styled when it changes: once the picture's width rests */
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

  .root[aria-busy] button {
    cursor: progress;
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
    aspect-ratio: 1;
    margin: calc(var(--marker-size) / -2); /* a transform would make each marker a layer of its own to sort and paint */
    pointer-events: auto;
    border-radius: var(--marker-radius);
  }

  /* On a picture that is turned or mirrored, what can be read stands upright. */
  .turned .marker {
    transform: var(--upright);
  }

  .face {
    display: flex; /* a grid lays its number out anew with every size */
    place-content: center;
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
    line-height: 1;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    transition:
      background-color var(--quick),
      transform var(--quick),
      opacity var(--quick);
  }

  /* Among so many it only darkens the picture, and where no graphics card draws it, it takes most of the time. */
  .crowded .marker:not(.open) .face {
    box-shadow: none;
  }

  .marker:hover .face {
    transform: scale(1.08);
    background: var(--marker-hover);
  }

  .marker:hover,
  .marker:focus-visible {
    z-index: 1;
  }

  .marker.resolved:not(.open) .face,
  .marker.held:not(.open) .face {
    opacity: 0.6;
  }

  .marker.held .face {
    border-style: dashed;
  }

  /* Others stand for it; of a size that stays, it is not laid out with every other width of the picture. */
  .marker[data-clustered]:not([data-fanned], [data-moving]),
  .cluster[aria-expanded="true"] {
    width: 24px;
    margin: -12px;
    visibility: hidden;
  }

  .cluster .face {
    border-radius: 50%;
    box-shadow:
      3px 3px 0 -1px var(--marker),
      0 0 0 1px rgb(10 14 25 / 22%),
      0 2px 8px rgb(10 14 25 / 32%);
  }

  .region {
    position: absolute;
    border: 1.5px solid var(--marker-ring);
    border-radius: 4px;
    box-shadow: 0 0 0 1px rgb(10 14 25 / 40%);
  }

  .marker:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
    box-shadow: 0 0 0 6px #fff;
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
    .face {
      border: 2px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
  }
`;
