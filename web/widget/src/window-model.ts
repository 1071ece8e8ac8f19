/** What the view shows of the open window. Pure. */
import { commentTree, flat, replyTarget } from "./comment-tree.ts";
import { mayChange, type LayerParts } from "./layer-model.ts";
import type { ShownComment } from "./pending-changes.ts";
import type { WindowModel } from "./view/model.ts";
import type { ChatWindow } from "./windows.ts";

export function windowModel(parts: LayerParts, open: ChatWindow): WindowModel {
  const { user, closed, name, maxReplyDepth } = parts;
  const marker = parts.markers.find(({ conversation }) => conversation.urlId === open.key);
  const isSettled = open.kind === "shown" && marker !== undefined && !marker.pending;
  const isHeld = open.conversation.approved === false;
  const thread = open.kind === "shown" ? parts.threadOf(open.key) : null;
  const comments = thread?.comments ?? [];
  const canDeleteMarker = isSettled && !isHeld && mayChange(parts, open.conversation);
  const isLast = thread?.status === "loaded" && isOnly(open.confirming, comments) && open.conversation.commentCount <= 1;
  return {
    key: open.key,
    kind: open.kind,
    thread: thread && {
      status: thread.status,
      comments: (maxReplyDepth > 0 ? commentTree : flat)(comments),
      earlier: 0,
      count: comments.filter(({ comment }) => comment.isDeleted !== true && comment.approved).length,
    },
    replyTo: closed !== null ? null : replyTarget(comments, open.replyTo, maxReplyDepth),
    text: open.text,
    writing: thread === null ? null : parts.writingIn(open.key),
    notice: open.notice,
    edit: open.edit,
    // With its only comment a conversation goes too: nobody could tell what an empty one is about.
    confirming: isLast && canDeleteMarker ? "marker" : open.confirming,
    canWrite: closed === null,
    canDeleteMarker,
    isResolved: open.conversation.resolved,
    link: isSettled && !isHeld ? parts.linkOf(open.conversation._id) : null,
    isHeld,
    isPaused: parts.isPaused,
    isMarkerPending: open.kind === "shown" && !isSettled,
    asksName: user?.isAnonSession !== false && !parts.windows.hasAskedName,
    name: name ?? "",
  };
}

/** Whether what is asked about is all that anybody has said. */
function isOnly(asked: ChatWindow["confirming"], comments: readonly ShownComment[]): boolean {
  const said = comments.filter(({ comment }) => comment.isDeleted !== true);
  return typeof asked === "object" && said.length === 1 && said[0]?.comment._id === asked?.commentId;
}
