import { describe, expect, it } from "vitest";
import { dayOf, daysOf, givenDays, lastDays, momentsOf, ranked } from "../src/chart-data.ts";
import { csvName, dataName } from "../src/csv.ts";
import { byMarker } from "../src/elements/conversations.ts";
import { groupsIn } from "../src/elements/groups-dialog.ts";
import { formatsOf } from "../src/formats.ts";
import { commandOf } from "../src/inbox-keys.ts";
import { typesIn } from "../src/live.ts";
import { languageFrom, localeOf } from "../src/preferences.ts";
import { handedIn, pastedLink, SessionKeeper } from "../src/session.ts";
import type { Moment } from "../src/shapes.ts";
import { textsOf } from "../src/texts.ts";
import { english } from "../src/texts/en.ts";
import { hebrew } from "../src/texts/he.ts";
import { entry } from "./entries.ts";

const usage = { messages: 0, bandwidth: 0, conversations: 0, comments: 0, fetches: 0, votes: 0 };

describe("a chart's data", () => {
  it("is by day, in order, in seconds", () => {
    const rows = [{ ...usage, day: "2026-01-02", messages: 5 }, { ...usage, day: "2026-01-01", messages: 3 }];
    expect(daysOf(rows, "messages")).toEqual({ x: [1767225600, 1767312000], y: [3, 5] });
  });

  it("has a gap where nothing was measured, and no moment twice", () => {
    const moment = (at: number, connections: number): Moment => ({
      at,
      connections,
      eventsPerSecond: 0,
      messagesPerSecond: 0,
      latencyP99: null,
      callsPerSecond: 0,
      faultsPerSecond: 0,
    });
    const { x, y } = momentsOf([moment(1000, 1), moment(1000, 1), moment(3000, 2), moment(60_000, 3)], "connections");
    expect(y).toEqual([1, 2, null, 3]);
    expect(x).toEqual([1, 3, 3.001, 60]);
  });

  it("is ranked with the largest first, ties by name", () => {
    const rows = [{ ...usage, title: "b" }, { ...usage, title: "c", messages: 1 }, { ...usage, title: "a" }];
    expect(ranked(rows, "messages").map(({ title }) => title)).toEqual(["c", "a", "b"]);
  });

  it("reaches over whole days in UTC", () => {
    const now = Date.UTC(2026, 2, 1, 0, 30);
    expect(lastDays(7, now)).toEqual({ from: "2026-02-23", to: "2026-03-01" });
    expect(dayOf(now)).toBe("2026-03-01");
  });

  it.each([
    ["2026-01-02", "2026-01-01"],
    ["", "2026-01-01"],
    ["yesterday", "2026-01-01"],
    ["2024-01-01", "2026-01-01"],
  ])("refuses %s–%s as a range", (from, to) => {
    expect(givenDays(from, to)).toBeNull();
  });

  it("takes a year as a range", () => {
    expect(givenDays("2025-01-01", "2025-12-31")).toEqual({ from: "2025-01-01", to: "2025-12-31" });
  });
});

describe("a file's name", () => {
  it("says what is in it", () => {
    expect(csvName("acme", "day", "2026-01-01", "2026-01-31")).toBe("image-chat-usage-acme-by-day-2026-01-01-2026-01-31.csv");
    expect(csvName(null, "tenant", "2026-01-01", "2026-01-01")).toContain("-all-by-tenant-");
  });

  it("has nothing in it that a file system or a shell takes amiss", () => {
    expect(dataName("acme", "../../etc/passwd; rm")).toBe("image-chat-person-acme-etc-passwd-rm.json");
    expect(dataName("acme", "…")).toBe("image-chat-person-acme-x.json");
  });
});

describe("numbers and times", () => {
  const f = formatsOf("en", () => Date.UTC(2026, 0, 2));

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [72_600_000, "72.6 MB"],
    [3e15, "3 PB"],
  ])("writes %d bytes as %s", (bytes, words) => {
    expect(f.bytes(bytes)).toBe(words);
  });

  it("writes rates as fine as they need to be", () => {
    expect([f.rate(0.44), f.rate(9.94), f.rate(531.4)]).toEqual(["0.4", "9.9", "531"]);
    expect([f.milliseconds(3.14), f.milliseconds(84.2)]).toEqual(["3.1 ms", "84 ms"]);
    expect(f.number(12_345)).toBe("12,345");
  });

  it("takes times as ISO and as milliseconds", () => {
    expect(f.relative("2026-01-01T23:00:00Z")).toBe(f.relative(Date.UTC(2026, 0, 1, 23)));
    expect(f.day("2026-01-31")).toBe("Jan 31, 2026");
  });
});

