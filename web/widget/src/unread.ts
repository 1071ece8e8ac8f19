/**
 * What is unread: by the server's own times, which rise with everything that is said on a picture. Pure; no clock of
 * this browser is asked, so it may be wrong.
 */
import type { Conversation } from "./wire.ts";

/** Times of the newest thing that was read, as the server writes them: they sort as texts. */
export interface ReadUpTo {
  /** Of the whole picture; null: it was never read as a whole. */
  readonly picture: string | null;
  /** By `windowUrlId`: threads that were read further. */
  readonly threads: ReadonlyMap<string, string>;
}

export const nothingRead: ReadUpTo = { picture: null, threads: new Map() };

/** When something was said last, or the marker made. */
export function newestIn(conversation: Pick<Conversation, "lastCommentAt" | "createdAt">): string {
  return conversation.lastCommentAt ?? conversation.createdAt;
}

/** Whether something in a conversation is new to somebody. What nobody else sees, or only they have said, is not. */
export function isUnread(conversation: Conversation, read: ReadUpTo, userId: string | null): boolean {
  const newest = newestIn(conversation);
  const isOnlyTheirs = conversation.userId === userId && newest === conversation.createdAt;
  return conversation.approved !== false && !isOnlyTheirs && newest > readIn(conversation.urlId, read);
}

export function readIn(urlId: string, { picture, threads }: ReadUpTo): string {
  const thread = threads.get(urlId) ?? "";
  return picture !== null && picture > thread ? picture : thread;
}

/** How far somebody has read who has read both. The order does not matter, nor how often. */
export function furthest(one: ReadUpTo, other: ReadUpTo): ReadUpTo {
  const picture = later(one.picture, other.picture);
  const threads = new Map<string, string>();
  for (const [urlId, at] of [...one.threads, ...other.threads]) {
    if (at > (picture ?? "") && at > (threads.get(urlId) ?? "")) {
      threads.set(urlId, at);
    }
  }
  return { picture, threads };
}

function later(one: string | null, other: string | null): string | null {
  return one !== null && (other === null || one > other) ? one : other;
}

/** What `now` says beyond `before`; null when that is nothing. */
export function news(before: ReadUpTo, now: ReadUpTo): ReadUpTo | null {
  const picture = now.picture !== null && now.picture > (before.picture ?? "") ? now.picture : null;
  const threads = new Map([...now.threads].filter(([urlId, at]) => at > readIn(urlId, before)));
  return picture === null && threads.size === 0 ? null : { picture, threads };
}

/** All that is there, read: what somebody starts from who is here for the first time. */
export function allRead(conversations: Iterable<Conversation>): ReadUpTo {
  let picture: string | null = null;
  for (const conversation of conversations) {
    picture = later(picture, newestIn(conversation));
  }
  return { picture, threads: nothingRead.threads };
}

/** One conversation read up to its end; where nothing else is unread then, the whole picture is. */
export function withRead(
  read: ReadUpTo,
  conversation: Conversation,
  all: readonly Conversation[],
  userId: string | null,
): ReadUpTo {
  const threads = new Map([[conversation.urlId, newestIn(conversation)]]);
  const after = furthest(read, { picture: null, threads });
  return all.some((one) => isUnread(one, after, userId)) ? after : furthest(after, allRead([conversation, ...all]));
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isTime(value: unknown): value is string {
  return typeof value === "string" && time.test(value);
}

/** Reads what a server, or another version of this widget, has written; what makes no sense is left out. */
export function decodeReadUpTo(value: unknown): ReadUpTo {
  if (typeof value !== "object" || value === null) {
    return nothingRead;
  }
  const { picture, threads } = value as Partial<Record<string, unknown>>;
  const entries = typeof threads === "object" && threads !== null ? Object.entries(threads) : [];
  const found = entries.flatMap(([urlId, at]): [string, string][] => (isTime(at) ? [[urlId, at]] : []));
  return furthest(nothingRead, { picture: isTime(picture) ? picture : null, threads: new Map(found) });
}

/** The same as JSON has it. */
export interface WrittenReadUpTo {
  readonly picture: string | null;
  readonly threads: Readonly<Record<string, string>>;
}

export function encodeReadUpTo({ picture, threads }: ReadUpTo): WrittenReadUpTo {
  return { picture, threads: Object.fromEntries(threads) };
}
