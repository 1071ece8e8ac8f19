import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentTree, flat, replyTarget } from "../src/comment-tree.ts";
import { shownComments, type ShownComment } from "../src/pending-changes.ts";
import type { Comment } from "../src/wire.ts";
import { ModelServer } from "./model-server.ts";

const template: Comment = new ModelServer().createComment("none", "win", "");
const comment = (id: string, parentId?: string, change: Partial<Comment> = {}): Comment => ({
  ...template,
  _id: id,
  ...(parentId === undefined ? {} : { parentId }),
  ...change,
});
const settled = (...given: Parameters<typeof comment>): ShownComment => ({ comment: comment(...given), pending: null });
const placed = (comments: readonly ShownComment[]): string[] =>
  commentTree(comments).map((one) => `${".".repeat(one.depth)}${one.comment._id}`);

describe("a thread with replies (M21)", () => {
  it("puts each reply under what it answers, oldest first on every level", () => {
    const thread = [settled("a"), settled("b"), settled("c", "a"), settled("d", "c"), settled("e", "b"), settled("f", "a")];
    expect(placed(thread)).toEqual(["a", ".c", "..d", ".f", "b", ".e"]);
    expect(flat(thread).map(({ depth }) => depth)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("a reply to what is not there stands by itself, with its own replies", () => {
    expect(placed([settled("a"), settled("b", "gone"), settled("c", "b")])).toEqual(["a", "b", ".c"]);
  });

  it("an emptied place keeps its replies", () => {
    expect(placed([settled("a", undefined, { isDeleted: true }), settled("b"), settled("c", "a")])).toEqual(["a", ".c", "b"]);
  });

  it("shows every comment once, whatever the parents are, and a parent before its replies", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e", "gone");
    fc.assert(
      fc.property(fc.array(fc.option(ids, { nil: undefined }), { maxLength: 5 }), (parents) => {
        const thread = parents.map((parent, index) => settled("abcde".charAt(index), parent));
        const tree = commentTree(thread);
        expect(tree.map((one) => one.comment._id).sort()).toEqual(thread.map((one) => one.comment._id));
        for (const [index, one] of tree.entries()) {
          const before = tree.slice(0, index).findLast(({ depth }) => depth < one.depth);
          expect(one.depth === 0 ? undefined : one.comment.parentId).toBe(before?.comment._id);
        }
      }),
    );
  });

  it("may be answered down to the depth that the page allows", () => {
    const thread = [settled("a"), settled("b", "a"), settled("c", undefined, { isDeleted: true })];
    expect(replyTarget(thread, "a", 0)).toBeNull();
    expect(replyTarget(thread, "a", 1)?._id).toBe("a");
    expect(replyTarget(thread, "b", 1)).toBeNull();
    expect(replyTarget(thread, "b", 2)?._id).toBe("b");
    expect(replyTarget(thread, "c", 2)).toBeNull();
    expect(replyTarget(thread, "gone", 2)).toBeNull();
    expect(replyTarget(thread, null, 2)).toBeNull();
  });
});

describe("one's own deletion, before the server has answered (M4)", () => {
  const remove = (target: Comment): Parameters<typeof shownComments>[2] => [
    { broadcastId: "b-1", change: { kind: "delete-comment", comment: target }, answeredAt: null },
  ];

  it("leaves an empty place where there are replies, and nothing where there are none", () => {
    const [parent, reply] = [comment("a", undefined, { comment: "Secret" }), comment("b", "a")];
    expect(shownComments([parent, reply], "win", remove(parent))).toMatchObject([
      { comment: { _id: "a", isDeleted: true, comment: "" } },
      { comment: { _id: "b" } },
    ]);
    expect(shownComments([parent, reply], "win", remove(reply)).map((one) => one.comment._id)).toEqual(["a"]);
  });
});
