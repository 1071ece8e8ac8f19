/** Printing, and who has its module: it comes when the page is idle after somebody came near, or is wanted at once. */
import type { Shown, ToolsHost } from "./picture-tools.ts";

export interface Printing {
  /** Asks for the threads that are not here, as far as one may ask. */
  gather(): void;
  /** Has the page printed once they are here, or were waited for long enough. */
  print(): void;
  /** What is on the picture has changed. */
  follow(): void;
}

/** Listens to the browser's printing until `signal` ends it. */
export type MakePrinting = (host: ToolsHost, shown: () => Shown | null, signal: AbortSignal) => Printing;

export class Printer {
  readonly #host: ToolsHost;
  readonly #shown: () => Shown | null;
  readonly #signal: AbortSignal;
  #coming: Promise<void> | null = null;
  #printing: Printing | null = null;
  #isKeeping = false;

  constructor(host: ToolsHost, shown: () => Shown | null, signal: AbortSignal) {
    this.#host = host;
    this.#shown = shown;
    this.#signal = signal;
    // What the browser prints is settled in one go: whoever is to have a say in it must be here before.
    if ("requestIdleCallback" in globalThis) {
      requestIdleCallback(() => void this.#come());
    } else {
      setTimeout(() => void this.#come(), 2000);
    }
  }

  /** `isKeeping`: all threads are to be here at any time, for a page that is made to be printed. */
  follow(isKeeping: boolean): void {
    this.#isKeeping = isKeeping;
    if (isKeeping) {
      this.#printing?.gather();
    }
    this.#printing?.follow();
  }

  print(): void {
    void this.#come().then(() => this.#printing?.print());
  }

  #come(): Promise<void> {
    this.#coming ??= this.#signal.aborted
      ? Promise.resolve()
      : this.#host.loadPrinting().then((make) => {
          if (make !== null && !this.#signal.aborted) {
            this.#printing = make(this.#host, this.#shown, this.#signal);
            this.follow(this.#isKeeping);
          }
        });
    return this.#coming;
  }
}
