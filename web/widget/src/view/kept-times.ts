/**
 * Writes the times of an open window, and writes them again when they would say something else. So there is one timer for
 * all of them, none while nobody looks, and mostly it waits for minutes or hours.
 */
import type { Clock } from "../page-clock.ts";
import { say } from "./elements.ts";
import { relativeTime, untilItChanges } from "./times.ts";

/** In ms: also a clock that runs unevenly is asked no oftener. */
const oftenest = 1000;
/** In ms: a device that slept, or whose clock was set, is right again after this. */
const seldomest = 3_600_000;

export class KeptTimes {
  readonly #clock: Clock;
  readonly #today: () => number;
  #stop: (() => void) | null = null;
  #dueAt = Infinity;

  /** `today` is the time by the calendar, in ms since 1970. */
  constructor(clock: Clock, today: () => number = Date.now) {
    this.#clock = clock;
    this.#today = today;
  }

  /** Writes all times in an element, after each of its renderings; without an element there are none. */
  show(root: ParentNode | null, locale: string): void {
    const now = this.#today();
    let wait = Infinity;
    for (const time of root?.querySelectorAll("time") ?? []) {
      say(time, relativeTime(time.dateTime, now, locale));
      wait = Math.min(wait, untilItChanges(time.dateTime, now));
    }
    if (wait === Infinity || document.hidden) {
      this.#wake(Infinity, () => undefined);
      return;
    }
    this.#wake(now + Math.min(Math.max(wait, oftenest), seldomest), () => {
      this.show(root, locale);
    });
  }

  /** Keeps a timer that is right already. */
  #wake(dueAt: number, call: () => void): void {
    if (Math.abs(dueAt - this.#dueAt) < oftenest / 2) {
      return;
    }
    this.#stop?.();
    this.#stop = null;
    this.#dueAt = dueAt;
    if (dueAt !== Infinity) {
      this.#stop = this.#clock.after(dueAt - this.#today(), () => {
        this.#dueAt = Infinity;
        call();
      });
    }
  }
}
