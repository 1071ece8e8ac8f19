// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import type { PeopleHost } from "../src/people.ts";
import { gatherMs } from "../src/read-keeper.ts";
import { Reading } from "../src/reading.ts";
import { RoomSync } from "../src/room-sync.ts";
import { Windows } from "../src/windows.ts";
import type { RoomEvent, Snapshot, User } from "../src/wire.ts";
import { FakeClock } from "./fake-clock.ts";
import { me, ModelServer } from "./model-server.ts";

const ada: User = { ...me, id: "ada" };
const nothing = (): undefined => undefined;
let ending = new AbortController();

afterEach(() => {
  ending.abort();
  localStorage.clear();
});

class Scene {
  readonly server = new ModelServer();
  readonly clock = new FakeClock();
  readonly windows = new Windows();
  readonly element = { shadow: document.createElement("div").attachShadow({ mode: "open" }) };
  readonly view = { isAtEnd: true };
  readonly sent: unknown[] = [];
  readonly room: { sync: RoomSync; ticket: Snapshot; user: User; rest: unknown };
  readonly reading: Reading;
  changes = 0;
  #told = 0;

  /** `user` has read nothing yet where `isKept`, and the server keeps it. */
  constructor(user: User, isKept: boolean, before: (server: ModelServer) => void = nothing) {
    ending.abort();
    ending = new AbortController();
    before(this.server);
    this.#told = this.server.seq;
    const ticket = { ...this.server.snapshot(), user, ...(isKept && { readUpTo: { picture: null, threads: {} } }) };
    const sync = new RoomSync({
      onGap: nothing,
      onAhead: nothing,
      onReset: nothing,
      onCaughtUp: nothing,
      onThreadNeeded: (urlId, loadId) => {
        queueMicrotask(() => {
          sync.threadLoaded(urlId, loadId, this.server.comments(urlId).comments, this.server.seq);
        });
      },
      onChange: (events: readonly RoomEvent[]) => {
        this.#fold?.(events);
      },
    });
    sync.snapshot(ticket);
    const rest = {
      call: (...given: unknown[]) => {
        this.sent.push(given[4]);
        return Promise.resolve();
      },
    };
    this.room = { sync, ticket, user, rest };
    const host = {
      element: this.element,
      view: this.view,
      room: this.room,
      windows: this.windows,
      storage: localStorage,
      clock: this.clock,
      urlId: "plan",
      apiHost: "https://chat.example.com",
      tenantId: "demo",
      wantsPresence: () => true,
      onChange: () => {
        this.changes += 1;
      },
      signal: ending.signal,
    };
    this.reading = new Reading(host as unknown as PeopleHost);
    this.reading.entered();
    this.#fold = (events) => {
      this.reading.folded(events);
    };
  }

  #fold: ((events: readonly RoomEvent[]) => void) | null = null;

  /** What has happened since comes in. */
  hear(): void {
    const later = this.server.log.slice(this.#told);
    this.#told = this.server.seq;
    this.room.sync.receive(later.map((event) => ({ type: "event", event })));
  }

  async openWindow(urlId: string): Promise<void> {
    const marker = this.room.sync.markers().find(({ conversation }) => conversation.urlId === urlId);
    if (marker === undefined) {
      throw new Error(`no marker ${urlId}`);
    }
    this.windows.show(marker.conversation);
    this.room.sync.open(urlId);
    await Promise.resolve();
  }
}

const oneMarker = (server: ModelServer): void => {
  server.createMarker("b0", "win", "First");
};

describe("what is unread on a picture", () => {
  it("is nothing at somebody's first visit, and then what others say", () => {
    const scene = new Scene(ada, false, oneMarker);
    expect(scene.reading.isUnread("win")).toBe(false);
    scene.server.createComment("b1", "win", "Second");
    scene.hear();
    expect(scene.reading.isUnread("win")).toBe(true);
    expect(scene.reading.isUnread("nowhere")).toBe(false);
  });

  it("is read when the end of its open window is seen, by nothing less", async () => {
    const scene = new Scene(ada, false, oneMarker);
    scene.server.createComment("b1", "win", "Second");
    scene.hear();
    scene.reading.look();
    await scene.openWindow("win");
    scene.view.isAtEnd = false;
    scene.reading.look();
    expect(scene.reading.isUnread("win")).toBe(true);
    scene.view.isAtEnd = true;
    scene.element.shadow.dispatchEvent(new Event("scroll"));
    expect(scene.changes).toBe(1);
    scene.reading.look();
    expect(scene.reading.isUnread("win")).toBe(false);
  });

  it("is not read in a page that nobody sees", async () => {
    const scene = new Scene(ada, false, oneMarker);
    await scene.openWindow("win");
    scene.server.createComment("b1", "win", "Second");
    scene.hear();
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    scene.reading.look();
    expect(scene.reading.isUnread("win")).toBe(true);
    Reflect.deleteProperty(document, "hidden");
    scene.reading.look();
    expect(scene.reading.isUnread("win")).toBe(false);
  });

  it("is not what the person has said on another device, unless something before it is", () => {
    const scene = new Scene(me, true, oneMarker);
    scene.server.createComment("b1", "win", "My own");
    scene.hear();
    expect(scene.reading.isUnread("win")).toBe(false);

    const busy = new Scene(ada, true, oneMarker);
    busy.server.createComment("b1", "win", "From somebody else");
    busy.hear();
    busy.room.user = me;
    busy.server.createComment("b2", "win", "My own");
    busy.hear();
    expect(busy.reading.isUnread("win")).toBe(true);
  });

  it("all of it can be read at once", () => {
    const scene = new Scene(ada, false, oneMarker);
    scene.server.createMarker("b1", "win-2", "Another");
    scene.server.createComment("b2", "win", "Second");
    scene.hear();
    expect([scene.reading.isUnread("win"), scene.reading.isUnread("win-2")]).toEqual([true, true]);
    scene.reading.readAll();
    expect([scene.reading.isUnread("win"), scene.reading.isUnread("win-2")]).toEqual([false, false]);
  });

  it("is kept in the browser for who is anonymous, and other tabs hear of it", () => {
    const scene = new Scene(ada, false, oneMarker);
    scene.server.createComment("b1", "win", "Second");
    scene.hear();
    const key = localStorage.key(0);
    expect([key, scene.sent]).toEqual(["imagechat:https://chat.example.com:demo:read:plan", []]);
    const value = JSON.stringify({ picture: new Date(Date.UTC(2026, 5, 1)).toISOString(), threads: {} });
    window.dispatchEvent(Object.assign(new Event("storage"), { key, newValue: value }));
    expect([scene.reading.isUnread("win"), scene.changes]).toEqual([false, 1]);
  });

  it.each<[string, (scene: Scene) => void]>([
    ["after a while", ({ clock }) => {
      clock.pass(gatherMs);
    }],
    ["when the page goes", () => window.dispatchEvent(new Event("pagehide"))],
    ["when the picture goes", () => {
      ending.abort();
    }],
  ])("is told the server for who signed in, %s", (_name, happen) => {
    const scene = new Scene(ada, true, oneMarker);
    expect(scene.sent).toEqual([]);
    happen(scene);
    expect(scene.sent).toMatchObject([{ urlId: "plan", readUpTo: { threads: {} } }]);
    expect(localStorage.length).toBe(0);
  });
});
