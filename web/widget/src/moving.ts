/** Where a marker or a region comes to lie when somebody moves or draws it. Pure; in percent of the picture. */
import type { Point } from "./geometry.ts";
import type { Region } from "./wire.ts";

export interface Placement extends Point {
  readonly region?: Region;
}

/** What an arrow key moves one's own marker by; with Shift it is finer. */
const stride = 1;
const fineStride = 0.1;
/** A region that is smaller than this, both ways, was a click with an unsteady hand. */
const smallestRegion = 0.5;
/** How large a region is that is begun by key, both ways. */
const firstSize = 10;

const directions: Readonly<Partial<Record<string, Point>>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What a key moves by, or null if it is no arrow. */
export function strideOf(key: string, isFine: boolean, strides: readonly [number, number] = [stride, fineStride]): Point | null {
  const direction = directions[key];
  const by = isFine ? strides[1] : strides[0];
  return direction === undefined ? null : { x: direction.x * by, y: direction.y * by };
}

/** A marker moved by so much; it, and all of its region, stays on the picture. */
export function moved({ x, y, region }: Placement, by: Point): Point {
  return { x: within(x + by.x, 100 - (region?.w ?? 0)), y: within(y + by.y, 100 - (region?.h ?? 0)) };
}

/** What was drawn from one point to another, in whichever direction; null when it is too small to be meant. */
export function drawnRegion(from: Point, to: Point): Required<Placement> | null {
  const x = within(Math.min(from.x, to.x), 100);
  const y = within(Math.min(from.y, to.y), 100);
  const w = round(within(Math.max(from.x, to.x), 100) - x);
  const h = round(within(Math.max(from.y, to.y), 100) - y);
  return w < smallestRegion || h < smallestRegion ? null : { x, y, region: { w, h } };
}

/** The region that a key begins at a point: there, or as near as it is all on the picture. */
export function begunRegion({ x, y }: Point): Required<Placement> {
  return { x: within(x, 100 - firstSize), y: within(y, 100 - firstSize), region: { w: firstSize, h: firstSize } };
}

/** A region made larger or smaller by so much. Where it begins stays, and so does all of it on the picture. */
export function sized({ x, y, region: { w, h } }: Required<Placement>, by: Point): Required<Placement> {
  const grown = (size: number, more: number, start: number): number => Math.max(smallestRegion, within(size + more, 100 - start));
  return { x, y, region: { w: grown(w, by.x, x), h: grown(h, by.y, y) } };
}

function within(value: number, most: number): number {
  return round(Math.min(Math.max(0, most), Math.max(0, value)));
}

/** As markers are placed: a twentieth of a pixel on a picture 100,000 px tall. Tenths added up would grow long tails. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
