import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begunRegion, drawnRegion, moved, sized, strideOf, type Placement } from "../src/moving.ts";

const percent = fc.integer({ min: 0, max: 1000 }).map((value) => value / 10);
const anywhere = fc.record({ x: fc.double({ min: -300, max: 300, noNaN: true }), y: fc.double({ min: -300, max: 300, noNaN: true }) });

describe("moving", () => {
  it("by arrow keys is by one percent, with Shift by a tenth", () => {
    expect(strideOf("ArrowLeft", false)).toEqual({ x: -1, y: 0 });
    expect(strideOf("ArrowDown", true)).toEqual({ x: 0, y: 0.1 });
    expect(strideOf("a", false)).toBeNull();
  });

  it("adds tenths without tails", () => {
    let at = { x: 0, y: 0 };
    for (let count = 0; count < 3; count += 1) {
      at = moved(at, { x: 0.1, y: 0 });
    }
    expect(at.x).toBe(0.3);
  });

  it("keeps a marker and its region on the picture", () => {
    fc.assert(
      fc.property(percent, percent, percent, percent, anywhere, (x, y, w, h, by) => {
        const region = { w, h };
        const to = moved({ x, y, region }, by);
        expect(to.x).toBeGreaterThanOrEqual(0);
        expect(to.y).toBeGreaterThanOrEqual(0);
        expect(to.x + w).toBeLessThanOrEqual(100.0001);
        expect(to.y + h).toBeLessThanOrEqual(100.0001);
      }),
    );
  });
});

describe("a drawn region", () => {
  it("is the same in whichever direction it was drawn, and on the picture", () => {
    fc.assert(
      fc.property(anywhere, anywhere, (from, to) => {
        const drawn = drawnRegion(from, to);
        expect(drawnRegion(to, from)).toEqual(drawn);
        if (drawn !== null) {
          expect(drawn.x).toBeGreaterThanOrEqual(0);
          expect(drawn.x + drawn.region.w).toBeLessThanOrEqual(100.0001);
          expect(drawn.y + drawn.region.h).toBeLessThanOrEqual(100.0001);
        }
      }),
    );
  });

  it("that is a dot is none", () => {
    expect(drawnRegion({ x: 10, y: 10 }, { x: 10.2, y: 40 })).toBeNull();
    expect(drawnRegion({ x: 10, y: 10 }, { x: 5, y: 40 })).toEqual({ x: 5, y: 10, region: { w: 5, h: 30 } });
  });
});

describe("a region by keys", () => {
  it("begins at the cross-hair, and is on the picture whichever keys follow", () => {
    fc.assert(
      fc.property(anywhere, fc.array(anywhere, { maxLength: 12 }), (at, keys) => {
        const { x, y, region } = keys.reduce<Required<Placement>>((now, by) => sized(now, by), begunRegion(at));
        expect([x, y]).toEqual([begunRegion(at).x, begunRegion(at).y]);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(region.w, region.h)).toBeGreaterThanOrEqual(0.5);
        expect(Math.max(x + region.w, y + region.h)).toBeLessThanOrEqual(100.0001);
      }),
    );
  });

  it("is sized by each stride, without tails", () => {
    const begun = begunRegion({ x: 50, y: 95 });
    expect(begun).toEqual({ x: 50, y: 90, region: { w: 10, h: 10 } });
    expect(sized(sized(begun, { x: 5, y: 0 }), { x: 0.1, y: -9.9 }).region).toEqual({ w: 15.1, h: 0.5 });
  });
});
