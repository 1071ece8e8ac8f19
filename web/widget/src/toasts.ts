/** The one line at the picture's foot that says what was done, and takes it back for a while. No DOM; time is given. */
import type { Clock } from "./page-clock.ts";

export interface Toast {
  readonly text: string;
  /** Takes it back; null where nothing can be. */
  readonly undo: (() => void) | null;
  /** The marker that it is about. */
  readonly key?: string;
  /** How long it stays, in ms; `toastTime` where it does not say. */
  readonly lasts?: number;
  /** Whether what it says is so no more. */
  readonly isOver?: () => boolean;
}

/** How long a toast stays, in ms. */
export const toastTime = 8000;
/** The same of one whose undo has failed and can be tried again: for as long as the server would take it. */
export const undoTime = 600_000;

export class Toasts {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #shown: Toast | null = null;
  /** What is left of its time, and since when that has run; null while somebody reads it. */
  #left = 0;
  #since: number | null = null;
  #stop: (() => void) | null = null;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get shown(): Toast | null {
    return this.#shown;
  }

  /** Shows a toast in the place of the one before, which cannot be taken back any more. */
  show(toast: Toast): void {
    this.#pause();
    this.#shown = toast;
    this.#left = toast.lasts ?? toastTime;
    this.#run();
    this.#onChange();
  }

  /** The pointer is over it, or the focus in it: its time stands still. */
  hold(): void {
    this.#pause();
  }

  release(): void {
    if (this.#shown !== null && this.#since === null) {
      this.#run();
    }
  }

  /** Takes back what it says, once. */
  undo(): void {
    const undo = this.#shown?.undo ?? null;
    if (undo !== null) {
      this.dismiss();
      undo();
    }
  }

  dismiss(): void {
    if (this.#shown !== null) {
      this.#pause();
      this.#shown = null;
      this.#onChange();
    }
  }

  /** Something may have made it pointless, such as that what it would bring back has come. */
  check(): void {
    if (this.#shown?.isOver?.() === true) {
      this.dismiss();
    }
  }

  #run(): void {
    this.#since = this.#clock.now();
    this.#stop = this.#clock.after(this.#left, () => {
      this.dismiss();
    });
  }

  #pause(): void {
    if (this.#since !== null) {
      this.#left = Math.max(0, this.#left - (this.#clock.now() - this.#since));
      this.#since = null;
    }
    this.#stop?.();
    this.#stop = null;
  }
}
