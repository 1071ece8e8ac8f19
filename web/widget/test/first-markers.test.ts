import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstMarkers } from "../src/first-markers.ts";
import { layerModel } from "../src/layer-model.ts";
import { Pace } from "../src/pace.ts";
import type { LayerModel } from "../src/view/model.ts";
import { Windows } from "../src/windows.ts";
import type { Conversation } from "../src/wire.ts";
import { layerParts } from "./layer-parts.ts";
import { ModelServer } from "./model-server.ts";

const { conversation } = new ModelServer().createMarker("none", "win-none", null);

const pictures = fc
  .array(fc.record({ x: fc.double({ min: 0, max: 100, noNaN: true }), resolved: fc.boolean(), approved: fc.constantFrom(true, false, undefined) }), {
    maxLength: 150,
  })
  .map((markers) =>
    markers.map(({ x, resolved, approved }, index): Conversation => ({
      ...conversation,
      ...(approved === undefined ? {} : { approved }),
      _id: `m${index}`,
      urlId: `win-${index}`,
      x,
      resolved,
    })),
  );

/** What is shown of the same once it is live, by somebody who has read all of it and whose nothing of it is. */
function liveModel(conversations: readonly Conversation[], hidesResolved: boolean): LayerModel {
  const windows = new Windows();
  windows.hidesResolved = hidesResolved;
  return layerModel(layerParts({ markers: conversations.map((one) => ({ conversation: one, pending: false })), windows }));
}

describe("what is seen first (P9)", () => {
  it("SNAP1 are the markers that are there once it is live, and these stay the same to whoever draws them", () => {
    fc.assert(
      fc.property(pictures, fc.boolean(), (conversations, hidesResolved) => {
        const first = firstMarkers(conversations, hidesResolved);
        const wanted = liveModel(conversations, hidesResolved);
        expect(first).toEqual(wanted.markers.slice(0, 100));
        const pace = new Pace();
        pace.begin(first);
        const { markers } = pace.next(wanted, { most: 0, isAtEnd: true }, "some");
        for (const [index, one] of first.entries()) {
          expect(markers[index]).toBe(one);
        }
      }),
      { seed: 20261128 },
    );
  });
});
