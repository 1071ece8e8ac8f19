import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostZoom, resized, unzoomed, zoomed, zoomedGeometry, zoomOfKey, zoomOfWheel, type View, type ZoomInput } from "../src/zoom.ts";
import { percentAt, pointAt, type Size } from "../src/geometry.ts";

const length = fc.integer({ min: 20, max: 3000 });
const size = fc.record({ width: length, height: length });
const share = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
const by = fc.integer({ min: 10, max: 1000 }).map((value) => value / 100);
const far = fc.integer({ min: -4000, max: 4000 });
const point = fc.record({ x: far, y: far });
const input: fc.Arbitrary<ZoomInput> = fc.oneof(
  fc.record({ type: fc.constant("zoom" as const), by, at: point }),
  fc.record({ type: fc.constant("pan" as const), by: point }),
  fc.record({ type: fc.constant("pinch" as const), by, from: point, to: point }),
  fc.record({ type: fc.constant("toggle" as const), at: point }),
  fc.record({ type: fc.constant("reveal" as const), at: point }),
  fc.constant({ type: "reset" as const }),
);
const views = (box: Size, inputs: readonly ZoomInput[]): View =>
  inputs.reduce((view: View, one) => zoomed(view, box, one), unzoomed);
const noise = 1e-6;

describe("zooming (B5)", () => {
  it("stays within 1 to 8 times, and the picture fills its box, whatever is done", () => {
    fc.assert(
      fc.property(size, fc.array(input, { maxLength: 12 }), (box, inputs) => {
        const { scale, x, y } = views(box, inputs);
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale).toBeLessThanOrEqual(mostZoom);
        expect(x).toBeLessThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(0);
        expect(x + box.width * scale).toBeGreaterThanOrEqual(box.width - noise);
        expect(y + box.height * scale).toBeGreaterThanOrEqual(box.height - noise);
      }),
    );
  });

  it("what is under the pointer stays there when it comes closer", () => {
    fc.assert(
      fc.property(size, fc.array(input, { maxLength: 6 }), share, share, by, (box, before, partX, partY, more) => {
        const view = views(box, before);
        const at = { x: box.width * partX, y: box.height * partY };
        const next = zoomed(view, box, { type: "zoom", by: Math.max(1, more), at });
        expect((at.x - next.x) / next.scale).toBeCloseTo((at.x - view.x) / view.scale, 4);
        expect((at.y - next.y) / next.scale).toBeCloseTo((at.y - view.y) / view.scale, 4);
      }),
    );
  });

  it("fingers keep what they hold, as far as the edges allow", () => {
    const box = { width: 400, height: 300 };
    const view = zoomed(unzoomed, box, { type: "zoom", by: 4, at: { x: 200, y: 150 } });
    const next = zoomed(view, box, { type: "pinch", by: 1.5, from: { x: 180, y: 140 }, to: { x: 200, y: 130 } });
    expect((200 - next.x) / next.scale).toBeCloseTo((180 - view.x) / view.scale, 9);
    expect((130 - next.y) / next.scale).toBeCloseTo((140 - view.y) / view.scale, 9);
  });

  it("two taps come closer, and go back", () => {
    const box = { width: 400, height: 300 };
    const closer = zoomed(unzoomed, box, { type: "toggle", at: { x: 100, y: 100 } });
    expect(closer).toEqual({ scale: 2.5, x: -150, y: -150 });
    expect(zoomed(closer, box, { type: "toggle", at: { x: 1, y: 1 } })).toEqual(unzoomed);
  });

  it("what is to be seen comes into view, and nothing moves for what is there already", () => {
    fc.assert(
      fc.property(size, fc.array(input, { maxLength: 6 }), share, share, (box, before, partX, partY) => {
        const at = { x: box.width * partX, y: box.height * partY };
        const view = zoomed(views(box, before), box, { type: "reveal", at });
        const x = at.x * view.scale + view.x;
        const y = at.y * view.scale + view.y;
        expect(x).toBeGreaterThanOrEqual(-noise);
        expect(x).toBeLessThanOrEqual(box.width + noise);
        expect(y).toBeGreaterThanOrEqual(-noise);
        expect(y).toBeLessThanOrEqual(box.height + noise);
        const again = zoomed(view, box, { type: "reveal", at });
        expect(again.x).toBeCloseTo(view.x, 6);
        expect(again.y).toBeCloseTo(view.y, 6);
      }),
    );
  });

  it("shows the same part when the box changes its size", () => {
    const view = zoomed(unzoomed, { width: 400, height: 300 }, { type: "zoom", by: 2, at: { x: 300, y: 30 } });
    expect(resized(view, { width: 400, height: 300 }, { width: 200, height: 150 })).toEqual({ scale: 2, x: -150, y: -15 });
    expect(resized(view, { width: 0, height: 0 }, { width: 200, height: 150 })).toEqual(unzoomed);
  });

  it("a click on a zoomed picture is where it is seen, also where cover cuts some off", () => {
    const geometry = {
      content: { left: 10, top: -90, width: 400, height: 400 },
      visible: { left: 10, top: 10, width: 400, height: 200 },
    };
    fc.assert(
      fc.property(fc.array(input, { maxLength: 6 }), share, share, (before, partX, partY) => {
        const view = views(geometry.visible, before);
        const shown = zoomedGeometry(geometry, view);
        const seen = { x: 10 + 400 * partX, y: 10 + 200 * partY };
        const percent = percentAt(shown, seen) ?? { x: Number.NaN, y: Number.NaN };
        const back = pointAt(shown, percent);
        expect(back.x).toBeCloseTo(seen.x, 1);
        expect(back.y).toBeCloseTo(seen.y, 1);
        const unshown = pointAt(geometry, percent);
        expect((unshown.x - 10) * view.scale + view.x).toBeCloseTo(seen.x - 10, 1);
      }),
    );
    expect(zoomedGeometry(geometry, unzoomed)).toEqual(geometry);
  });

  it("keys zoom at any time, and pan when there is more than is seen", () => {
    const box = { width: 400, height: 200 };
    const near = { scale: 2, x: -100, y: -100 };
    expect(zoomOfKey("+", unzoomed, box)).toEqual({ type: "zoom", by: 1.5 });
    expect(zoomOfKey("=", unzoomed, box)).toEqual({ type: "zoom", by: 1.5 });
    expect(zoomOfKey("-", near, box)).toEqual({ type: "zoom", by: 1 / 1.5 });
    expect(zoomOfKey("0", near, box)).toEqual({ type: "reset" });
    expect(zoomOfKey("ArrowRight", near, box)).toEqual({ type: "pan", by: { x: -60, y: 0 } });
    expect(zoomOfKey("ArrowUp", near, box)).toEqual({ type: "pan", by: { x: 0, y: 30 } });
    expect(zoomOfKey("ArrowUp", unzoomed, box)).toBeNull();
    expect(zoomOfKey("a", near, box)).toBeNull();
  });

  it("a wheel comes closer by so much, and one turn back undoes it", () => {
    expect(zoomOfWheel(-10, false)).toBeCloseTo(1.105, 3);
    expect(zoomOfWheel(-10, false) * zoomOfWheel(10, false)).toBeCloseTo(1, 9);
    expect(zoomOfWheel(-3, true)).toBeCloseTo(zoomOfWheel(-1000, false), 9);
  });
});
