/** The emoji that can be given to a comment, in a menu at the button that opens it. */
import { emoji } from "../opinion-changes.ts";
import type { Comment } from "../wire.ts";
import { make } from "./elements.ts";
import { float } from "./floating.ts";
import type { LayerModel } from "./model.ts";
import { reactionName } from "./reactions.ts";

export interface ReactionMenuOptions {
  /** What is shown now. */
  readonly model: () => LayerModel | null;
  readonly react: (comment: Comment, emoji: string) => void;
}

interface Opened {
  readonly button: HTMLElement;
  readonly menu: HTMLElement;
  readonly close: () => void;
}

export class ReactionMenu {
  readonly #container: HTMLElement;
  readonly #options: ReactionMenuOptions;
  #opened: Opened | null = null;

  /** Opens at whatever button in `container` says that it does; the menu is put beside `container`. */
  constructor(container: HTMLElement, options: ReactionMenuOptions) {
    this.#container = container;
    this.#options = options;
    container.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-add-reaction]");
      const isOpen = button !== null && this.#opened?.button === button;
      this.close();
      const model = options.model();
      const comment = commentIn(model, button?.dataset.addReaction);
      if (button !== null && model !== null && comment !== undefined && !isOpen) {
        this.#open(button, model, comment);
      }
    });
  }

  /** After a rendering: without its button there is no menu. */
  check(): void {
    if (this.#opened?.button.isConnected === false) {
      this.close();
    }
  }

  close(): void {
    this.#opened?.close();
    this.#opened = null;
  }

  #open(button: HTMLElement, { texts }: LayerModel, comment: Comment): void {
    const menu = make("div", "float reaction-menu", {
      part: "reaction-menu",
      role: "menu",
      popover: "manual",
      "aria-label": texts("addReaction"),
      "data-reaction-menu": "",
    });
    const items = emoji.map((one) => {
      const name = reactionName(texts, one);
      const item = make("button", "emoji", {
        type: "button",
        role: "menuitemcheckbox",
        tabindex: "-1",
        "aria-checked": String(comment.myReactions?.includes(one) === true),
        "aria-label": name,
        title: name,
        "data-give": one,
      });
      item.textContent = one;
      item.addEventListener("click", () => {
        this.#leave();
        this.#options.react(commentIn(this.#options.model(), comment._id) ?? comment, one);
      });
      return item;
    });
    menu.append(...items);
    menu.addEventListener("keydown", (event) => {
      this.#onKey(event, items, texts.direction === "rtl");
    });
    this.#container.after(menu);
    button.setAttribute("aria-expanded", "true");
    const stopFloating = float(button, menu);
    const listening = new AbortController();
    document.addEventListener(
      "pointerdown",
      (event) => {
        const path = event.composedPath();
        if (!path.includes(menu) && !path.includes(button)) {
          this.close();
        }
      },
      { capture: true, signal: listening.signal },
    );
    this.#opened = {
      button,
      menu,
      close: () => {
        listening.abort();
        button.setAttribute("aria-expanded", "false");
        stopFloating();
      },
    };
    items[0]?.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent, items: readonly HTMLElement[], isFromTheRight: boolean): void {
    event.stopPropagation();
    const at = items.findIndex((item) => item.matches(":focus"));
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: isFromTheRight ? -1 : 1,
      ArrowLeft: isFromTheRight ? 1 : -1,
      ArrowDown: 1,
      ArrowUp: -1,
      Home: -at,
      End: items.length - 1 - at,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      items[(at + step + items.length) % items.length]?.focus({ preventScroll: true });
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#leave();
    } else if (event.key === "Tab") {
      // On from the button, as if the menu had not been.
      this.#leave();
    }
  }

  #leave(): void {
    const button = this.#opened?.button;
    this.close();
    button?.focus({ preventScroll: true });
  }
}

function commentIn(model: LayerModel | null, id: string | undefined): Comment | undefined {
  return model?.window?.thread?.comments.find(({ comment }) => comment._id === id)?.comment;
}
