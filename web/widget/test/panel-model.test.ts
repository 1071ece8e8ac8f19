import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything, nextUnread, panelEntries, type PanelParts } from "../src/panel-model.ts";
import type { ShownComment, ShownMarker } from "../src/pending-changes.ts";
import type { Comment, Conversation } from "../src/wire.ts";

const marker = (number: number, change: Partial<Conversation> = {}): ShownMarker => ({
  pending: false,
  conversation: {
    _id: `m${number}`,
    urlId: `t${number}`,
    x: 1,
    y: 1,
    src: "",
    resolved: false,
    commentCount: 1,
    lastCommentAt: null,
    createdAt: `2026-01-0${number}T00:00:00.000Z`,
    userId: "u",
    ...change,
  },
});
const said = (comment: string, commenterName = "Ann", change: Partial<Comment> = {}): ShownComment => ({
  pending: null,
  comment: { _id: comment, comment, commenterName, ...change } as Comment,
});
const parts = (change: Partial<PanelParts> = {}): PanelParts => ({
  markers: [
    marker(1, { lastCommentAt: "2026-02-01T00:00:00.000Z" }),
    marker(2, { commentCount: 7, resolved: true }),
    marker(3, { commentCount: 2 }),
  ],
  isUnread: (key) => key === "t2",
  commentsOf: (key) => (key === "t1" ? [said("The Résumé is wrong"), said("Fixed", "Žofia")] : []),
  ...change,
});
const keys = (query: Partial<typeof everything>, given = parts()): string[] =>
  panelEntries(given, { ...everything, ...query }).map(({ key }) => key);

describe("the list of conversations", () => {
  it.each([
    ["newest", ["t1", "t3", "t2"]],
    ["oldest", ["t1", "t2", "t3"]],
    ["unread", ["t2", "t1", "t3"]],
    ["most", ["t2", "t3", "t1"]],
  ] as const)("is sorted by %s", (sort, expected) => {
    expect(keys({ sort })).toEqual(expected);
  });

  it("shows only what is unread, open or resolved, if that is wanted", () => {
    expect(keys({ unreadOnly: true })).toEqual(["t2"]);
    expect(keys({ resolved: "open" })).toEqual(["t1", "t3"]);
    expect(keys({ resolved: "resolved" })).toEqual(["t2"]);
    expect(keys({ resolved: "open", unreadOnly: true })).toEqual([]);
  });

  it("finds words of loaded comments and authors, without case and marks, and numbers", () => {
    expect(keys({ search: "resume" })).toEqual(["t1"]);
    expect(keys({ search: "  RÉSUMÉ  zofia " })).toEqual(["t1"]);
    expect(keys({ search: "resume nothing" })).toEqual([]);
    expect(keys({ search: "#3" })).toEqual(["t3"]);
    expect(keys({ search: "  " })).toHaveLength(3);
  });

  it("finds nothing in what was deleted, and shows none of it", () => {
    const given = parts({ commentsOf: () => [said("secret", "Ann", { isDeleted: true }), said("kept")] });
    expect(keys({ search: "secret" }, given)).toEqual([]);
    const [entry] = panelEntries(given, everything);
    expect(entry?.first?.comment.comment).toBe("kept");
    expect(entry?.latest?.comment.comment).toBe("kept");
  });

  it("has the numbers of the picture, whatever is shown of it", () => {
    expect(panelEntries(parts(), { ...everything, resolved: "resolved" })[0]?.number).toBe(2);
  });

  it("has each marker once, whatever is asked for", () => {
    const query = fc.record({
      search: fc.constantFrom("", "fixed", "1"),
      sort: fc.constantFrom("newest" as const, "oldest" as const, "unread" as const, "most" as const),
      unreadOnly: fc.boolean(),
      resolved: fc.constantFrom("open" as const, "resolved" as const, "all" as const),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const found = keys(asked);
        expect(new Set(found).size).toBe(found.length);
        const sorted = keys({ ...asked, sort: "oldest" });
        expect([...found].sort()).toEqual([...sorted].sort());
      }),
    );
  });
});

describe("the next unread conversation", () => {
  const markers = [1, 2, 3, 4, 5].map((number) => marker(number));
  const given = (...unread: string[]): PanelParts => parts({ markers, isUnread: (key) => unread.includes(key) });

  it("is the next by age, and goes round, both ways", () => {
    expect(nextUnread(given("t2", "t4"), "t3", 1)).toBe("t4");
    expect(nextUnread(given("t2", "t4"), "t4", 1)).toBe("t2");
    expect(nextUnread(given("t2", "t4"), "t3", -1)).toBe("t2");
    expect(nextUnread(given("t2", "t4"), "t2", -1)).toBe("t4");
  });

  it("without an open one is the first, or the last", () => {
    expect(nextUnread(given("t1", "t5"), null, 1)).toBe("t1");
    expect(nextUnread(given("t1", "t5"), null, -1)).toBe("t5");
    expect(nextUnread(given("t1"), "gone", 1)).toBe("t1");
  });

  it("is none when all has been read, or only the open one has not", () => {
    expect(nextUnread(given(), "t1", 1)).toBeNull();
    expect(nextUnread(given("t1"), "t1", 1)).toBeNull();
    expect(nextUnread({ ...given("t1"), markers: [] }, null, -1)).toBeNull();
  });
});
