/** Shows on markers that somebody writes there. The layer knows nothing of it. */
import type { ChatElement } from "../chat-element.ts";

const nobody: ReadonlySet<string> = new Set();

export class WritingSigns {
  readonly #element: ChatElement;
  #shown = nobody;

  constructor(element: ChatElement) {
    this.#element = element;
  }

  /** `threads` by their keys. */
  show(threads: ReadonlySet<string>): void {
    for (const key of this.#shown) {
      if (!threads.has(key)) {
        this.#element.markerOf(key)?.removeAttribute("data-writing");
      }
    }
    for (const key of threads) {
      this.#element.markerOf(key)?.setAttribute("data-writing", "");
    }
    this.#shown = threads;
  }
}
