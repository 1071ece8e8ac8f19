import { describe, expect, it } from "vitest";
import { begun, emptyInbox, type Inbox } from "../src/inbox.ts";
import * as actions from "../src/inbox-actions.ts";
import type { Entry } from "../src/shapes.ts";
import { entry } from "./entries.ts";

class FakeDesk implements actions.Desk {
  inbox: Inbox;
  readonly calls: unknown[][] = [];
  readonly said: string[] = [];
  readonly failures: unknown[] = [];
  undo: (() => Promise<void>) | null = null;
  readonly tenant = "acme";
  refuses: string | null = null;

  constructor(entries: readonly Entry[]) {
    this.inbox = begun(emptyInbox("new"), { entries, nextBefore: null, counts: { new: entries.length, held: 0 } });
  }

  readonly api = new Proxy({} as actions.Calls, {
    get: (_target, name: string) => (...given: unknown[]) => {
      this.calls.push([name, ...given.slice(1)]);
      const answers: Record<string, unknown> = {
        countOf: (given[1] as { ids?: unknown[] } | undefined)?.ids?.length,
        massDelete: { undoId: "undo-1" },
        spam: { undoId: "undo-2" },
        ban: { bans: [{ _id: "ban-1" }, { _id: "ban-2" }] },
      };
      return this.refuses === name ? Promise.reject(new Error("refused")) : Promise.resolve(answers[name]);
    },
  });

  readonly change = (step: (inbox: Inbox) => Inbox): void => {
    this.inbox = step(this.inbox);
  };

  readonly done = (key: string, count: number, undo: (() => Promise<void>) | null): void => {
    this.said.push(`${key} ${count}`);
    this.undo = undo;
  };

  readonly failed = (error: unknown): void => {
    this.failures.push(error);
  };

  get ids(): readonly string[] {
    return this.inbox.entries.map(({ id }) => id);
  }
}

const held = (number: number): Entry => entry(number, { held: { id: `h${number}`, reason: "links" } });

describe("deleting", () => {
  it("takes entries away at once, confirms how many it is, and can be undone", async () => {
    const desk = new FakeDesk([entry(3), entry(2), entry(1)]);
    const deleting = actions.remove(desk, [entry(3), entry(1)]);
    expect(desk.ids).toEqual(["e2"]);
    await deleting;
    expect(desk.calls).toEqual([["countOf", { ids: ["e3", "e1"] }], ["massDelete", { ids: ["e3", "e1"] }, 2]]);
    expect(desk.said).toEqual(["doneDeleted 2"]);
    await desk.undo?.();
    expect(desk.calls.at(-1)).toEqual(["undo", "undo-1"]);
    expect(desk.ids).toEqual(["e3", "e2", "e1"]);
  });

  it("takes a marker along whose last comments these are", async () => {
    const last = [entry(3, { markerId: "m", inThread: 2 }), entry(2, { markerId: "m", inThread: 2 })];
    const desk = new FakeDesk([...last, entry(1)]);
    await actions.remove(desk, [...last, entry(1)]);
    expect(desk.calls[0]).toEqual(["countOf", { ids: ["m", "e1"] }]);
    const other = new FakeDesk(last);
    await actions.spam(other, last);
    expect(other.calls.map(([name, what]) => [name, what])).toEqual([
      ["spam", ["e3", "e2"]],
      ["countOf", { ids: ["m"] }],
      ["massDelete", { ids: ["m"] }],
    ]);
    await other.undo?.();
    expect(other.calls.slice(-2)).toEqual([["undo", "undo-1"], ["undo", "undo-2"]]);
  });

  it("puts all of it back where it is refused, and says so", async () => {
    const desk = new FakeDesk([entry(2), entry(1)]);
    desk.refuses = "massDelete";
    await actions.remove(desk, [entry(2)]);
    expect(desk.ids).toEqual(["e2", "e1"]);
    expect(desk.failures).toHaveLength(1);
    expect(desk.said).toEqual([]);
  });

  it("turns down what waits, for which there is no way back", async () => {
    const desk = new FakeDesk([held(2), entry(1)]);
    await actions.remove(desk, [held(2)]);
    expect(desk.calls).toEqual([["reject", "h2"]]);
    expect(desk.said).toEqual(["doneRejected 1"]);
    expect(desk.undo).toBeNull();
  });

  it("sends two hundred at a time", async () => {
    const many = Array.from({ length: 450 }, (_one, number) => entry(number));
    const desk = new FakeDesk(many);
    await actions.remove(desk, many);
    expect(desk.calls.filter(([name]) => name === "massDelete").map(([, , count]) => count)).toEqual([200, 200, 50]);
  });
});

describe("approving", () => {
  it("marks as looked at, which can be undone", async () => {
    const desk = new FakeDesk([entry(2), entry(1)]);
    await actions.approve(desk, [entry(2)], false);
    expect(desk.ids).toEqual(["e1"]);
    await desk.undo?.();
    expect(desk.calls).toEqual([["review", ["e2"], true], ["review", ["e2"], false]]);
    expect(desk.ids).toEqual(["e2", "e1"]);
  });

  it("lets go ahead what waits", async () => {
    const desk = new FakeDesk([held(2)]);
    await actions.approve(desk, [held(2)], false);
    expect(desk.calls).toEqual([["approve", "h2"]]);
    expect(desk.undo).toBeNull();
  });

  it("leaves entries in a list of everything", async () => {
    const desk = new FakeDesk([entry(1)]);
    await actions.approve(desk, [entry(1)], true);
    expect(desk.ids).toEqual(["e1"]);
  });
});

describe("resolving", () => {
  it("settles each marker once, shows it at once, and opens it again when that is undone", async () => {
    const replies = [entry(2, { markerId: "m" }), entry(1, { markerId: "m" })];
    const desk = new FakeDesk(replies);
    await actions.resolve(desk, replies);
    expect(desk.calls).toEqual([["resolve", "m", true]]);
    expect(desk.inbox.entries.every(({ resolved }) => resolved)).toBe(true);
    await desk.undo?.();
    expect(desk.inbox.entries.some(({ resolved }) => resolved)).toBe(false);
  });

  it("shows it as it was where it is refused", async () => {
    const desk = new FakeDesk([entry(1)]);
    desk.refuses = "resolve";
    await actions.resolve(desk, [entry(1)]);
    expect(desk.inbox.entries[0]?.resolved).toBe(false);
    expect(desk.failures).toHaveLength(1);
  });
});

it("undoes a ban by lifting all that it made", async () => {
  const desk = new FakeDesk([entry(1)]);
  await actions.ban(desk, { authorOf: "e1", kinds: ["user", "address"] });
  await desk.undo?.();
  expect(desk.calls.slice(1)).toEqual([["liftBan", "ban-1"], ["liftBan", "ban-2"]]);
});

it("brings back what was deleted together, once", async () => {
  const gone = [1, 2].map((number) => entry(number, { deleted: { undoId: "d", undoUntil: 1, by: "ada" } }));
  const desk = new FakeDesk(gone);
  await actions.bringBack(desk, gone);
  expect(desk.calls).toEqual([["undo", "d"]]);
  expect(desk.ids).toEqual([]);
});
