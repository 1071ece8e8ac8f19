/** The window of the open marker. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { copied } from "../copying.ts";
import { commentList, confirmation } from "./comment-list.ts";
import { composer } from "./composer.ts";
import { icon } from "./icon-template.ts";
import { alertIcon, checkIcon, clockIcon, closeIcon, linkIcon, reopenIcon, trashIcon } from "./icons.ts";
import type { Texts } from "../texts.ts";
import type { Actions, LayerModel, WindowModel } from "./model.ts";

export function chatWindow(model: LayerModel, window: WindowModel, actions: Actions): TemplateResult {
  const { texts } = model;
  const count = window.thread?.count ?? 0;
  const title =
    window.kind === "draft"
      ? texts("windowTitleDraft")
      : count > 0
        ? texts("comments", { count })
        : texts("windowTitle");
  const number = model.markers.find(({ key }) => key === window.key)?.number;
  // Named as its marker is, which it belongs to; what it shows as its title is a part of that.
  const label = count > 0 && number !== undefined ? texts("markerLabel", { number, comments: title }) : title;
  return html`<section
    id="window"
    class="window"
    part="window"
    popover="manual"
    role="dialog"
    tabindex="-1"
    aria-label=${label}
    data-window=${window.kind}
    data-key=${window.key}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        (window.replyTo === null ? actions.close : actions.cancelReply)();
      }
      // The page's own shortcuts must not run while somebody types here.
      event.stopPropagation();
    }}
  >
    <span class="arrow" part="arrow" data-arrow></span>
    <div class="sheet" part="sheet">
      <header part="header" role="presentation">
        <h2 part="title">${title}</h2>
        ${window.canDeleteMarker ? resolving(texts, window, actions) : nothing}
        ${window.link === null ? nothing : linking(texts, window.link, actions)}
        ${window.canDeleteMarker
          ? tool(texts("deleteMarker"), trashIcon, "delete", () => {
              actions.askDelete("marker");
            })
          : nothing}
        <button
          type="button"
          class="tool"
          part="close"
          data-close
          aria-label=${texts("close")}
          title=${texts("close")}
          @click=${actions.close}
        >
          ${icon(closeIcon)}
        </button>
      </header>
      ${window.confirming === "marker" ? confirmation(texts, actions, "marker") : nothing}
      ${window.isHeld ? html`<p class="hint held-note" data-held-marker>${icon(clockIcon)} ${texts("heldMarker")}</p>` : nothing}
      <div class="scroller" data-scroller>
        ${window.kind === "shown" ? commentList(model, window, actions) : nothing}
        ${window.kind === "gone"
          ? html`<p class="note" role="alert" data-gone>
              ${model.isShutOut ? model.closed : texts("gone")} ${window.text === "" ? nothing : texts("goneWithText")}
            </p>`
          : nothing}
      </div>
      ${window.writing === null ? nothing : html`<p class="writing" part="typing" data-typing><span>${window.writing}</span></p>`}
      ${window.notice === null
        ? nothing
        : html`<p class="notice" part="notice" role="alert" data-notice>${icon(alertIcon)}<span>${window.notice}</span></p>`}
      ${(window.canWrite && window.kind !== "gone") || window.text !== "" ? composer(model, window, actions) : nothing}
      ${window.canWrite || window.kind === "gone"
        ? nothing
        : html`<p class="hint foot" data-readonly>
            ${model.signIn === null
              ? model.closed
              : html`<a class="sign-in" href=${model.signIn} target="_top" data-sign-in>${texts("signIn")}</a>`}
          </p>`}
    </div>
  </section>`;
}

function resolving(texts: Texts, { key, isResolved }: WindowModel, actions: Actions): TemplateResult {
  return tool(texts(isResolved ? "reopen" : "resolve"), isResolved ? reopenIcon : checkIcon, "resolve", () => {
    actions.change(key, { resolved: !isResolved });
  });
}

function linking(texts: Texts, link: string, actions: Actions): TemplateResult {
  return tool(texts("copyLink"), linkIcon, "copy-link", () => {
    void copied(link).then((isDone) => {
      if (isDone) {
        actions.tell("linkCopied");
      }
    });
  });
}

function tool(name: string, path: string, sign: string, act: () => void): TemplateResult {
  return html`<button
    type="button"
    class="tool"
    part="tool"
    data-tool=${sign}
    ?data-delete-marker=${sign === "delete"}
    aria-label=${name}
    title=${name}
    @click=${act}
  >
    ${icon(path)}
  </button>`;
}
