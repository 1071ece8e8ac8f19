import { describe, expect, it } from "vitest";
import { changed, shownComments, shownMarkers, type Change, type PendingChange } from "../src/pending-changes.ts";
import { stateOf } from "../src/room-state.ts";
import { ModelServer } from "./model-server.ts";

const server = new ModelServer();
const { conversation } = server.createMarker("b", "win", "First");
const second = server.createComment("b", "win", "Second");
const third = server.createComment("b", "win", "Third");
const comments = server.comments("win").comments;
const counted = server.snapshot().conversations;
const state = stateOf({ epoch: "e", seq: 3 }, counted);
const pending = (change: Change, answeredAt: number | null = null): PendingChange[] => [
  { broadcastId: "own", change, answeredAt },
];

describe("a change of a marker, on its way", () => {
  it("shows at once, and leaves the rest as others have made it meanwhile", () => {
    const change = { x: 70, resolved: true };
    const made = pending({ kind: "update-marker", conversation: changed(conversation, change), change });
    expect(shownMarkers(state, made)).toEqual([
      { conversation: { ...counted[0], x: 70, resolved: true }, pending: false },
    ]);
  });

  it("adds a region, leaves one alone, and takes it away", () => {
    const region = { w: 10, h: 20 };
    const withRegion = changed(conversation, { region });
    expect(withRegion.region).toEqual(region);
    expect(changed(withRegion, { x: 1 }).region).toEqual(region);
    expect(Object.keys(changed(withRegion, { region: null }))).not.toContain("region");
  });

  it("does not bring back a marker that somebody has deleted meanwhile", () => {
    const change = { x: 70 };
    const made = pending({ kind: "update-marker", conversation, change });
    expect(shownMarkers(stateOf({ epoch: "e", seq: 4 }, []), made)).toEqual([]);
  });
});

describe("an undo, on its way", () => {
  it("shows a marker again, as not yet there", () => {
    const empty = stateOf({ epoch: "e", seq: 4 }, []);
    const change = { kind: "restore-marker", conversation } as const;
    expect(shownMarkers(empty, pending(change))).toEqual([{ conversation, pending: true }]);
    expect(shownMarkers(empty, pending(change, 5))).toEqual([{ conversation, pending: false }]);
  });

  it("puts a comment where its date is, and counts it", () => {
    const change = { kind: "restore-comment", comment: second } as const;
    const others = comments.filter(({ _id }) => _id !== second._id);
    const shown = shownComments(others, "win", pending(change));
    expect(shown.map(({ comment }) => comment.comment)).toEqual(["First", "Second", "Third"]);
    expect(shown[1]?.pending).toBe("saving");
    expect(shownMarkers(state, pending(change))[0]?.conversation.commentCount).toBe(4);
    expect(shownComments(others, "another", pending(change))).toHaveLength(2);
  });

  it("fills the empty place that a comment left, and changes nothing where it is there", () => {
    const emptied = comments.map((one) => (one === third ? { ...one, comment: "", isDeleted: true } : one));
    const change = { kind: "restore-comment", comment: third } as const;
    expect(shownComments(emptied, "win", pending(change)).at(-1)?.comment).toEqual(third);
    expect(shownComments(comments, "win", pending(change))).toHaveLength(3);
  });
});
