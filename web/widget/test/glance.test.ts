import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { glancePlace, glanceWords } from "../src/glance.ts";
import { textsOf } from "../src/texts.ts";
import type { MarkerModel } from "../src/view/model.ts";
import { nameOf } from "../src/view/names.ts";
import { ModelServer } from "./model-server.ts";

const texts = textsOf({});

function markerWith(change: Partial<MarkerModel["conversation"]>, isUnread = false): MarkerModel {
  const { conversation } = new ModelServer().createMarker("b", "win-1", "Hi");
  return {
    key: "win-1", number: 1, kind: "shown", conversation: { ...conversation, ...change }, pending: false,
    isOpen: false, isUnread, hasNotice: false, isOwn: false,
  };
}

describe("a glance at a conversation", () => {
  const { comment } = new ModelServer().createMarker("b", "win-1", "  Two\n lines  ");
  if (comment === undefined) {
    throw new Error("a marker is made with a comment");
  }
  const shown = { comment: { ...comment, commentHTML: "<p>Two<br>\n <em>lines</em></p>" }, pending: null };

  it("says who began it, with which words, and how it stands", () => {
    const words = glanceWords(markerWith({ commentCount: 3, resolved: true }, true), [shown], texts);
    expect(words.said).toBe("Two lines");
    expect(words.who).toBe(comment.commenterName || "Anonymous");
    expect(words.state).toBe("3 comments · new comments · resolved");
  });

  it("passes over what was deleted, and before the thread has come says what is known", () => {
    const gone = { ...shown, comment: { ...comment, isDeleted: true } };
    expect(glanceWords(markerWith({}), [gone, shown], texts).said).toBe("Two lines");
    expect(glanceWords(markerWith({ commentCount: 1 }), [], texts)).toEqual({ who: "", said: "", state: "1 comment" });
  });

  it("cuts no letter in two", () => {
    const long = { ...shown, comment: { ...comment, comment: "👋🏽".repeat(300), commentHTML: "" } };
    expect(glanceWords(markerWith({}), [long], texts).said).not.toContain("\ufffd");
    expect(Array.from(glanceWords(markerWith({}), [long], texts).said)).toHaveLength(240);
  });
});

describe("its place", () => {
  const length = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
  const place = fc.record({ left: fc.integer({ min: -50, max: 1500 }), top: fc.integer({ min: -50, max: 1000 }), width: length(60), height: length(60) });
  const box = fc.record({ width: length(280), height: length(140) });
  const view = fc.record({ width: fc.integer({ min: 200, max: 1500 }), height: fc.integer({ min: 100, max: 1000 }) });

  it("is in view, and never over the marker", () => {
    fc.assert(
      fc.property(place, box, view, fc.boolean(), (marker, size, seen, isFromTheRight) => {
        const at = glancePlace(marker, size, seen, isFromTheRight);
        if (at !== null) {
          const isOver =
            at.x < marker.left + marker.width && marker.left < at.x + size.width &&
            at.y < marker.top + marker.height && marker.top < at.y + size.height;
          expect(isOver).toBe(false);
          expect(Math.min(at.x, at.y)).toBeGreaterThanOrEqual(8);
          expect(at.x + size.width).toBeLessThanOrEqual(seen.width - 8);
          expect(at.y + size.height).toBeLessThanOrEqual(seen.height - 8);
        }
      }),
    );
  });

  const size = { width: 200, height: 80 };
  const marker = (left: number, top: number) => ({ left, top, width: 24, height: 24 });
  it.each([
    ["above", marker(300, 300), { width: 600, height: 600 }, false, { x: 212, y: 212 }],
    ["above, and in from the edge", marker(0, 300), { width: 600, height: 600 }, false, { x: 8, y: 212 }],
    ["below, at the top", marker(300, 20), { width: 600, height: 600 }, false, { x: 212, y: 52 }],
    ["beside it, where it is low", marker(300, 40), { width: 600, height: 110 }, false, { x: 332, y: 12 }],
    ["beside it, read from the right", marker(300, 40), { width: 600, height: 110 }, true, { x: 92, y: 12 }],
    ["nowhere, for want of room", marker(80, 40), { width: 210, height: 110 }, false, null],
    ["nowhere, of what is out of view", marker(300, -30), { width: 600, height: 600 }, false, null],
  ])("is %s", (_name, at, seen, isFromTheRight, expected) => {
    expect(glancePlace(at, size, seen, isFromTheRight)).toEqual(expected);
  });

  it.each([
    ["below, with one above", [marker(290, 260)], { x: 212, y: 332 }],
    ["after it, with one above and one below", [marker(300, 250), marker(300, 350)], { x: 332, y: 272 }],
    ["above them all, with others on all sides", [marker(300, 250), marker(300, 350), marker(250, 300), marker(350, 300)], { x: 212, y: 162 }],
    ["over one, where there is no room beside them", [{ left: 0, top: 0, width: 600, height: 290 }, { left: 0, top: 330, width: 600, height: 270 }], { x: 212, y: 212 }],
  ])("beside others is %s", (_name, others, expected) => {
    expect(glancePlace(marker(300, 300), size, { width: 600, height: 600 }, false, others)).toEqual(expected);
  });
});

describe("who gave no name", () => {
  it("M23 is called so in the reader's language, as the server has one word for all", () => {
    const texts = textsOf({ anonymous: "Jemand" });
    expect(["", "Anonymous", "Ada"].map((commenterName) => nameOf({ commenterName }, texts))).toEqual(["Jemand", "Jemand", "Ada"]);
  });
});
