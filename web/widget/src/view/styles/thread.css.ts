/** A thread: its comments, and the states it can be in instead. */
import { css } from "../style-sheets.ts";

export const threadStyles = css`
  .comments {
    list-style: none;
    margin: 0;
    padding: 4px 0 8px;
  }

  .comment {
    position: relative;
    padding: 8px 16px;
    padding-inline-start: calc(16px + var(--depth, 0) * 16px);
  }

  .comment[data-state="sending"] {
    animation: appear var(--quick) ease-out;
  }

  .earlier {
    margin: 0;
    padding: 8px 16px 0;
    text-align: center;
  }

  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }

  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    object-fit: cover;
    font-size: 12px;
    line-height: 1;
    font-weight: 600;
    color: #1b1f29;
  }

  .tint-0 {
    background: #d3dcff;
  }

  .tint-1 {
    background: #c9ecd9;
  }

  .tint-2 {
    background: #ffe1bd;
  }

  .tint-3 {
    background: #f8d2dd;
  }

  .tint-4 {
    background: #c8e8f2;
  }

  .tint-5 {
    background: #e3d6f7;
  }

  .head .name {
    min-width: 0;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .tag {
    flex: none;
    padding: 0 6px;
    border-radius: 6px;
    font-size: 11px;
    line-height: 16px;
    color: var(--text-quiet);
    background: var(--surface-quiet);
  }

  .when {
    flex: none;
    margin-inline-start: auto;
    font-size: 12px;
    color: var(--text-quiet);
    white-space: nowrap;
  }

  .tools {
    display: flex;
  }

  @media (hover: hover) {
    /* Reachable by Tab although it is not shown; over the time, so that nothing moves when it comes. */
    .tools {
      position: absolute;
      top: 8px;
      inset-inline-end: 12px;
      opacity: 0;
      background: var(--surface);
    }

    .tools .tool {
      width: 24px;
      height: 24px;
    }

    .comment:hover .tools,
    .comment:focus-within .tools {
      opacity: 1;
    }

    .comment:hover:has(.tools) .when,
    .comment:focus-within:has(.tools) .when {
      visibility: hidden;
    }
  }

  /* Without a pointer they stand below the words, across from the votes, or below those where there is no room. */
  @media (hover: none) {
    .comment {
      display: flex;
      flex-wrap: wrap;
    }

    .comment > * {
      flex: 1 0 100%;
      min-width: 0;
    }

    .comment > .opinions {
      flex: 0 1 auto;
    }

    .comment > .tools {
      flex: none;
      margin-block: 8px -2px;
      margin-inline: auto -12px;
    }

    .tools .tool {
      width: 40px;
      height: 32px;
    }
  }

  /* A field has the whole width, and the avatar its place above it. */
  .comment .field {
    margin-top: 4px;
  }

  /* Beside the avatar, whichever way the comment itself is read. */
  .body {
    padding-left: 32px;
    overflow-wrap: anywhere;
  }

  [dir="rtl"] .body {
    padding-left: 0;
    padding-right: 32px;
  }

  [dir="rtl"] [data-reply-comment] svg {
    transform: scaleX(-1);
  }

  .body > :first-child {
    margin-top: 0;
  }

  .body > :last-child {
    margin-bottom: 0;
  }

  .body p {
    margin: 0 0 8px;
  }

  .body.typed {
    white-space: pre-wrap;
  }

  .body.removed {
    margin: 0;
    font-style: italic;
    color: var(--text-quiet);
  }

  .body a {
    color: var(--accent);
    text-underline-offset: 2px;
  }

  .body code {
    padding: 1px 4px;
    border-radius: 4px;
    font-size: 13px;
    background: var(--surface-quiet);
  }

  .body pre {
    margin: 0 0 8px;
    padding: 8px;
    overflow-x: auto;
    border-radius: 8px;
    background: var(--surface-quiet);
  }

  .comment:not([data-state="settled"]) .body {
    color: var(--text-quiet);
  }

  .empty,
  .note {
    margin: 0;
    padding: 24px 16px;
    text-align: center;
    color: var(--text-quiet);
  }

  .empty p {
    margin: 0 0 8px;
  }

  .empty p:last-child {
    margin: 0;
  }

  .turning {
    display: flex;
    justify-content: center;
    align-items: center;
    gap: 8px;
  }

  .notice {
    display: flex;
    gap: 8px;
    margin: 0;
    padding: 8px 16px;
    font-size: 13px;
    color: var(--danger);
    background: var(--danger-surface);
  }

  .notice svg {
    flex: none;
    margin-top: 2px;
    border: 1.5px solid currentcolor;
    border-radius: 50%;
  }
`;
