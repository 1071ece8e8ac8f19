/** Knows when the page has slept and whether the browser has a network. Listens only: an idle page has no timer. */

/** Hidden for longer than this, a socket may have died unseen. */
const longSleep = 30_000;

export interface WakefulnessHooks {
  /** The page is visible again, or the network is back. */
  readonly onWake: (maySleepHaveKilledIt: boolean) => void;
  readonly onHidden: () => void;
  readonly onOffline: () => void;
}

export class Wakefulness {
  #hiddenSince: number | null = document.hidden ? Date.now() : null;

  constructor(signal: AbortSignal, hooks: WakefulnessHooks) {
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.hidden) {
          this.#hiddenSince = Date.now();
          hooks.onHidden();
          return;
        }
        const slept = this.#hiddenSince === null ? 0 : Date.now() - this.#hiddenSince;
        this.#hiddenSince = null;
        hooks.onWake(slept > longSleep);
      },
      { signal },
    );
    window.addEventListener(
      "online",
      () => {
        hooks.onWake(true);
      },
      { signal },
    );
    window.addEventListener(
      "pageshow",
      ({ persisted }) => {
        if (persisted) {
          hooks.onWake(true);
        }
      },
      { signal },
    );
    window.addEventListener("offline", hooks.onOffline, { signal });
  }

  /** A hint only: a page on the same machine as its server works without a network. */
  get isOnline(): boolean {
    return navigator.onLine;
  }
}
