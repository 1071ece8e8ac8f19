/** A conversation before anybody has written in it: it is the visitor's alone, until the server has it. */
import type { Placement } from "./moving.ts";
import { newBroadcastId } from "./session.ts";
import type { Conversation } from "./wire.ts";

const mark = "draft-";

export function newDraft({ x, y, region }: Placement, src: string, userId: string): Conversation {
  const id = newBroadcastId();
  return {
    _id: mark + id,
    urlId: id,
    x,
    y,
    ...(region === undefined ? {} : { region }),
    src,
    resolved: false,
    commentCount: 0,
    lastCommentAt: null,
    createdAt: new Date().toISOString(),
    userId,
  };
}

/** Until the server has it, a conversation has a name that nobody else knows. */
export function isDraft({ _id }: Conversation): boolean {
  return _id.startsWith(mark);
}
