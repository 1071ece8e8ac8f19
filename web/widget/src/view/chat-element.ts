/** The custom element over the picture: its shadow root, focus, and the window's place. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { isVisible, percentAt, type PictureGeometry, type Point, type Rect } from "../geometry.ts";
import { tokens } from "../tokens.css.ts";
import { chatWindow } from "./chat-window.ts";
import { cssProperties } from "./css-properties.ts";
import { markerLayer } from "./marker-layer.ts";
import type { Actions, LayerModel } from "./model.ts";
import { statusBanner } from "./status-banner.ts";
import { composerStyles } from "./styles/composer.css.ts";
import { fullScreenStyles } from "./styles/full-screen.css.ts";
import { layerStyles } from "./styles/layer.css.ts";
import { threadStyles } from "./styles/thread.css.ts";
import { windowStyles } from "./styles/window.css.ts";
import { placeWindow } from "./window-placement.ts";

/** Never smaller for the pointer, whatever the picture's size. */
const smallestMarker = 24;
/** A pointer that moved farther than this was dragging. */
const dragDistance = 6;

export class ChatElement extends LitElement {
  static override styles = [tokens, layerStyles, windowStyles, threadStyles, composerStyles, fullScreenStyles];
  static override properties = {
    model: { attribute: false },
    geometry: { attribute: false },
    markerPercentage: { attribute: false },
  };

  declare model: LayerModel | null;
  declare geometry: PictureGeometry | null;
  declare markerPercentage: number;
  declare actions: Actions;

  #pressedAt: Point | null = null;
  #placed: { readonly key: string; readonly marker: Element; readonly stop: () => void } | null = null;
  #shownComments = 0;
  #hadFocus = false;

  constructor() {
    super();
    this.model = null;
    this.geometry = null;
    this.markerPercentage = 5;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A window that moved with its picture was closed by the browser; only a rendering opens it again.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model, geometry } = this;
    if (model === null || geometry === null || geometry.visible.width === 0 || geometry.visible.height === 0) {
      return nothing;
    }
    const size = Math.max(smallestMarker, (geometry.content.width * this.markerPercentage) / 100);
    return html`<div class=${classMap({ root: true, dark: model.isDark })} @click=${onlyOurs}>
      ${model.canCreate
        ? html`<div
            class="surface"
            data-surface
            ${cssProperties(place(geometry.visible))}
            @pointerdown=${this.#press}
            @click=${this.#pin}
          ></div>`
        : nothing}
      <div class="content" ${cssProperties({ ...place(geometry.content), "--marker-size": `${size}px` })}>
        ${markerLayer(model, this.actions, (percent) => isVisible(geometry, percent))}
      </div>
      <div class="content" ${cssProperties(place(geometry.visible))}>${statusBanner(model)}</div>
      <div class="spoken" aria-live="polite" data-announcement>${model.announcement}</div>
      ${model.window === null ? nothing : chatWindow(model, model.window, this.actions)}
    </div>`;
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.closest("[data-window]") != null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const opened = this.model?.window ?? null;
    const before = changed.get("model")?.window ?? null;
    const chat = this.renderRoot.querySelector<HTMLElement>("[data-window]");
    if (opened === null || chat === null) {
      this.#letGo();
      if (changed.has("model") && before !== null && opened === null) {
        this.#focusMarker(before.key);
      }
      return;
    }
    if (this.isConnected && !chat.matches(":popover-open")) {
      showPopover(chat);
    }
    this.#hold(opened.key, chat);
    for (const field of chat.querySelectorAll("textarea")) {
      fitToText(field);
    }
    this.#followComments(opened.thread?.comments.length ?? 0, before?.key === opened.key);
    if (changed.has("model") && before?.key !== opened.key) {
      this.#focusWindow(chat, opened.kind === "draft");
    } else if (changed.has("model") && (before?.replyTo?._id ?? null) !== (opened.replyTo?._id ?? null)) {
      // Its button goes away with the line that said so, and with it the focus.
      if (opened.replyTo !== null || this.shadowRoot?.activeElement === null) {
        focusEnd(chat.querySelector<HTMLTextAreaElement>("[data-text]"));
      }
    } else if (changed.has("model") && before?.edit?.commentId !== opened.edit?.commentId) {
      focusEnd(chat.querySelector<HTMLTextAreaElement>(opened.edit === null ? "[data-text]" : "[data-edit]"));
    } else if (this.#hadFocus && (this.shadowRoot?.activeElement?.matches(":disabled") ?? true)) {
      // What had it is gone, or a button that can do no more: Escape and Tab must go on from here.
      this.#focusWindow(chat, false);
    }
  }

  /** Joins the window to its marker; a marker's element changes when a picture is cut differently, so ask anew. */
  #hold(key: string, chat: HTMLElement): void {
    const marker = this.#marker(key);
    const arrowElement = chat.querySelector<HTMLElement>("[data-arrow]");
    if (marker === null || arrowElement === null) {
      return;
    }
    if (this.#placed?.key !== key || this.#placed.marker !== marker) {
      this.#placed?.stop();
      this.#placed = { key, marker, stop: placeWindow(marker, chat, arrowElement) };
    }
  }

