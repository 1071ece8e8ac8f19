import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelServer } from "./model-server.ts";
import { OwnTyping, saidEveryMs, shownMs, Typing, typingFrame, type TypingSignal } from "../src/typing.ts";
import type { RoomEvent } from "../src/wire.ts";

const signal = (userId: string, urlId: string, timestamp: number, name: string | null = null): TypingSignal => ({
  type: "typing",
  timestamp,
  userId,
  name,
  urlId,
});

const template = new ModelServer().createMarker("none", "none", "hello").comment;

function written(userId: string, urlId: string, timestamp: number): RoomEvent {
  if (template === undefined) {
    throw new TypeError("no comment");
  }
  const comment = { ...template, userId, urlId };
  return { type: "new-comment", seq: 1, broadcastId: "b", timestamp, userId, comment };
}

describe("who is writing", () => {
  it("is shown in their thread for six seconds from the last time", () => {
    const typing = new Typing();
    typing.heard(signal("ben", "a", 1_000, "Ben"), 50);
    typing.heard(signal("mia", "b", 1_001), 60);
    expect(typing.in("a", 51)).toEqual([{ userId: "ben", name: "Ben" }]);
    typing.heard(signal("ben", "a", 4_500, "Ben"), 3_550);
    expect(typing.in("a", 3_550 + shownMs - 1)).toHaveLength(1);
    expect(typing.in("a", 3_550 + shownMs)).toEqual([]);
    expect([...typing.threads(100)].sort()).toEqual(["a", "b"]);
  });

  it("wakes nobody once all have ended", () => {
    const typing = new Typing();
    expect(typing.nextEnd(0)).toBeNull();
    typing.heard(signal("ben", "a", 1), 0);
    typing.heard(signal("mia", "a", 2), 500);
    expect(typing.nextEnd(500)).toBe(shownMs - 500);
    expect(typing.nextEnd(shownMs)).toBe(500);
    expect(typing.nextEnd(shownMs + 500)).toBeNull();
  });

  it("is nobody whose comment has come, also when the two came in the other order", () => {
    const typing = new Typing();
    typing.heard(signal("ben", "a", 1_000), 0);
    typing.folded([written("ben", "a", 2_000)]);
    expect(typing.in("a", 1)).toEqual([]);
    expect(typing.heard(signal("ben", "a", 1_999), 2)).toBe(false);
    expect(typing.in("a", 3)).toEqual([]);
    expect(typing.heard(signal("ben", "a", 2_001), 4)).toBe(true);
    expect(typing.heard(signal("ben", "b", 1_000), 4)).toBe(true);
  });

  it("is nobody after the connection was lost", () => {
    const typing = new Typing();
    typing.heard(signal("ben", "a", 1_000), 0);
    typing.clear();
    expect(typing.in("a", 1)).toEqual([]);
  });

  it("takes bounded room, whoever says what", () => {
    const names = fc.integer({ min: 0, max: 400 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(names, names), { minLength: 60, maxLength: 300 }), (said) => {
        const typing = new Typing();
        for (const [userId, urlId] of said) {
          typing.heard(signal(userId, urlId, 1), 0);
        }
        expect(typing.threads(1).size).toBeLessThanOrEqual(50);
      }),
    );
  });
});

describe("one's own writing", () => {
  it("is said at most each three and a half seconds, in each thread at once, and again after it was sent", () => {
    const own = new OwnTyping();
    expect(own.typed("a", "  ", 0)).toBe(false);
    expect(own.typed("a", "H", 1)).toBe(true);
    expect(own.typed("a", "He", saidEveryMs)).toBe(false);
    expect(own.typed("a", "Hel", saidEveryMs + 1)).toBe(true);
    expect(own.typed("b", "x", saidEveryMs + 2)).toBe(true);
    own.sent();
    expect(own.typed("b", "y", saidEveryMs + 3)).toBe(true);
  });

  it("is one frame that names the thread", () => {
    expect(JSON.parse(typingFrame('a"b'))).toEqual({ type: "typing", urlId: 'a"b' });
  });
});
