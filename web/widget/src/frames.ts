/** When to render: at most once a frame, and less often where the browser cannot draw as fast as that. */

/** A frame that comes later than this, in milliseconds, says that the browser is behind with drawing. */
const late = 34;
const longestRest = 100;
/** A page that nobody sees has no frames, but what it tells its owner is to be right all the same. */
const hiddenPause = 1000;

export class Frames {
  readonly #render: () => void;
  #cancel: (() => void) | null = null;
  #restUntil = 0;

  constructor(render: () => void) {
    this.#render = render;
  }

  /** Renders in the next frame, or while the page is hidden within a second. Asked twice, it renders once. */
  ask(): void {
    if (this.#cancel !== null) {
      return;
    }
    if (document.hidden) {
      const timer = setTimeout(this.#begin, hiddenPause);
      this.#cancel = () => {
        clearTimeout(timer);
      };
      return;
    }
    const askedAt = performance.now();
    const frame = requestAnimationFrame(() => {
      const now = performance.now();
      if (now < this.#restUntil) {
        this.#cancel = null;
        this.ask();
        return;
      }
      // As long a rest as the wait was: drawing then catches up, and the page answers its visitor in between.
      const waited = now - askedAt;
      this.#restUntil = waited > late ? now + Math.min(waited, longestRest) : 0;
      this.#begin();
    });
    this.#cancel = () => {
      cancelAnimationFrame(frame);
    };
  }

  /** There is nothing more to render, or it was rendered just now. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  readonly #begin = (): void => {
    this.#cancel = null;
    this.#render();
  };
}
