/** Puts a thread's comments, oldest first, in the order of their replies. Pure. */
import type { ShownComment } from "./pending-changes.ts";
import type { Comment } from "./wire.ts";

export interface PlacedComment extends ShownComment {
  /** 0 for what answers nothing. */
  readonly depth: number;
}

export function flat(comments: readonly ShownComment[]): PlacedComment[] {
  return comments.map(({ comment, pending }) => ({ comment, pending, depth: 0 }));
}

/** What a reply answers, if one may answer it still: it may have been deleted since, or replies switched off. */
export function replyTarget(comments: readonly ShownComment[], id: string | null, maxReplyDepth: number): Comment | null {
  const target = id === null ? undefined : commentTree(comments).find(({ comment }) => comment._id === id);
  return target !== undefined && mayAnswer(target, maxReplyDepth) ? target.comment : null;
}

export function mayAnswer({ comment, pending, depth }: PlacedComment, maxReplyDepth: number): boolean {
  return depth < maxReplyDepth && comment.isDeleted !== true && comment.approved && pending !== "sending";
}

/** Each comment is followed by its replies, oldest first on every level. A reply to what is not there is no reply. */
export function commentTree(comments: readonly ShownComment[]): PlacedComment[] {
  const known = new Set(comments.map(({ comment }) => comment._id));
  const replies = new Map<string | undefined, ShownComment[]>();
  for (const shown of comments) {
    const { parentId } = shown.comment;
    const parent = parentId !== undefined && known.has(parentId) ? parentId : undefined;
    const siblings = replies.get(parent);
    if (siblings === undefined) {
      replies.set(parent, [shown]);
    } else {
      siblings.push(shown);
    }
  }
  const placed = new Map<string, PlacedComment>();
  const place = (shown: ShownComment, depth: number): void => {
    const { _id } = shown.comment;
    if (!placed.has(_id)) {
      placed.set(_id, { ...shown, depth });
      for (const reply of replies.get(_id) ?? []) {
        place(reply, depth + 1);
      }
    }
  };
  for (const root of replies.get(undefined) ?? []) {
    place(root, 0);
  }
  // Comments that answer each other in a ring have no root; nobody's words may be lost for it.
  for (const shown of comments) {
    place(shown, 0);
  }
  return [...placed.values()];
}
