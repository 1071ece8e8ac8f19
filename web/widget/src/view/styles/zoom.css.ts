/** The picture that comes closer, and the buttons for it. */
import { css } from "../style-sheets.ts";

export const zoomStyles = css`
  .zoomed {
    position: absolute;
    overflow: hidden;
    pointer-events: auto;
  }

  .zoomed img {
    position: absolute;
    display: block;
    max-width: none;
    pointer-events: none;
    user-select: none;
  }

  /* Two fingers are the picture's; one scrolls the page, until there is something to pan to. */
  .root.zooms :is(.zoomed, .surface, .marker) {
    touch-action: pan-x pan-y;
  }

  .root.closer :is(.zoomed, .surface, .marker) {
    touch-action: none;
  }

  /* What is out of the box must not make the page longer or wider. */
  .root.closer {
    overflow: clip;
  }

  .root.closer .zoomed {
    cursor: grab;
  }

  .zoom-buttons {
    position: absolute;
    display: flex;
    gap: 1px;
    width: max-content;
    border-radius: 8px;
    overflow: hidden;
    pointer-events: auto;
    color: var(--marker-text);
    background: var(--marker);
    box-shadow: 0 1px 4px rgb(10 14 25 / 32%);
  }

  /* What is in the corner can be panned out of it; and under a button that is pressed again and again, markers move by. */
  .closer .zoom-buttons {
    z-index: 2;
  }

  .zoom-buttons button {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
  }

  .zoom-buttons button[aria-disabled="true"] {
    cursor: default;
  }

  .zoom-buttons button[aria-disabled="true"] svg {
    opacity: 0.45;
  }

  .zoom-buttons button:hover:not([aria-disabled="true"]) {
    background: rgb(255 255 255 / 16%);
  }

  .zooms .toast {
    bottom: 52px; /* both fit beside each other on wide pictures only */
  }

  .zoom-buttons button:focus-visible {
    outline: 2px solid #fff;
    outline-offset: -4px;
  }

  @media (forced-colors: active) {
    .zoom-buttons {
      border: 1px solid;
    }

    .zoom-buttons button:focus-visible {
      outline-color: Highlight;
    }
  }

  @media print {
    .zoom-buttons {
      display: none;
    }
  }
`;
