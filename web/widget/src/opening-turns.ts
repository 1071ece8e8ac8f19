/**
 * Lets a page's pictures open their sockets a few at a time: a browser delays all of them by seconds once about a dozen
 * are being opened at the same moment. One for each script on a page.
 */

const atOnce = 4;

export class OpeningTurns {
  /** Those that wait, in the order they came. */
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  /**
   * Calls `begin` when there is a turn, which may be at once. What it gives back ends the turn, or the wait for one;
   * called again, it does nothing.
   */
  take(begin: () => void): () => void {
    let isOver = false;
    let hasBegun = false;
    const start = (): void => {
      hasBegun = true;
      this.#taken += 1;
      begin();
    };
    const end = (): void => {
      if (isOver) {
        return;
      }
      isOver = true;
      if (hasBegun) {
        this.#taken -= 1;
        this.#next();
      } else {
        this.#waiting.delete(start);
      }
    };
    this.#waiting.add(start);
    this.#next();
    return end;
  }

  #next(): void {
    for (const start of this.#waiting) {
      if (this.#taken >= atOnce) {
        return;
      }
      this.#waiting.delete(start);
      start();
    }
  }
}
