import { describe, expect, it } from "vitest";
import { initial, type Status } from "../src/connection-states.ts";
import { statusOf } from "../src/layer-model.ts";
import { english, textsOf } from "../src/texts.ts";

const texts = textsOf({});
const kindOf = (change: Partial<Status>, isOnline = true): string =>
  statusOf({ ...initial, ...change }, isOnline, texts, null).kind;

describe("an honest status (M5, M15)", () => {
  it.each<[string, Partial<Status>, boolean, string]>([
    ["at first", { phase: "fetching" }, true, "connecting"],
    ["on the way", { phase: "connecting" }, true, "connecting"],
    ["there", { phase: "live" }, true, "live"],
    ["there, whatever the browser thinks of the network", { phase: "live" }, false, "live"],
    ["cut", { phase: "waiting", attempt: 1 }, true, "reconnecting"],
    ["resuming after sleep", { phase: "connecting", wasLive: true }, true, "reconnecting"],
    ["cut, and without a network", { phase: "waiting", attempt: 1 }, false, "offline"],
    ["after many failures", { phase: "connecting", attempt: 4 }, true, "offline"],
    ["refused", { phase: "stopped", stop: "forbidden" }, true, "stopped"],
  ])("%s", (_name, status, isOnline, kind) => {
    expect(kindOf(status, isOnline)).toBe(kind);
  });

  it("says why it stopped", () => {
    const stopped: Status = { ...initial, phase: "stopped", stop: "forbidden" };
    expect(statusOf(stopped, true, texts, null).detail).toBe(english.stoppedForbidden);
    expect(statusOf(stopped, true, texts, "There is no tenant x.").detail).toContain("There is no tenant x.");
  });
});

describe("texts", () => {
  it("a translation wins, what it lacks is English, values are filled in", () => {
    const translated = textsOf({ commentsOther: "{count} Kommentare" });
    expect(translated("commentsOther", { count: 3 })).toBe("3 Kommentare");
    expect(translated("commentsOne")).toBe(english.commentsOne);
  });
});
