import { describe, expect, it } from "vitest";
import { Refused } from "../src/calls.ts";
import { english } from "../src/catalogues/en.ts";
import { ownOverlay } from "../src/own-overlay.ts";
import { RoomSync } from "../src/room-sync.ts";
import { textsOf } from "../src/texts.ts";
import { visitor, type VisitorParts } from "../src/visitor.ts";
import { Windows } from "../src/windows.ts";
import { ModelServer } from "./model-server.ts";

const nothing = (): void => undefined;

describe("what a visitor does without an answer", () => {
  it("IDEM1 is said to be unknown, until its event comes", async () => {
    const server = new ModelServer();
    server.createMarker("b0", "win", "First");
    const comment = server.comments("win").comments[0];
    if (comment === undefined) {
      throw new Error("no comment");
    }
    const sync = new RoomSync({
      onGap: nothing,
      onAhead: nothing,
      onReset: nothing,
      onCaughtUp: nothing,
      onThreadNeeded: nothing,
      onChange: nothing,
    });
    sync.lay(ownOverlay);
    sync.snapshot(server.snapshot());
    const windows = new Windows();
    for (const { conversation } of sync.markers()) {
      windows.show(conversation);
    }
    const sent: string[] = [];
    const rest = {
      vote: (_id: string, _dir: string, broadcastId: string) => {
        sent.push(broadcastId);
        return Promise.reject(new Refused("unreachable", 0, ""));
      },
    };
    const texts = textsOf({});
    const parts = {
      rest,
      sync,
      windows,
      texts: () => texts,
      obstacle: () => null,
      user: () => null,
      signal: new AbortController().signal,
      layer: {},
      onChange: nothing,
      onUnreachable: nothing,
      render: nothing,
    };
    const ada = visitor(parts as unknown as VisitorParts);
    ada.actions.vote(comment, 1);
    await expect.poll(() => windows.open?.notice).toBe(english.refusedUnanswered);
    expect(ada.came("another's")).toBe(false);
    expect(windows.open?.notice).toBe(english.refusedUnanswered);
    expect(ada.came(sent[0] ?? "")).toBe(true);
    expect(windows.open?.notice).toBe(null);
  });
});
