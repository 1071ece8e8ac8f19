/** What is held for a moderator: its author sees it, nobody else does, and no event brings it. Pure. */
import type { Change } from "./pending-changes.ts";
import { replaced, withComment, withThread, type RoomState } from "./room-state.ts";
import type { Comment } from "./wire.ts";

export function isHeld(change: Change): boolean {
  return "conversation" in change ? change.conversation.approved === false : !change.comment.approved;
}

/** The state with a change that no event will bring: as it `began`, and as it was `confirmed`. */
export function settled(state: RoomState, began: Change, confirmed: Change): RoomState {
  switch (confirmed.kind) {
    case "create-marker": {
      const { conversation, comment } = confirmed;
      const { urlId } = conversation;
      // Where it is known, it was approved before the answer came.
      const isKnown = state.conversations.has(urlId);
      const conversations = isKnown ? state.conversations : new Map([...state.conversations, [urlId, conversation]]);
      return withComments({ ...state, conversations }, urlId, (comments) => withComment(comments, comment));
    }
    case "create-comment":
      return withComments(state, confirmed.comment.urlId, (comments) => withComment(comments, confirmed.comment));
    case "edit-comment":
      return withComments(state, confirmed.comment.urlId, (comments) => {
        const { comment } = confirmed;
        const wasApproved = isHeld(began) && comments.some(({ _id, approved }) => _id === comment._id && approved);
        return wasApproved ? comments : replaced(comments, comment);
      });
    case "delete-comment":
      return withComments(state, confirmed.comment.urlId, (comments) =>
        comments.filter(({ _id }) => _id !== confirmed.comment._id),
      );
    case "update-marker":
    case "restore-marker":
    case "restore-comment":
    case "vote":
    case "react":
      return state; // nothing of it is ever held: without a position, its event is all that counts
    case "delete-marker": {
      const { urlId } = confirmed.conversation;
      const conversations = new Map(state.conversations);
      conversations.delete(urlId);
      return withThread({ ...state, conversations }, urlId, undefined);
    }
  }
}

function withComments(
  state: RoomState,
  urlId: string,
  change: (comments: readonly Comment[]) => readonly Comment[],
): RoomState {
  const thread = state.threads.get(urlId);
  return thread?.status === "loaded" ? withThread(state, urlId, { status: "loaded", comments: change(thread.comments) }) : state;
}
