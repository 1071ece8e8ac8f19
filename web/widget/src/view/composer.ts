/** Where a comment is written. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { icon } from "./icon-template.ts";
import { closeIcon, sendIcon } from "./icons.ts";
import type { TextKey, Texts } from "../texts.ts";
import type { Actions, LayerModel, WindowModel } from "./model.ts";
import { nameOf } from "./names.ts";

export const maxLength = 2000;
const countFrom = 1800;

export function composer({ texts }: LayerModel, window: WindowModel, actions: Actions): TemplateResult {
  const isClosed = window.kind === "gone" || !window.canWrite;
  // Read where it stands: what fills in fields without a person's hand may tell nobody.
  const send = (event: Event): void => {
    const form = (event.currentTarget as Element).closest("[data-composer]");
    actions.send(form?.querySelector<HTMLInputElement>("[name=website]")?.value ?? "");
  };
  const placeholder = texts(window.kind === "draft" ? "commentPlaceholder" : "replyPlaceholder");
  const canSend = window.text.trim() !== "" && !window.isMarkerPending && !window.isPaused && !isClosed;
  const left = maxLength - window.text.length;
  return html`<div class="composer" part="composer" data-composer>
    ${window.replyTo === null
      ? nothing
      : html`<div class="replying" data-replying>
          <span id="replying-to"
            >${withName(texts, "replyingTo", nameOf(window.replyTo, texts))}</span
          >
          <button
            type="button"
            class="tool"
            data-cancel-reply
            aria-label=${texts("cancelReply")}
            title=${texts("cancelReply")}
            @click=${actions.cancelReply}
          >
            ${icon(closeIcon)}
          </button>
        </div>`}
    ${window.asksName && !isClosed
      ? html`<input
          class="name"
          part="field"
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
          @keydown=${onKey(send)}
        />`
      : nothing}
    <div class="spoken" aria-hidden="true"><input name="website" type="text" tabindex="-1" autocomplete="off" /></div>
    <div class="field">
      <textarea
        part="field"
        rows="1"
        dir="auto"
        data-text
        maxlength=${maxLength}
        placeholder=${placeholder}
        aria-label=${texts("commentLabel")}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-describedby=${window.replyTo === null ? nothing : "replying-to"}
        ?readonly=${isClosed}
        .value=${live(window.text)}
        @input=${(event: Event) => {
          actions.type((event.target as HTMLTextAreaElement).value);
        }}
        @keydown=${onKey(send)}
      ></textarea>
      ${isClosed
        ? nothing
        : html`<button
            type="button"
            class="send"
            part="send"
            data-send
            aria-label=${texts("send")}
            title=${texts("send")}
            ?disabled=${!canSend}
            @click=${send}
          >
            ${icon(sendIcon)}
          </button>`}
    </div>
    ${isClosed
      ? nothing
      : left < maxLength - countFrom
        ? html`<p class="hint">${texts("charactersLeft", { count: left })}</p>`
        : html`<p class="hint keys">${keysHint(texts(window.replyTo === null ? "hintKeys" : "hintReplyKeys"))}</p>`}
  </div>`;
}

/** A text that has a `{name}` in it. */
function withName(texts: Texts, key: TextKey, name: string): TemplateResult {
  const [before = "", after = ""] = texts(key, { name: "\0" }).split("\0");
  return html`${before}<bdi>${name}</bdi>${after}`;
}

/** Enter sends, but not while an input method is composing: its Enter chooses a word. */
export function onKey(send: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send(event);
    }
  };
}

/** What keys do, one by one: a line breaks only between them. */
export function keysHint(hint: string): string {
  return hint
    .split(" · ")
    .map((key) => key.replaceAll(" ", "\u00a0"))
    .join(" · ");
}
