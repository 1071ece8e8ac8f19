/** The open window: rendering, focus, its place beside the marker, and its reader's place in the thread. */
import { nothing, render } from "lit/html.js";
import { BackEntry } from "../back-entry.ts";
import { newBroadcastId } from "../session.ts";
import { chatWindow } from "./chat-window.ts";
import { inTopLayer } from "./floating.ts";
import { pageClock } from "../page-clock.ts";
import { KeptTimes } from "./kept-times.ts";
import type { Actions, LayerModel, WindowModel } from "./model.ts";
import { MentionPicker } from "./mention-picker.ts";
import { ReactionMenu } from "./reaction-menu.ts";
import { isAtEnd, keepPlace, showIn } from "./scroll-keeper.ts";
import { sheetOf } from "./style-sheets.ts";
import { composerStyles } from "./styles/composer.css.ts";
import { fullScreenStyles } from "./styles/full-screen.css.ts";
import { mentionStyles } from "./styles/mentions.css.ts";
import { opinionStyles } from "./styles/opinions.css.ts";
import { threadStyles } from "./styles/thread.css.ts";
import { windowStyles } from "./styles/window.css.ts";
import type { MakeOpenWindow, MarkerOf, OpenWindow } from "./window-place.ts";
import { holdScreen, isWholeScreen } from "./whole-screen.ts";
import { placeWindow } from "./window-placement.ts";

export function openWindow(actions: Actions): MakeOpenWindow {
  return (shadow, container) => {
    const styles = sheetOf(windowStyles, threadStyles, opinionStyles, mentionStyles, composerStyles, fullScreenStyles);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, styles];
    return new OpenedWindow(shadow, container, actions);
  };
}

class OpenedWindow implements OpenWindow {
  readonly #shadow: ShadowRoot;
  readonly #container: HTMLElement;
  readonly #actions: Actions;
  readonly #fitted = new WeakMap<HTMLTextAreaElement, string>();
  readonly #menu: ReactionMenu;
  readonly #mentions: MentionPicker;
  readonly #times = new KeptTimes(pageClock);
  #model: LayerModel | null = null;
  #placed: { readonly key: string; readonly marker: Element; readonly stop: () => void } | null = null;

