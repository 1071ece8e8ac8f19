/** The chat window: beside its marker, or the whole screen on a phone. */
import { css } from "lit";

export const windowStyles = css`
  .window {
    position: fixed;
    inset: auto;
    left: 0;
    top: 0;
    z-index: 2147483647;
    width: 300px;
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
    animation: appear var(--quick) ease-out;
  }

  .sheet {
    display: flex;
    flex-direction: column;
    max-height: min(480px, calc(100vh - 16px));
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
    overflow: hidden;
  }

  /* Before it has been placed it must not flash in the corner; hidden outright, it could not take the focus. */
  .window:not([data-side]) {
    opacity: 0;
    animation: none;
  }

  .arrow {
    position: absolute;
    width: 14px;
    height: 14px;
    transform: rotate(45deg);
    background: var(--surface);
    border-radius: 3px;
  }

  .to-right .arrow {
    left: -6px;
  }

  .to-left .arrow {
    right: -6px;
  }

  .to-bottom .arrow {
    top: -6px;
  }

  .to-top .arrow {
    bottom: -6px;
  }

  header {
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 8px 8px 8px 16px;
    padding-inline: 16px 8px;
    border-bottom: 1px solid var(--line);
  }

  h2 {
    flex: 1;
    min-width: 0;
    margin: 0;
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .tool {
    display: grid;
    place-items: center;
    flex: none;
    width: 28px;
    height: 28px;
    border-radius: 8px;
    color: var(--text-quiet);
    transition: background-color var(--quick);
  }

  .tool:hover {
    color: var(--text);
    background: var(--surface-quiet);
  }

  .scroller {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .comments {
    list-style: none;
    margin: 0;
    padding: 4px 0 8px;
  }

  .comment {
    padding: 8px 16px;
    animation: appear var(--quick) ease-out;
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
    display: none;
    flex: none;
    margin-block: -2px;
    margin-inline-end: -8px;
  }

  .tools:not(:empty) {
    display: flex;
  }

  @media (hover: hover) {
    .tools .tool {
      display: none;
    }

    .comment:hover .tool,
    .comment:focus-within .tool {
      display: grid;
    }

    .comment:hover:has(.tool) .when,
    .comment:focus-within:has(.tool) .when {
      display: none;
    }

    .comment:hover .tools,
    .comment:focus-within .tools {
      margin-inline-start: auto;
    }

    /* Reachable by Tab although it is not shown. */
    .tools .tool {
      display: grid;
      position: absolute;
      opacity: 0;
    }

    .comment:hover .tool,
    .comment:focus-within .tool {
      position: static;
      opacity: 1;
    }
  }

  .body {
    padding-inline-start: 32px;
    overflow-wrap: anywhere;
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
    border-radius: 10px;
    background: var(--surface-quiet);
    outline: none;
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

  .composer textarea {
    padding-inline-end: 40px;
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
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    margin-top: 8px;
  }

  .choices > :first-child {
    flex: 1;
  }

  .confirm {
    margin: 8px 0 0;
    padding: 8px 12px;
    border-radius: 10px;
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

  @media (max-width: 767.98px) {
    .window {
      left: 0 !important;
      top: 0 !important;
      width: 100vw;
      height: 100dvh;
    }

    .sheet {
      height: 100%;
      max-height: none;
      border-radius: 0;
      box-shadow: none;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom)
        env(safe-area-inset-left);
    }

    .arrow {
      display: none;
    }

    .tool {
      width: 40px;
      height: 40px;
    }

    /* Smaller type makes phones zoom into the field. */
    .root textarea,
    .root input {
      font-size: 16px;
    }

    .root input.name {
      padding-block: 11px;
    }

    .root textarea {
      min-height: 44px;
      padding-block: 11px;
    }

    .send {
      width: 36px;
      height: 36px;
    }

    .composer textarea {
      padding-inline-end: 48px;
    }

    .hint {
      font-size: 13px;
    }
  }

  @media (forced-colors: active) {
    .sheet {
      border: 2px solid CanvasText;
    }
  }
`;
