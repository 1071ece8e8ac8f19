import { describe, expect, it } from "vitest";
import { initial, type Status } from "../src/connection-states.ts";
import { statusOf, totalComments } from "../src/layer-model.ts";
import type { StopReason } from "../src/stop-reasons.ts";
import { english } from "../src/catalogues/en.ts";
import { textsOf } from "../src/texts.ts";
import { ModelServer } from "./model-server.ts";

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
    ["refused", { phase: "stopped", stop: "unavailable" }, true, "stopped"],
  ])("%s", (_name, status, isOnline, kind) => {
    expect(kindOf(status, isOnline)).toBe(kind);
  });

  it("says why it stopped", () => {
    const detailOf = (stop: StopReason, failure: string | null): string | null =>
      statusOf({ ...initial, phase: "stopped", stop }, true, texts, failure).detail;
    expect(detailOf("unavailable", null)).toBe(english.stoppedUnavailable);
    expect(detailOf("banned", "You were banned.")).toBe(english.stoppedBanned);
    expect(detailOf("bad-request", "There is no tenant x.")).toContain("There is no tenant x.");
    expect(detailOf("origin-not-allowed", "Add this domain.")).toContain("Add this domain.");
  });
});

describe("the number of comments", () => {
  it("M21 leaves out what is held for a moderator", () => {
    const { conversation } = new ModelServer().createMarker("b", "win-1", "Hi");
    const held = { ...conversation, approved: false };
    expect(totalComments([conversation, held].map((one) => ({ conversation: one, pending: false })))).toBe(1);
  });
});
