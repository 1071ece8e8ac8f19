/** A glance at a conversation: what the small box beside a marker says, and where it fits. Pure; in px of the viewport. */
import type { Point, Rect, Size } from "./geometry.ts";
import type { ShownComment } from "./pending-changes.ts";
import { plainWords } from "./plain-words.ts";
import type { Texts } from "./texts.ts";
import type { MarkerModel } from "./view/model.ts";
import { nameOf } from "./view/names.ts";

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
    who: first === undefined ? "" : nameOf(first, texts),
    said: first === undefined ? "" : Array.from(plainWords(first).replace(/\s+/gu, " ")).slice(0, mostLetters).join(""),
    state: state.join(" · "),
  };
}

/**
 * Above the marker if there is room, else below it, else beside it, on the side to which reading goes first; all of it in
 * view, and never over the marker, nor over `others` as long as there is room beside them all. Null where it fits nowhere,
 * or the marker itself is out of view.
 */
export function glancePlace(marker: Rect, size: Size, view: Size, isFromTheRight: boolean, others: readonly Rect[] = []): Point | null {
  if (marker.left + marker.width <= 0 || marker.top + marker.height <= 0 || marker.left >= view.width || marker.top >= view.height) {
    return null;
  }
  const { width, height } = size;
  const x = along(marker.left + marker.width / 2 - width / 2, width, view.width);
  const y = along(marker.top + marker.height / 2 - height / 2, height, view.height);
  const beside = ({ left, top, ...of }: Rect): readonly Point[] => {
    const sides = [left + of.width + gap, left - gap - width].map((side) => ({ x: side, y }));
    return [{ x, y: top - gap - height }, { x, y: top + of.height + gap }, ...(isFromTheRight ? sides.reverse() : sides)];
  };
  const fits = (at: Point): boolean =>
    at.x >= margin && at.y >= margin && at.x + width <= view.width - margin && at.y + height <= view.height - margin;
  const places = [...beside(marker), ...beside(around([marker, ...others]))].filter(fits);
  return places.find((at) => !others.some((other) => isOver({ left: at.x, top: at.y, ...size }, other))) ?? places[0] ?? null;
}

function around(rects: readonly Rect[]): Rect {
  const left = Math.min(...rects.map((one) => one.left));
  const top = Math.min(...rects.map((one) => one.top));
  const right = Math.max(...rects.map((one) => one.left + one.width));
  const bottom = Math.max(...rects.map((one) => one.top + one.height));
  return { left, top, width: right - left, height: bottom - top };
}

function isOver(one: Rect, other: Rect): boolean {
  const isBeside = one.left >= other.left + other.width || other.left >= one.left + one.width;
  return !isBeside && one.top < other.top + other.height && other.top < one.top + one.height;
}

/** In view, as near to where it was wanted as can be. */
function along(wanted: number, length: number, room: number): number {
  return Math.max(margin, Math.min(wanted, room - margin - length));
}
