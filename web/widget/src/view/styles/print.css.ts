/** The printed picture's numbers, and the sheet below it: black on white, whatever the page's colours. */
import { css } from "../style-sheets.ts";

export const printStyles = css`
  .root:has(> .print-marks) > :not(.print-marks, .zoomed) {
    display: none !important;
  }

  .print-marks {
    position: absolute;
  }

  .print-mark {
    display: inline-block;
    box-sizing: border-box;
    min-width: 18px;
    height: 18px;
    padding: 0 4px;
    border: 1.5px solid #000;
    border-radius: 9px;
    background: #fff;
    color: #000;
    font: 700 11px/15px system-ui, sans-serif;
    text-align: center;
    print-color-adjust: exact;
    -webkit-print-color-adjust: exact;
  }

  .print-marks > * {
    position: absolute;
  }

  .print-marks > .print-mark {
    transform: translate(-50%, -50%);
    box-shadow: 0 0 0 1px #fff;
  }

  .print-area {
    box-sizing: border-box;
    border: 1.5px solid #000;
    outline: 1px solid #fff;
    print-color-adjust: exact;
    -webkit-print-color-adjust: exact;
  }

  .printed {
    padding: 12px 0;
    background: #fff;
    color: #000;
    color-scheme: light;
    font-size: 13px;
    line-height: 1.45;
    text-align: start;
  }

  .printed section {
    margin: 0 0 12px;
  }

  .printed h2 {
    display: flex;
    gap: 6px;
    align-items: center;
    margin: 0 0 4px;
    font-size: 13px;
    font-weight: 600;
    break-after: avoid;
  }

  .printed ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .printed li {
    margin: 0 0 6px;
    padding-inline-start: calc(24px + 16px * var(--depth, 0));
    break-inside: avoid;
  }

  .printed p,
  .printed pre {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .name {
    font-weight: 600;
  }

  time {
    font-size: 11px;
  }

  .printed a {
    color: inherit;
  }
`;
