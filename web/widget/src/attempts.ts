/** One change of the visitor's own on its way: laid over the state, sent, then confirmed or taken back (OFF1, IDEM1). */
import { isHeld } from "./held.ts";
import type { Change } from "./pending-changes.ts";
import { isRefused, type Refused } from "./calls.ts";
import type { RoomSync } from "./room-sync.ts";
import type { SendPause } from "./send-pause.ts";
import { whyShutOut, type LostRight } from "./stop-reasons.ts";
import type { TextKey, Texts } from "./texts.ts";
import type { Answer } from "./wire.ts";

export type Obstacle = "offline" | "reconnecting" | "stopped";

/** How it is said that something was not done, or, without an answer, that nobody knows. */
export type Sentences = Readonly<Record<Obstacle | "network", TextKey>>;

/** Of changes in which nothing was typed. */
export const textless: Sentences = {
  offline: "refusedOfflineChange",
  reconnecting: "refusedReconnectingChange",
  stopped: "refusedStopped",
  network: "refusedUnanswered",
};

export interface AttemptsOptions {
  readonly sync: RoomSync;
  readonly texts: () => Texts;
  /** Why nothing can be written now, or null. */
  readonly obstacle: () => Obstacle | null;
  readonly pause: SendPause;
  /** The server has taken something, and holds it for a moderator. */
  readonly onHeld: () => void;
  /** The server answered that this visitor has no right here any more. */
  readonly onShutOut: (stop: LostRight) => void;
  /** The server could not be reached although the connection was thought to be live. */
  readonly onUnreachable: () => void;
}

export class Attempts {
  readonly #options: AttemptsOptions;
  /** Sent or about to be: their events are this tab's own. */
  readonly #broadcastIds = new Set<string>();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  isOwn(broadcastId: string): boolean {
    return this.#broadcastIds.has(broadcastId);
  }

  /** Why nothing can be sent now, as a sentence, or null. */
  obstacle(sentences: Sentences): string | null {
    const obstacle = this.#options.obstacle();
    return obstacle === null ? this.#options.pause.sentence : this.#options.texts()(sentences[obstacle]);
  }

  /** Nothing will be sent any more on this page. */
  get isOver(): boolean {
    return this.#options.obstacle() === "stopped";
  }

  reason(refused: Refused, sentences: Sentences): string {
    const texts = this.#options.texts();
    // What stands before a server says so too when it waited for it in vain.
    const isUnanswered = refused.status === 0 || (refused.code === "unreachable" && refused.status >= 500);
    return isUnanswered ? texts(sentences.network) : refused.message || texts("refusedUnknown");
  }

  /**
   * Lays a change over the state, makes the call, and confirms it or takes it back, with what it was made of. True once
   * it is done, as far as anybody knows.
   */
  async make<T extends Answer>(
    broadcastId: string,
    change: Change,
    call: () => Promise<T>,
    confirmed: (answer: T) => Change,
    giveBack: (refused: Refused) => void,
  ): Promise<boolean> {
    const { sync } = this.#options;
    this.#broadcastIds.add(broadcastId);
    sync.begin(broadcastId, change);
    try {
      const answer = await call();
      const result = confirmed(answer);
      sync.accepted(broadcastId, answer, result);
      if (isHeld(result) && !change.kind.startsWith("delete")) {
        this.#options.onHeld();
      }
      return true;
    } catch (error) {
      if (!isRefused(error)) {
        throw error;
      }
      // The event may have arrived although the answer did not: then there is nothing to take back.
      const isPending = sync.pending.some((one) => one.broadcastId === broadcastId);
      this.#refused(error, () => {
        if (isPending) {
          // First: a draft's window must be a draft's when its marker goes.
          giveBack(error);
        }
        sync.refused(broadcastId);
      });
      return !isPending;
    }
  }

  #refused(refused: Refused, takeBack: () => void): void {
    const { pause, sync } = this.#options;
    if (refused.status === 429) {
      pause.begin(refused.retryAfter ?? 0, this.reason(refused, textless));
    }
    takeBack();
    if (refused.status === 0) {
      this.#options.onUnreachable();
    }
    if (refused.code === "read-only") {
      sync.lock();
    }
    const stop = whyShutOut(refused);
    if (stop !== null) {
      this.#options.onShutOut(stop);
    }
  }
}
