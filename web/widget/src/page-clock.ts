/** Time as a page has it. */
export interface Clock {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, and returns what prevents that. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
}

export const pageClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
