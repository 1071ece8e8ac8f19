import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applied, cameFrom, composed, cssMatrix, identity, inverse, scaleOf, scaling, through, upright } from "../src/affine.ts";

const amount = fc.integer({ min: -400, max: 400 }).map((value) => value / 100);
const linear = fc
  .record({ a: amount, b: amount, c: amount, d: amount })
  .filter(({ a, b, c, d }) => Math.abs(a * d - b * c) > 0.05);
const coordinate = fc.integer({ min: -3000, max: 3000 });
const point = fc.record({ x: coordinate, y: coordinate });

describe("maps of the plane (B5)", () => {
  it("a map and its inverse give each point back", () => {
    fc.assert(
      fc.property(linear, point, (map, at) => {
        const back = applied(inverse(map) ?? identity, applied(map, at));
        expect(back.x).toBeCloseTo(at.x, 6);
        expect(back.y).toBeCloseTo(at.y, 6);
      }),
    );
  });

  it("three corners tell where every point is, and where it came from", () => {
    fc.assert(
      fc.property(linear, point, point, fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }), (map, origin, at, width, height) => {
        const onScreen = (local: { x: number; y: number }): { x: number; y: number } => {
          const { x, y } = applied(map, local);
          return { x: x + origin.x, y: y + origin.y };
        };
        const found = through(onScreen({ x: 0, y: 0 }), onScreen({ x: width, y: 0 }), onScreen({ x: 0, y: height }), width, height);
        const back = cameFrom(found, onScreen(at));
        expect(back?.x).toBeCloseTo(at.x, 5);
        expect(back?.y).toBeCloseTo(at.y, 5);
      }),
    );
  });

  it("what is made upright is only larger or smaller, by as much as before", () => {
    fc.assert(
      fc.property(linear, (map) => {
        const all = composed(map, upright(map) ?? identity);
        const scale = scaleOf(map);
        expect(Math.abs(all.a - scale)).toBeLessThanOrEqual(scale * 0.003);
        expect(Math.abs(all.d - scale)).toBeLessThanOrEqual(scale * 0.003);
        expect(Math.abs(all.b)).toBeLessThanOrEqual(scale * 0.003);
        expect(Math.abs(all.c)).toBeLessThanOrEqual(scale * 0.003);
      }),
    );
  });

  it("leaves alone what stands upright, and what is flat", () => {
    expect(upright(scaling(2))).toBeNull();
    expect(upright(scaling(0))).toBeNull();
    expect(inverse(scaling(0))).toBeNull();
    expect(cameFrom({ ...scaling(1, 0), e: 0, f: 0 }, { x: 1, y: 1 })).toBeNull();
  });

  it("is written without noise", () => {
    expect(cssMatrix({ a: 1, b: -1e-12, c: 0.333333333, d: 1 }, { x: 2.5, y: 0 })).toBe("matrix(1, 0, 0.333333, 1, 2.5, 0)");
  });
});
