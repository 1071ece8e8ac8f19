/** The conversations in the list, each a button; threads are asked for as their entries come into view. */
import type { PanelEntry } from "../panel-model.ts";
import { plainWords } from "../plain-words.ts";
import { make, put, say } from "./elements.ts";
import type { LayerModel } from "./model.ts";
import type { PanelHost } from "./panel-place.ts";
import { nameOf } from "./names.ts";

/** So many threads are asked for at most while a picture is open: a session reads 120 lists a minute. */
const mostAsked = 60;

interface Row {
  readonly item: HTMLElement;
  readonly button: HTMLElement;
  readonly number: HTMLElement;
  readonly said: HTMLElement;
  readonly who: HTMLElement;
  readonly fresh: HTMLElement;
}

export class PanelEntries {
  readonly element = make("ol", "");
  /** What was opened last from here. */
  opened: string | null = null;
  readonly #host: PanelHost;
  readonly #rows = new Map<string, Row>();
  readonly #asked = new Set<string>();
  readonly #seen = new IntersectionObserver((found) => {
    for (const { isIntersecting, target } of found) {
      const key = (target as HTMLElement).dataset.key;
      if (isIntersecting && key !== undefined && !this.#asked.has(key) && this.#asked.size < mostAsked) {
        this.#asked.add(key);
        this.#host.actions().read(key);
      }
    }
  });

  constructor(host: PanelHost) {
    this.#host = host;
    this.element.addEventListener("click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("[data-entry]")?.dataset.key;
      if (key !== undefined) {
        this.opened = key;
        host.actions().open(key);
        host.button(key)?.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    });
  }

  show(entries: readonly PanelEntry[], model: LayerModel): void {
    const wanted = new Set(entries.map(({ key }) => key));
    for (const [key, { item, button }] of this.#rows) {
      if (!wanted.has(key)) {
        this.#seen.unobserve(button);
        item.remove();
        this.#rows.delete(key);
      }
    }
    let next: ChildNode | null = this.element.firstChild;
    for (const entry of entries) {
      const { item } = this.#row(entry, model);
      if (item === next) {
        next = item.nextSibling;
      } else {
        this.element.insertBefore(item, next);
      }
    }
  }

  /** An entry's button, or null where it is left out. */
  button(key: string): HTMLElement | null {
    return this.#rows.get(key)?.button ?? null;
  }

  /** Goes on to the next entry, or back; false where there is none. */
  go(step: 1 | -1): boolean {
    const buttons = [...this.element.querySelectorAll<HTMLElement>("[data-entry]")];
    const at = buttons.findIndex((button) => button.matches(":focus"));
    const next = buttons[at === -1 ? (step === 1 ? 0 : -1) : at + step];
    next?.focus();
    return next !== undefined;
  }

  #row({ key, number, marker, isUnread, first, latest }: PanelEntry, { texts, window }: LayerModel): Row {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = {
        item: make("li", ""),
        button: make("button", "entry", { type: "button", "data-entry": "", "data-key": key }),
        number: make("span", "number"),
        said: make("span", "said", { dir: "auto" }),
        who: make("span", "who"),
        fresh: make("span", "fresh", { role: "img", "data-unread": "" }),
      };
      row.button.append(row.number, row.said, row.who);
      row.item.append(row.button);
      this.#rows.set(key, row);
      this.#seen.observe(row.button);
    }
    const { commentCount, resolved } = marker.conversation;
    const comments = commentCount > 0 ? texts("comments", { count: commentCount }) : texts("commentsNone");
    say(row.number, texts.number(number));
    // Beside its number and how much was said there, which are its name already.
    say(row.said, first === null ? texts("windowTitle") : (plainWords(first.comment).split("\n")[0] ?? ""));
    say(row.who, [latest === null ? "" : nameOf(latest.comment, texts), comments, resolved ? texts("markerResolved") : ""].filter(Boolean).join(" · "));
    put(row.fresh, { "aria-label": texts("markerUnread") });
    // What is seen is its name too, for who asks for it by voice (WCAG 2.5.3).
    put(row.button, {
      "aria-current": window?.key === key ? "true" : null,
      "data-resolved": resolved ? "" : null,
    });
    if (isUnread && row.fresh.parentNode === null) {
      row.said.after(row.fresh);
    } else if (!isUnread) {
      row.fresh.remove();
    }
    return row;
  }
}
