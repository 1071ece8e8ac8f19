/** A glance at a conversation: what the small box beside a marker says, and where it fits. Pure; in px of the viewport. */
import type { Point, Rect, Size } from "./geometry.ts";
import type { ShownComment } from "./pending-changes.ts";
import { plainWords } from "./plain-words.ts";
import type { Texts } from "./texts.ts";
import type { MarkerModel } from "./view/model.ts";

export interface GlanceWords {
  /** Who began it, or nothing before the thread has been loaded. */
  readonly who: string;
  /** What was said first, as one line. */
  readonly said: string;
  /** How much more there is, and in which state it is. */
  readonly state: string;
}

/** More of a text is never seen. */
const mostLetters = 240;
/** Between the marker and the box, and from the box to the viewport's edge. */
const gap = 8;
const margin = 8;

/** `comments` as far as they have been loaded, oldest first. */
export function glanceWords({ conversation, isUnread }: MarkerModel, comments: readonly ShownComment[], texts: Texts): GlanceWords {
  const first = comments.find(({ comment }) => comment.isDeleted !== true)?.comment;
  const { commentCount: count, resolved, approved } = conversation;
  const state = [
    count > 0 ? texts("comments", { count }) : texts("commentsNone"),
    ...(isUnread ? [texts("markerUnread")] : []),
    ...(resolved ? [texts("markerResolved")] : []),
    ...(approved === false ? [texts("held")] : []),
  ];
  return {
    who: first === undefined ? "" : first.commenterName || texts("anonymous"),
    said: first === undefined ? "" : Array.from(plainWords(first).replace(/\s+/gu, " ")).slice(0, mostLetters).join(""),
    state: state.join(" · "),
  };
}

/**
 * Above the marker if there is room, else below it, else beside it, on the side to which reading goes first; all of it in
 * view, and never over the marker. Null where it fits nowhere, or the marker itself is out of view.
 */
export function glancePlace(marker: Rect, { width, height }: Size, view: Size, isFromTheRight: boolean): Point | null {
  const { left, top } = marker;
  const right = left + marker.width;
  const bottom = top + marker.height;
  if (right <= 0 || bottom <= 0 || left >= view.width || top >= view.height) {
    return null;
  }
  const x = along(left + marker.width / 2 - width / 2, width, view.width);
  const y = along(top + marker.height / 2 - height / 2, height, view.height);
  const [after, before] = [right + gap, left - gap - width];
  const places: readonly Point[] = [
    { x, y: top - gap - height },
    { x, y: bottom + gap },
    { x: isFromTheRight ? before : after, y },
    { x: isFromTheRight ? after : before, y },
  ];
  const fits = (at: Point): boolean =>
    at.x >= margin && at.y >= margin && at.x + width <= view.width - margin && at.y + height <= view.height - margin;
  return places.find(fits) ?? null;
}

/** In view, as near to where it was wanted as can be. */
function along(wanted: number, length: number, room: number): number {
  return Math.max(margin, Math.min(wanted, room - margin - length));
}
