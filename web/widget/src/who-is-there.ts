/** Who else is looking, asked for where the live channel says too little: the shell around presence.ts. */
import type { Clock } from "./page-clock.ts";
import { Presence, type Face, type OnlineList, type PresenceSignal } from "./presence.ts";

/** No list is asked for sooner after another, in ms: a crowd that comes and goes would ask all the time. */
export const listsApart = 10_000;

/** All but the visitor. */
export interface OthersHere {
  /** Those who gave a name, in its order. */
  readonly faces: readonly Face[];
  /** How many more there are. */
  readonly more: number;
}

export interface WhoIsThereOptions {
  /** Rejects when it could not be had. */
  readonly list: () => Promise<OnlineList>;
  readonly clock: Clock;
  readonly onChange: () => void;
}

export class WhoIsThere {
  readonly #options: WhoIsThereOptions;
  readonly #presence = new Presence();
  #askedAt: number | null = null;
  #cancel: (() => void) | null = null;
  #isWanted = false;

  constructor(options: WhoIsThereOptions) {
    this.#options = options;
  }

  /** The channel is live, with so many connections; what was known before may be old. */
  hello(connections: number): void {
    this.#presence.hello(connections);
    this.#ask();
  }

  heard(signal: PresenceSignal): void {
    this.#presence.heard(signal);
    this.#ask();
    this.#options.onChange();
  }

  /** Whether the page wants it shown. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#ask();
  }

  /** Null: nobody else, or it is not known yet. */
  others(ownId: string | null): OthersHere | null {
    if (!this.#isWanted || this.#presence.connections < 2) {
      return null;
    }
    const faces = this.#presence.others(ownId);
    // The list is up to a second ahead of the signals, so somebody may be in both; connections are exact.
    const more = Math.max(0, Math.min(this.#presence.anonymous(ownId), this.#presence.connections - 1 - faces.length));
    return faces.length + more === 0 ? null : { faces, more };
  }

  stop(): void {
    this.#isWanted = false;
    this.#cancel?.();
  }

  #ask(): void {
    // Whoever is alone needs no list, and most are.
    if (!this.#isWanted || this.#cancel !== null || !this.#presence.needsList || this.#presence.connections < 2) {
      return;
    }
    const { clock } = this.#options;
    const wait = this.#askedAt === null ? 0 : this.#askedAt + listsApart - clock.now();
    if (wait > 0) {
      this.#cancel = clock.after(wait, () => {
        this.#cancel = null;
        this.#ask();
      });
      return;
    }
    this.#askedAt = clock.now();
    this.#presence.asking();
    void this.#take();
  }

  async #take(): Promise<void> {
    let list: OnlineList | null = null;
    try {
      list = await this.#options.list();
    } catch {
      // It is asked for again when somebody comes or goes.
    }
    this.#presence.listed(list);
    if (list !== null) {
      this.#ask();
    }
    this.#options.onChange();
  }
}
