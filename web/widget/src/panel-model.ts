/** The list of all conversations on a picture: searched, filtered, sorted, and which unread one is next. Pure. */
import type { ShownComment, ShownMarker } from "./pending-changes.ts";

export type PanelSort = "newest" | "oldest" | "unread" | "most";
export type Resolved = "open" | "resolved" | "all";

export interface PanelQuery {
  /** Words, each of which must be in a comment or its author's name. */
  readonly search: string;
  readonly sort: PanelSort;
  readonly unreadOnly: boolean;
  readonly resolved: Resolved;
}

export const everything: PanelQuery = { search: "", sort: "newest", unreadOnly: false, resolved: "all" };

export interface PanelEntry {
  readonly key: string;
  /** Its place among all markers, from 1, by age: the same as on the picture. */
  readonly number: number;
  readonly marker: ShownMarker;
  readonly isUnread: boolean;
  /** What was said first, if the thread has been loaded. */
  readonly first: ShownComment | null;
  readonly latest: ShownComment | null;
}

export interface PanelParts {
  /** Oldest first, as the picture shows them. */
  readonly markers: readonly ShownMarker[];
  readonly isUnread: (key: string) => boolean;
  /** A thread's comments as far as they have been loaded, oldest first. */
  readonly commentsOf: (key: string) => readonly ShownComment[];
}

export function panelEntries(parts: PanelParts, query: PanelQuery): PanelEntry[] {
  const words = folded(query.search).split(/\s+/u).filter(Boolean);
  const entries = parts.markers.flatMap((marker, index): PanelEntry[] => {
    const key = marker.conversation.urlId;
    const isUnread = parts.isUnread(key);
    const { resolved } = marker.conversation;
    if ((query.unreadOnly && !isUnread) || (query.resolved !== "all" && resolved !== (query.resolved === "resolved"))) {
      return [];
    }
    const comments = parts.commentsOf(key).filter(({ comment }) => comment.isDeleted !== true);
    if (!hasWords(index + 1, comments, words)) {
      return [];
    }
    return [{ key, number: index + 1, marker, isUnread, first: comments[0] ?? null, latest: comments.at(-1) ?? null }];
  });
  return entries.sort((one, other) => orders[query.sort](one, other) || other.number - one.number);
}

const orders: Readonly<Record<PanelSort, (one: PanelEntry, other: PanelEntry) => number>> = {
  newest: (one, other) => compare(activity(other), activity(one)),
  oldest: (one, other) => one.number - other.number,
  unread: (one, other) => Number(other.isUnread) - Number(one.isUnread) || compare(activity(other), activity(one)),
  most: (one, other) => other.marker.conversation.commentCount - one.marker.conversation.commentCount,
};

/** When something was said last, or the marker made: ISO times, which sort as texts. */
function activity({ marker: { conversation } }: PanelEntry): string {
  return conversation.lastCommentAt ?? conversation.createdAt;
}

/** Each word is looked for in all that was said together, and a number finds the marker that bears it. */
function hasWords(number: number, comments: readonly ShownComment[], words: readonly string[]): boolean {
  if (words.length === 0) {
    return true;
  }
  const said = folded(comments.map(({ comment }) => `${comment.commenterName} ${comment.comment}`).join("\n"));
  return words.every((word) => said.includes(word) || word.replace(/^#/, "") === String(number));
}

/** Without case and marks: who searches for "resume" finds "Résumé". */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The next unread conversation after (or before) the open one, by age, going round; null when there is none. */
export function nextUnread(parts: PanelParts, open: string | null, direction: 1 | -1): string | null {
  const keys = parts.markers.filter((marker) => !isHidden(marker)).map(({ conversation }) => conversation.urlId);
  const start = open === null ? -1 : keys.indexOf(open);
  const count = keys.length;
  for (let away = 1; away <= count; away += 1) {
    const from = start === -1 && direction === -1 ? 0 : start;
    const key = keys[(((from + direction * away) % count) + count) % count];
    if (key !== undefined && key !== open && parts.isUnread(key)) {
      return key;
    }
  }
  return null;
}

function isHidden({ conversation }: ShownMarker): boolean {
  return conversation.approved === false;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
