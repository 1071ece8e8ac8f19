/** The open window's frame, and the shell that stands for it until it has come. */
import { css } from "../style-sheets.ts";

export const shellStyles = css`
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
`;
