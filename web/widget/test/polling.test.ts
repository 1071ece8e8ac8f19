import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Channel } from "../src/connection.ts";
import { longestPause, polling, shortestPause, type LogPage, type Polling } from "../src/polling.ts";
import { Refused } from "../src/calls.ts";
import { RoomSync } from "../src/room-sync.ts";
import { decodeFrame } from "../src/wire.ts";
import { FakeClock } from "./fake-clock.ts";
import { deed, ModelServer, perform, type Deed } from "./model-server.ts";

class FakeDocument extends EventTarget {
  hidden = false;

  show(isShown: boolean): void {
    this.hidden = !isShown;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page = new FakeDocument();

beforeEach(() => {
  page = new FakeDocument();
  vi.stubGlobal("document", page);
});

/** Until all that is under way has been answered. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) {
    await Promise.resolve();
  }
}

const pageSize = 3;

class Client {
  readonly server = new ModelServer();
  readonly clock = new FakeClock();
  readonly asked: number[] = [];
  readonly closures: string[] = [];
  readonly sync: RoomSync;
  readonly polling: Polling;
  #channel: Channel | null = null;
  caughtUp = 0;
  gaps = 0;
  /** What the next calls meet. */
  readonly faults: Refused[] = [];

  constructor(isEvery = true) {
    this.sync = new RoomSync({
      onGap: () => {
        this.gaps += 1;
      },
      onReset: () => {
        void Promise.resolve().then(() => {
          this.sync.snapshot(this.server.snapshot());
        });
      },
      onCaughtUp: () => {
        this.caughtUp += 1;
      },
      onAhead: () => {
        this.polling.ask();
      },
      onThreadNeeded: () => undefined,
      onChange: () => undefined,
    });
    this.sync.snapshot(this.server.snapshot());
    this.polling = polling({
      rest: { send: (_method, _area, _rest, { sinceSeq }) => this.#answer(Number(sinceSeq)) as never },
      ticket: () => this.server.snapshot(),
      position: () => this.sync.position,
      isEvery,
      clock: this.clock,
    });
  }

  close(): void {
    this.#channel?.close();
  }

  open(): void {
    this.close();
    this.sync.connecting();
    const channel = this.polling.open();
    this.#channel = channel;
    channel.addEventListener("message", ({ data }) => {
      this.sync.receive(decodeFrame(String(data)));
    });
    channel.addEventListener("close", ({ code, reason }) => {
      this.closures.push([code, reason].join(" ").trim());
    });
  }

  #answer(sinceSeq: number): Promise<LogPage> {
    this.asked.push(sinceSeq);
    const fault = this.faults.shift();
    const later = this.server.log.slice(sinceSeq);
    const events = later.slice(0, pageSize).map((event) => ({ data: JSON.stringify(event) }));
    const nextSeq = later.length > pageSize ? sinceSeq + pageSize : null;
    const { epoch } = this.server;
    return Promise.resolve().then(() => {
      if (fault !== undefined) {
        throw fault;
      }
      return { epoch, events, nextSeq };
    });
  }
}

async function opened(isEvery = true): Promise<Client> {
  const client = new Client(isEvery);
  client.open();
  await settled();
  return client;
}

type Step = Deed | "wait" | "fault" | "trimmed" | "new history" | "hide" | "show" | "told";

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: deed },
    { weight: 6, arbitrary: fc.constantFrom<Step[]>("wait", "fault", "trimmed", "new history", "hide", "show", "told") },
  ),
  { maxLength: 40 },
);

