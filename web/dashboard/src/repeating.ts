/** Does something again and again, while the page is visible and its element is on it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Repeating implements ReactiveController {
  readonly #pause: number;
  readonly #act: () => Promise<unknown>;
  #timer: number | null = null;
  #ending: AbortController | null = null;

  /** `pause` in milliseconds, from the end of one to the beginning of the next. */
  constructor(host: ReactiveControllerHost, pause: number, act: () => Promise<unknown>) {
    this.#pause = pause;
    this.#act = act;
    host.addController(this);
  }

  hostConnected(): void {
    const ending = new AbortController();
    this.#ending = ending;
    document.addEventListener(
      "visibilitychange",
      () => {
        if (!document.hidden) {
          this.#next(0);
        }
      },
      { signal: ending.signal },
    );
    this.#next(this.#pause);
  }

  hostDisconnected(): void {
    this.#ending?.abort();
    this.#cancel();
  }

  #next(pause: number): void {
    this.#cancel();
    this.#timer = window.setTimeout(() => {
      this.#timer = null;
      if (document.hidden) {
        return; // it goes on when somebody looks
      }
      const ending = this.#ending;
      void this.#act().finally(() => {
        if (ending?.signal.aborted === false && this.#timer === null) {
          this.#next(this.#pause);
        }
      });
    }, pause);
  }

  #cancel(): void {
    if (this.#timer !== null) {
      window.clearTimeout(this.#timer);
      this.#timer = null;
    }
  }
}
