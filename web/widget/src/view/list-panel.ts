/** The list of all conversations: what is asked for, and what is found. */
import { BackEntry } from "../back-entry.ts";
import { everything, nextUnread, panelEntries, type PanelQuery, type PanelSort } from "../panel-model.ts";
import { newBroadcastId } from "../session.ts";
import { draw, make, put, say } from "./elements.ts";
import { closeIcon, printIcon } from "./icons.ts";
import type { LayerModel } from "./model.ts";
import { PanelEntries } from "./panel-entries.ts";
import type { MakePanel, Panel, PanelHost } from "./panel-place.ts";
import { sheetOf } from "./style-sheets.ts";
import { panelStyles } from "./styles/panel.css.ts";
import { isWholeScreen } from "./whole-screen.ts";
import type { TextKey } from "../texts.ts";

const sorts: Readonly<Record<PanelSort, TextKey>> = {
  newest: "sortNewest",
  oldest: "sortOldest",
  unread: "sortUnread",
  most: "sortMost",
};

class ListPanel implements Panel {
  readonly #host: PanelHost;
  readonly #panel = make("section", "panel", { popover: "manual", role: "dialog", tabindex: "-1", part: "panel", "data-panel": "" });
  readonly #title = make("h2", "", { id: "panel-title" });
  readonly #close = make("button", "tool", { type: "button", "data-close-panel": "" });
  readonly #fresh = make("div", "fresh-line", { "data-unread-line": "" });
  readonly #count = make("span", "");
  readonly #next = make("button", "", { type: "button", "data-next-unread": "" });
  readonly #readAll = make("button", "", { type: "button", "data-read-all": "" });
  readonly #print = make("button", "tool", { type: "button", "data-print": "" });
  readonly #search = make("input", "", { type: "search", "data-search": "" });
  readonly #sort = make("select", "", { "data-sort": "" });
  readonly #unread = labelled("data-unread-only");
  readonly #resolved = labelled("data-hide-resolved");
  readonly #note = make("p", "note", { role: "status" });
  readonly #entries: PanelEntries;
  readonly #back = new BackEntry({
    journey: window.history,
    id: newBroadcastId(),
    onBack: () => {
      this.close();
    },
    onForward: () => {
      this.open();
    },
  });
  #query: PanelQuery = everything;
  #model: LayerModel | null = null;
  #returnTo: HTMLElement | null = null;

  constructor(host: PanelHost) {
    this.#host = host;
    this.#entries = new PanelEntries(host);
    const header = make("header", "", { role: "presentation" });
    const asked = make("div", "asked");
    this.#close.append(draw(closeIcon));
    this.#print.append(draw(printIcon));
    header.append(this.#title, this.#print, this.#close);
    this.#print.addEventListener("click", () => {
      host.print();
    });
    for (const value of Object.keys(sorts)) {
      this.#sort.append(Object.assign(document.createElement("option"), { value }));
    }
    asked.append(this.#search, this.#sort, this.#unread.label, this.#resolved.label);
    put(this.#panel, { "aria-labelledby": "panel-title" });
    this.#fresh.append(this.#count, this.#next, this.#readAll);
    this.#next.addEventListener("click", () => {
      const next = nextUnread(host.parts(), this.#model?.window?.key ?? null, 1);
      if (next !== null) {
        host.actions().open(next);
        host.button(next)?.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    });
    this.#readAll.addEventListener("click", () => {
      host.readAll();
      // It is gone the next moment, and the focus with it.
      this.#search.focus({ preventScroll: true });
    });
    this.#panel.append(header, this.#fresh, asked, this.#entries.element, this.#note);
    this.#close.addEventListener("click", () => {
      this.close();
    });
    this.#search.addEventListener("input", () => {
      this.#ask({ search: this.#search.value });
    });
    this.#sort.addEventListener("change", () => {
      this.#ask({ sort: this.#sort.value as PanelSort });
    });
    this.#unread.box.addEventListener("change", () => {
      this.#ask({ unreadOnly: this.#unread.box.checked });
    });
    this.#resolved.box.addEventListener("change", () => {
      // On the picture, too: what is left out is the same here and there.
      this.#host.actions().hideResolved(this.#resolved.box.checked);
    });
    this.#panel.addEventListener("click", (event) => {
      // Not the page's, as everywhere; but a box is to be ticked.
      event.stopPropagation();
      if ((event.target as Element).closest("label, select") === null) {
        event.preventDefault();
      }
    });
    window.addEventListener("popstate", () => {
      this.#back.popped();
    }, { signal: host.signal });
    this.#panel.addEventListener("keydown", (event) => {
      this.#key(event);
    });
  }

  get isOpen(): boolean {
    return this.#panel.matches(":popover-open");
  }

  open(): void {
    if (!this.isOpen) {
      this.#returnTo = this.#host.shadow.activeElement as HTMLElement | null;
      this.#host.root.append(this.#panel);
      this.#panel.showPopover();
      this.#list();
      // Going back closes what is the whole screen.
      if (isWholeScreen()) {
        this.#back.hold("list");
      }
    }
    this.#search.focus({ preventScroll: true });
  }

  close(): void {
    if (this.isOpen) {
      const hadFocus = this.#panel.contains(this.#host.shadow.activeElement);
      this.#panel.hidePopover();
      this.#panel.remove();
      this.#back.release();
      this.#host.onClose();
      if (hadFocus) {
        this.#returnTo?.focus({ preventScroll: true });
      }
    }
  }

  show(model: LayerModel): void {
    const before = this.#model?.window ?? null;
    this.#model = model;
    if (this.isOpen) {
      this.#list();
      const isLeft = this.#host.shadow.activeElement?.closest("[data-window]") != null;
      if (model.window === null && isLeft && before?.key === this.#entries.opened) {
        // The window is about to go, and the focus with it. An entry may be left out now, as it has been read.
        (this.#entries.button(before.key) ?? this.#panel).focus({ preventScroll: true });
      }
    }
  }

  #ask(part: Partial<PanelQuery>): void {
    this.#query = { ...this.#query, ...part };
    this.#list();
  }

  #list(): void {
    const model = this.#model;
    if (model === null) {
      return;
    }
    const { texts } = model;
    say(this.#title, texts("listTitle"));
    put(this.#close, { "aria-label": texts("closeList"), title: texts("closeList") });
    put(this.#print, { "aria-label": texts("print"), title: texts("print") });
    put(this.#search, { "aria-label": texts("listSearch"), placeholder: texts("listSearch") });
    put(this.#sort, { "aria-label": texts("sortBy") });
    for (const option of this.#sort.options) {
      say(option, texts(sorts[option.value as PanelSort]));
    }
    say(this.#unread.words, texts("unreadOnly"));
    const parts = this.#host.parts();
    const unread = parts.markers.filter(({ conversation }) => parts.isUnread(conversation.urlId)).length;
    this.#fresh.hidden = unread === 0;
    say(this.#count, texts("unread", { count: unread }));
    say(this.#next, texts("nextUnread"));
    say(this.#readAll, texts("markAllRead"));
    const resolved = parts.markers.filter(({ conversation }) => conversation.resolved).length;
    say(this.#resolved.words, resolved === 0 ? texts("hideResolved") : `${texts("hideResolved")} (${texts.number(resolved)})`);
    this.#resolved.box.checked = model.hidesResolved;
    const entries = panelEntries(parts, { ...this.#query, resolved: model.hidesResolved ? "open" : "all" });
    this.#entries.show(entries, model);
    say(this.#note, entries.length > 0 ? "" : texts(parts.markers.length === 0 ? "listEmpty" : "nothingFound"));
    this.#note.hidden = entries.length > 0;
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.isComposing) {
      return;
    }
    const isField = event.target === this.#search || event.target === this.#sort;
    if (event.key === "Escape") {
      this.close();
    } else if (event.key === "/" && !isField) {
      this.#search.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.target === this.#sort || !this.#entries.go(event.key === "ArrowDown" ? 1 : -1)) {
        return;
      }
    } else {
      return;
    }
    event.preventDefault();
  }
}

function labelled(sign: string): { readonly label: HTMLElement; readonly box: HTMLInputElement; readonly words: HTMLElement } {
  const label = make("label", "");
  const box = make("input", "", { type: "checkbox", [sign]: "" });
  const words = make("span", "");
  label.append(box, words);
  return { label, box, words };
}

export const listPanel: MakePanel = (host) => {
  const { shadow } = host;
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheetOf(panelStyles)];
  return new ListPanel(host);
};
