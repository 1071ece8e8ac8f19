/** What comes with the tools: markers on the move, the toast. */
import { css } from "../style-sheets.ts";

export const toolStyles = css`
  .marker[data-moving] {
    z-index: 3;
    cursor: grabbing;
  }

  .marker[data-moving] .face {
    outline: 2px dashed var(--accent);
    outline-offset: 3px;
  }

  .marker.own {
    touch-action: none; /* a finger on it moves it */
  }

  .region.drawn {
    border: 2px dashed var(--accent);
    background: rgb(255 255 255 / 18%);
  }

  .crosshair > .sizing-hint {
    top: min(var(--y), 100% - 24px);
    margin-top: 46px;
  }

  .crosshair[data-sizing] > .crosshair-mark,
  .crosshair[data-sizing] > .crosshair-hint:not(.sizing-hint) {
    display: none;
  }

  .crosshair[data-sizing] > .sizing-hint {
    top: min(var(--y) + 8px, 100% - 28px);
    margin-top: 0;
  }

  .root[data-drawing] .surface {
    touch-action: none;
  }

  .marker[data-fanned]:not([data-moving]) {
    left: var(--fan-x) !important;
    top: var(--fan-y) !important;
    z-index: 2;
  }

  .toolbar {
    position: absolute;
    z-index: 2; /* over markers, as a finger would open one instead */
    display: flex;
    gap: 4px;
    opacity: 0;
    pointer-events: none;
    transition: opacity var(--quick);
  }

  [dir="rtl"] .toolbar {
    translate: -100%; /* it is placed by its right edge; the other corner is where the connection is told of */
  }

  .root:has(.toolbar) .status {
    max-width: calc(100% - 96px);
  }

  .toolbar button {
    pointer-events: auto;
  }

  .root:hover .toolbar,
  .root:focus-within .toolbar,
  .root[data-drawing] .toolbar,
  .root:not(:has(> .surface)) .toolbar {
    opacity: 1;
  }

  .toolbar button {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 8px;
    color: #fff;
    background: rgb(22 27 39 / 74%);
    box-shadow: 0 1px 4px rgb(10 14 25 / 30%);
  }

  .toolbar .count {
    font-size: 12px;
    font-weight: 600;
    line-height: 1;
  }

  .toolbar .count:empty {
    display: none;
  }

  .toolbar button[data-hiding] {
    display: flex;
    align-items: center;
    gap: 5px;
    width: auto;
    padding: 0 8px;
  }

  .toolbar button:hover,
  .toolbar button[data-hiding],
  .toolbar button[aria-pressed="true"] {
    color: var(--on-accent);
    background: var(--accent);
  }

  .toolbar button:focus-visible {
    outline: 3px solid var(--accent);
    box-shadow: 0 0 0 6px #fff;
  }

  @media (hover: none) {
    .toolbar {
      opacity: 1;
    }
  }

  .glance {
    position: fixed;
    inset: auto;
    left: 0;
    top: 0;
    z-index: 2147483647;
    width: max-content;
    max-width: min(280px, 100vw - 16px);
    margin: 0;
    padding: 8px 12px;
    border: 0;
    border-radius: 10px;
    font-size: 13px;
    line-height: 18px;
    cursor: default;
    color: var(--text);
    background: var(--surface);
    box-shadow: var(--shadow);
    pointer-events: auto;
    animation: appear var(--quick) ease-out;
  }

  .glance p {
    margin: 0;
  }

  .glance p:empty {
    display: none;
  }

  .glance .who {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .glance .said {
    display: -webkit-box;
    margin-bottom: 4px;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }

  .glance .state {
    font-size: 12px;
    line-height: 16px;
    color: var(--text-quiet);
  }

  .toast {
    position: absolute;
    inset-inline: 0;
    bottom: 12px;
    z-index: 3;
    display: flex;
    align-items: center;
    gap: 12px;
    width: max-content;
    max-width: calc(100% - 24px);
    margin-inline: auto;
    padding: 6px 8px 6px 16px;
    padding-inline: 16px 8px;
    border-radius: 12px;
    color: #fff;
    background: rgb(22 27 39 / 92%);
    box-shadow: 0 2px 12px rgb(10 14 25 / 36%);
    pointer-events: auto;
    animation: appear var(--quick) ease-out;
  }

  .toast .undo {
    min-width: 44px;
    min-height: 32px;
    padding: 0 12px;
    border-radius: 8px;
    font-weight: 600;
    color: #fff;
    background: rgb(255 255 255 / 16%);
  }

  .toast .undo:hover {
    background: rgb(255 255 255 / 28%);
  }

  .toast .undo:focus-visible {
    outline: 2px solid #fff;
    outline-offset: 2px;
  }

  @media (forced-colors: active) {
    .glance {
      border: 1px solid CanvasText;
    }

    .toast {
      border: 2px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
  }
`;
