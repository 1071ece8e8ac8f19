/** The viewer's own votes and emoji, laid over a comment: counted once, whether it has them already or not. Pure. */
import { withCount, withOwnReaction, withOwnVote, withVotes } from "./opinions.ts";
import type { Comment } from "./wire.ts";

/** What can be given to a comment, in the order in which it is shown. */
export const emoji = ["👍", "❤️", "😄", "🎉", "😕", "👀"] as const;

/** For a comment, against it, or none. */
export type Direction = 1 | -1 | 0;

/** The viewer's vote on a comment. */
export function ownDirection(comment: Comment): Direction {
  return comment.isVotedUp === true ? 1 : comment.isVotedDown === true ? -1 : 0;
}

/** A comment as it is when the viewer has voted so, whatever the vote was before. */
export function voting(comment: Comment, direction: Direction, voteId?: string): Comment {
  const before = ownDirection(comment);
  const up = (comment.votesUp ?? 0) + Number(direction === 1) - Number(before === 1);
  const down = (comment.votesDown ?? 0) + Number(direction === -1) - Number(before === -1);
  return withOwnVote(withVotes(comment, up, down), direction, voteId);
}

/** A comment as it is when the viewer gives it an emoji, or not any more. */
export function reacting(comment: Comment, given: string, isGiven: boolean): Comment {
  const wasGiven = comment.myReactions?.includes(given) === true;
  const count = (comment.reactions?.[given] ?? 0) + Number(isGiven) - Number(wasGiven);
  return withOwnReaction(withCount(comment, given, count), given, isGiven);
}
