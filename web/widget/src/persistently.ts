/** Loads what a page cannot do without: again when the network is back, or after a pause, for as long as it is wanted. */

/** Milliseconds after the first failure; twice as long after each one more, up to the longest. */
const firstPause = 5000;
const longestPause = 300_000;

export interface Persistence {
  readonly isWanted: () => boolean;
  /** `attempt` is 0 for the first. */
  readonly onFailure: (error: unknown, attempt: number) => void;
}

export type Persistently = typeof persistently;

/** `load` is told how often it has failed. Null once it is wanted no more. */
export async function persistently<T>(load: (attempt: number) => Promise<T>, { isWanted, onFailure }: Persistence): Promise<T | null> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load(attempt);
    } catch (error) {
      try {
        onFailure(error, attempt);
      } catch (fault) {
        reportError(fault); // a page's own, which must not end the trying
      }
    }
    await networkOr(Math.min(longestPause, firstPause * 2 ** attempt));
    if (!isWanted()) {
      return null;
    }
  }
}

function networkOr(pause: number): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, pause);
    addEventListener("online", over);
  });
}