  #letGo(): void {
    this.#placed?.stop();
    this.#placed = null;
    this.#shownComments = 0;
  }

  #marker(key: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-marker][data-key="${CSS.escape(key)}"]`);
  }

  #focusWindow(chat: HTMLElement, isDraft: boolean): void {
    // On a touch screen the keyboard would cover the comments that somebody wants to read.
    const wantsField = isDraft || window.matchMedia("(hover: hover)").matches;
    const field = wantsField ? chat.querySelector<HTMLElement>("[data-name], [data-text]") : null;
    const text = chat.querySelector<HTMLElement>("[data-text]");
    (isDraft ? (text ?? field ?? chat) : wantsField ? (text ?? chat) : chat).focus({ preventScroll: true });
  }

  #focusMarker(key: string): void {
    const active = this.shadowRoot?.activeElement ?? null;
    if (active === null && (document.activeElement === null || document.activeElement === document.body)) {
      const back = this.#marker(key) ?? this.renderRoot.querySelector<HTMLElement>("[data-crosshair]");
      back?.focus({ preventScroll: true });
    }
  }

  /** New comments are scrolled into view for somebody who is reading at the end. */
  #followComments(count: number, isSameWindow: boolean): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>("[data-scroller]");
    if (scroller !== null && (count > this.#shownComments || !isSameWindow)) {
      const last = scroller.querySelector<HTMLElement>(".comment:last-child");
      const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= (last?.offsetHeight ?? 0) + 40;
      if (!isSameWindow || wasAtEnd || this.#shownComments === 0) {
        scroller.scrollTop = scroller.scrollHeight;
      }
      const own = scroller.querySelector<HTMLElement>('.comment[data-state="sending"]');
      if (isSameWindow && own !== null) {
        showIn(scroller, own);
      }
    }
    this.#shownComments = count;
  }

  readonly #press = (event: PointerEvent): void => {
    this.#pressedAt = { x: event.clientX, y: event.clientY };
  };

  readonly #pin = (event: MouseEvent): void => {
    const from = this.#pressedAt;
    this.#pressedAt = null;
    if (from !== null && Math.hypot(event.clientX - from.x, event.clientY - from.y) > dragDistance) {
      return;
    }
    const box = this.getBoundingClientRect();
    const width = Number.parseFloat(this.style.width);
    const scale = width > 0 && box.width > 0 ? box.width / width : 1;
    const at =
      this.geometry === null
        ? null
        : percentAt(this.geometry, { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale });
    if (at !== null) {
      this.actions.pin(at);
    }
  };
}

/** A click here is not the page's: a link around the picture must not be followed, nor a lightbox opened. */
function onlyOurs(event: Event): void {
  event.stopPropagation();
  const root = (event.currentTarget as Element).getRootNode();
  const isOwnLink = event.composedPath().some((one) => one instanceof HTMLAnchorElement && one.getRootNode() === root);
  if (!isOwnLink) {
    event.preventDefault();
  }
}

function showPopover(chat: HTMLElement): void {
  if (typeof chat.showPopover === "function") {
    chat.showPopover();
  } else {
    chat.removeAttribute("popover");
  }
}

/** Scrolls no farther than it must, and never the page. */
function showIn(scroller: HTMLElement, element: HTMLElement): void {
  const view = scroller.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  scroller.scrollTop += Math.max(0, bottom - view.bottom) - Math.max(0, view.top - top);
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  field?.focus({ preventScroll: true });
  field?.setSelectionRange(field.value.length, field.value.length);
}

function fitToText(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

function place({ left, top, width, height }: Rect): Record<string, string> {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}

const tag = "image-chat-layer";
let isDefined = false;

/** A new layer. The element is registered once; another version of the widget on the page may have taken the name. */
export function chatElement(): ChatElement {
  if (!isDefined) {
    let name = tag;
    for (let count = 2; customElements.get(name) !== undefined; count += 1) {
      name = `${tag}-${count}`;
    }
    customElements.define(name, ChatElement);
    isDefined = true;
  }
  return new ChatElement();
}
