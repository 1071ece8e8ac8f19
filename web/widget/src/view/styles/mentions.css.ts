/** People who are mentioned, and the list to choose them from. */
import { css } from "../style-sheets.ts";

export const mentionStyles = css`
  .mention {
    font-weight: 600;
    color: var(--accent);
  }

  .mention[data-mention="own"] {
    padding: 1px 4px;
    border-radius: 6px;
    color: var(--on-accent);
    background: var(--accent);
  }

  .mention-list {
    display: flex;
    flex-direction: column;
    max-height: min(264px, 40vh);
  }

  .mention-list [role="listbox"] {
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .option {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    padding: 4px 8px;
    border-radius: 8px;
    cursor: pointer;
  }

  .option .name {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .option:hover,
  .option[aria-selected="true"] {
    background: var(--surface-quiet);
  }

  .option[aria-selected="true"] {
    box-shadow: inset 0 0 0 1px var(--accent);
  }

  .mention-list .hint {
    padding: 4px 8px 2px;
  }

  @media (hover: none) {
    .option {
      min-height: 44px;
    }

    .mention-list .hint {
      display: none;
    }
  }

  @media (forced-colors: active) {
    .mention[data-mention="own"],
    .option[aria-selected="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
