import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelServer } from "./model-server.ts";
import {
  allRead,
  decodeReadUpTo,
  encodeReadUpTo,
  furthest,
  isUnread,
  newestIn,
  news,
  nothingRead,
  readIn,
  withRead,
  type ReadUpTo,
} from "../src/unread.ts";
import type { Conversation } from "../src/wire.ts";

const template = new ModelServer().createMarker("none", "none", null).conversation;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 10, 0, second)).toISOString();
const keys = ["a", "b", "c", "__proto__"];

function conversation(key: string, last: number | null, more: Partial<Conversation> = {}): Conversation {
  return { ...template, _id: key, urlId: key, userId: "ben", createdAt: at(1), lastCommentAt: last === null ? null : at(last), ...more };
}

const times = fc.integer({ min: 1, max: 50 });
const marks: fc.Arbitrary<ReadUpTo> = fc
  .tuple(fc.option(times), fc.array(fc.tuple(fc.constantFrom(...keys), times)))
  .map(([picture, threads]) => ({
    picture: picture === null ? null : at(picture),
    threads: new Map(threads.map(([key, second]) => [key, at(second)])),
  }));
const pictures = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...keys), fc.option(times)), { selector: ([key]) => key, minLength: 1 })
  .map((all) => all.map(([key, last]) => conversation(key, last)));

describe("what is unread", () => {
  it("is what was said after the thread was read, and after the picture was", () => {
    const said = conversation("a", 5);
    expect(isUnread(said, nothingRead, "ann")).toBe(true);
    expect(isUnread(said, { picture: at(4), threads: new Map([["a", at(5)]]) }, "ann")).toBe(false);
    expect(isUnread(said, { picture: at(5), threads: new Map([["a", at(2)]]) }, "ann")).toBe(false);
    expect(isUnread(said, { picture: at(4), threads: new Map([["b", at(9)]]) }, "ann")).toBe(true);
    expect(isUnread(conversation("a", null), nothingRead, "ann")).toBe(true);
  });

  it("is never what only they have said, or what waits for a moderator", () => {
    expect(isUnread(conversation("a", null), nothingRead, "ben")).toBe(false);
    expect(isUnread(conversation("a", 1), nothingRead, "ben")).toBe(false);
    expect(isUnread(conversation("a", 2), nothingRead, "ben")).toBe(true);
    expect(isUnread(conversation("a", 2, { approved: false }), nothingRead, "ann")).toBe(false);
  });

  it("never comes back: marks go together in any order, and any number of times", () => {
    fc.assert(
      fc.property(marks, marks, marks, (one, two, three) => {
        expect(furthest(one, two)).toEqual(furthest(two, one));
        expect(furthest(furthest(one, two), three)).toEqual(furthest(one, furthest(two, three)));
        expect(furthest(furthest(one, two), two)).toEqual(furthest(one, two));
        for (const key of keys) {
          const parts = [readIn(key, one), readIn(key, two)].sort();
          expect(readIn(key, furthest(one, two))).toBe(parts[1]);
        }
      }),
    );
  });

  it("what is news to one who knows little makes that one know as much", () => {
    fc.assert(
      fc.property(marks, marks, (before, now) => {
        expect(furthest(before, news(before, now) ?? nothingRead)).toEqual(furthest(before, now));
        expect(news(furthest(before, now), now)).toBeNull();
      }),
    );
  });

  it("loses exactly the conversation that was seen, and one mark stands for all when it was the last", () => {
    fc.assert(
      fc.property(pictures, marks, (all, read) => {
        const [seen] = all;
        if (seen === undefined) {
          return;
        }
        const before = all.filter((one) => isUnread(one, read, "ann")).map(({ urlId }) => urlId);
        const after = withRead(read, seen, all, "ann");
        const left = all.filter((one) => isUnread(one, after, "ann")).map(({ urlId }) => urlId);
        expect(left).toEqual(before.filter((key) => key !== seen.urlId));
        if (left.length === 0) {
          expect(all.every((one) => (after.picture ?? "") >= newestIn(one))).toBe(true);
        }
      }),
    );
  });

  it("is nothing for who is here for the first time", () => {
    fc.assert(
      fc.property(pictures, (all) => {
        expect(all.filter((one) => isUnread(one, allRead(all), "ann"))).toEqual([]);
      }),
    );
  });
});

describe("marks as they are written", () => {
  it("come back as they were, whatever a thread is called", () => {
    fc.assert(
      fc.property(marks, (read) => {
        const whole = furthest(nothingRead, read);
        expect(decodeReadUpTo(JSON.parse(JSON.stringify(encodeReadUpTo(whole))))).toEqual(whole);
      }),
    );
  });

  it("that make no sense are nothing", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => decodeReadUpTo(value)).not.toThrow();
      }),
    );
    expect(decodeReadUpTo({ picture: "soon", threads: { a: 5, b: "zzz", c: at(3) } })).toEqual({ picture: null, threads: new Map([["c", at(3)]]) });
  });
});
