/** What screen readers are told of changes: politely, and so seldom that a busy picture can still be read. No DOM. */
import type { Clock } from "./page-clock.ts";

/** No two announcements come closer than this, in ms. */
export const breath = 2000;

export class Announcements {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  /** What several comments that came together are called. */
  readonly #together: (count: number) => string;
  #text = "";
  #saidAt: number | null = null;
  /** The newest word on the visitor's own doing, and the comments of others, that wait to be said. */
  #own: string | null = null;
  #comments: string[] = [];
  #stop: (() => void) | null = null;

  constructor(clock: Clock, together: (count: number) => string, onChange: () => void) {
    this.#clock = clock;
    this.#together = together;
    this.#onChange = onChange;
  }

  /** What is to stand in the live region now. */
  get text(): string {
    return this.#text;
  }

  /** Something about the picture, or about what the visitor did: of several, the newest is said. */
  say(text: string): void {
    this.#own = text;
    this.#soon();
  }

  /** A comment of somebody else. */
  comment(text: string): void {
    this.#comments.push(text);
    this.#soon();
  }

  destroy(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #soon(): void {
    if (this.#stop !== null) {
      return;
    }
    const wait = this.#saidAt === null ? 0 : breath - (this.#clock.now() - this.#saidAt);
    if (wait <= 0) {
      this.#speak();
    } else {
      this.#stop = this.#clock.after(wait, () => {
        this.#stop = null;
        this.#speak();
      });
    }
  }

  #speak(): void {
    const [first] = this.#comments;
    const comments = this.#comments.length > 1 ? this.#together(this.#comments.length) : first;
    const text = [this.#own, comments].filter((part) => part != null).join(" ");
    this.#own = null;
    this.#comments = [];
    this.#saidAt = this.#clock.now();
    // A live region whose text does not change says nothing, though it may have happened again.
    this.#text = text === this.#text ? `${text}\u00a0` : text;
    this.#onChange();
  }
}
