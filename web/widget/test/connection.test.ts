import { beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, type Clock } from "../src/connection.ts";
import { OpeningTurns } from "../src/opening-turns.ts";
import type { Phase } from "../src/connection-states.ts";
import type { StopReason } from "../src/stop-reasons.ts";

class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  static refuse = false;
  readonly url: string;
  isClosed = false;
  readyState = 1;
  said: string[] = [];

  constructor(url: string) {
    super();
    if (FakeSocket.refuse) {
      throw new SyntaxError("An invalid address");
    }
    this.url = url;
    FakeSocket.all.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  send(text: string): void {
    this.said.push(text);
  }

  say(text: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: text }));
  }

  end(code: number, reason = ""): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

class FakeClock implements Clock {
  time = 0;
  timers = new Map<number, { call: () => void; at: number }>();
  #made = 0;
  now = (): number => this.time;
  random = (): number => 0.5;
  setTimeout = (call: () => void, ms: number): number => {
    this.#made += 1;
    this.timers.set(this.#made, { call, at: this.time + ms });
    return this.#made;
  };
  clearTimeout = (timer: number): void => {
    this.timers.delete(timer);
  };
  pass(ms: number): void {
    this.time += ms;
    for (const [timer, { call, at }] of [...this.timers]) {
      if (at <= this.time && this.timers.delete(timer)) {
        call();
      }
    }
  }
}

function connected(
  tickets: (StopReason | "passing" | null)[] = [],
  turns = new OpeningTurns(),
  clock = new FakeClock(),
): {
  connection: Connection;
  clock: FakeClock;
  phases: Phase[];
  last: () => FakeSocket;
  ready: () => Promise<void>;
} {
  const phases: Phase[] = [];
  let opened = 0;
  const connection: Connection = new Connection(
    {
      turns,
      address: () => {
        opened += 1;
        return `ws://test/sub?n=${opened}`;
      },
      fetchTicket: () => {
        const next = tickets.shift() ?? null;
        return Promise.resolve(next === null ? null : { stop: next === "passing" ? null : next, after: null });
      },
      onOpening: () => undefined,
      onFrame: (text) => {
        connection.tell({ type: text === "hello" ? "hello" : "caught-up" });
      },
      onStatus: ({ phase }) => {
        phases.push(phase);
      },
    },
    clock,
    (address) => new FakeSocket(address),
  );
  connection.start();
  const last = (): FakeSocket => FakeSocket.all.at(-1) ?? new FakeSocket("none");
  return {
    connection,
    clock,
    phases,
    last,
    ready: async () => {
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

beforeEach(() => {
  FakeSocket.all = [];
  FakeSocket.refuse = false;
  vi.unstubAllGlobals();
});

describe("one connection", () => {
  it("M2 M17 opens one socket for the whole visit, and has no timer while it is live", async () => {
    const { connection, clock, last, ready, phases } = connected();
    await ready();
    last().say("hello");
    last().say("caught up");
    expect(connection.status.phase).toBe("live");
    expect(phases).toEqual(["connecting", "catching-up", "live"]);
    expect(clock.timers.size).toBe(0);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("OFF1 says what may be lost while it is live, and nothing at any other time", async () => {
    const { connection, last, ready } = connected();
    await ready();
    expect(connection.say("too early")).toBe(false);
    last().say("hello");
    last().say("caught up");
    expect(connection.say("now")).toBe(true);
    const first = last();
    first.end(1006);
    expect(connection.say("too late")).toBe(false);
    expect(first.said).toEqual(["now"]);
  });

  it("M5 resumes by itself, with a fresh address", async () => {
    const { connection, clock, last, ready } = connected();
    await ready();
    last().say("hello");
    last().say("caught up");
    last().end(1006);
    expect(connection.status.phase).toBe("waiting");
    clock.pass(250);
    expect(last().url).toBe("ws://test/sub?n=2");
  });

  it("gives up a handshake that hangs", async () => {
    const { connection, clock, last, ready } = connected();
    await ready();
    clock.pass(15_000);
    expect(last().isClosed).toBe(true);
    expect(connection.status.phase).toBe("waiting");
  });

  it("does not listen to a socket that it has dropped", async () => {
    const { connection, ready, last } = connected();
    await ready();
    const first = last();
    connection.tell({ type: "doubt" });
    const before = connection.status;
    first.end(4403);
    first.say("hello");
    expect(connection.status).toEqual(before);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("asks again while the server is away, and stops when it refuses", async () => {
    const { connection, clock, ready } = connected(["passing", "unavailable"]);
    await ready();
    expect(connection.status.phase).toBe("waiting");
    clock.pass(250);
    await ready();
    expect(connection.status).toMatchObject({ phase: "stopped", stop: "unavailable" });
    expect(FakeSocket.all).toHaveLength(0);
  });

  it("waits for its turn, without a deadline of its own, and gives it back with hello, a failure or destroy", async () => {
    const turns = new OpeningTurns();
    const clock = new FakeClock();
    const all = Array.from({ length: 8 }, () => connected([], turns, clock).connection);
    await Promise.resolve();
    await Promise.resolve();
    expect(FakeSocket.all).toHaveLength(4);
    expect(clock.timers.size).toBe(4);
    FakeSocket.all[0]?.say("hello");
    FakeSocket.all[1]?.end(1006);
    all[2]?.tell({ type: "destroy" });
    expect(FakeSocket.all).toHaveLength(7);
    all[3]?.tell({ type: "doubt" });
    // It stands at the end of the queue again: the last one that waited has its turn.
    expect(FakeSocket.all).toHaveLength(8);
    expect(all.map(({ status }) => status.phase)).toEqual([
      "catching-up",
      "waiting",
      "closed",
      ...Array.from({ length: 5 }, () => "connecting"),
    ]);
    all[4]?.tell({ type: "destroy" });
    expect(FakeSocket.all).toHaveLength(9);
  });

  it("lets the others go on when a server hangs", async () => {
    const turns = new OpeningTurns();
    const hanging = new FakeClock();
    const others = new FakeClock();
    const all = Array.from({ length: 4 }, () => connected([], turns, hanging).connection);
    const last = connected([], turns, others).connection;
    await Promise.resolve();
    await Promise.resolve();
    expect(FakeSocket.all).toHaveLength(4);
    hanging.pass(15_000);
    expect(all.map(({ status }) => status.phase)).toEqual(Array.from({ length: 4 }, () => "waiting"));
    FakeSocket.all[4]?.say("hello");
    FakeSocket.all[4]?.say("caught up");
    expect(last.status.phase).toBe("live");
  });

  it("gives its turn back when the browser refuses the address", async () => {
    vi.stubGlobal("reportError", () => undefined);
    const turns = new OpeningTurns();
    FakeSocket.refuse = true;
    const all = Array.from({ length: 5 }, () => connected([], turns).connection);
    await Promise.resolve();
    await Promise.resolve();
    expect(all.map(({ status }) => status.phase)).toEqual(Array.from({ length: 5 }, () => "waiting"));
  });

  it("leaves neither socket nor timer behind", async () => {
    const { connection, clock, last, ready } = connected();
    await ready();
    connection.tell({ type: "destroy" });
    expect(last().isClosed).toBe(true);
    expect(clock.timers.size).toBe(0);
  });
});
