/** Votes and emoji under a comment, and the menu of emoji. */
import { css } from "../style-sheets.ts";

export const opinionStyles = css`
  /* In line with the words, its buttons' own space reaching out to both sides. */
  .opinions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-block: 4px -4px;
    margin-inline-start: 26px;
  }

  .opinions[data-opinions="counts"] {
    margin-inline-start: 32px;
  }

  .votes {
    display: flex;
    align-items: center;
  }

  .score {
    font-size: 12px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    color: var(--text-quiet);
  }

  .score:not(:empty) {
    padding-inline: 1px;
  }

  .opinion {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-width: 24px;
    height: 24px;
    border: 1px solid transparent;
    border-radius: 12px;
    font-size: 12px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    color: var(--text-quiet);
    transition: background-color var(--quick);
  }

  .opinion svg {
    width: 14px;
    height: 14px;
  }

  .opinion.given {
    padding-inline: 5px 6px;
    background: var(--surface-quiet);
  }

  .opinion .seen {
    display: flex;
    align-items: center;
    gap: 4px;
  }

  .emoji {
    font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", var(--font), sans-serif;
    font-style: normal;
  }

  button.opinion:hover {
    color: var(--text);
    background: var(--surface-quiet);
  }

  button.opinion.given:hover {
    border-color: var(--line);
  }

  button.opinion[aria-pressed="true"] {
    font-weight: 600;
    color: var(--accent);
  }

  button.opinion.given[aria-pressed="true"] {
    border-color: var(--accent);
  }

  .opinion.vote[aria-pressed="true"] svg {
    stroke-width: 3;
  }

  .float {
    position: fixed;
    inset: auto;
    z-index: 2147483647;
    margin: 0;
    padding: 4px;
    border: 0;
    border-radius: var(--field-radius);
    overflow: auto;
    color: var(--text);
    background: var(--surface);
    box-shadow: var(--shadow);
    pointer-events: auto;
  }

  .float:not([data-placed]) {
    opacity: 0;
  }

  .reaction-menu {
    display: flex;
    gap: 2px;
  }

  .reaction-menu button {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 8px;
    font-size: 18px;
    line-height: 1;
  }

  .reaction-menu button:hover,
  .reaction-menu button:focus-visible {
    background: var(--surface-quiet);
  }

  .reaction-menu button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  .reaction-menu [aria-checked="true"] {
    box-shadow: inset 0 0 0 2px var(--accent);
  }

  @media (hover: none) {
    .opinions {
      gap: 8px;
      margin-block: 8px -2px;
    }

    .opinion {
      min-width: 32px;
      height: 32px;
      border-radius: 16px;
    }

    .reaction-menu button {
      width: 44px;
      height: 44px;
    }
  }

  @media (forced-colors: active) {
    button.opinion[aria-pressed="true"],
    .reaction-menu [aria-checked="true"] {
      border: 2px solid Highlight;
    }

    .float {
      border: 2px solid CanvasText;
    }
  }
`;
