/** The visitor's own changes, laid over the confirmed state until the room's events have brought them. Pure. */
import { reacting, voting, type Direction } from "./opinion-changes.ts";
import { byAge } from "./overlay.ts";
import type { RoomState } from "./room-state.ts";
import type { Comment, Conversation, Region, RoomEvent } from "./wire.ts";

/** What of a marker may be changed; `region: null` removes it. */
export interface MarkerChange {
  readonly x?: number;
  readonly y?: number;
  readonly resolved?: boolean;
  readonly region?: Region | null;
}

export type Change =
  | { readonly kind: "create-marker"; readonly conversation: Conversation; readonly comment: Comment }
  | { readonly kind: "create-comment"; readonly comment: Comment }
  | { readonly kind: "edit-comment"; readonly comment: Comment }
  | { readonly kind: "delete-comment"; readonly comment: Comment }
  | { readonly kind: "delete-marker"; readonly conversation: Conversation }
  | { readonly kind: "update-marker"; readonly conversation: Conversation; readonly change: MarkerChange }
  | { readonly kind: "restore-comment"; readonly comment: Comment }
  | { readonly kind: "vote"; readonly comment: Comment; readonly direction: Direction; readonly voteId?: string }
  | { readonly kind: "react"; readonly comment: Comment; readonly emoji: string; readonly isGiven: boolean }
  | { readonly kind: "restore-marker"; readonly conversation: Conversation };

/**
 * A change with its `broadcastId`. It is `answered` at a position of the picture's room once the server has accepted
 * it, and stays as an overlay until the confirmed state has passed that position: so nothing shows twice, and nothing
 * flickers, whichever of reply and event comes first.
 */
export interface PendingChange {
  readonly broadcastId: string;
  readonly change: Change;
  readonly answeredAt: number | null;
}

export interface ShownMarker {
  readonly conversation: Conversation;
  /** True until the server has accepted it. */
  readonly pending: boolean;
}

export interface ShownComment {
  readonly comment: Comment;
  readonly pending: "sending" | "saving" | null;
}

export interface ShownThread {
  readonly status: "loading" | "loaded" | "failed";
  readonly comments: readonly ShownComment[];
}

/** The markers as the visitor sees them, oldest first. A marker is known by its thread, which it has from its draft on. */
export function shownMarkers(state: RoomState, pending: readonly PendingChange[]): ShownMarker[] {
  const shown = new Map<string, ShownMarker>();
  for (const conversation of state.conversations.values()) {
    shown.set(conversation.urlId, { conversation, pending: false });
  }
  for (const { change, answeredAt } of pending) {
    switch (change.kind) {
      case "create-marker":
        if (!shown.has(change.conversation.urlId)) {
          shown.set(change.conversation.urlId, { conversation: change.conversation, pending: answeredAt === null });
        }
        break;
      case "delete-marker":
        shown.delete(change.conversation.urlId);
        break;
      case "update-marker": {
        const marker = shown.get(change.conversation.urlId);
        if (marker !== undefined) {
          shown.set(change.conversation.urlId, { ...marker, conversation: changed(marker.conversation, change.change) });
        }
        break;
      }
      case "restore-marker":
        if (!shown.has(change.conversation.urlId)) {
          shown.set(change.conversation.urlId, { conversation: change.conversation, pending: answeredAt === null });
        }
        break;
      case "create-comment":
      case "restore-comment":
      case "delete-comment": {
        const marker = shown.get(change.comment.urlId);
        if (marker !== undefined && change.comment.approved) {
          const commentCount = marker.conversation.commentCount + (change.kind === "delete-comment" ? -1 : 1);
          shown.set(change.comment.urlId, { ...marker, conversation: { ...marker.conversation, commentCount } });
        }
        break;
      }
      case "edit-comment":
      case "vote":
      case "react":
        break;
    }
  }
  return [...shown.values()].sort(byAge);
}

/** A thread's comments as the visitor sees them. */
export function shownComments(
  confirmed: readonly Comment[],
  urlId: string,
  pending: readonly PendingChange[],
): ShownComment[] {
  let shown: ShownComment[] = confirmed.map((comment) => ({ comment, pending: null }));
  for (const { change, answeredAt } of pending) {
    if (!("comment" in change) || change.comment.urlId !== urlId) {
      continue;
    }
    const { comment } = change;
    switch (change.kind) {
      case "create-marker":
      case "create-comment":
        if (shown.every((known) => known.comment._id !== comment._id)) {
          shown.push({ comment, pending: answeredAt === null ? "sending" : null });
        }
        break;
      case "edit-comment":
        shown = shown.map((known) =>
          known.comment._id === comment._id ? { comment, pending: answeredAt === null ? "saving" : null } : known,
        );
        break;
      case "vote":
        shown = shown.map((known) =>
          known.comment._id === comment._id
            ? { ...known, comment: voting(known.comment, change.direction, change.voteId) }
            : known,
        );
        break;
      case "react":
        shown = shown.map((known) =>
          known.comment._id === comment._id
            ? { ...known, comment: reacting(known.comment, change.emoji, change.isGiven) }
            : known,
        );
        break;
      case "delete-comment":
        shown = withoutComment(shown, comment);
        break;
      case "restore-comment":
        shown = withRestored(shown, { comment, pending: answeredAt === null ? "saving" : null });
        break;
    }
  }
  return shown;
}

/** One with replies leaves an empty place, as on the server. */
function withoutComment(shown: readonly ShownComment[], { _id }: Comment): ShownComment[] {
  const hasReplies = shown.some(({ comment }) => comment.parentId === _id);
  return shown.flatMap((known) =>
    known.comment._id !== _id
      ? [known]
      : hasReplies
        ? [{ comment: { ...known.comment, comment: "", commentHTML: "", isDeleted: true }, pending: null }]
        : [],
  );
}

/** It takes the empty place that it left, or the one that its date gives it, as its event will. */
function withRestored(shown: readonly ShownComment[], restored: ShownComment): ShownComment[] {
  const { _id, date } = restored.comment;
  const known = shown.find(({ comment }) => comment._id === _id);
  if (known !== undefined) {
    return shown.map((each) => (each === known && known.comment.isDeleted === true ? restored : each));
  }
  const place = shown.findLastIndex(({ comment }) => comment.date <= date) + 1;
  return [...shown.slice(0, place), restored, ...shown.slice(place)];
}

/** A marker with a change in it. */
export function changed(conversation: Conversation, { region, ...others }: MarkerChange): Conversation {
  const { region: before, ...rest } = conversation;
  const after = region === undefined ? before : region;
  return { ...rest, ...others, ...(after == null ? {} : { region: after }) };
}

/** What is still pending after events: an event that bears a change's `broadcastId` has brought it (ECHO1). */
export function afterEvents(pending: readonly PendingChange[], events: readonly RoomEvent[]): readonly PendingChange[] {
  if (pending.length === 0) {
    return pending;
  }
  const brought = new Set(events.map((event) => event.broadcastId));
  return pending.filter(({ broadcastId }) => !brought.has(broadcastId));
}

/** What is still pending with a snapshot in place; of an ended history, no position means anything any more. */
export function afterSnapshot(
  pending: readonly PendingChange[],
  seq: number,
  isSameHistory: boolean,
): readonly PendingChange[] {
  return pending.filter(({ answeredAt }) => answeredAt === null || (isSameHistory && answeredAt > seq));
}
