/** The custom element over the picture: its shadow root, focus, and the window's place. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { percentAt, type PictureGeometry, type Point, type Rect } from "../geometry.ts";
import { tokens } from "../tokens.css.ts";
import { chatWindow } from "./chat-window.ts";
import { cssProperties } from "./css-properties.ts";
import { markerLayer } from "./marker-layer.ts";
import type { Actions, LayerModel } from "./model.ts";
import { Panes } from "./panes.ts";
import { statusBanner } from "./status-banner.ts";
import { isAtEnd, keepPlace, showIn } from "./scroll-keeper.ts";
import { composerStyles } from "./styles/composer.css.ts";
import { fullScreenStyles } from "./styles/full-screen.css.ts";
import { layerStyles } from "./styles/layer.css.ts";
import { threadStyles } from "./styles/thread.css.ts";
import { windowStyles } from "./styles/window.css.ts";
import { placeWindow } from "./window-placement.ts";

/** Never smaller for the pointer, whatever the picture's size. */
const smallestMarker = 24;
/** More markers than this do without shadows. */
const crowd = 200;
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
  #keptPlace: (() => void) | null = null;
  readonly #fitted = new WeakMap<HTMLTextAreaElement, string>();
  readonly #panes = new Panes();
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
      <div
        class=${classMap({ content: true, crowded: model.markers.length > crowd })}
        ${cssProperties({ ...place(geometry.content), "--marker-size": `${size}px` })}
      >
        ${markerLayer(model, this.#panes.divide(model.markers), this.actions, geometry)}
      </div>
      <div class="content" ${cssProperties(place(geometry.visible))}>${statusBanner(model)}</div>
      <div class="spoken" aria-live="polite" data-announcement>${model.announcement}</div>
      ${model.window === null ? nothing : chatWindow(model, model.window, this.actions)}
    </div>`;
  }

  /** Whether the newest comments are in view, or no window is open. */
  get isAtEnd(): boolean {
    const scroller = this.#scroller;
    return scroller === null || isAtEnd(scroller);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const scroller = this.#scroller;
    const isSame = extent(changed.get("model")) === extent(this.model);
    this.#keptPlace = scroller === null || !changed.has("model") || isSame ? null : keepPlace(scroller);
    this.#hadFocus = this.shadowRoot?.activeElement?.closest("[data-window]") != null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const opened = this.model?.window ?? null;
    const before = changed.get("model")?.window ?? null;
    const chat = this.#chat;
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
      if (this.#fitted.get(field) !== field.value) {
        this.#fitted.set(field, field.value);
        fitToText(field);
      }
    }
    if (before?.key === opened.key) {
      this.#keptPlace?.();
    } else {
      this.#scroller?.scrollTo({ top: Number.MAX_SAFE_INTEGER });
    }
    if (opened.thread?.comments.some(({ pending }) => pending === "sending") === true) {
      this.#showOwn();
    }
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
    const held = this.#placed;
    const marker = held?.key === key && held.marker.isConnected ? held.marker : this.#marker(key);
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
  }

  get #chat(): HTMLElement | null {
    return this.shadowRoot?.getElementById("window") ?? null;
  }

  get #scroller(): HTMLElement | null {
    return this.#chat?.querySelector<HTMLElement>("[data-scroller]") ?? null;
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

  /** What the visitor has just written is in view, wherever they have scrolled. */
  #showOwn(): void {
    const scroller = this.#scroller;
    const own = scroller?.querySelector<HTMLElement>('.comment[data-state="sending"]');
    if (scroller !== null && own != null) {
      showIn(scroller, own);
    }
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

/** Which comments are there, as far as it matters to who reads them. */
function extent(model: LayerModel | null | undefined): string {
  const { key, thread } = model?.window ?? {};
  const comments = thread?.comments ?? [];
  return [key, comments.length, comments[0]?.comment._id, comments.at(-1)?.comment._id].join(" ");
}

function showPopover(chat: HTMLElement): void {
  if (typeof chat.showPopover === "function") {
    chat.showPopover();
  } else {
    chat.removeAttribute("popover");
  }
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