describe("asking instead of a live channel (M21)", () => {
  it("RES1 RES2 brings every event once and in order, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (doings, isEvery) => {
        const client = new Client(isEvery);
        const { server, clock, faults } = client;
        client.open();
        for (const [index, doing] of doings.entries()) {
          if (typeof doing === "object") {
            perform(server, doing, `other-${index}`);
          } else if (doing === "wait") {
            clock.pass(longestPause);
          } else if (doing === "fault") {
            faults.push(new Refused("unavailable", 503, ""));
          } else if (doing === "trimmed") {
            faults.push(new Refused("history-trimmed", 410, ""));
          } else if (doing === "new history") {
            server.beginNewHistory();
          } else if (doing === "told") {
            client.polling.ask();
          } else {
            page.show(doing === "show");
          }
          await settled();
        }
        faults.length = 0;
        page.show(true);
        client.open();
        await settled();
        expect(client.sync.position).toMatchObject({ seq: server.seq, epoch: server.epoch });
        const shown = client.sync.markers().map(({ conversation }) => conversation);
        expect(shown).toEqual(server.snapshot().conversations);
        expect(client.gaps).toBe(0);
        client.close();
      }),
      { numRuns: 200 },
    );
  });

  it("is caught up at once, and then asks less and less often until something comes", async () => {
    const { caughtUp, clock, asked, server } = await opened();
    expect([caughtUp, asked]).toEqual([1, [0]]);
    const pauses: number[] = [];
    for (let count = 2; count < 7; count += 1) {
      const before = clock.now();
      while (asked.length < count) {
        clock.pass(500);
      }
      pauses.push(clock.now() - before);
      await settled();
    }
    expect(pauses[0]).toBeGreaterThan(shortestPause);
    expect(pauses.slice(-2)).toEqual([longestPause, longestPause]);
    server.createMarker("b", "win", "Hi");
    clock.pass(longestPause);
    await settled();
    const count = asked.length;
    clock.pass(shortestPause);
    expect(asked.length).toBe(count + 1);
  });

  it("M17 asks nothing while the page is hidden, and at once when somebody comes back", async () => {
    const { clock, asked, server, sync } = await opened();
    page.show(false);
    clock.pass(10 * longestPause);
    await settled();
    expect([asked.length, clock.isIdle]).toEqual([1, true]);
    server.createMarker("b", "win", "Hi");
    page.show(true);
    await settled();
    expect([asked.length, sync.markers().length]).toEqual([2, 1]);
  });

  it("without news of others, asks after one's own changes only", async () => {
    const { clock, asked, server, sync } = await opened(false);
    clock.pass(10 * longestPause);
    page.show(false);
    page.show(true);
    await settled();
    expect(asked).toEqual([0]);
    server.createMarker("other", "win-1", "From somebody else");
    const { conversation, comment } = server.createMarker("own", "win-2", "Mine");
    if (comment === undefined) {
      throw new Error("a marker without what was said");
    }
    sync.begin("own", { kind: "create-marker", conversation, comment });
    sync.accepted("own", { seq: 2, pictureSeq: 2 }, { kind: "create-marker", conversation, comment });
    await settled();
    expect(sync.markers().map(({ pending }) => pending)).toEqual([false, false]);
    expect(asked).toEqual([0, 0]);
  });

  it("what is said while it asks is asked for again", async () => {
    const { asked, server, sync, polling: one } = await opened(false);
    one.ask();
    server.createMarker("b", "win", "Hi");
    one.ask();
    await settled();
    expect([asked.length, sync.markers().length]).toEqual([3, 1]);
  });

  it.each<[string, Refused, string]>([
    ["the ticket has expired", new Refused("unauthorized", 401, ""), "4401"],
    ["somebody was banned", new Refused("banned", 403, ""), "4403 banned"],
    ["the tenant is gone", new Refused("invalid-tenant-id", 404, ""), "4404"],
    ["too many ask", new Refused("rate-limited", 429, "", "7"), "4429 7"],
    ["the server does not understand", new Refused("invalid-body", 400, ""), "4400"],
    ["the server is away", new Refused("unreachable", 0, ""), "1006"],
    ["the server stops", new Refused("unavailable", 503, "", "2"), "1006"],
  ])("ends as a live channel would when %s", async (_name, fault, closure) => {
    const client = await opened();
    client.faults.push(fault);
    client.clock.pass(longestPause);
    await settled();
    expect(client.closures).toEqual([closure]);
    expect(client.clock.isIdle).toBe(true);
  });
});
