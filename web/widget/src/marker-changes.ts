/** What is done to a marker as a whole: moved, drawn anew, resolved, reopened, and what was deleted brought back. */
import { textless, type Attempts } from "./attempts.ts";
import { changed, type Change, type MarkerChange } from "./pending-changes.ts";
import type { Refused } from "./calls.ts";
import type { Rest } from "./rest.ts";
import type { RoomSync } from "./room-sync.ts";
import { newBroadcastId } from "./session.ts";
import type { Conversation } from "./wire.ts";

export type Deletion = Extract<Change, { readonly kind: "delete-comment" | "delete-marker" }>;

/** The marker that a deletion is of, or in whose conversation. */
export function keyOf(deletion: Deletion): string {
  return deletion.kind === "delete-marker" ? deletion.conversation.urlId : deletion.comment.urlId;
}

/** Whether what was deleted has come back, and not only on this page. */
export function isThere(deletion: Deletion, sync: Pick<RoomSync, "markers" | "thread">): boolean {
  return deletion.kind === "delete-marker"
    ? sync.markers().some(({ conversation, pending }) => !pending && conversation._id === deletion.conversation._id)
    : sync
        .thread(deletion.comment.urlId)
        .comments.some(
          ({ comment, pending }) => pending === null && comment.isDeleted !== true && comment._id === deletion.comment._id,
        );
}

export interface MarkerChangesOptions {
  readonly rest: Rest;
  readonly attempts: Attempts;
  /** It was put back, for a reason that no open window may be there to tell. */
  readonly onRefused: (sentence: string) => void;
  /** It could not be brought back; `again` tries once more, and is null where that makes no sense. */
  readonly onNotRestored: (sentence: string, deletion: Deletion, again: (() => void) | null) => void;
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

  /**
   * Brings back what was deleted. True once it is there. Tried again it keeps its `broadcastId`: the first try may have
   * been done, with only its answer lost (IDEM1).
   */
  async restore(deletion: Deletion, broadcastId = newBroadcastId()): Promise<boolean> {
    const { rest, attempts, onNotRestored } = this.#options;
    const again = (): void => {
      void this.restore(deletion, broadcastId);
    };
    const obstacle = attempts.obstacle(textless);
    if (obstacle !== null) {
      onNotRestored(obstacle, deletion, attempts.isOver ? null : again);
      return false;
    }
    const tell = (refused: Refused): void => {
      onNotRestored(attempts.reason(refused, textless), deletion, refused.isPassing ? again : null);
    };
    if (deletion.kind === "delete-comment") {
      return attempts.make(
        broadcastId,
        { kind: "restore-comment", comment: deletion.comment },
        () => rest.restoreComment(deletion.comment._id, broadcastId),
        ({ comment }) => ({ kind: "restore-comment", comment }),
        tell,
      );
    }
    return attempts.make(
      broadcastId,
      { kind: "restore-marker", conversation: deletion.conversation },
      () => rest.restoreMarker(deletion.conversation._id, broadcastId),
      ({ conversation }) => ({ kind: "restore-marker", conversation }),
      tell,
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
