/** What a page is told of: that all is there, how many comments there are, and what the visitor opens and closes. */
import type { Settings } from "./config.ts";

export class PageCalls {
  readonly #settings: () => Settings;
  #isReady = false;
  #count: number | null = null;
  #open: string | null = null;

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  /** The page has given another function for the count, which is to be told anew. */
  forgetCount(): void {
    this.#count = null;
  }

  /** What is on the picture is shown, with so many comments. */
  shown(count: number): void {
    const { onReady, commentCountUpdated } = this.#settings();
    if (!this.#isReady) {
      this.#isReady = true;
      call(onReady);
    }
    if (count !== this.#count) {
      this.#count = count;
      call(commentCountUpdated, count);
    }
  }

  /** A marker's window is open, or none. */
  opened(markerId: string | null): void {
    const { onMarkerOpen, onMarkerClose } = this.#settings();
    const before = this.#open;
    if (before === markerId) {
      return;
    }
    this.#open = markerId;
    if (before !== null) {
      call(onMarkerClose, before);
    }
    if (markerId !== null) {
      call(onMarkerOpen, markerId);
    }
  }
}

/** A fault of the page's is not the widget's. */
function call<A extends readonly unknown[]>(told: ((...given: A) => void) | null, ...given: A): void {
  try {
    told?.(...given);
  } catch (error) {
    reportError(error);
  }
}
