import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlacedComment } from "../src/comment-tree.ts";
import { Pace } from "../src/pace.ts";
import type { LayerModel, MarkerModel, WindowModel } from "../src/view/model.ts";
import { ModelServer } from "./model-server.ts";

const { conversation } = new ModelServer().createMarker("none", "win-none", null);
const comment = new ModelServer().createComment("none", "win-none", "");

function marker(key: string, more: Partial<MarkerModel> = {}): MarkerModel {
  const state = { kind: "shown", pending: false, isOpen: false, isUnread: false, hasNotice: false, isOwn: false } as const;
  return { key, number: 1, conversation, ...state, ...more };
}

function placed(id: number, more: Partial<PlacedComment> = {}): PlacedComment {
  return { comment: { ...comment, _id: `c${id}` }, pending: null, depth: 0, ...more };
}

function model(markers: readonly MarkerModel[], comments: readonly PlacedComment[] | null = null): LayerModel {
  const thread = { status: "loaded", comments, earlier: 0, count: comments?.length ?? 0 };
  const window = comments === null ? null : ({ key: "open", thread } as unknown as WindowModel);
  return { markers, window } as unknown as LayerModel;
}

const atEnd = { most: 100, isAtEnd: true };
const ids = (shown: LayerModel): string[] => shown.window?.thread?.comments.map((one) => one.comment._id) ?? [];
const range = (from: number, to: number): PlacedComment[] => Array.from({ length: to - from }, (_, index) => placed(from + index));

const pictures = fc.array(
  fc.uniqueArray(fc.record({ key: fc.nat({ max: 300 }), number: fc.nat({ max: 2 }), pending: fc.boolean() }), {
    selector: ({ key }) => key,
    maxLength: 200,
  }),
  { minLength: 1, maxLength: 4 },
);

describe("the view's pace (M17)", () => {
  it("M17 shows what is on the picture in the end, a bounded part a frame, and one's own always", () => {
    fc.assert(
      fc.property(pictures, (wanted) => {
        const pace = new Pace();
        let shown: readonly MarkerModel[] = [];
        for (const picture of wanted) {
          const markers = picture.map(({ key, ...more }) => marker(String(key), more));
          for (let frame = 0; frame === 0 || pace.isBehind; frame += 1) {
            const before = new Set(shown);
            shown = pace.next(model(markers), atEnd, "some").markers;
            expect(shown.filter((one) => !before.has(one) && !one.pending).length).toBeLessThanOrEqual(50);
            expect(markers.filter(({ pending }) => pending).every(({ key }) => shown.some((one) => one.key === key && one.pending))).toBe(true);
            expect(frame).toBeLessThan(10);
          }
          expect(shown).toEqual(markers);
        }
      }),
      { seed: 20260105 },
    );
  });

  it("M17 keeps what has not changed as it is, so that nothing of it is rendered again", () => {
    const pace = new Pace();
    const [first] = pace.next(model([marker("a"), marker("b")]), atEnd, "some").markers;
    const [again, changed] = pace.next(model([marker("a"), marker("b", { isUnread: true })]), atEnd, "some").markers;
    expect(again).toBe(first);
    expect(changed?.isUnread).toBe(true);
  });

  it("M17 answers the visitor with what is theirs alone, and with all of it where nobody looks", () => {
    const many = Array.from({ length: 500 }, (_, index) => marker(String(index)));
    const pace = new Pace();
    expect(pace.next(model([...many, marker("mine", { kind: "draft" })]), atEnd, "own").markers).toHaveLength(1);
    expect(pace.isBehind).toBe(true);
    expect(pace.next(model(many), atEnd, "all").markers).toHaveLength(500);
    expect(pace.isBehind).toBe(false);
  });

  it("M17 takes away what is gone at once", () => {
    const pace = new Pace();
    pace.next(model([marker("a"), marker("b")]), atEnd, "all");
    expect(pace.next(model([marker("b")]), atEnd, "own").markers.map(({ key }) => key)).toEqual(["b"]);
  });
});

describe("a long thread", () => {
  it("shows its latest comments, the last ones first, and earlier ones on request", () => {
    const pace = new Pace();
    const first = pace.next(model([], range(0, 300)), atEnd, "some");
    expect(ids(first).at(-1)).toBe("c299");
    expect(ids(first).length).toBeLessThan(20);
    const latest = pace.next(model([], range(0, 300)), atEnd, "all");
    expect(ids(latest)).toEqual(ids(model([], range(200, 300))));
    expect(latest.window?.thread?.earlier).toBe(200);
    expect(ids(pace.next(model([], range(0, 300)), { ...atEnd, most: 200 }, "all"))).toHaveLength(200);
  });

  it("lets the earliest go for new ones, but not before the eyes of who reads there", () => {
    const pace = new Pace();
    pace.next(model([], range(0, 300)), atEnd, "all");
    const reading = pace.next(model([], range(0, 350)), { most: 100, isAtEnd: false }, "all");
    expect(ids(reading)[0]).toBe("c200");
    expect(ids(reading)).toHaveLength(150);
    expect(ids(pace.next(model([], range(0, 350)), atEnd, "all"))[0]).toBe("c250");
  });

  it("begins anew with another window", () => {
    const pace = new Pace();
    pace.next(model([], range(0, 300)), atEnd, "all");
    pace.next(model([]), atEnd, "some");
    expect(ids(pace.next(model([], range(0, 300)), atEnd, "some")).length).toBeLessThan(20);
  });
});
