/** One WebSocket, or what stands for one, kept for the whole visit: the shell around connection-states.ts. */
import type { OpeningTurns } from "./opening-turns.ts";
import { initial, step, type Effect, type Input, type Status } from "./connection-states.ts";

export type NoTicket = Omit<Extract<Input, { readonly type: "no-ticket" }>, "type">;

/** Fetches a snapshot for its ticket; null when it was had, otherwise why not. */
export type TicketFetch = () => Promise<NoTicket | null>;

export interface ConnectionOptions {
  readonly turns: OpeningTurns;
  /** The address to open, with the current ticket and position. */
  readonly address: () => string;
  readonly fetchTicket: TicketFetch;
  /** A socket is about to be opened. */
  readonly onOpening: () => void;
  /** Takes one text frame; true when it was hello. Throws on what cannot be read. */
  readonly onFrame: (text: string) => void;
  readonly onStatus: (status: Status) => void;
}

export interface Clock {
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: (call: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  setTimeout: (call, ms) => window.setTimeout(call, ms),
  clearTimeout: (timer) => {
    window.clearTimeout(timer);
  },
};

/** What is used of a WebSocket; see polling.ts for another that has it. */
export type Channel = Pick<WebSocket, "addEventListener" | "send" | "close"> & { readonly readyState: number };

/** Opens one to an address; throws where that makes no sense. */
export type OpenChannel = (address: string) => Channel;

const openSocket: OpenChannel = (address) => new WebSocket(address, ["imagechat.v1"]);

const normalClosure = 1000;
/** `WebSocket.OPEN`, which a test has none of. */
const openState = 1;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #openChannel: OpenChannel;
  #status: Status = initial;
  #socket: { readonly socket: Channel; readonly listeners: AbortController } | null = null;
  #timer: number | null = null;
  #endTurn: (() => void) | null = null;
  #liveSince: number | null = null;

  constructor(options: ConnectionOptions, clock: Clock = browserClock, openChannel: OpenChannel = openSocket) {
    this.#options = options;
    this.#clock = clock;
    this.#openChannel = openChannel;
  }

  get status(): Status {
    return this.#status;
  }

  start(): void {
    this.#fetch();
  }

  /** Says something that may be lost; false, and nothing is said, while the channel is not live. */
  say(text: string): boolean {
    if (this.#status.phase !== "live" || this.#socket?.socket.readyState !== openState) {
      return false;
    }
    this.#socket.socket.send(text);
    return true;
  }

  tell(input: Input): void {
    const before = this.#status;
    const { status, effects } = step(before, input, this.#clock.random);
    this.#status = status;
    if (status.phase === "live" && before.phase !== "live") {
      this.#liveSince = this.#clock.now();
    }
    for (const effect of effects) {
      this.#carryOut(effect);
    }
    // Once hello has come, or the attempt has failed, the next picture may open its socket.
    if (this.#status.phase !== "connecting") {
      this.#giveUpTurn();
    }
    if (status !== before) {
      this.#options.onStatus(status);
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case "fetch":
        this.#fetch();
        break;
      case "open":
        this.#open(effect.within);
        break;
      case "drop":
        this.#drop();
        break;
      case "wait":
        this.#wait(effect.ms);
        break;
      case "cancel-wait":
        this.#cancelWait();
        break;
    }
  }

  #fetch(): void {
    void this.#options.fetchTicket().then((failure) => {
      this.tell(failure === null ? { type: "ticket" } : { type: "no-ticket", ...failure });
    });
  }

  #open(within: number): void {
    this.#drop();
    this.#cancelWait();
    this.#endTurn = this.#options.turns.take(() => {
      // Only now: waiting for others is no failure of the server's.
      this.#wait(within);
      try {
        this.#openSocket();
      } catch (error) {
        reportError(error);
        this.tell({ type: "broken" });
      }
    });
  }

  #openSocket(): void {
    this.#options.onOpening();
    const socket = this.#openChannel(this.#options.address());
    const listeners = new AbortController();
    const { signal } = listeners;
    this.#socket = { socket, listeners };
    socket.addEventListener(
      "message",
      ({ data }: MessageEvent<unknown>) => {
        try {
          this.#options.onFrame(String(data));
        } catch (error) {
          reportError(error);
          this.tell({ type: "broken" });
        }
      },
      { signal },
    );
    socket.addEventListener(
      "close",
      ({ code, reason }) => {
        const lived = this.#liveSince === null ? 0 : this.#clock.now() - this.#liveSince;
        this.#drop();
        this.tell({ type: "lost", code, reason, lived });
      },
      { signal },
    );
  }

  /** A dropped socket is not listened to any more: its goodbye may take a minute on a dead network. */
  #drop(): void {
    this.#giveUpTurn();
    if (this.#socket !== null) {
      const { socket, listeners } = this.#socket;
      this.#socket = null;
      this.#liveSince = null;
      listeners.abort();
      socket.close(normalClosure);
    }
  }

  #giveUpTurn(): void {
    this.#endTurn?.();
    this.#endTurn = null;
  }

  #wait(ms: number): void {
    this.#cancelWait();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.tell({ type: "timer" });
    }, ms);
  }

  #cancelWait(): void {
    if (this.#timer !== null) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = null;
    }
  }
}
