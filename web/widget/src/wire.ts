/** What the server says, as SPEC.md writes it. Fields that the widget does not read are left out. */
import type { Mention } from "./mentions.ts";

export interface Region {
  readonly w: number;
  readonly h: number;
}

/** A marker; `urlId` names its thread (the marker's `windowUrlId`). */
export interface Conversation {
  readonly _id: string;
  readonly urlId: string;
  readonly x: number;
  readonly y: number;
  readonly src: string;
  readonly resolved: boolean;
  readonly commentCount: number;
  readonly lastCommentAt: string | null;
  readonly createdAt: string;
  readonly userId: string;
  readonly region?: Region;
  /** False: held for a moderator; only its author gets it. */
  readonly approved?: boolean;
}

/** `comment` is what was typed, `commentHTML` is safe to show. Not `approved`: held for a moderator; only its author gets it. */
export interface Comment {
  readonly _id: string;
  readonly tenantId: string;
  readonly urlId: string;
  readonly userId: string;
  readonly commenterName: string;
  readonly commentHTML: string;
  readonly comment: string;
  readonly date: string;
  readonly url: string;
  readonly verified: boolean;
  readonly approved: boolean;
  readonly locale: string | null;
  readonly parentId?: string;
  readonly avatarSrc?: string;
  readonly editedAt?: string;
  readonly isByModerator?: boolean;
  readonly isByAdmin?: boolean;
  readonly isDeleted?: boolean;
  /** Whom the text mentions; see mentions.ts. */
  readonly mentions?: readonly Mention[];
  /** `votesUp` less `votesDown`; absent, as both are, while nobody has a vote on it. */
  readonly votes?: number;
  readonly votesUp?: number;
  readonly votesDown?: number;
  /** How many people give it each emoji. */
  readonly reactions?: Readonly<Record<string, number>>;
  /** The viewer's own, from lists and from the viewer's own events. */
  readonly myVoteId?: string;
  readonly isVotedUp?: boolean;
  readonly isVotedDown?: boolean;
  readonly myReactions?: readonly string[];
}

/** For it is 1, against it -1. */
export interface Vote {
  readonly _id: string;
  readonly urlId: string;
  readonly commentId: string;
  readonly direction: number;
}

/** `count` is how many people give the emoji after the event. */
export interface Reaction {
  readonly commentId: string;
  readonly urlId: string;
  readonly emoji: string;
  readonly count: number;
}

interface Committed {
  readonly timestamp: number;
  readonly seq: number;
  readonly broadcastId: string;
  readonly userId: string;
}

export type OpinionEvent = Committed &
  (
    | {
        readonly type: "new-vote" | "deleted-vote";
        readonly vote: Vote;
        readonly votesUp: number;
        readonly votesDown: number;
      }
    | { readonly type: "new-reaction" | "deleted-reaction"; readonly reaction: Reaction }
  );

export type KnownEvent =
  | OpinionEvent
  | (Committed &
  (
    | { readonly type: "new-image-chat"; readonly conversation: Conversation; readonly comment?: Comment }
    | { readonly type: "image-chat-updated"; readonly conversation: Conversation }
    | { readonly type: "deleted-image-chat"; readonly conversation: Pick<Conversation, "_id" | "urlId"> }
    | { readonly type: "new-comment" | "updated-comment"; readonly comment: Comment }
    | { readonly type: "deleted-comment"; readonly comment: Comment; readonly hardRemoved: boolean }
    | { readonly type: "picture-updated"; readonly picture: { readonly readOnly: boolean } }
  ));

/** An event of a type that this version does not know; it still moves the position. */
export type UnknownEvent = Committed & { readonly type: "unknown" };

export type RoomEvent = KnownEvent | UnknownEvent;

export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

export interface User {
  readonly id: string;
  readonly sessionId: string | null;
  readonly username?: string | null;
  readonly displayName?: string | null;
  readonly avatarSrc: string | null;
  readonly authorized: boolean;
  readonly isAnonSession: boolean;
}

export interface Snapshot extends Position {
  readonly user: User;
  readonly conversations: readonly Conversation[];
  readonly isSiteAdmin: boolean;
  readonly tenantIdWS: string;
  readonly urlIdWS: string;
  readonly userIdWS: string;
  /** The picture is locked, or the tenant read-only, for this caller. */
  readonly readOnly?: boolean;
  /** Whether this caller may comment. Absent: yes. */
  readonly mayComment?: boolean;
  /** How far this caller has read; see unread.ts. Absent: the server keeps it for who signed in only. */
  readonly readUpTo?: unknown;
}

export interface CommentList {
  readonly comments: readonly Comment[];
  readonly hasMore: boolean;
  readonly pictureSeq: number | null;
}

/**
 * What every successful command is answered with; `pictureSeq` is its position in the picture's room. What is held for a
 * moderator has no position: no event brings it.
 */
export interface Answer {
  readonly seq?: number;
  readonly pictureSeq?: number | null;
  readonly user?: User;
}

export type Frame =
  | ({ readonly type: "hello"; readonly sc: number } & Position)
  | ({ readonly type: "reset" } & Position)
  | { readonly type: "event"; readonly event: RoomEvent }
  /** What is true for a moment, as it came: signals.ts reads it. */
  | { readonly type: "signal"; readonly signal: Readonly<Record<string, unknown>> };

const knownTypes = new Set<string>([
  "new-image-chat",
  "image-chat-updated",
  "deleted-image-chat",
  "new-comment",
  "updated-comment",
  "deleted-comment",
  "picture-updated",
  "new-vote",
  "deleted-vote",
  "new-reaction",
  "deleted-reaction",
] satisfies KnownEvent["type"][]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeOne(value: unknown): Frame {
  if (!isObject(value) || typeof value.type !== "string") {
    throw new TypeError("An event without a type");
  }
  const { type, seq, epoch } = value;
  if (type === "hello" || type === "reset") {
    if (typeof seq !== "number" || typeof epoch !== "string") {
      throw new TypeError(`A ${type} without a position`);
    }
    return type === "hello" ? { type, epoch, seq, sc: Number(value.sc ?? 0) } : { type, epoch, seq };
  }
  if (typeof seq !== "number") {
    return { type: "signal", signal: value };
  }
  const event = knownTypes.has(type) ? value : { ...value, type: "unknown" };
  return { type: "event", event: event as unknown as RoomEvent };
}

/** Reads one text frame of `imagechat.v1`: hello, or an array of events. Throws on what is neither. */
export function decodeFrame(text: string): Frame[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(decodeOne) : [decodeOne(value)];
}
