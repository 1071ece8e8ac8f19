import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as fold from "../src/inbox.ts";
import type { InboxPage } from "../src/shapes.ts";
import { entry } from "./entries.ts";

const page = (numbers: readonly number[], nextBefore: string | null = null): InboxPage => ({
  entries: numbers.map((number) => entry(number)),
  nextBefore,
  counts: { new: numbers.length, held: 0 },
});
const ids = (inbox: fold.Inbox): readonly string[] => inbox.entries.map(({ id }) => id);
const showing = (...numbers: readonly number[]): fold.Inbox => fold.begun(fold.emptyInbox("new"), page(numbers));

describe("an inbox that is read again", () => {
  it("takes in what is new, if nobody is busy", () => {
    expect(ids(fold.renewed(showing(2, 1), page([3, 2, 1]), false))).toEqual(["e3", "e2", "e1"]);
  });

  it("moves nothing under somebody's hands: what is new waits, what is gone stays and says so", () => {
    const inbox = fold.renewed(showing(2, 1), page([4, 3, 2]), true);
    expect(ids(inbox)).toEqual(["e2", "e1"]);
    expect(inbox.waiting.map(({ id }) => id)).toEqual(["e4", "e3"]);
    expect([...inbox.gone]).toEqual(["e1"]);
    expect(ids(fold.revealed(inbox))).toEqual(["e4", "e3", "e2"]);
  });

  it("keeps what is older than the page that was read", () => {
    const longer = fold.continued(showing(9, 8), page([2, 1]));
    expect(ids(fold.renewed(longer, page([10, 9, 8], "cursor"), false))).toEqual(["e10", "e9", "e8", "e2", "e1"]);
  });

  it("shows entries as they have become", () => {
    const changed = { ...page([2, 1]), entries: [entry(2, { resolved: true }), entry(1)] };
    expect(fold.renewed(showing(2, 1), changed, true).entries[0]?.resolved).toBe(true);
  });

  it("does not bring back what was just done here, and forgets that once the server has caught up", () => {
    const done = fold.without(showing(2, 1), new Set(["e2"]));
    const early = fold.renewed(done, page([2, 1]), false);
    expect(ids(early)).toEqual(["e1"]);
    const late = fold.renewed(early, page([1]), false);
    expect([...late.taken]).toEqual([]);
    expect(ids(fold.renewed(late, page([2, 1]), false))).toEqual(["e2", "e1"]);
  });
});

describe("what is taken away", () => {
  it("comes back to its place when it came to nothing", () => {
    const before = showing(3, 2, 1);
    const after = fold.restored(fold.without(before, new Set(["e2"])), [entry(2)]);
    expect(ids(after)).toEqual(["e3", "e2", "e1"]);
    expect([...after.taken]).toEqual([]);
  });

  it("hands the focus on to the next one, or at the end to the one before", () => {
    const middle = fold.activated(showing(3, 2, 1), "e2");
    expect(fold.without(middle, new Set(["e2"])).active).toBe("e1");
    const last = fold.activated(showing(3, 2, 1), "e1");
    expect(fold.without(last, new Set(["e1", "e2"])).active).toBe("e3");
    expect(fold.without(last, new Set(["e1", "e2", "e3"])).active).toBeNull();
  });
});

describe("a selection", () => {
  it("is what an action is about; without one, it is the active entry", () => {
    const inbox = fold.activated(showing(3, 2, 1), "e2");
    expect(fold.subjects(inbox).map(({ id }) => id)).toEqual(["e2"]);
    expect(fold.subjects(fold.toggled(inbox, "e3")).map(({ id }) => id)).toEqual(["e3"]);
    expect(fold.subjects(fold.allSelected(inbox))).toHaveLength(3);
    expect(fold.noneSelected(fold.allSelected(inbox)).selected.size).toBe(0);
  });

  it("reaches from the active entry to another one", () => {
    const inbox = fold.extended(fold.activated(showing(4, 3, 2, 1), "e3"), "e1");
    expect([...inbox.selected].sort()).toEqual(["e1", "e2", "e3"]);
  });

  it("never has in it what somebody else has done meanwhile", () => {
    const inbox = fold.renewed(fold.allSelected(showing(2, 1)), page([2]), true);
    expect(fold.subjects(inbox).map(({ id }) => id)).toEqual(["e2"]);
  });
});

it("moves from entry to entry, and stops at both ends", () => {
  const inbox = showing(2, 1);
  expect(fold.moved(inbox, 1).active).toBe("e1");
  expect(fold.moved(fold.moved(inbox, 1), 1).active).toBe("e1");
  expect(fold.moved(inbox, -1).active).toBe("e2");
});

it("shows each entry once and in order, the newest first, whatever happens", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
  const step = fc.oneof(
    fc.record({ do: fc.constant("read" as const), numbers, isBusy: fc.boolean() }),
    fc.record({ do: fc.constant("more" as const), numbers }),
    fc.record({ do: fc.constant("take" as const), numbers }),
    fc.record({ do: fc.constant("back" as const), numbers }),
    fc.record({ do: fc.constant("reveal" as const) }),
    fc.record({ do: fc.constant("select" as const) }),
  );
  const newestFirst = (some: readonly number[]): number[] => [...some].sort((one, other) => other - one);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let inbox = showing(6, 5);
      for (const one of steps) {
        switch (one.do) {
          case "read":
            inbox = fold.renewed(inbox, page(newestFirst(one.numbers)), one.isBusy);
            break;
          case "more": {
            const oldest = Number(inbox.entries.at(-1)?.id.slice(1) ?? 99);
            inbox = fold.continued(inbox, page(newestFirst(one.numbers.filter((number) => number < oldest))));
            break;
          }
          case "take":
            inbox = fold.without(inbox, new Set(one.numbers.map((number) => `e${number}`)));
            break;
          case "back":
            inbox = fold.restored(inbox, one.numbers.map((number) => entry(number)));
            break;
          case "reveal":
            inbox = fold.revealed(inbox);
            break;
          case "select":
            inbox = fold.allSelected(inbox);
            break;
        }
        const shown = ids(inbox);
        expect(new Set(shown).size).toBe(shown.length);
        const times = inbox.entries.map(({ at }) => at);
        expect(times).toEqual([...times].sort().reverse());
        expect(inbox.active === null || shown.includes(inbox.active)).toBe(true);
      }
    }),
  );
});
