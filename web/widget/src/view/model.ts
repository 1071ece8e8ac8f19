/** What the view is given to show, and what a visitor can do in it. */
import { mayAnswer, type PlacedComment } from "../comment-tree.ts";
import type { Point } from "../geometry.ts";
import type { Placement } from "../moving.ts";
import type { Mention } from "../mentions.ts";
import type { Face } from "../presence.ts";
import type { MarkerChange, ShownComment, ShownMarker, ShownThread } from "../pending-changes.ts";
import type { TextKey, Texts } from "../texts.ts";
import type { Comment } from "../wire.ts";

/** `polling` and `notLive`: nothing is amiss, but its page wants no live channel. */
export type StatusKind = "connecting" | "live" | "polling" | "notLive" | "reconnecting" | "offline" | "stopped";

export interface StatusModel {
  readonly kind: StatusKind;
  /** More than the kind says, such as why it stopped. */
  readonly detail: string | null;
}

export interface MarkerModel extends ShownMarker {
  /** The thread's `windowUrlId`: the same from the draft on. */
  readonly key: string;
  /** Its place among the markers, from 1, by age. */
  readonly number: number;
  readonly kind: "draft" | "shown" | "gone";
  readonly isOpen: boolean;
  readonly isUnread: boolean;
  /** Something that the visitor tried here was refused. */
  readonly hasNotice: boolean;
  /** The visitor may move it, resolve it, and so on. */
  readonly isOwn: boolean;
}

export interface EditModel {
  readonly commentId: string;
  readonly text: string;
}

/** The comments in the order in which they are shown. */
export interface ThreadModel extends ShownThread {
  readonly comments: readonly PlacedComment[];
  /** Comments before these that are not shown. */
  readonly earlier: number;
  /** All that are not deleted, shown or not. */
  readonly count: number;
}

export interface WindowModel {
  readonly key: string;
  readonly kind: "draft" | "shown" | "gone";
  readonly thread: ThreadModel | null;
  /** What the composer's text will reply to. */
  readonly replyTo: Comment | null;
  readonly text: string;
  /** Who else writes here now, in words. */
  readonly writing: string | null;
  readonly notice: string | null;
  readonly edit: EditModel | null;
  /** What waits for a second word before it is deleted. */
  readonly confirming: "marker" | { readonly commentId: string } | null;
  readonly canWrite: boolean;
  /** The visitor may delete, resolve and reopen the marker. */
  readonly canDeleteMarker: boolean;
  readonly isResolved: boolean;
  /** An address that opens it, or null. */
  readonly link: string | null;
  /** Held for a moderator: only the visitor sees it. */
  readonly isHeld: boolean;
  /** The server wants nothing more for a moment. */
  readonly isPaused: boolean;
  /** The marker itself is still on its way, so nothing can be said in it yet. */
  readonly isMarkerPending: boolean;
  readonly asksName: boolean;
  readonly name: string;
}

export interface LayerModel {
  readonly texts: Texts;
  readonly isDark: boolean;
  readonly canCreate: boolean;
  /** Why nothing can be written, or null. */
  readonly closed: string | null;
  /** The visitor has no right to the conversations any more. */
  readonly isShutOut: boolean;
  /** Where to sign in, if that would help. */
  readonly signIn: string | null;
  readonly status: StatusModel;
  /** Without those that the visitor, or the page, left out. */
  readonly markers: readonly MarkerModel[];
  readonly hidesResolved: boolean;
  readonly window: WindowModel | null;
  /** The cross-hair's place, for people who pin by keyboard. */
  readonly crosshair: Point;
  readonly announcement: string;
  readonly userId: string | null;
  readonly isSiteAdmin: boolean;
  readonly maxReplyDepth: number;
}

/** What can be done before a window has come. */
export interface LayerActions {
  readonly pin: (at: Placement) => void;
  readonly moveCrosshair: (to: Point) => void;
  readonly open: (key: string) => void;
  readonly close: () => void;
  readonly type: (text: string) => void;
  /** Has a thread loaded, without opening it. */
  readonly read: (key: string) => void;
  /** Leaves resolved conversations out, or no more. */
  readonly hideResolved: (isHidden: boolean) => void;
  /** Moves the marker, gives it another region, resolves or reopens it. */
  readonly change: (key: string, change: MarkerChange) => void;
}

export interface Actions extends LayerActions {
  readonly typeName: (name: string) => void;
  readonly send: (website: string) => void;
  readonly retryLoad: () => void;
  readonly showEarlier: () => void;
  readonly startReply: (comment: Comment) => void;
  readonly cancelReply: () => void;
  readonly startEdit: (comment: Comment) => void;
  readonly typeEdit: (text: string) => void;
  readonly saveEdit: () => void;
  readonly cancelEdit: () => void;
  /** Says in a line at the picture's foot what was done. */
  readonly tell: (key: TextKey) => void;
  /** Votes for a comment, as it is shown, or against it; the vote that is there already is taken back. */
  readonly vote: (comment: Comment, pressed: 1 | -1) => void;
  /** Gives a comment, as it is shown, an emoji, or takes it back. */
  readonly react: (comment: Comment, emoji: string) => void;
  /** Whom the visitor may mention, by the beginning of a name. */
  readonly findPeople: (search: string, signal: AbortSignal) => Promise<readonly Face[]>;
  readonly mention: (mention: Mention) => void;
  /** Whether somebody was chosen who stands so in a text. */
  readonly isMentioned: (tag: string) => boolean;
  readonly askDelete: (what: "marker" | { readonly commentId: string }) => void;
  /** `what` the visitor was asked about when they said yes. */
  readonly confirmDelete: (what: NonNullable<WindowModel["confirming"]>) => void;
  readonly keep: () => void;
}

export function canReply(model: LayerModel, shown: PlacedComment): boolean {
  return isSettled(shown) && model.window?.canWrite === true && mayAnswer(shown, model.maxReplyDepth);
}

export function canChange(model: LayerModel, shown: ShownComment): boolean {
  const isThere = isSettled(shown) && shown.comment.isDeleted !== true;
  return isThere && model.window?.canWrite === true && shown.comment.userId === model.userId;
}

export function canRemove(model: LayerModel, shown: ShownComment): boolean {
  const isThere = isSettled(shown) && shown.comment.isDeleted !== true;
  const isTheirs = shown.comment.userId === model.userId || model.isSiteAdmin;
  return isThere && isTheirs && model.window?.canWrite === true;
}

/** Whether the visitor may vote on a comment and give it emoji. */
export function canJudge(model: LayerModel, shown: ShownComment): boolean {
  return isSettled(shown) && shown.comment.isDeleted !== true && model.window?.canWrite === true;
}

/** What waits, for the server or for a moderator, cannot be changed: it is in no room yet. */
export function isSettled({ pending, comment }: ShownComment): boolean {
  return pending === null && comment.approved;
}
