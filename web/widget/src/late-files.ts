/** Fetches the widget's files that come later, for as long as a picture has use for them. */
import type { Persistently } from "./persistently.ts";

/** The module, or null when nobody wants it any more. `onFirstFailure` is told once; it is tried again all the same. */
export type FetchLate = <T>(
  load: (attempt: number) => Promise<T>,
  onFirstFailure: (error: unknown) => void,
  isWanted?: () => boolean,
) => Promise<T | null>;

export function lateFiles(persistently: Persistently, signal: AbortSignal): FetchLate {
  return async (load, onFirstFailure, isWanted = () => true) => {
    const isStill = (): boolean => !signal.aborted && isWanted();
    const loaded = await persistently(load, {
      isWanted: isStill,
      onFailure: (error, attempt) => {
        if (attempt === 0) {
          onFirstFailure(error);
        }
      },
    });
    return isStill() ? loaded : null;
  };
}

/** For a file whose absence is told elsewhere, or by what it brings not being there. */
export const quietly = (): void => undefined;
