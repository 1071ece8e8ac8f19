/** One connection's life as a table: what each input does in each phase. Pure; connection.ts carries the effects out. */
import { secondsIn } from "./patience.ts";
import { whyClosed, type LostRight, type StopReason } from "./stop-reasons.ts";

export type Phase = "fetching" | "connecting" | "catching-up" | "live" | "waiting" | "stopped" | "closed";

export type Input =
  /** A snapshot has brought a ticket. */
  | { readonly type: "ticket" }
  /** It could not be had; `stop` when asking again is pointless, `after` when it is for so many seconds. */
  | { readonly type: "no-ticket"; readonly stop: StopReason | null; readonly after: number | null }
  | { readonly type: "hello" }
  | { readonly type: "caught-up" }
  | { readonly type: "lost"; readonly code: number; readonly reason: string; readonly lived: number }
  /** The stream cannot be continued as it is: a gap, or a snapshot that came to nothing. */
  | { readonly type: "broken" }
  | { readonly type: "timer" }
  /** The page became visible, or the network came back. */
  | { readonly type: "wake" }
  /** The socket may be dead without having said so: after sleep, when the network went, when a request failed. */
  | { readonly type: "doubt" }
  /** A refused command has told that this visitor has no right here any more. */
  | { readonly type: "shut-out"; readonly stop: LostRight }
  | { readonly type: "destroy" };

export type Effect =
  | { readonly do: "fetch" }
  /** Opens a socket; what is not live `within` this many milliseconds of that is given up. */
  | { readonly do: "open"; readonly within: number }
  | { readonly do: "drop" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "cancel-wait" };

export interface Status {
  readonly phase: Phase;
  /** Failures in a row. */
  readonly attempt: number;
  /** Whether a ticket is in hand; without one, waiting ends with a fetch. */
  readonly hasTicket: boolean;
  readonly wasLive: boolean;
  /** The room was not found: once more, with a new ticket, before that is believed. */
  readonly isLastTry: boolean;
  readonly stop: StopReason | null;
}

export interface Step {
  readonly status: Status;
  readonly effects: readonly Effect[];
}

export const initial: Status = { phase: "fetching", attempt: 0, hasTicket: false, wasLive: false, isLastTry: false, stop: null };

/** How long a handshake and catching up may take before the attempt is given up. */
export const deadline = 15_000;
/** A connection that lived this long was a good one: the next failure is the first again. */
const goodLife = 10_000;
const firstPause = 500;
const longestPause = 30_000;

/** A random number from 0 up to, but not including, 1. */
export type Random = () => number;

type Move<T extends Input["type"]> = (status: Status, input: Extract<Input, { type: T }>, random: Random) => Step;
type Moves = { readonly [T in Input["type"]]?: Move<T> };

const stay = (status: Status): Step => ({ status, effects: [] });

const open = (status: Status): Step => ({
  status: { ...status, phase: "connecting" },
  effects: [{ do: "open", within: deadline }],
});

const fetchTicket = (status: Status): Step => ({
  status: { ...status, phase: "fetching", hasTicket: false },
  effects: [{ do: "cancel-wait" }, { do: "fetch" }],
});

const retryNow = (status: Status): Step => {
  const next = status.hasTicket ? open(status) : fetchTicket(status);
  return { status: next.status, effects: [{ do: "drop" }, ...next.effects] };
};

/** Full jitter: many clients that were cut off together come back spread out. */
const pause = (status: Status, random: Random): Step => ({
  status: { ...status, phase: "waiting", attempt: status.attempt + 1 },
  effects: [{ do: "wait", ms: random() * Math.min(longestPause, firstPause * 2 ** status.attempt) }],
});

/** As long as the server asks for, and up to half as long again: many were told the same. */
const waitFor = (status: Status, seconds: number, random: Random): Step => ({
  status: { ...status, phase: "waiting", attempt: status.attempt + 1 },
  effects: [{ do: "wait", ms: seconds * 1000 * (1 + random() / 2) }],
});

/** A server that refuses fresh tickets too must not be asked in a loop. */
const renewTicket = (status: Status, random: Random): Step =>
  status.attempt === 0 ? fetchTicket({ ...status, attempt: 1 }) : pause({ ...status, hasTicket: false }, random);