  readonly #back: BackEntry;
  readonly #popped = (): void => {
    this.#back.popped();
    if (!this.#shadow.host.isConnected) {
      this.#unlisten();
    }
  };

  constructor(shadow: ShadowRoot, container: HTMLElement, actions: Actions) {
    this.#shadow = shadow;
    this.#container = container;
    this.#actions = actions;
    this.#menu = new ReactionMenu(container, {
      model: () => this.#model,
      react: actions.react,
    });
    this.#mentions = new MentionPicker(container, {
      clock: pageClock,
      texts: () => this.#model?.texts,
      find: actions.findPeople,
      choose: actions.mention,
      isChosen: actions.isMentioned,
    });
    this.#back = new BackEntry({
      journey: window.history,
      id: newBroadcastId(),
      onBack: actions.close,
      onForward: actions.open,
    });
  }

  get isAtEnd(): boolean {
    const scroller = this.#scroller;
    return scroller === null || isAtEnd(scroller);
  }

  show(before: LayerModel | null, model: LayerModel, markerOf: MarkerOf): void {
    this.#model = model;
    const { window: opened } = model;
    const scroller = this.#scroller;
    const backToPlace = scroller === null || extent(before) === extent(model) ? null : keepPlace(scroller);
    const focused = this.#shadow.activeElement;
    const hadFocus = focused?.closest("[data-window]") != null;
    const around = focused?.closest("[data-opinions]") ?? null;
    if (before !== model) {
      render(opened === null ? nothing : chatWindow(model, opened, this.#actions), this.#container);
    }
    this.#menu.check();
    this.#mentions.check();
    const chat = this.#chat;
    this.#times.show(chat, model.texts.locale);
    if (opened === null || chat === null) {
      this.#end();
      this.#back.release();
      return;
    }
    if (chat.isConnected && !chat.matches(":popover-open")) {
      inTopLayer(chat);
    }
    this.#hold(opened.key, chat, markerOf(opened.key));
    this.#enter(opened.key);
    for (const field of chat.querySelectorAll("textarea")) {
      if (this.#fitted.get(field) !== field.value) {
        this.#fitted.set(field, field.value);
        fitToText(field);
      }
    }
    if (before?.window?.key === opened.key) {
      backToPlace?.();
    } else {
      this.#scroller?.scrollTo({ top: Number.MAX_SAFE_INTEGER });
    }
    if (opened.thread?.comments.some(({ pending }) => pending === "sending") === true) {
      this.#showOwn();
    }
    this.#focus(chat, before?.window ?? null, opened, hadFocus, around);
  }

  send(): void {
    this.#actions.send("");
  }

  letGo(): void {
    this.#end();
    this.#back.release();
    if (!this.#back.isGoing) {
      this.#unlisten();
    }
  }

  #end(): void {
    this.#menu.close();
    this.#mentions.close();
    this.#times.show(null, "");
    this.#placed?.stop();
    this.#placed = null;
  }

  /** Going back closes what is the whole screen; not what opened by itself, with the page. */
  #enter(key: string): void {
    if (this.#back.isHeld || (isWholeScreen() && (navigator as Partial<Navigator>).userActivation?.hasBeenActive !== false)) {
      window.addEventListener("popstate", this.#popped);
      this.#back.hold(key);
    }
  }

  #unlisten(): void {
    window.removeEventListener("popstate", this.#popped);
  }

  #focus(chat: HTMLElement, before: WindowModel | null, opened: WindowModel, hadFocus: boolean, around: Element | null): void {
    if (before?.key !== opened.key) {
      focusWindow(chat, opened.kind === "draft");
    } else if ((before.replyTo?._id ?? null) !== (opened.replyTo?._id ?? null)) {
      // Its button goes away with the line that said so, and with it the focus.
      if (opened.replyTo !== null || this.#shadow.activeElement === null) {
        focusEnd(chat.querySelector<HTMLTextAreaElement>("[data-text]"));
      }
    } else if (before.edit?.commentId !== opened.edit?.commentId) {
      focusEnd(chat.querySelector<HTMLTextAreaElement>(opened.edit === null ? "[data-text]" : "[data-edit]"));
    } else if (hadFocus && (this.#shadow.activeElement?.matches(":disabled") ?? true)) {
      // What had it is gone, or a button that can do no more: Escape and Tab must go on from here.
      const beside = around?.querySelector<HTMLElement>("[data-add-reaction]");
      if (beside == null) {
        focusWindow(chat, false);
      } else {
        beside.focus({ preventScroll: true });
      }
    }
  }

  /** Joins the window to its marker; a marker's element changes when it moves to another pane, so ask anew. */
  #hold(key: string, chat: HTMLElement, found: Element | null): void {
    const held = this.#placed;
    const marker = held?.key === key && held.marker.isConnected ? held.marker : found;
    const arrowElement = chat.querySelector<HTMLElement>("[data-arrow]");
    if (marker === null || arrowElement === null) {
      return;
    }
    if (held?.key !== key || held.marker !== marker) {
      held?.stop();
      const stops = [placeWindow(marker, chat, arrowElement), holdScreen(chat)];
      this.#placed = { key, marker, stop: () => { stops.forEach((stop) => { stop(); }); } };
    }
  }

  get #chat(): HTMLElement | null {
    return this.#shadow.getElementById("window");
  }

  get #scroller(): HTMLElement | null {
    return this.#chat?.querySelector<HTMLElement>("[data-scroller]") ?? null;
  }

  /** What the visitor has just written is in view, wherever they have scrolled. */
  #showOwn(): void {
    const scroller = this.#scroller;
    const own = scroller?.querySelector<HTMLElement>('.comment[data-state="sending"]');
    if (scroller !== null && own != null) {
      showIn(scroller, own);
    }
  }
}

function focusWindow(chat: HTMLElement, isDraft: boolean): void {
  // On a touch screen the keyboard would cover the comments that somebody wants to read.
  const wantsField = isDraft || window.matchMedia("(hover: hover)").matches;
  const field = wantsField ? chat.querySelector<HTMLElement>("[data-name], [data-text]") : null;
  const text = chat.querySelector<HTMLElement>("[data-text]");
  (isDraft ? (text ?? field ?? chat) : wantsField ? (text ?? chat) : chat).focus({ preventScroll: true });
}

/** Which comments are there, as far as it matters to who reads them. */
function extent(model: LayerModel | null): string {
  const { key, thread } = model?.window ?? {};
  const comments = thread?.comments ?? [];
  return [key, comments.length, comments[0]?.comment._id, comments.at(-1)?.comment._id].join(" ");
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  field?.focus({ preventScroll: true });
  field?.setSelectionRange(field.value.length, field.value.length);
}

function fitToText(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
