/** What people think of comments: votes and emoji, as events bring them. Pure, and small: it comes with the first load. */
import type { Comment, OpinionEvent } from "./wire.ts";

/** The thread and the comment that an event is about. */
export function aboutOf(event: OpinionEvent): { readonly urlId: string; readonly commentId: string } {
  return "vote" in event ? event.vote : event.reaction;
}

/** A comment after an event on it; the viewer's own events say what is the viewer's. */
export function afterOpinion(comment: Comment, event: OpinionEvent, isOwn: boolean): Comment {
  const isGiven = event.type.startsWith("new");
  if ("vote" in event) {
    const voted = withVotes(comment, event.votesUp, event.votesDown);
    return isOwn ? withOwnVote(voted, isGiven ? event.vote.direction : 0, event.vote._id) : voted;
  }
  const { emoji, count } = event.reaction;
  const reacted = withCount(comment, emoji, count);
  return isOwn ? withOwnReaction(reacted, emoji, isGiven) : reacted;
}

/** A comment in other words, with what the viewer thinks of it: events about its words do not tell that. */
export function keepingOwn(comment: Comment, { myVoteId, isVotedUp, isVotedDown, myReactions }: Comment): Comment {
  return withFields(comment, { myVoteId, isVotedUp, isVotedDown, myReactions });
}

export function withVotes(comment: Comment, votesUp: number, votesDown: number): Comment {
  const isNone = votesUp + votesDown === 0;
  return withFields(comment, {
    votes: isNone ? undefined : votesUp - votesDown,
    votesUp: isNone ? undefined : votesUp,
    votesDown: isNone ? undefined : votesDown,
  });
}

export function withCount(comment: Comment, emoji: string, count: number): Comment {
  const counts = Object.entries({ ...comment.reactions, [emoji]: count }).filter(([, number]) => number > 0);
  return withFields(comment, { reactions: orNothing(Object.fromEntries(counts)) });
}

/** `direction` is 1, -1, or none: 0. */
export function withOwnVote(comment: Comment, direction: number, voteId: string | undefined): Comment {
  return withFields(comment, {
    myVoteId: direction === 0 ? undefined : voteId,
    isVotedUp: direction > 0 || undefined,
    isVotedDown: direction < 0 || undefined,
  });
}

export function withOwnReaction(comment: Comment, emoji: string, isGiven: boolean): Comment {
  const others = (comment.myReactions ?? []).filter((each) => each !== emoji);
  return withFields(comment, { myReactions: orNothing(isGiven ? [...others, emoji] : others) });
}

function orNothing<T extends object>(values: T): T | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}

/** Without those that are undefined, so that it equals what a fresh list says. */
function withFields(comment: Comment, fields: { readonly [Name in keyof Comment]?: Comment[Name] | undefined }): Comment {
  const all = Object.entries({ ...comment, ...fields }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as Comment;
}
