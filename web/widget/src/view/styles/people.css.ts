/** Who else is there, and where somebody writes. */
import { css } from "../style-sheets.ts";

export const peopleStyles = css`
  .others {
    position: absolute;
    bottom: 8px;
    inset-inline-start: 8px;
    max-width: calc(100% - 16px);
  }

  .others button {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 28px;
    min-height: 28px;
    padding: 3px 10px 3px 4px;
    padding-inline: 4px 10px;
    border-radius: 14px;
    font-size: 13px;
    line-height: 20px;
    font-variant-numeric: tabular-nums;
    color: #fff;
    background: rgb(22 27 39 / 74%);
    box-shadow: 0 1px 4px rgb(10 14 25 / 30%);
    pointer-events: auto;
  }

  .turned .others {
    transform: var(--upright);
  }

  .others button:hover {
    background: rgb(22 27 39 / 88%);
  }

  .others button:focus-visible {
    outline: 3px solid var(--accent);
    box-shadow: 0 0 0 6px #fff;
  }

  .faces {
    display: flex;
  }

  .faces:empty::before {
    content: "";
    width: 8px;
    height: 8px;
    margin: 0 2px 0 6px;
    border-radius: 50%;
    background: #5fd38d;
  }

  .face-of {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    width: 22px;
    height: 22px;
    border-radius: 50%;
    overflow: hidden;
    font-size: 11px;
    line-height: 1;
    font-weight: 600;
    color: #fff;
    background: #4a5470;
    box-shadow: 0 0 0 1.5px rgb(255 255 255 / 80%);
  }

  .faces .face-of + .face-of {
    margin-inline-start: -5px;
  }

  .face-of img {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .others ul {
    position: absolute;
    bottom: 100%;
    inset-inline-start: 0;
    z-index: 4;
    width: max-content;
    max-width: min(240px, 80vw);
    max-height: 240px;
    margin: 0 0 6px;
    padding: 6px;
    overflow-y: auto;
    overscroll-behavior: contain;
    list-style: none;
    border-radius: var(--radius);
    color: var(--text);
    background: var(--surface);
    box-shadow: var(--shadow);
    pointer-events: auto;
  }

  .others li {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 6px;
    font-size: 13px;
    overflow-wrap: anywhere;
  }

  .marker[data-writing]::before {
    content: "";
    position: absolute;
    inset: -5px;
    border: 2px dotted var(--accent);
    border-radius: calc(var(--marker-radius) * 1.2);
    box-shadow: 0 0 0 1px rgb(255 255 255 / 60%);
    pointer-events: none;
  }

  @media (forced-colors: active) {
    .others button,
    .others ul {
      border: 2px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
  }
`;
