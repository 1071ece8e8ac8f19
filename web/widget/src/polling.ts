/**
 * Asks for news where there is no live channel: every few seconds, or after the visitor's own changes only. To
 * connection.ts it looks like a WebSocket that says hello and brings events, so what follows is the same, to the event.
 */
import type { Channel } from "./connection.ts";
import type { Clock } from "./page-clock.ts";
import { isRefused, type Refused } from "./calls.ts";
import type { Rest } from "./rest.ts";
import type { Position, Snapshot } from "./wire.ts";

export interface PollingParts {
  readonly rest: Pick<Rest, "send">;
  readonly ticket: () => Snapshot | null;
  /** How far what has come reaches. */
  readonly position: () => Position | null;
  /** Whether it asks by itself; else only when told to. */
  readonly isEvery: boolean;
  readonly clock: Clock;
}

export interface Polling {
  readonly open: () => Channel;
  /** There is news: asks now. */
  readonly ask: () => void;
}

export type MakePolling = (parts: PollingParts) => Polling;

/** In ms: after news, and at most; in between half as long again each time that there was none. */
export const shortestPause = 4_000;
export const longestPause = 15_000;

export const polling: MakePolling = (parts) => {
  let current: AskingChannel | null = null;
  return {
    open: () => (current = new AskingChannel(parts)),
    ask: () => {
      current?.ask();
    },
  };
};

/** One page of the event log, as the server writes it. */
export interface LogPage {
  readonly epoch: string;
  readonly events: readonly { readonly data: string }[];
  readonly nextSeq: number | null;
}

const openState = 1;
const closedState = 3;

class AskingChannel extends EventTarget implements Channel {
  readyState: number = openState;
  readonly #parts: PollingParts;
  readonly #ending = new AbortController();
  #pause = shortestPause;
  #cancelPause: (() => void) | null = null;
  #isAsking = false;
  #isAskedAgain = false;
  #hasGreeted = false;

  constructor(parts: PollingParts) {
    super();
    this.#parts = parts;
    document.addEventListener(
      "visibilitychange",
      () => {
        if (parts.isEvery && !document.hidden) {
          this.ask();
        }
      },
      { signal: this.#ending.signal },
    );
    // Not before whoever opened it listens.
    queueMicrotask(() => {
      this.ask();
    });
  }

  send(): void {
    // Nothing can be said: nobody would hear it at once.
  }

  close(): void {
    this.readyState = closedState;
    this.#ending.abort();
    this.#cancelPause?.();
  }

  ask(): void {
    if (this.#isAsking) {
      this.#isAskedAgain = true;
    } else if (this.readyState === openState) {
      this.#cancelPause?.();
      this.#isAsking = true;
      void this.#askAll();
    }
  }

  async #askAll(): Promise<void> {
    let isMore = true;
    try {
      while ((isMore || this.#isAskedAgain) && this.readyState === openState) {
        this.#isAskedAgain = false;
        isMore = await this.#askOnce();
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#isAsking = false;
    this.#wait();
  }

  /** True when there is more to be had at once. */
  async #askOnce(): Promise<boolean> {
    const position = this.#parts.position() ?? { epoch: "", seq: 0 };
    const page = await this.#page(position);
    if (this.readyState !== openState) {
      return false;
    }
    const { epoch, events, nextSeq } = page ?? { epoch: "", events: [], nextSeq: null };
    // At 0 all histories begin, and ours may have been another's until somebody wrote (SEQ3).
    const isSameHistory = page !== null && (epoch === position.epoch || position.seq === 0);
    const last = isSameHistory ? position.seq + events.length : 0;
    if (!this.#hasGreeted || (isSameHistory && epoch !== position.epoch)) {
      this.#hasGreeted = true;
      this.#say(JSON.stringify({ type: "hello", epoch, seq: last, sc: 0 }));
    }
    if (!isSameHistory) {
      // Whichever snapshot comes of it will do: it is a later one than ours.
      this.#say(JSON.stringify([{ type: "reset", epoch, seq: 0 }]));
      return false;
    }
    if (events.length > 0) {
      this.#pause = shortestPause;
      this.#say(`[${events.map(({ data }) => data).join(",")}]`);
    } else {
      this.#pause = Math.min(longestPause, this.#pause * 1.5);
    }
    return nextSeq !== null;
  }

  /** Null: the log does not go back so far any more (RES2). */
  async #page({ seq }: Position): Promise<LogPage | null> {
    const { rest, ticket } = this.#parts;
    const { urlIdWS = "", userIdWS = "" } = ticket() ?? {};
    try {
      // Not by what forgets a refused session: here a ticket was refused.
      return await rest.send("GET", "event-log", "", { urlId: urlIdWS, userIdWS, sinceSeq: seq });
    } catch (error) {
      if (isRefused(error) && error.code === "history-trimmed") {
        return null;
      }
      throw error;
    }
  }

  /** Fails as the live channel would, so that the same is done about it. */
  #fail(error: unknown): void {
    if (this.readyState !== openState) {
      return;
    }
    if (!isRefused(error)) {
      reportError(error);
    }
    this.close();
    const [code, reason] = isRefused(error) ? closureOf(error) : [abnormal, ""];
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }

  #wait(): void {
    if (this.#parts.isEvery && this.readyState === openState) {
      this.#cancelPause = this.#parts.clock.after(this.#pause, () => {
        // Whoever comes back to the page has it asked at once.
        if (!document.hidden) {
          this.ask();
        }
      });
    }
  }

  #say(data: string): void {
    if (this.readyState === openState) {
      this.dispatchEvent(Object.assign(new Event("message"), { data }));
    }
  }
}

const abnormal = 1006;

function closureOf({ status, code, retryAfter }: Refused): readonly [code: number, reason: string] {
  switch (status) {
    case 400:
      return [4400, ""];
    case 401:
      return [4401, ""];
    case 403:
      return [4403, code];
    case 404:
      return [4404, ""];
    case 429:
      return [4429, String(retryAfter ?? "")];
    default:
      return [abnormal, ""];
  }
}
