import { describe, expect, it } from "vitest";
import type { ShownComment } from "../src/pending-changes.ts";
import { windowModel } from "../src/window-model.ts";
import { Windows } from "../src/windows.ts";
import type { Comment } from "../src/wire.ts";
import { layerParts } from "./layer-parts.ts";
import { me, ModelServer } from "./model-server.ts";

interface Scene {
  readonly comments?: readonly Partial<Comment>[];
  readonly count?: number;
  readonly status?: "loading" | "loaded";
  readonly user?: string;
}

/** What is asked when the first of some comments is to be deleted. */
function asked({ comments = [{}], count = comments.length, status = "loaded", user = me.id }: Scene): unknown {
  const server = new ModelServer();
  const { conversation } = server.createMarker("b", "win-1", null);
  const comment = server.createComment("c", "win-1", "Hi");
  const shown = comments.map((change, index): ShownComment => ({
    comment: { ...comment, _id: `c-${index}`, ...change },
    pending: null,
  }));
  const windows = new Windows();
  windows.show({ ...conversation, commentCount: count });
  windows.change("win-1", { confirming: { commentId: "c-0" } });
  const parts = layerParts({
    markers: [{ conversation, pending: false }],
    windows,
    threadOf: () => ({ status, comments: shown }),
    user: { ...me, id: user },
    maxReplyDepth: 4,
    canChange: true,
  });
  return windows.open && windowModel(parts, windows.open).confirming;
}

const comment = { commentId: "c-0" };

describe("deleting a comment", () => {
  it.each<[string, Scene, unknown]>([
    ["one of two", { comments: [{}, {}] }, comment],
    ["the only one takes its conversation along, which would stay empty", {}, "marker"],
    ["the last one that is not deleted", { comments: [{}, { isDeleted: true }], count: 1 }, "marker"],
    ["the only one beside one that waits for a moderator", { comments: [{}, { approved: false }], count: 1 }, comment],
    ["the only one of those that have come", { count: 2 }, comment],
    ["the only one, before all have come", { status: "loading" }, comment],
    ["the only one in somebody else's conversation", { user: "another" }, comment],
  ])("%s", (_name, scene, wanted) => {
    expect(asked(scene)).toEqual(wanted);
  });
});
