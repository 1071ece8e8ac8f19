import { describe, expect, it } from "vitest";
import { Attempts } from "../src/attempts.ts";
import { isThere, MarkerChanges } from "../src/marker-changes.ts";
import { Refused } from "../src/calls.ts";
import type { Rest } from "../src/rest.ts";
import { ownOverlay } from "../src/own-overlay.ts";
import { RoomSync } from "../src/room-sync.ts";
import { SendPause } from "../src/send-pause.ts";
import { textsOf } from "../src/texts.ts";
import type { Conversation, Frame } from "../src/wire.ts";
import { ModelServer } from "./model-server.ts";

type Fault = Refused | null;

interface Scene {
  readonly server: ModelServer;
  readonly sync: RoomSync;
  readonly changes: MarkerChanges;
  readonly told: string[];
  /** What the server refuses next with. */
  fault: Fault;
  isOffline: boolean;
  isStopped: boolean;
  /** What tries again to bring back, of each time that failed. */
  readonly again: ((() => void) | null)[];
  /** Under which broadcastIds the server was asked to bring back. */
  readonly asked: string[];
  readonly attempts: Attempts;
}

function scene(): Scene {
  const server = new ModelServer();
  server.createMarker("b0", "win", "First");
  const sync = new RoomSync({
    onGap: () => undefined,
    onAhead: () => undefined,
    onReset: () => undefined,
    onCaughtUp: () => undefined,
    onThreadNeeded: () => undefined,
    onChange: () => undefined,
  });
  sync.lay(ownOverlay);
  sync.snapshot(server.snapshot());
  const told: string[] = [];
  const texts = textsOf({});
  const parts = { fault: null as Fault, isOffline: false, isStopped: false };
  const again: Scene["again"] = [];
  const asked: string[] = [];
  const answered = <T>(make: () => T): Promise<T> =>
    parts.fault === null ? Promise.resolve(make()) : Promise.reject(parts.fault);
  const rest = {
    updateMarker: (id: string, change: object, broadcastId: string) =>
      answered(() => ({ conversation: server.update(broadcastId, id, change), seq: server.seq })),
    restoreMarker: (id: string, broadcastId: string) => {
      asked.push(broadcastId);
      return answered(() => ({ conversation: server.restoreMarker(broadcastId, id), seq: server.seq }));
    },
  } as unknown as Rest;
  const attempts = new Attempts({
    sync,
    texts: () => texts,
    obstacle: () => (parts.isStopped ? "stopped" : parts.isOffline ? "offline" : null),
    pause: new SendPause(new AbortController().signal, () => undefined),
    onHeld: () => undefined,
    onShutOut: () => undefined,
    onUnreachable: () => told.push("unreachable"),
  });
  const changes = new MarkerChanges({
    rest,
    attempts,
    onRefused: (sentence) => told.push(sentence),
    onNotRestored: (sentence, _, tryAgain) => {
      told.push(sentence);
      again.push(tryAgain);
    },
  });
  return Object.assign(parts, { server, sync, changes, told, attempts, again, asked });
}

/** What was begun without waiting for it is over. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const first = ({ sync }: Scene): Conversation | undefined => sync.markers()[0]?.conversation;

/** The marker that is there at the beginning. */
function marker(at: Scene): Conversation {
  const there = first(at);
  if (there === undefined) {
    throw new Error("no marker");
  }
  return there;
}

/** What has happened on the server arrives. */
function receive({ sync, server }: Scene): void {
  const frames = server.log.slice(1).map((event): Frame => ({ type: "event", event }));
  sync.receive([{ type: "hello", epoch: server.epoch, seq: server.seq, sc: 1 }, ...frames]);
}