const stop = (status: Status, reason: StopReason): Step => ({
  status: { ...status, phase: "stopped", stop: reason },
  effects: [{ do: "drop" }, { do: "cancel-wait" }],
});

const shutOut: Move<"shut-out"> = (status, input) => stop(status, input.stop);

const giveUpAttempt = (status: Status, _input: Input, random: Random): Step => {
  const next = pause(status, random);
  return { status: next.status, effects: [{ do: "drop" }, ...next.effects] };
};

const destroy = (status: Status): Step => ({
  status: { ...status, phase: "closed" },
  effects: [{ do: "drop" }, { do: "cancel-wait" }],
});

const lost: Move<"lost"> = (status, { code, reason, lived }, random) => {
  const after = lived >= goodLife ? { ...status, attempt: 0 } : status;
  switch (code) {
    case 4400:
      return stop(after, "bad-request");
    case 4403:
      return stop(after, whyClosed(reason));
    case 4404:
      return after.isLastTry ? stop(after, "unavailable") : renewTicket({ ...after, isLastTry: true }, random);
    case 1003:
    case 1007:
    case 1009:
      return stop(after, "fault");
    case 4401:
      return renewTicket(after, random);
    case 4429:
      return waitFor(after, secondsIn(reason), random);
    case 1001:
    case 1012:
      // The whole node's clients come at once, so the first pause is already wide.
      return pause({ ...after, attempt: Math.max(2, after.attempt) }, random);
    default:
      return pause(after, random);
  }
};

const moves: Readonly<Record<Phase, Moves>> = {
  fetching: {
    ticket: (status) => open({ ...status, hasTicket: true }),
    "no-ticket": (status, { stop: reason, after }, random) =>
      reason !== null ? stop(status, reason) : after !== null ? waitFor(status, after, random) : pause(status, random),
    broken: stay,
    timer: stay,
    wake: stay,
    doubt: stay,
    // A socket that was dropped may still say goodbye.
    lost: stay,
    "shut-out": shutOut,
    destroy,
  },
  connecting: {
    hello: (status) => ({ status: { ...status, phase: "catching-up" }, effects: [] }),
    lost,
    broken: giveUpAttempt,
    timer: giveUpAttempt,
    wake: stay,
    doubt: retryNow,
    "caught-up": stay,
    "shut-out": shutOut,
    destroy,
  },
  "catching-up": {
    "caught-up": (status) => ({
      status: { ...status, phase: "live", wasLive: true, isLastTry: false },
      effects: [{ do: "cancel-wait" }],
    }),
    lost,
    broken: giveUpAttempt,
    timer: giveUpAttempt,
    wake: stay,
    doubt: retryNow,
    hello: stay,
    "shut-out": shutOut,
    destroy,
  },
  live: {
    lost,
    broken: giveUpAttempt,
    wake: stay,
    doubt: retryNow,
    "caught-up": stay,
    timer: stay,
    hello: stay,
    "shut-out": shutOut,
    destroy,
  },
  waiting: {
    timer: retryNow,
    wake: (status) => retryNow({ ...status, attempt: Math.min(status.attempt, 1) }),
    doubt: stay,
    lost: stay,
    broken: stay,
    "shut-out": shutOut,
    destroy,
  },
  stopped: {
    wake: stay,
    doubt: stay,
    lost: stay,
    broken: stay,
    timer: stay,
    ticket: stay,
    "no-ticket": stay,
    hello: stay,
    "caught-up": stay,
    "shut-out": stay,
    destroy,
  },
  closed: {
    wake: stay,
    doubt: stay,
    lost: stay,
    broken: stay,
    timer: stay,
    ticket: stay,
    "no-ticket": stay,
    hello: stay,
    "caught-up": stay,
    "shut-out": stay,
    destroy: stay,
  },
};

/** What an input does. One that makes no sense in its phase raises and changes nothing. */
export function step(status: Status, input: Input, random: Random): Step {
  const move = moves[status.phase][input.type] as Move<Input["type"]> | undefined;
  if (move === undefined) {
    throw new Error(`The connection is ${status.phase}: "${input.type}" makes no sense`);
  }
  return move(status, input, random);
}
