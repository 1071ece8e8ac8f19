/** What people think of comments: votes and emoji, as events bring them and as the viewer changes them. Pure. */
import type { Comment, OpinionEvent } from "./wire.ts";

/** What can be given to a comment, in the order in which it is shown. */
export const emoji = ["👍", "❤️", "😄", "🎉", "😕", "👀"] as const;

export type Emoji = (typeof emoji)[number];

/** For a comment, against it, or none. */
export type Direction = 1 | -1 | 0;

type Counted = "votes" | "votesUp" | "votesDown" | "reactions";
type Own = "myVoteId" | "isVotedUp" | "isVotedDown" | "myReactions";

/** The thread and the comment that an event is about. */
export function aboutOf(event: OpinionEvent): { readonly urlId: string; readonly commentId: string } {
  return "vote" in event ? event.vote : event.reaction;
}

/** A comment after an event on it; the viewer's own events say what is the viewer's. */
export function afterOpinion(comment: Comment, event: OpinionEvent, isOwn: boolean): Comment {
  switch (event.type) {
    case "new-vote":
    case "deleted-vote": {
      const voted = withVotes(comment, event.votesUp, event.votesDown);
      const direction = event.type === "new-vote" ? directionOf(event.vote.direction) : 0;
      return isOwn ? withOwnVote(voted, direction, event.vote._id) : voted;
    }
    case "new-reaction":
    case "deleted-reaction": {
      const { emoji: given, count } = event.reaction;
      const reacted = withCount(comment, given, count);
      return isOwn ? withOwnReaction(reacted, given, event.type === "new-reaction") : reacted;
    }
  }
}

/** A comment in other words, with what the viewer thinks of it: events about its words do not tell that. */
export function keepingOwn(comment: Comment, known: Comment): Comment {
  const { myVoteId, isVotedUp, isVotedDown, myReactions } = known;
  const own = { myVoteId, isVotedUp, isVotedDown, myReactions };
  return { ...comment, ...(present(own) as Pick<Comment, Own>) };
}

/** The viewer's vote on a comment. */
export function ownDirection(comment: Comment): Direction {
  return comment.isVotedUp === true ? 1 : comment.isVotedDown === true ? -1 : 0;
}

/** A comment as it is when the viewer has voted so; counted once, whatever the vote was before. */
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

function withVotes(comment: Comment, votesUp: number, votesDown: number): Comment {
  const rest = without(comment, ["votes", "votesUp", "votesDown"]);
  return votesUp === 0 && votesDown === 0 ? rest : { ...rest, votes: votesUp - votesDown, votesUp, votesDown };
}

function withCount(comment: Comment, given: string, count: number): Comment {
  const rest = without(comment, ["reactions"]);
  const counts = Object.entries({ ...comment.reactions, [given]: count }).filter(([, number]) => number > 0);
  return counts.length === 0 ? rest : { ...rest, reactions: Object.fromEntries(counts) };
}

function withOwnVote(comment: Comment, direction: Direction, voteId: string | undefined): Comment {
  const rest = without(comment, ["myVoteId", "isVotedUp", "isVotedDown"]);
  if (direction === 0) {
    return rest;
  }
  const vote = direction === 1 ? { isVotedUp: true } : { isVotedDown: true };
  return { ...rest, ...vote, ...(voteId === undefined ? {} : { myVoteId: voteId }) };
}

function withOwnReaction(comment: Comment, given: string, isGiven: boolean): Comment {
  const rest = without(comment, ["myReactions"]);
  const others = (comment.myReactions ?? []).filter((each) => each !== given);
  const own = isGiven ? [...others, given] : others;
  return own.length === 0 ? rest : { ...rest, myReactions: own };
}

function directionOf(direction: number): Direction {
  return direction > 0 ? 1 : -1;
}

/** Without fields: absent ones, not undefined ones, so that it equals what a fresh list says. */
function without(comment: Comment, names: readonly (Counted | Own)[]): Comment {
  return Object.fromEntries(
    Object.entries(comment).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as unknown as Comment;
}

function present(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
