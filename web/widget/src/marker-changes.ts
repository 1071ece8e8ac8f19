/** What is done to a marker as a whole: moved, drawn anew, resolved, reopened, and what was deleted brought back. */
import { textless, type Attempts } from "./attempts.ts";
import { changed, type Change, type MarkerChange } from "./pending-changes.ts";
import type { Refused } from "./calls.ts";
import type { Rest } from "./rest.ts";
import { newBroadcastId } from "./session.ts";
import type { Conversation } from "./wire.ts";

export type Deletion = Extract<Change, { readonly kind: "delete-comment" | "delete-marker" }>;

export interface MarkerChangesOptions {
  readonly rest: Rest;
  readonly attempts: Attempts;
  /** It was put back, for a reason that no open window may be there to tell. */
  readonly onRefused: (sentence: string) => void;
}

export class MarkerChanges {
  readonly #options: MarkerChangesOptions;

  constructor(options: MarkerChangesOptions) {
    this.#options = options;
  }

  /** Moves, resizes, resolves or reopens: shown at once, and put back when it is refused. True once it is done. */
  async change(conversation: Conversation, change: MarkerChange): Promise<boolean> {
    const { rest, attempts } = this.#options;
    if (this.#isBlocked()) {
      return false;
    }
    const broadcastId = newBroadcastId();
    const made = { kind: "update-marker", conversation: changed(conversation, change), change } as const;
    return attempts.make(
      broadcastId,
      made,
      () => rest.updateMarker(conversation._id, change, broadcastId),
      (answer) => ({ ...made, conversation: answer.conversation }),
      this.#tell,
    );
  }

  /** Brings back what was deleted. True once it is there. */
  async restore(deletion: Deletion): Promise<boolean> {
    const { rest, attempts } = this.#options;
    if (this.#isBlocked()) {
      return false;
    }
    const broadcastId = newBroadcastId();
    if (deletion.kind === "delete-comment") {
      return attempts.make(
        broadcastId,
        { kind: "restore-comment", comment: deletion.comment },
        () => rest.restoreComment(deletion.comment._id, broadcastId),
        ({ comment }) => ({ kind: "restore-comment", comment }),
        this.#tell,
      );
    }
    return attempts.make(
      broadcastId,
      { kind: "restore-marker", conversation: deletion.conversation },
      () => rest.restoreMarker(deletion.conversation._id, broadcastId),
      ({ conversation }) => ({ kind: "restore-marker", conversation }),
      this.#tell,
    );
  }

  readonly #tell = (refused: Refused): void => {
    this.#options.onRefused(this.#options.attempts.reason(refused, textless));
  };

  /** Nothing is queued (OFF1). */
  #isBlocked(): boolean {
    const obstacle = this.#options.attempts.obstacle(textless);
    if (obstacle !== null) {
      this.#options.onRefused(obstacle);
    }
    return obstacle !== null;
  }
}
