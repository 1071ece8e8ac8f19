import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clustersOf, fannedOut, reachOf, type Placed } from "../src/clusters.ts";

const marker = (key: string, x: number, y: number): Placed => ({ key, x, y });
const coordinate = fc.integer({ min: 0, max: 8000 }).map((value) => value / 10);
const crowd = fc
  .array(fc.tuple(coordinate, coordinate), { maxLength: 120 })
  .map((points) => points.map(([x, y], index) => marker(`m${index}`, x, y)));
const far = (one: Placed, other: Placed, reach: number): boolean =>
  Math.abs(one.x - other.x) >= reach || Math.abs(one.y - other.y) >= reach;

describe("clusters", () => {
  it("join what covers each other, at the place of the oldest, and leave alone what can be hit", () => {
    const markers = [marker("a", 100, 100), marker("b", 110, 95), marker("c", 300, 100), marker("d", 90, 112)];
    expect(clustersOf(markers, 24)).toEqual([{ key: "a", x: 100, y: 100, keys: ["a", "b", "d"] }]);
  });

  it("leave at least what WCAG asks of a target uncovered", () => {
    expect(reachOf(20)).toBe(24);
    expect(reachOf(80)).toBe(40);
  });

  it("leave out what is open or being moved", () => {
    const markers = [marker("a", 100, 100), marker("b", 101, 100), marker("c", 102, 100)];
    expect(clustersOf(markers, 24, new Set(["a"]))).toEqual([{ key: "b", x: 101, y: 100, keys: ["b", "c"] }]);
    expect(clustersOf(markers.slice(0, 2), 24, new Set(["a"]))).toEqual([]);
  });

  it("are none where nothing is shown", () => {
    expect(clustersOf([marker("a", 1, 1), marker("b", 1, 1)], 0)).toEqual([]);
    expect(clustersOf([marker("a", 1, 1), marker("b", 1, 1)], Number.NaN)).toEqual([]);
  });

  it("have each marker once, and no two that stand for themselves cover each other", () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 1, max: 200 }), (markers, reach) => {
        const clusters = clustersOf(markers, reach);
        const joined = clusters.flatMap(({ keys }) => keys);
        expect(new Set(joined).size).toBe(joined.length);
        const hidden = new Set(clusters.flatMap(({ keys }) => keys.slice(1)));
        const shown = markers.filter(({ key }) => !hidden.has(key));
        for (const [index, one] of shown.entries()) {
          expect(shown.slice(index + 1).every((other) => far(one, other, reach))).toBe(true);
        }
        for (const { key, keys, x, y } of clusters) {
          expect(keys[0]).toBe(key);
          const members = markers.filter((each) => keys.includes(each.key));
          expect(members.every((each) => !far(each, { key, x, y }, reach))).toBe(true);
        }
      }),
    );
  });

  it("do not change among older markers when one more comes", () => {
    fc.assert(
      fc.property(crowd, coordinate, coordinate, (markers, x, y) => {
        const before = clustersOf(markers, 30);
        const after = clustersOf([...markers, marker("new", x, y)], 30);
        const known = after
          .map((cluster) => ({ ...cluster, keys: cluster.keys.filter((key) => key !== "new") }))
          .filter(({ keys }) => keys.length > 1);
        expect(known).toEqual(before);
      }),
    );
  });

  it("look at nine cells for each marker, however many there are", () => {
    const size = 5000;
    const markers = Array.from({ length: size }, (_, index) => marker(`m${index}`, (index * 37) % 800, (index * 91) % 600));
    let reads = 0;
    const counted = markers.map((one) => ({
      key: one.key,
      y: one.y,
      get x() {
        reads += 1;
        return one.x;
      },
    }));
    const clusters = clustersOf(counted, 24);
    expect(clusters.reduce((sum, { keys }) => sum + keys.length, 0)).toBeGreaterThan(size * 0.9);
    expect(reads).toBeLessThan(size * 25);
  });
});

describe("a fan", () => {
  const bounds = { left: 0, top: 0, width: 800, height: 600 };

  it("covers none of its markers with another, and lies within the picture", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), coordinate, fc.integer({ min: 0, max: 600 }), (count, x, y) => {
        const points = fannedOut(count, { x, y }, 24, bounds);
        expect(points).toHaveLength(count);
        for (const [index, one] of points.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(12 - 1e-6);
          expect(one.x).toBeLessThanOrEqual(788 + 1e-6);
          expect(one.y).toBeGreaterThanOrEqual(12 - 1e-6);
          expect(one.y).toBeLessThanOrEqual(588 + 1e-6);
          for (const other of points.slice(index + 1)) {
            expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(24);
          }
        }
      }),
    );
  });

  it("that is wider than the picture is in its middle", () => {
    const points = fannedOut(30, { x: 5, y: 5 }, 24, { left: 0, top: 0, width: 60, height: 60 });
    const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
    expect(middle(points.map(({ x }) => x))).toBeCloseTo(30);
    expect(middle(points.map(({ y }) => y))).toBeCloseTo(30);
  });
});
