/** The line at the picture's foot that says what was done, with a button that takes it back. */
import type { Texts } from "../../texts.ts";
import { pageClock } from "../../page-clock.ts";
import { Toasts, type Toast } from "../../toasts.ts";
import { make, present, say } from "../elements.ts";

export class ToastLine {
  readonly #root: HTMLElement;
  readonly #texts: () => Texts | null;
  readonly #line = make("div", "toast", { part: "toast", "data-toast": "", role: "status" });
  readonly #words = make("span", "");
  readonly #button = make("button", "undo", { type: "button", "data-undo": "" });
  readonly #toasts = new Toasts(pageClock, () => {
    this.say();
  });

  constructor(root: HTMLElement, texts: () => Texts | null) {
    this.#root = root;
    this.#texts = texts;
    this.#line.append(this.#words);
    this.#button.addEventListener("click", () => {
      this.#toasts.undo();
    });
    for (const sign of ["pointerenter", "focusin"]) {
      this.#line.addEventListener(sign, () => {
        this.#toasts.hold();
      });
    }
    for (const sign of ["pointerleave", "focusout"]) {
      this.#line.addEventListener(sign, () => {
        if (!this.#line.matches(":hover, :focus-within")) {
          this.#toasts.release();
        }
      });
    }
    this.#line.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.#toasts.dismiss();
      }
    });
  }

  show(toast: Toast): void {
    this.#toasts.show(toast);
  }

  /** Says it in the words of now, unless it is so no more. */
  check(): void {
    this.#toasts.check();
    this.say();
  }

  say(): void {
    const { shown } = this.#toasts;
    const texts = this.#texts();
    if (shown === null || texts === null) {
      this.#line.remove();
      return;
    }
    say(this.#words, shown.text);
    say(this.#button, texts("undo"));
    // Moved to where it is, it would lose the focus.
    present(this.#line, shown.undo !== null, this.#button, null);
    present(this.#root, true, this.#line, null);
  }

  destroy(): void {
    this.#toasts.dismiss();
  }
}