describe("words", () => {
  it("are there in every language, with the same places to fill in", () => {
    const places = (text: unknown): string => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();
    const named = (text: unknown): string => [...new Set(places(text).split(","))].join();
    for (const [key, text] of Object.entries(english)) {
      const other = hebrew[key as keyof typeof english];
      expect(typeof other, key).toBe(typeof text);
      expect(named(other), key).toBe(named(text));
    }
  });

  it("agree with their number", () => {
    const t = textsOf(english, "en");
    expect(t("commentsCount", { count: 1 })).toBe("1 comment");
    expect(t("commentsCount", { count: 1200 })).toBe("1,200 comments");
    expect(t("deleteAllText", { count: 0 })).toBe("There is nothing to delete.");
    expect(textsOf(hebrew, "he")("commentsCount", { count: 2 })).toBe("שתי תגובות");
  });

  it("are in the first language that the browser wants and that there is", () => {
    expect(languageFrom(["fr-FR", "he-IL", "en"])).toBe("he");
    expect(languageFrom(["iw"])).toBe("he");
    expect(languageFrom(["fr"])).toBe("en");
    expect(localeOf("en", ["fr", "en-GB"])).toBe("en-GB");
    expect(localeOf("he", ["en-GB"])).toBe("he");
  });
});

describe("signing in", () => {
  it("takes what the fragment hands over", () => {
    expect(handedIn("#link=abc")).toEqual({ kind: "link", link: "abc" });
    expect(handedIn("#tenantId=acme&sso=%7B%7D")).toEqual({ kind: "sso", tenantId: "acme", sso: "{}" });
    expect(handedIn("#tenantId=acme")).toBeNull();
    expect(handedIn("")).toBeNull();
  });

  it.each(["https://chat.example.org/dashboard#link=op_0123456789abcdef", "link=op_0123456789abcdef", " op_0123456789abcdef "])(
    "takes what somebody pasted: %s",
    (text) => {
      expect(pastedLink(text)).toEqual({ kind: "link", link: "op_0123456789abcdef" });
    },
  );

  it("takes no other words for a link", () => {
    expect(pastedLink("https://example.org/")).toBeNull();
    expect(pastedLink("hello")).toBeNull();
  });

  it("is kept for other tabs, and lasts as long as the page where storage is blocked", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    new SessionKeeper(storage).keep({ sessionId: "s", tenantId: "acme" });
    expect(new SessionKeeper(storage).current).toEqual({ sessionId: "s", tenantId: "acme" });
    const blocked = (): never => {
      throw new Error("blocked");
    };
    const keeper = new SessionKeeper({ getItem: blocked, setItem: blocked, removeItem: blocked });
    keeper.keep({ sessionId: "s", tenantId: null });
    expect(keeper.current?.sessionId).toBe("s");
    keeper.forget();
    expect(keeper.current).toBeNull();
  });

  it("is not spoilt by what something else has stored", () => {
    const storage = { getItem: () => '{"sessionId": 5', setItem: () => undefined, removeItem: () => undefined };
    expect(new SessionKeeper(storage).current).toBeNull();
  });
});

describe("the inbox's keys", () => {
  const press = (key: string, more: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}): Parameters<typeof commandOf>[0] => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more,
  });

  it("are letters, also with the shift key held", () => {
    expect(commandOf(press("d"), false)).toBe("delete");
    expect(commandOf(press("D"), false)).toBe("delete");
    expect(commandOf(press("?"), false)).toBe("help");
  });

  it("leave the browser its own", () => {
    expect(commandOf(press("r", { ctrlKey: true }), true)).toBeNull();
    expect(commandOf(press("d", { metaKey: true }), true)).toBeNull();
  });

  it("are arrows on the list only: elsewhere they scroll", () => {
    expect(commandOf(press("ArrowDown"), true)).toBe("next");
    expect(commandOf(press("ArrowDown"), false)).toBeNull();
  });
});

it("reads what the live channel says, hello alone and signals in arrays", () => {
  expect(typesIn('{"type":"hello","epoch":"e","seq":0,"sc":1}')).toEqual(["hello"]);
  expect(typesIn('[{"type":"inbox","timestamp":1},{"type":"p-u"}]')).toEqual(["inbox", "p-u"]);
  expect(() => typesIn("ping")).toThrow(SyntaxError);
});

it("reads groups with commas or lines between them, each once", () => {
  expect(groupsIn(" design, sales\nboard,design,, ")).toEqual(["design", "sales", "board"]);
});

it("tells a picture's conversations marker by marker, each from its first words on", () => {
  const said = [entry(3, { markerId: "b" }), entry(2, { markerId: "a" }), entry(1, { markerId: "b" })];
  expect(byMarker(said).map((marker) => marker.map(({ id }) => id))).toEqual([["e1", "e3"], ["e2"]]);
});
