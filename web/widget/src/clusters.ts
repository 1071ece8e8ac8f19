/** Which markers stand for others at the present size, and how a cluster's markers fan out. Pure; all lengths in px. */
import type { Point, Rect } from "./geometry.ts";

export interface Placed extends Point {
  readonly key: string;
}

/** At least two markers that cannot be told apart by a pointer, at the place of the oldest. */
export interface Cluster extends Point {
  /** The oldest one's: a cluster stays where and who it is when others come and go. */
  readonly key: string;
  /** All of its markers, oldest first. */
  readonly keys: readonly string[];
}

/** What a finger or an unsteady hand can aim at (WCAG 2.5.8). */
const smallestTarget = 24;

/** More rows of cells than any picture has. */
const rows = 1_000_003;

/** Markers nearer than this to each other, both ways, are one: of each that stays, enough is uncovered to be hit. */
export function reachOf(size: number): number {
  return Math.max(smallestTarget, size / 2);
}

/**
 * Joins markers that cover each other. They are given oldest first, and each joins the oldest marker within `reach`, or
 * stands for itself: so a new marker changes no older one's cluster. Those in `apart` (an open one, or one that is being
 * moved) neither join nor gather others. No two that stand for themselves are within `reach`, so a cell of that size holds
 * one at most, and looking around costs the same whatever else is there.
 */
export function clustersOf(markers: readonly Placed[], reach: number, apart: ReadonlySet<string> = new Set()): Cluster[] {
  if (!(reach > 0)) {
    return [];
  }
  const cells = new Map<number, { readonly anchor: Placed; readonly age: number; readonly keys: string[] }>();
  const cellOf = (value: number): number => Math.floor(value / reach);
  for (const marker of markers) {
    if (apart.has(marker.key)) {
      continue;
    }
    const column = cellOf(marker.x);
    const row = cellOf(marker.y);
    let nearest: { readonly age: number; readonly keys: string[] } | null = null;
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        const other = cells.get((column + dx) * rows + row + dy);
        if (other !== undefined && isWithin(other.anchor, marker, reach) && (nearest === null || other.age < nearest.age)) {
          nearest = other;
        }
      }
    }
    if (nearest === null) {
      cells.set(column * rows + row, { anchor: marker, age: cells.size, keys: [marker.key] });
    } else {
      nearest.keys.push(marker.key);
    }
  }
  return [...cells.values()]
    .filter(({ keys }) => keys.length > 1)
    .map(({ anchor: { key, x, y }, keys }) => ({ key, x, y, keys }));
}

function isWithin(one: Point, other: Point, reach: number): boolean {
  return Math.abs(one.x - other.x) < reach && Math.abs(one.y - other.y) < reach;
}

/**
 * Where a cluster's markers go when it is opened, in its order: on rings around it, none covering another. The whole is
 * moved, not squeezed, to lie within `bounds` as far as it fits.
 */
export function fannedOut(count: number, centre: Point, size: number, bounds: Rect): Point[] {
  const step = size * 1.2;
  const points: Point[] = [];
  for (let ring = 1; points.length < count; ring += 1) {
    const radius = ring * step;
    const room = Math.floor((2 * Math.PI) / (2 * Math.asin(Math.min(1, step / (2 * radius)))) + 1e-9);
    const here = Math.min(room, count - points.length);
    // A ring that is not full spreads evenly; one that is alone gets the room it needs and no more.
    for (let place = 0; place < here; place += 1) {
      const angle = (2 * Math.PI * place) / here - Math.PI / 2;
      points.push({ x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) });
    }
  }
  const dx = shift(points.map(({ x }) => x), bounds.left, bounds.left + bounds.width, size / 2);
  const dy = shift(points.map(({ y }) => y), bounds.top, bounds.top + bounds.height, size / 2);
  return points.map(({ x, y }) => ({ x: x + dx, y: y + dy }));
}

/** How far to move values so that all lie between two others; what is too wide for that is put in the middle. */
function shift(values: readonly number[], from: number, to: number, margin: number): number {
  const least = Math.min(...values) - margin;
  const most = Math.max(...values) + margin;
  if (most - least > to - from) {
    return (from + to - least - most) / 2;
  }
  return Math.max(0, from - least) + Math.min(0, to - most);
}
