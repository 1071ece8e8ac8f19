import { describe, expect, it } from "vitest";
import type { OnlineList, PresenceSignal } from "../src/presence.ts";
import { listsApart, WhoIsThere } from "../src/who-is-there.ts";
import { FakeClock } from "./fake-clock.ts";

const face = (id: string): OnlineList["users"][number] => ({ id, displayName: id.toUpperCase(), avatarSrc: null });
const signal = (sc: number, more: Partial<PresenceSignal> = {}): PresenceSignal => ({
  type: "p-u",
  sc,
  joined: [],
  left: [],
  people: [],
  many: false,
  ...more,
});

function looking(...lists: (OnlineList | null)[]): { who: WhoIsThere; clock: FakeClock; asked: () => number; ready: () => Promise<void> } {
  const clock = new FakeClock();
  let asked = 0;
  const list = (): Promise<OnlineList> => {
    const next = lists[asked] ?? null;
    asked += 1;
    return next === null ? Promise.reject(new Error("away")) : Promise.resolve(next);
  };
  const who = new WhoIsThere({ list, clock, onChange: () => undefined });
  who.want(true);
  return {
    who,
    clock,
    asked: () => asked,
    ready: async () => {
      for (let turn = 0; turn < 5; turn += 1) {
        await Promise.resolve();
      }
    },
  };
}

describe("who else is looking (B6)", () => {
  it("is asked of nobody by whoever is alone", async () => {
    const { who, asked, ready } = looking();
    who.hello(1);
    await ready();
    expect([who.others("me"), asked()]).toEqual([null, 0]);
  });

  it("is asked once, and then kept by signals", async () => {
    const { who, asked, ready } = looking({ users: [face("ann")], anonCount: 1 });
    who.hello(2);
    await ready();
    expect(who.others("me")).toEqual({ faces: [face("ann")], more: 0 });
    who.heard(signal(4, { joined: ["ben", "x"], people: [face("ben")] }));
    expect(who.others("me")).toEqual({ faces: [face("ann"), face("ben")], more: 1 });
    who.heard(signal(1, { left: ["ann", "ben", "x"] }));
    expect([who.others("me"), asked()]).toEqual([null, 1]);
  });

  it("counts nobody twice whom list and signal both tell of, the visitor neither", async () => {
    const { who, ready } = looking({ users: [], anonCount: 3 });
    who.hello(3);
    await ready();
    who.heard(signal(3, { joined: ["me", "x"] }));
    expect(who.others("me")).toEqual({ faces: [], more: 2 });
  });

  it("is asked again when a crowd came, but not all the time", async () => {
    const { who, clock, asked, ready } = looking({ users: [], anonCount: 2 }, { users: [face("ann")], anonCount: 99 });
    who.hello(2);
    await ready();
    who.heard(signal(50, { many: true }));
    who.heard(signal(100, { many: true }));
    await ready();
    expect(asked()).toBe(1);
    clock.pass(listsApart);
    await ready();
    expect([asked(), who.others("me")]).toEqual([2, { faces: [face("ann")], more: 98 }]);
  });

  it("a list that cannot be had is asked for when somebody comes or goes", async () => {
    const { who, clock, asked, ready } = looking(null, { users: [face("ann")], anonCount: 1 });
    who.hello(2);
    await ready();
    expect([who.others("me"), clock.isIdle]).toEqual([null, true]);
    clock.pass(listsApart);
    who.heard(signal(2));
    await ready();
    expect([asked(), who.others("me")?.faces.length]).toEqual([2, 1]);
  });

  it("is not asked where the page does not want it shown", async () => {
    const { who, asked, ready } = looking({ users: [face("ann")], anonCount: 1 });
    who.want(false);
    who.hello(5);
    await ready();
    expect([who.others("me"), asked()]).toEqual([null, 0]);
    who.want(true);
    await ready();
    expect(who.others("me")?.faces).toEqual([face("ann")]);
  });
});
