/** Hears at once that something has changed in a tenant's inbox. What it is, the page reads. */
import { Connection } from "../../widget/src/connection.ts";
import { OpeningTurns } from "../../widget/src/opening-turns.ts";
import { Wakefulness } from "../../widget/src/wakefulness.ts";
import { Refused, type Api } from "./api.ts";

export interface LiveHooks {
  readonly onChange: () => void;
  readonly onLive: (isLive: boolean) => void;
}

type Ticket = Awaited<ReturnType<Api["live"]>>;

interface Message {
  readonly type?: unknown;
}

/** The types of the messages in a frame: hello alone, or an array of signals. Throws on what is neither. */
export function typesIn(text: string): readonly unknown[] {
  const value = JSON.parse(text) as Message | readonly Message[];
  return (Array.isArray(value) ? (value as readonly Message[]) : [value as Message]).map(({ type }) => type);
}

export class LiveInbox {
  readonly #ending = new AbortController();
  readonly #connection: Connection;
  #ticket: Ticket | null = null;

  constructor(api: Api, tenant: string, { onChange, onLive }: LiveHooks) {
    this.#connection = new Connection({
      turns: new OpeningTurns(),
      address: () => {
        const { urlIdWS = "", userIdWS = "" } = this.#ticket ?? {};
        const query = new URLSearchParams({ urlId: urlIdWS, userIdWS, tenantIdWS: tenant });
        return `${location.origin.replace(/^http/, "ws")}/sub?${query.toString()}`;
      },
      fetchTicket: async () => {
        try {
          this.#ticket = await api.live(tenant);
          return null;
        } catch (error) {
          if (!(error instanceof Refused)) {
            reportError(error);
            return { stop: "fault", after: null };
          }
          return { stop: error.isPassing ? null : "unavailable", after: error.retryAfter };
        }
      },
      onOpening: () => undefined,
      onFrame: (text) => {
        const types = typesIn(text);
        if (types.includes("hello")) {
          this.#connection.tell({ type: "hello" });
          this.#connection.tell({ type: "caught-up" });
          // While there was no connection, anything may have happened.
          onChange();
        }
        if (types.includes("inbox")) {
          onChange();
        }
      },
      onStatus: ({ phase }) => {
        onLive(phase === "live");
      },
    });
    new Wakefulness(this.#ending.signal, {
      onWake: (maySleepHaveKilledIt) => {
        this.#connection.tell({ type: maySleepHaveKilledIt ? "doubt" : "wake" });
        this.#connection.tell({ type: "wake" });
      },
      onHidden: () => undefined,
      onOffline: () => {
        this.#connection.tell({ type: "doubt" });
      },
    });
    this.#connection.start();
  }

  close(): void {
    this.#ending.abort();
    this.#connection.tell({ type: "destroy" });
  }
}