describe("a change of a marker", () => {
  it("shows at once, and stays when the server takes it (ECHO1)", async () => {
    const at = scene();
    const done = at.changes.change(marker(at), { x: 55, resolved: true });
    expect(first(at)).toMatchObject({ x: 55, resolved: true });
    expect(await done).toBe(true);
    expect(first(at)).toMatchObject({ x: 55, resolved: true });
    expect(at.attempts.isOwn(at.server.log.at(-1)?.broadcastId ?? "")).toBe(true);
    receive(at);
    expect(at.sync.pending).toEqual([]);
    expect(first(at)).toMatchObject({ x: 55, resolved: true });
    expect(at.told).toEqual([]);
  });

  it("is put back with the reason when the server refuses it", async () => {
    const at = scene();
    at.fault = new Refused("forbidden", 403, "You may not change this marker.");
    const done = at.changes.change(marker(at), { x: 55 });
    expect(first(at)?.x).toBe(55);
    expect(await done).toBe(false);
    expect(first(at)?.x).toBe(10);
    expect(at.told).toEqual(["You may not change this marker."]);
  });

  it("is put back when no answer comes, and nobody is told that it was not done", async () => {
    const at = scene();
    at.fault = new Refused("unreachable", 0, "");
    expect(await at.changes.change(marker(at), { x: 55 })).toBe(false);
    expect(first(at)?.x).toBe(10);
    expect(at.told).toEqual([expect.stringContaining("it is not known whether this was done"), "unreachable"]);
  });

  it.each<[number, string, string]>([
    [502, "unreachable", "refusedUnanswered"],
    [504, "unreachable", "refusedUnanswered"],
    [413, "unreachable", "refusedUnknown"],
    [500, "internal", "refusedUnknown"],
  ])("is not known to be done or not after a %i %s: %s", async (status, code, key) => {
    const at = scene();
    at.fault = new Refused(code, status, "");
    expect(await at.changes.change(marker(at), { x: 55 })).toBe(false);
    expect(at.told).toEqual([textsOf({})(key as "refusedUnknown")]);
  });

  it("is done when only its answer was lost", async () => {
    const at = scene();
    const known = marker(at);
    at.fault = new Refused("unreachable", 0, "");
    const done = at.changes.change(known, { x: 55 });
    at.server.update(at.sync.pending[0]?.broadcastId ?? "", known._id, { x: 55 });
    receive(at);
    expect(await done).toBe(true);
    expect(first(at)?.x).toBe(55);
  });

  it("OFF1 is not tried without a connection, and queued neither", async () => {
    const at = scene();
    at.isOffline = true;
    expect(await at.changes.change(marker(at), { x: 55 })).toBe(false);
    expect(at.sync.pending).toEqual([]);
    expect(at.server.seq).toBe(1);
    expect(at.told).toEqual([textsOf({})("refusedOfflineChange")]);
  });

  it("brings a deleted marker back with what failed at hand (OFF1, IDEM1)", async () => {
    const at = scene();
    const conversation = marker(at);
    const deletion = { kind: "delete-marker", conversation } as const;
    at.server.deleteMarker("gone", conversation._id);
    receive(at);
    at.isOffline = true;
    expect(await at.changes.restore(deletion)).toBe(false);
    expect(at.told).toEqual([textsOf({})("refusedOfflineChange")]);
    at.isOffline = false;
    for (const fault of [new Refused("unreachable", 0, ""), new Refused("unavailable", 503, "Not now.")]) {
      at.fault = fault;
      at.again[at.again.length - 1]?.();
      await settled();
      expect(at.sync.markers()).toEqual([]);
    }
    expect(at.told.slice(1)).toEqual([expect.stringContaining("it is not known"), "unreachable", "Not now."]);
    at.fault = null;
    at.again[at.again.length - 1]?.();
    await settled();
    expect(at.again).toHaveLength(3);
    expect(at.sync.markers()).toMatchObject([{ pending: false }]);
    expect(new Set(at.asked)).toEqual(new Set([at.server.log.at(-1)?.broadcastId]));
    expect(at.asked).toHaveLength(3);
  });

  it("is not offered again where the server would not take it, or nothing is sent any more", async () => {
    const at = scene();
    const deletion = { kind: "delete-marker", conversation: marker(at) } as const;
    at.fault = new Refused("not-found", 404, "There is nothing here.");
    expect(await at.changes.restore(deletion)).toBe(false);
    at.isStopped = true;
    expect(await at.changes.restore(deletion)).toBe(false);
    expect(at.told).toEqual(["There is nothing here.", textsOf({})("refusedStopped")]);
    expect(at.again).toEqual([null, null]);
  });

  it("is there again once its event has come, and not while it is on its way", async () => {
    const at = scene();
    const conversation = marker(at);
    const deletion = { kind: "delete-marker", conversation } as const;
    at.server.deleteMarker("gone", conversation._id);
    receive(at);
    expect(isThere(deletion, at.sync)).toBe(false);
    const done = at.changes.restore(deletion);
    expect(isThere(deletion, at.sync)).toBe(false);
    await done;
    receive(at);
    expect(isThere(deletion, at.sync)).toBe(true);
  });

  it("brings a deleted marker back", async () => {
    const at = scene();
    const conversation = marker(at);
    at.server.deleteMarker("gone", conversation._id);
    receive(at);
    expect(at.sync.markers()).toEqual([]);
    const done = at.changes.restore({ kind: "delete-marker", conversation });
    expect(at.sync.markers()).toMatchObject([{ pending: true }]);
    expect(await done).toBe(true);
    expect(at.sync.markers()).toMatchObject([{ pending: false }]);
  });
});
