import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MarkerModel } from "../src/view/model.ts";
import { Panes } from "../src/view/panes.ts";

const marker = (key: string): MarkerModel => ({ key }) as unknown as MarkerModel;

/** Steps of a picture's life: how many markers come, and which part of those that are there goes. */
const lives = fc.array(fc.record({ come: fc.nat({ max: 600 }), stay: fc.constantFrom(1, 0.9, 0.3, 0.01) }), { maxLength: 12 });

describe("the panes of the markers (M17)", () => {
  it("M17 hold every marker once, in order, on few panes, and a marker keeps its own", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const panes = new Panes();
        let markers: MarkerModel[] = [];
        let made = 0;
        let before = new Map<string, number>();
        for (const { come, stay } of life) {
          const kept = markers.filter((_, index) => (index * 7919) % 1000 < stay * 1000);
          markers = [...kept, ...Array.from({ length: come }, () => marker(String((made += 1))))];
          const divided = panes.divide(markers);
          const after = new Map(divided.flatMap((pane, index) => pane.map(({ key }) => [key, index] as const)));
          expect(divided.flat()).toHaveLength(markers.length);
          expect(after.size).toBe(markers.length);
          for (const pane of divided) {
            expect(pane).toEqual(markers.filter((one) => pane.includes(one)));
            expect(pane.length).toBeLessThanOrEqual(250);
          }
          const moved = kept.filter(({ key }) => before.get(key) !== after.get(key));
          const isThinned = Math.max(0, ...before.values()) > 2 * Math.ceil(markers.length / 250);
          expect(isThinned ? [] : moved).toEqual([]);
          before = after;
        }
        expect(panes.divide(markers).length).toBeLessThanOrEqual(2 * Math.ceil(markers.length / 250) + 1);
      }),
      { seed: 20260105, numRuns: 50 },
    );
  });
});
