/** The visitor's own votes and emoji: shown at once, sent in their order, put back with the reason when refused. */
import { textless, type Attempts } from "./attempts.ts";
import { ownDirection, type Direction } from "./opinion-changes.ts";
import type { Change } from "./pending-changes.ts";
import { Refused } from "./calls.ts";
import type { Rest } from "./rest.ts";
import { newBroadcastId } from "./session.ts";
import type { Answer, Comment } from "./wire.ts";

export interface OwnOpinionsOptions {
  readonly rest: Rest;
  readonly attempts: Attempts;
  /** Something is tried: what was said of the one before holds no more. */
  readonly onTried: () => void;
  /** It was put back, or could not be sent. */
  readonly onRefused: (sentence: string, comment: Comment) => void;
}

export class OwnOpinions {
  readonly #options: OwnOpinionsOptions;
  /** By comment: what is on its way. Whoever presses twice means the second after the first. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #voteIds = new Map<string, string>();

  constructor(options: OwnOpinionsOptions) {
    this.#options = options;
  }

  /** Votes for a comment (1) or against it (-1), or takes just that vote back. `comment` is as it is shown. */
  async vote(comment: Comment, pressed: 1 | -1): Promise<boolean> {
    const direction: Direction = ownDirection(comment) === pressed ? 0 : pressed;
    const { rest } = this.#options;
    if (direction === 0) {
      return this.#make({ kind: "vote", comment, direction }, (broadcastId) => {
        const voteId = this.#voteIds.get(comment._id) ?? comment.myVoteId;
        return voteId === undefined ? gone() : rest.takeVoteBack(comment._id, voteId, broadcastId);
      });
    }
    return this.#make({ kind: "vote", comment, direction }, async (broadcastId) => {
      const answer = await rest.vote(comment._id, direction === 1 ? "up" : "down", broadcastId);
      this.#voteIds.set(comment._id, answer.voteId);
      return answer;
    });
  }

  /** Gives a comment an emoji, or takes it back. */
  async react(comment: Comment, emoji: string): Promise<boolean> {
    const { rest } = this.#options;
    const isGiven = comment.myReactions?.includes(emoji) !== true;
    return this.#make({ kind: "react", comment, emoji, isGiven }, (broadcastId) =>
      isGiven ? rest.react(comment._id, emoji, broadcastId) : rest.takeReactionBack(comment._id, emoji, broadcastId),
    );
  }

  #make(change: Extract<Change, { kind: "vote" | "react" }>, call: (broadcastId: string) => Promise<Answer>): Promise<boolean> {
    const { attempts, onTried, onRefused } = this.#options;
    onTried();
    const obstacle = attempts.obstacle(textless);
    if (obstacle !== null) {
      onRefused(obstacle, change.comment);
      return Promise.resolve(false);
    }
    const broadcastId = newBroadcastId();
    const id = change.comment._id;
    const turn = this.#turns.get(id) ?? Promise.resolve();
    const sent = turn.then(() => call(broadcastId));
    const ended = sent.catch(() => undefined);
    this.#turns.set(id, ended);
    void ended.then(() => {
      if (this.#turns.get(id) === ended) {
        this.#turns.delete(id);
      }
    });
    return attempts.make(
      broadcastId,
      change,
      () => sent,
      () => (change.kind === "vote" ? withVoteId(change, this.#voteIds.get(id)) : change),
      (refused) => {
        // What was to be taken back is not there: what was wanted is so, or the comment is gone, which is seen.
        if (refused.status !== 404) {
          onRefused(attempts.reason(refused, textless), change.comment);
        }
      },
    );
  }
}

function withVoteId(change: Extract<Change, { kind: "vote" }>, voteId: string | undefined): Change {
  return change.direction === 0 || voteId === undefined ? change : { ...change, voteId };
}

/** There is nothing to take back, as the vote before was refused. */
function gone(): Promise<never> {
  return Promise.reject(new Refused("not-found", 404, ""));
}
