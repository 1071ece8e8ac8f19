/**
 * An entry in the browser's history for as long as a window, or the list, is the whole screen, so that going back closes it and
 * does not leave the page. The entry has the page's own address, and the page's own state beside ours.
 *
 * Whoever closes the window otherwise goes back over the entry, and whoever goes forward to it opens the window again: there
 * is one entry at most, and on it is where the window is open. What the page hears of this is a `popstate` at the address at
 * which it is, with its own state: browsers give none but the first listener a chance to keep that from the others.
 */

/** What is needed of `window.history`. */
export type Journey = Pick<History, "state" | "pushState" | "replaceState" | "back">;

export interface BackEntryParts {
  readonly journey: Journey;
  /** Tells this picture's entries from those of others, and of earlier visits. */
  readonly id: string;
  /** The visitor has gone back: what is open is to be closed. */
  readonly onBack: () => void;
  /** They have come again to where this was open. */
  readonly onForward: (key: string) => void;
}

/** In `history.state`. */
const mark = "imageChat";

interface Mark {
  readonly id: string;
  readonly key: string;
}

export class BackEntry {
  readonly #parts: BackEntryParts;
  #key: string | null = null;
  /** Going back over the entry takes the browser a while. */
  #isGoing = false;

  constructor(parts: BackEntryParts) {
    this.#parts = parts;
  }

  get isHeld(): boolean {
    return this.#key !== null;
  }

  /** Whether it has to be told of what is popped. */
  get isGoing(): boolean {
    return this.#isGoing;
  }

  /** A window is open, the one with this key. */
  hold(key: string): void {
    if (key === this.#key) {
      return;
    }
    const isAnother = this.#key !== null || this.#own !== null;
    this.#key = key;
    if (!this.#isGoing) {
      this.#write(isAnother);
    }
  }

  /** It is no more. */
  release(): void {
    if (this.#key !== null) {
      this.#key = null;
      // Otherwise the page has gone on from here, and what is on top is the page's.
      if (!this.#isGoing && this.#own !== null) {
        this.#isGoing = true;
        this.#parts.journey.back();
      }
    }
  }

  /** The browser has come to another entry. */
  popped(): void {
    const own = this.#own;
    if (this.#isGoing && own === null) {
      this.#isGoing = false;
      if (this.#key !== null) {
        this.#write(false);
      }
    } else if (this.#key !== null && own === null) {
      this.#key = null;
      this.#parts.onBack();
    } else if (this.#key === null && own !== null && !this.#isGoing) {
      this.#parts.onForward(own.key);
    }
  }

  get #own(): Mark | null {
    const state = this.#parts.journey.state as Partial<Record<typeof mark, Mark>> | null;
    const found = typeof state === "object" ? state?.[mark] : undefined;
    return found?.id === this.#parts.id ? found : null;
  }

  #write(isAnother: boolean): void {
    const { journey, id } = this.#parts;
    const before: unknown = journey.state;
    const state = { ...(typeof before === "object" ? before : {}), [mark]: { id, key: this.#key } };
    try {
      if (isAnother) {
        journey.replaceState(state, "");
      } else {
        journey.pushState(state, "");
      }
    } catch {
      // A page within a strict frame has none, and browsers count them: then going back leaves the page, as ever.
    }
  }
}
