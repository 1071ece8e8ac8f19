/** Fields, hints and choices. */
import { css } from "../style-sheets.ts";

export const composerStyles = css`
  .composer {
    padding: 12px 12px 8px;
    border-top: 1px solid var(--line);
  }

  .root textarea,
  .root input {
    display: block;
    width: 100%;
    margin: 0;
    font: inherit;
    color: var(--text);
    border: 1px solid transparent;
    border-radius: var(--field-radius);
    background: var(--surface-quiet);
    outline: none;
  }

  /* Nothing has been written yet, in whatever direction. */
  .root :placeholder-shown {
    direction: inherit;
  }

  .root ::placeholder {
    color: var(--text-quiet);
    opacity: 1;
  }

  .root textarea:focus,
  .root input:focus {
    border-color: var(--accent);
    background: var(--surface);
    box-shadow: 0 0 0 1px var(--accent);
  }

  .root input.name {
    margin-bottom: 8px;
    padding: 7px 11px;
  }

  .field {
    position: relative;
  }

  .root textarea {
    min-height: 36px;
    max-height: 160px;
    padding: 7px 11px;
    resize: none;
    overflow-y: auto;
    overflow-wrap: anywhere;
  }

  /* Beside the button, whichever way the text is written. */
  .composer textarea {
    padding-right: 40px;
  }

  [dir="rtl"] .composer textarea {
    padding-right: 11px;
    padding-left: 40px;
  }

  .replying {
    display: flex;
    align-items: center;
    margin-block: -4px 4px;
    margin-inline: 4px -4px;
    font-size: 12px;
    line-height: 16px;
    color: var(--text-quiet);
  }

  .replying > span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .send {
    position: absolute;
    inset-inline-end: 4px;
    bottom: 4px;
    display: grid;
    place-items: center;
    width: 28px;
    height: 28px;
    border-radius: 8px;
    color: var(--on-accent);
    background: var(--accent);
    transition: opacity var(--quick);
  }

  .send:disabled {
    color: var(--text-quiet);
    background: none;
  }

  .hint {
    margin: 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--text-quiet);
  }

  /* Nobody presses Shift+Enter on glass. */
  @media (hover: none) {
    .hint.keys {
      visibility: hidden;
      height: 0;
    }
  }

  .composer .hint {
    margin: 6px 4px 0;
  }

  .foot {
    padding: 8px 16px;
    border-top: 1px solid var(--line);
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    margin-top: 8px;
  }

  .choices > :first-child {
    flex: 1;
  }

  /* A question is short in few languages. */
  .confirm > .question {
    flex-basis: 100%;
  }

  .confirm {
    margin: 8px 0 0;
    padding: 8px 12px;
    border-radius: var(--field-radius);
    background: var(--surface-quiet);
  }

  header + .confirm {
    margin: 0;
    border-radius: 0;
    padding-inline: 16px 12px;
  }

  .quiet,
  .strong,
  .danger {
    flex: none;
    min-height: 28px;
    padding: 0 12px;
    border-radius: 8px;
    font-size: 13px;
    font-weight: 600;
  }

  .quiet {
    color: var(--text);
    border: 1px solid var(--line);
    background: var(--surface);
  }

  .strong {
    color: var(--on-accent);
    background: var(--accent);
  }

  .danger {
    color: var(--surface);
    background: var(--danger);
  }
`;
