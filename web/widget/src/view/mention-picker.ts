/**
 * The list of people that opens while a name is typed after an `@`. The focus stays in the field, which says which of the
 * list is chosen; so whoever does not want it just goes on typing.
 */
import { html, render } from "lit/html.js";
import { MentionSearch } from "../mention-search.ts";
import { inserted, queryAt, type Mention, type MentionQuery } from "../mentions.ts";
import type { Clock } from "../page-clock.ts";
import type { Face } from "../presence.ts";
import type { Texts } from "../texts.ts";
import { avatar } from "./avatar.ts";
import { keysHint } from "./composer.ts";
import { make, put } from "./elements.ts";
import { float } from "./floating.ts";

export interface MentionPickerOptions {
  readonly clock: Clock;
  readonly texts: () => Texts | undefined;
  readonly find: (search: string, signal: AbortSignal) => Promise<readonly Face[]>;
  readonly choose: (mention: Mention) => void;
  /** Whether it was chosen from this list: then it is no name that is still being typed. */
  readonly isChosen: (tag: string) => boolean;
}

interface Typed {
  readonly field: HTMLTextAreaElement;
  readonly query: MentionQuery;
}

const listId = "mention-list";

export class MentionPicker {
  readonly #container: HTMLElement;
  readonly #options: MentionPickerOptions;
  readonly #search: MentionSearch;
  readonly #list = make("div", "float mention-list", { part: "mention-list", popover: "manual", "data-mention-list": "" });
  #typed: Typed | null = null;
  /** Closed by Escape: where it was. */
  #refused: { readonly field: Element; readonly start: number } | null = null;
  #people: readonly Face[] = [];
  #active = 0;
  #stopFloating: (() => void) | null = null;

  /** Serves all fields in `container` that take a comment's words; the list is put beside `container`. */
  constructor(container: HTMLElement, options: MentionPickerOptions) {
    this.#container = container;
    this.#options = options;
    this.#search = new MentionSearch({
      clock: options.clock,
      find: options.find,
      onFound: () => {
        this.#show();
      },
    });
    for (const sign of ["input", "keyup", "click"]) {
      container.addEventListener(sign, ({ target }) => {
        this.#look(target as Element);
      });
    }
    container.addEventListener(
      "keydown",
      (event) => {
        this.#onKey(event);
      },
      { capture: true },
    );
    container.addEventListener("focusout", () => {
      this.close();
    });
    // The field keeps the focus, and on a phone its keyboard.
    this.#list.addEventListener("mousedown", (event) => {
      event.preventDefault();
    });
    this.#list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[data-option]");
      this.#choose(Number(option?.dataset.option ?? NaN));
    });
  }

  /** After a rendering: without its field there is no list. */
  check(): void {
    if (this.#typed?.field.isConnected === false) {
      this.close();
    }
  }

  close(): void {
    this.#hide();
    this.#typed = null;
    this.#search.end();
  }

  #look(field: Element): void {
    if (!(field instanceof HTMLTextAreaElement) || field.readOnly) {
      return;
    }
    const { value, selectionStart, selectionEnd } = field;
    const query = selectionStart === selectionEnd ? queryAt(value, selectionStart) : null;
    const isRefused = this.#refused?.field === field && this.#refused.start === query?.start;
    if (query === null || isRefused || this.#options.isChosen(value.slice(query.start, query.end).trimEnd())) {
      this.close();
      this.#refused = isRefused ? this.#refused : null;
      return;
    }
    this.#refused = null;
    this.#typed = { field, query };
    this.#search.ask(query.search);
    this.#show();
  }

  #onKey(event: KeyboardEvent): void {
    // An input method's keys choose its own words.
    if (this.#stopFloating === null || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const act = this.#keys[event.key];
    if (act !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => {
      this.#step(1);
    },
    ArrowUp: () => {
      this.#step(-1);
    },
    Enter: () => {
      this.#choose(this.#active);
    },
    Tab: () => {
      this.#choose(this.#active);
    },
    Escape: () => {
      this.#refused = this.#typed && { field: this.#typed.field, start: this.#typed.query.start };
      this.close();
    },
  };

  #step(by: number): void {
    this.#active = (this.#active + by + this.#people.length) % this.#people.length;
    this.#render();
  }

  #show(): void {
    const typed = this.#typed;
    const before = this.#people[this.#active]?.id;
    this.#people = typed === null ? [] : this.#search.people(typed.query.search);
    if (typed === null || this.#people.length === 0) {
      this.#hide();
      return;
    }
    this.#active = Math.max(0, this.#people.findIndex(({ id }) => id === before));
    this.#render();
    if (this.#stopFloating === null) {
      this.#container.after(this.#list);
      this.#stopFloating = float(typed.field, this.#list, { isAsWide: true });
    }
  }

  #hide(): void {
    this.#stopFloating?.();
    this.#stopFloating = null;
    this.#people = [];
    this.#active = 0;
    if (this.#typed !== null) {
      put(this.#typed.field, { "aria-controls": null, "aria-activedescendant": null });
    }
  }

  #render(): void {
    const texts = this.#options.texts();
    if (texts === undefined) {
      return;
    }
    render(
      html`<div id=${listId} role="listbox" aria-label=${texts("mentionList")}>
          ${this.#people.map(
            ({ id, displayName, avatarSrc }, index) =>
              html`<div
                id=${`${listId}-${index}`}
                class="option"
                role="option"
                aria-selected=${index === this.#active}
                data-option=${index}
              >
                ${avatar(id, displayName, avatarSrc)}<bdi class="name">${displayName}</bdi>
              </div>`,
          )}
        </div>
        <p class="hint keys">${keysHint(texts("mentionHint"))}</p>`,
      this.#list,
    );
    const active = `${listId}-${this.#active}`;
    if (this.#typed !== null) {
      put(this.#typed.field, { "aria-controls": listId, "aria-activedescendant": active });
    }
    this.#list.querySelector(`#${active}`)?.scrollIntoView({ block: "nearest" });
  }

  #choose(index: number): void {
    const face = this.#people[index];
    if (face === undefined || this.#typed === null) {
      return;
    }
    const { field, query } = this.#typed;
    const { text, caret, mention } = inserted(field.value, query, face);
    if (text.length > field.maxLength) {
      return;
    }
    this.#options.choose(mention);
    this.close();
    const words = text.slice(query.start, text.length - field.value.length + query.end);
    field.setSelectionRange(query.start, query.end);
    // As if it had been typed: nothing else leaves the field what it can undo.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way, and no browser without it
    if (!document.execCommand("insertText", false, words)) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.setSelectionRange(caret, caret);
  }
}
