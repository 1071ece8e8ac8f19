/** Maps of the plane that keep straight lines straight, as CSS writes them: x' = ax + cy + e, y' = bx + dy + f. Pure. */
import type { Point } from "./geometry.ts";

export interface Linear {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export interface Affine extends Linear {
  readonly e: number;
  readonly f: number;
}

export const identity: Linear = { a: 1, b: 0, c: 0, d: 1 };

export function scaling(x: number, y = x): Linear {
  return { a: x, b: 0, c: 0, d: y };
}

/** `inner` first, then `outer`. */
export function composed(outer: Linear, inner: Linear): Linear {
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
  };
}

export function applied({ a, b, c, d }: Linear, { x, y }: Point): Point {
  return { x: a * x + c * y, y: b * x + d * y };
}

/** Null for a map that flattens the plane, as `scale(0)` does. */
export function inverse({ a, b, c, d }: Linear): Linear | null {
  const determinant = a * d - b * c;
  return Math.abs(determinant) < 1e-9 || !Number.isFinite(determinant)
    ? null
    : { a: d / determinant, b: -b / determinant, c: -c / determinant, d: a / determinant };
}

/** The map that takes (0, 0), (width, 0) and (0, height) to three points. */
export function through(origin: Point, right: Point, below: Point, width: number, height: number): Affine {
  return {
    a: (right.x - origin.x) / width,
    b: (right.y - origin.y) / width,
    c: (below.x - origin.x) / height,
    d: (below.y - origin.y) / height,
    e: origin.x,
    f: origin.y,
  };
}

/** Where a point came from, or null if the map flattens the plane. */
export function cameFrom(map: Affine, { x, y }: Point): Point | null {
  const back = inverse(map);
  return back === null ? null : applied(back, { x: x - map.e, y: y - map.f });
}

/** How much longer lengths become, on the whole: one that keeps areas has 1, however it turns or skews. */
export function scaleOf({ a, b, c, d }: Linear): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** What undoes turns, skews, mirrors and unequal scales, and keeps the size; null where there is nothing to undo. */
export function upright(map: Linear): Linear | null {
  const scale = scaleOf(map);
  const back = inverse(map);
  const slack = scale * 0.002;
  const isUpright =
    Math.abs(map.b) <= slack && Math.abs(map.c) <= slack && Math.abs(map.a - scale) <= slack && Math.abs(map.d - scale) <= slack;
  return back === null || isUpright ? null : composed(back, scaling(scale));
}

/** As CSS has it, with so few decimals that rounding noise does not show as a change. */
export function cssMatrix({ a, b, c, d }: Linear, { x, y }: Point = { x: 0, y: 0 }): string {
  const digits = (value: number): number => Math.round(value * 1e6) / 1e6 || 0;
  return `matrix(${[a, b, c, d, x, y].map(digits).join(", ")})`;
}
