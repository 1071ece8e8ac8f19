import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { ModelServer } from "./model-server.ts";
import { gatherMs, ReadKeeper } from "../src/read-keeper.ts";
import type { KeyValueStorage } from "../src/session.ts";
import type { WrittenReadUpTo } from "../src/unread.ts";
import type { Conversation } from "../src/wire.ts";

const template = new ModelServer().createMarker("none", "none", null).conversation;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 10, 0, second)).toISOString();
const said = (key: string, last: number): Conversation => ({
  ...template,
  _id: key,
  urlId: key,
  userId: "ben",
  createdAt: at(1),
  lastCommentAt: at(last),
});

class Kept extends Map<string, string> implements KeyValueStorage {
  getItem(key: string): string | null {
    return this.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.set(key, value);
  }
  removeItem(key: string): void {
    this.delete(key);
  }
}

const refuse = (): never => {
  throw new Error("blocked");
};
const blocked: KeyValueStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };

function keeping(storage: KeyValueStorage = new Kept()): {
  keeper: ReadKeeper;
  clock: FakeClock;
  sent: WrittenReadUpTo[];
  changes: () => number;
  away: { is: boolean };
} {
  const clock = new FakeClock();
  const sent: WrittenReadUpTo[] = [];
  const away = { is: false };
  let changes = 0;
  const keeper = new ReadKeeper({
    storage,
    storageKey: "read:p",
    send: (read) => {
      sent.push(read);
      return away.is ? Promise.reject(new Error("away")) : Promise.resolve();
    },
    after: clock.after,
    onChange: () => {
      changes += 1;
    },
  });
  return { keeper, clock, sent, changes: () => changes, away };
}

const settled = (): Promise<void> => Promise.resolve().then(() => undefined);
const nobody = { id: "anon-ann" };
const ann = { id: "ann" };

describe("what an anonymous visitor has read", () => {
  it("is kept in the browser: all of the first visit, and then what they open", () => {
    const storage = new Kept();
    const first = keeping(storage);
    first.keeper.entered({ conversations: [said("a", 2), said("b", 3)], user: nobody });
    expect(first.keeper.isUnread(said("b", 3))).toBe(false);
    expect(first.keeper.isUnread(said("b", 4))).toBe(true);

    const second = keeping(storage);
    const all = [said("a", 5), said("b", 4)];
    second.keeper.entered({ conversations: all, user: nobody });
    second.keeper.saw(said("a", 5), all);
    expect(all.map((one) => second.keeper.isUnread(one))).toEqual([false, true]);
    expect(second.sent).toEqual([]);
    expect(second.clock.isIdle).toBe(true);
  });

  it("is heard of in other tabs, and what another tab has written is not lost", () => {
    const storage = new Kept();
    const [one, other] = [keeping(storage), keeping(storage)];
    const all = [said("a", 2), said("b", 3)];
    for (const { keeper } of [one, other]) {
      keeper.entered({ conversations: all, user: nobody });
    }
    const later = [said("a", 7), said("b", 8), said("c", 9)];
    one.keeper.saw(said("a", 7), later);
    other.keeper.saw(said("b", 8), later);
    expect(JSON.parse(storage.get("read:p") ?? "")).toEqual({ picture: at(3), threads: { a: at(7), b: at(8) } });
    other.keeper.heardStorage("read:p", JSON.stringify({ picture: at(3), threads: { a: at(7) } }));
    expect(other.changes()).toBe(1);
    expect(other.keeper.isUnread(said("a", 7))).toBe(false);
    for (const [key, value] of [["read:q", JSON.stringify({ picture: at(50) })], ["read:p", null], ["read:p", "{"]] as const) {
      other.keeper.heardStorage(key, value);
    }
    expect(other.changes()).toBe(1);
  });

  it("lasts as long as the page where storage is blocked", () => {
    const { keeper } = keeping(blocked);
    keeper.entered({ conversations: [said("a", 2)], user: nobody });
    keeper.saw(said("a", 4), [said("a", 4)]);
    expect([keeper.isUnread(said("a", 4)), keeper.isUnread(said("a", 5))]).toEqual([false, true]);
  });
});

describe("what somebody who signed in has read", () => {
  it("is told to the server, gathered, and once", async () => {
    const { keeper, clock, sent } = keeping();
    const all = [said("a", 5), said("b", 6), said("c", 7)];
    keeper.entered({ conversations: all, user: ann, readUpTo: { picture: at(4), threads: {} } });
    keeper.saw(said("a", 5), all);
    keeper.saw(said("b", 6), all);
    keeper.saw(said("b", 6), all);
    clock.pass(gatherMs);
    await settled();
    expect(sent).toEqual([{ picture: null, threads: { a: at(5), b: at(6) } }]);
    keeper.saw(said("c", 7), all);
    keeper.flush();
    await settled();
    expect(sent[1]).toEqual({ picture: at(7), threads: {} });
    clock.pass(60_000);
    expect(sent).toHaveLength(2);
    expect(clock.isIdle).toBe(true);
  });

  it("on a first visit is all that is there", async () => {
    const { keeper, clock, sent } = keeping();
    keeper.entered({ conversations: [said("a", 5)], user: ann, readUpTo: { picture: null, threads: {} } });
    clock.pass(gatherMs);
    await settled();
    expect(sent).toEqual([{ picture: at(5), threads: {} }]);
  });

  it("is said again when the server could not be told, and nothing runs meanwhile", async () => {
    const { keeper, clock, sent, away } = keeping();
    const all = [said("a", 5), said("b", 6), said("c", 7)];
    keeper.entered({ conversations: all, user: ann, readUpTo: { picture: at(4), threads: {} } });
    away.is = true;
    keeper.saw(said("a", 5), all);
    clock.pass(gatherMs);
    await settled();
    expect(clock.isIdle).toBe(true);
    away.is = false;
    keeper.saw(said("b", 6), all);
    clock.pass(gatherMs);
    await settled();
    expect(sent[1]).toEqual({ picture: null, threads: { a: at(5), b: at(6) } });
  });

  it("is heard of from other devices", () => {
    const { keeper, changes, sent, clock } = keeping();
    keeper.entered({ conversations: [said("a", 5)], user: ann, readUpTo: { picture: at(4), threads: {} } });
    for (let times = 0; times < 2; times += 1) {
      keeper.heard({ picture: null, threads: new Map([["a", at(5)]]) });
    }
    expect([keeper.isUnread(said("a", 5)), changes()]).toEqual([false, 1]);
    clock.pass(gatherMs);
    expect(sent).toEqual([]);
  });

  it("is another person's no more when somebody else signs in", () => {
    const { keeper, clock, sent } = keeping();
    const all = [said("a", 5), said("b", 6)];
    keeper.entered({ conversations: all, user: ann, readUpTo: { picture: at(4), threads: {} } });
    keeper.saw(said("a", 5), all);
    keeper.entered({ conversations: all, user: { id: "zoe" }, readUpTo: { picture: at(3), threads: {} } });
    expect(keeper.isUnread(said("a", 5))).toBe(true);
    clock.pass(gatherMs);
    expect(sent).toEqual([]);
  });
});
