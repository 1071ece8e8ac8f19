/** Where a comment is written. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { closeIcon, sendIcon } from "./icons.ts";
import type { Actions, LayerModel, WindowModel } from "./model.ts";
import { withName } from "./names.ts";

export const maxLength = 2000;
const countFrom = 1800;

export function composer({ texts }: LayerModel, window: WindowModel, actions: Actions): TemplateResult {
  const isGone = window.kind === "gone";
  const placeholder = texts(window.kind === "draft" ? "commentPlaceholder" : "replyPlaceholder");
  const canSend = window.text.trim() !== "" && !window.isMarkerPending && !isGone;
  const left = maxLength - window.text.length;
  return html`<div class="composer" part="composer" data-composer>
    ${window.replyTo === null
      ? nothing
      : html`<div class="replying" data-replying>
          <span id="replying-to"
            >${withName(texts, "replyingTo", window.replyTo.commenterName || texts("anonymous"))}</span
          >
          <button
            type="button"
            class="tool"
            data-cancel-reply
            aria-label=${texts("cancelReply")}
            title=${texts("cancelReply")}
            @click=${actions.cancelReply}
          >
            ${closeIcon}
          </button>
        </div>`}
    ${window.asksName && !isGone
      ? html`<input
          class="name"
          data-name
          type="text"
          maxlength="100"
          autocomplete="nickname"
          dir="auto"
          placeholder=${texts("namePlaceholder")}
          aria-label=${texts("nameLabel")}
          .value=${live(window.name)}
          @input=${(event: Event) => {
            actions.typeName((event.target as HTMLInputElement).value);
          }}
          @keydown=${onKey(actions.send)}
        />`
      : nothing}
    <div class="field">
      <textarea
        rows="1"
        dir="auto"
        data-text
        maxlength=${maxLength}
        placeholder=${placeholder}
        aria-label=${texts("commentLabel")}
        aria-describedby=${window.replyTo === null ? nothing : "replying-to"}
        ?readonly=${isGone}
        .value=${live(window.text)}
        @input=${(event: Event) => {
          actions.type((event.target as HTMLTextAreaElement).value);
        }}
        @keydown=${onKey(actions.send)}
      ></textarea>
      ${isGone
        ? nothing
        : html`<button
            type="button"
            class="send"
            data-send
            aria-label=${texts("send")}
            title=${texts("send")}
            ?disabled=${!canSend}
            @click=${actions.send}
          >
            ${sendIcon}
          </button>`}
    </div>
    ${isGone
      ? nothing
      : left < maxLength - countFrom
        ? html`<p class="hint">${texts("charactersLeft", { count: left })}</p>`
        : html`<p class="hint keys">${texts(window.replyTo === null ? "hintKeys" : "hintReplyKeys")}</p>`}
  </div>`;
}

/** Enter sends, but not while an input method is composing: its Enter chooses a word. */
export function onKey(send: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
}
