/** One picture's room as this page has it: the calls, the live channel and the state that both keep exact. */
import { browserClock, Connection, type Channel, type ConnectionOptions, type NoTicket } from "./connection.ts";
import type { OpeningTurns } from "./opening-turns.ts";
import { pageClock } from "./page-clock.ts";
import type { MakePolling, Polling } from "./polling.ts";
import { isRefused, type Calls } from "./calls.ts";
import { Rest } from "./rest.ts";
import { RoomSync } from "./room-sync.ts";
import type { Settings } from "./config.ts";
import { isRightLost, whyNoSnapshot, whyShutOut } from "./stop-reasons.ts";
import { decodeFrame, type Frame, type RoomEvent, type Snapshot, type User } from "./wire.ts";

export interface RoomLinkOptions {
  readonly urlId: string;
  readonly settings: Settings;
  readonly calls: Calls;
  /** The answer to the first question for it, which was asked before this was here. */
  readonly snapshot: Promise<Snapshot>;
  readonly turns: OpeningTurns;
  /** Where the page wants no live channel: what asks instead, once its file has come; null when that is wanted no more. */
  readonly loadPolling: (() => Promise<MakePolling | null>) | null;
  /** A snapshot came, and is in. */
  readonly onSnapshot: () => void;
  /** What the live channel says, beside events. */
  readonly onFrame: (frame: Frame) => void;
  /** The state may have changed; `events` are those that were just folded. */
  readonly onChange: (events: readonly RoomEvent[]) => void;
  /** The visitor has no right to the conversations any more. */
  readonly onRightLost: () => void;
}

export class RoomLink {
  readonly rest: Rest;
  readonly sync: RoomSync;
  readonly connection: Connection;
  readonly #options: RoomLinkOptions;
  #first: Promise<Snapshot> | null;
  #ticket: Snapshot | null = null;
  #failure: string | null = null;
  #polling: Polling | null = null;

  constructor(options: RoomLinkOptions) {
    this.#options = options;
    this.#first = options.snapshot;
    this.rest = new Rest(options.calls);
    this.sync = this.#newSync();
    this.connection = this.#newConnection();
  }

  /** Who the caller is to the server, as far as it has said. */
  get user(): User | null {
    return this.#options.calls.user;
  }

  /** What the server last said of the picture and of the caller's rights. */
  get ticket(): Snapshot | null {
    return this.#ticket;
  }

  /** Why there is no ticket, in the server's words. */
  get failure(): string | null {
    return this.#failure;
  }

  #newSync(): RoomSync {
    return new RoomSync({
      onGap: () => {
        this.connection.tell({ type: "broken" });
      },
      onReset: () => {
        void this.#fetchSnapshot().then((failure) => {
          if (failure !== null) {
            this.connection.tell({ type: "broken" });
          }
        });
      },
      onCaughtUp: () => {
        this.connection.tell({ type: "caught-up" });
      },
      onAhead: () => {
        this.#polling?.ask();
      },
      onThreadNeeded: (urlId, loadId) => {
        void this.#loadThread(urlId, loadId);
      },
      onChange: this.#options.onChange,
    });
  }

  #newConnection(): Connection {
    const { loadPolling } = this.#options;
    const open = (): Channel => {
      if (this.#polling === null) {
        throw new Error("Nothing asks any more");
      }
      return this.#polling.open();
    };
    const options: ConnectionOptions = {
      turns: this.#options.turns,
      address: () => this.#address(),
      fetchTicket: async () => {
        const failure = await this.#fetchSnapshot();
        if (loadPolling !== null && this.#polling === null) {
          this.#polling = this.#newPolling(await loadPolling());
        }
        return failure;
      },
      onOpening: () => {
        this.sync.connecting();
      },
      onFrame: (text) => {
        const frames = decodeFrame(text);
        if (frames.some(({ type }) => type === "hello")) {
          this.connection.tell({ type: "hello" });
        }
        this.sync.receive(frames);
        for (const frame of frames) {
          if (frame.type !== "event") {
            this.#options.onFrame(frame);
          }
        }
      },
      onStatus: ({ stop }) => {
        if (isRightLost(stop)) {
          this.sync.clear();
          this.#options.onRightLost();
        }
        this.#options.onChange([]);
      },
    };
    return loadPolling === null ? new Connection(options) : new Connection(options, browserClock, open);
  }

  #newPolling(make: MakePolling | null): Polling | null {
    const { settings } = this.#options;
    return (
      make?.({
        rest: this.rest,
        ticket: () => this.#ticket,
        position: () => this.sync.position,
        isEvery: !settings.disableLiveCommenting,
        clock: pageClock,
      }) ?? null
    );
  }

  #address(): string {
    const ticket = this.#ticket;
    const { position } = this.sync;
    const query = new URLSearchParams({
      urlId: ticket?.urlIdWS ?? "",
      userIdWS: ticket?.userIdWS ?? "",
      tenantIdWS: ticket?.tenantIdWS ?? "",
      epoch: position?.epoch ?? "",
      seq: String(position?.seq ?? 0),
    });
    return `${this.#options.settings.wsHost}/sub?${query.toString()}`;
  }

  /** For the first state, for a new ticket, and after a reset: the same call; room-sync knows whether it needs the state. */
  async #fetchSnapshot(): Promise<NoTicket | null> {
    const { calls, urlId, onSnapshot } = this.#options;
    try {
      const asked = this.#first ?? this.rest.snapshot(urlId);
      this.#first = null;
      const snapshot = await asked;
      this.#ticket = snapshot;
      calls.user = snapshot.user;
      this.#failure = null;
      this.sync.snapshot(snapshot);
      onSnapshot();
      return null;
    } catch (error) {
      if (!isRefused(error)) {
        reportError(error);
        return { stop: "fault", after: null };
      }
      if (error.isPassing) {
        return { stop: null, after: error.retryAfter };
      }
      this.#failure = error.message;
      return { stop: whyNoSnapshot(error), after: null };
    }
  }

  async #loadThread(urlId: string, loadId: number): Promise<void> {
    try {
      const { comments, pictureSeq } = await this.rest.comments(urlId);
      this.sync.threadLoaded(urlId, loadId, comments, pictureSeq ?? 0);
    } catch (error) {
      if (!isRefused(error)) {
        reportError(error);
      }
      const stop = isRefused(error) ? whyShutOut(error) : null;
      if (stop !== null) {
        this.connection.tell({ type: "shut-out", stop });
      }
      this.sync.threadFailed(urlId, loadId);
    }
  }
}
