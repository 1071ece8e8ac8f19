/** A clock that stands still until it is moved. */
import type { Clock } from "../src/page-clock.ts";

export class FakeClock implements Clock {
  #now = 0;
  #waiting: { readonly at: number; readonly call: () => void }[] = [];

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const entry = { at: this.#now + milliseconds, call };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
    };
  };

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  pass(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) {
        break;
      }
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#now = next.at;
      next.call();
    }
    this.#now = until;
  }
}
