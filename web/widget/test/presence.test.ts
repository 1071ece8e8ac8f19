import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Presence, type Face, type PresenceSignal } from "../src/presence.ts";

const face = (id: string): Face => ({ id, displayName: id.toUpperCase(), avatarSrc: null });
const signal = (sc: number, more: Partial<PresenceSignal> = {}): PresenceSignal => ({
  type: "p-u",
  sc,
  joined: [],
  left: [],
  people: [],
  many: false,
  ...more,
});

function listed(presence: Presence, users: string[], anonCount = 0): void {
  presence.asking();
  presence.listed({ users: users.map(face), anonCount });
}

const namesOf = (presence: Presence, own: string | null = null): string[] => presence.others(own).map(({ id }) => id);

describe("who is looking", () => {
  it("is asked for once, and then kept by what is heard", () => {
    const presence = new Presence();
    presence.hello(2);
    expect(presence.needsList).toBe(true);
    listed(presence, ["me", "ann"], 1);
    presence.heard(signal(4, { joined: ["ben"], people: [face("ben")] }));
    presence.heard(signal(3, { left: ["ann"] }));
    presence.heard(signal(4)); // another tab of somebody's
    expect([namesOf(presence, "me"), presence.anonymous("me"), presence.connections]).toEqual([["ben"], 1, 4]);
    expect(presence.needsList).toBe(false);
  });

  it("counts those without a name, the visitor's own self not among them", () => {
    const presence = new Presence();
    presence.hello(2);
    listed(presence, ["ann"], 2);
    expect(presence.anonymous("anon-me")).toBe(1);
    presence.heard(signal(4, { joined: ["anon-x"] }));
    expect(presence.anonymous("anon-me")).toBe(2);
    presence.heard(signal(2, { left: ["anon-x", "anon-y"] }));
    expect(presence.anonymous("anon-me")).toBe(0);
  });

  it("is right when somebody comes and goes while the list is on its way", () => {
    const presence = new Presence();
    presence.hello(1);
    presence.asking();
    presence.heard(signal(3, { joined: ["ben", "mia"], people: [face("ben"), face("mia")] }));
    presence.heard(signal(2, { left: ["ann"] }));
    presence.listed({ users: [face("ann"), face("mia")], anonCount: 0 });
    expect(namesOf(presence)).toEqual(["ben", "mia"]);
  });

  it.each([
    ["a crowd came and went", signal(90, { many: true })],
    ["many came at once", signal(20, { joined: Array.from({ length: 11 }, (_, index) => `u${index}`) })],
  ])("is asked for again when %s", (_, crowd) => {
    const presence = new Presence();
    presence.hello(1);
    listed(presence, ["ann"]);
    presence.heard(crowd);
    expect(presence.needsList).toBe(true);
  });

  it("is asked for again on a new connection, and not twice at once", () => {
    const presence = new Presence();
    presence.hello(1);
    presence.asking();
    expect(presence.needsList).toBe(false);
    presence.listed(null);
    expect(presence.needsList).toBe(true);
    listed(presence, []);
    presence.hello(1);
    expect(presence.needsList).toBe(true);
  });

  it("never counts below nobody, and holds a bounded list, whatever is heard", () => {
    const ids = fc.array(fc.integer({ min: 0, max: 500 }).map((number) => `u${number}`), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids)), fc.nat(3), (heard, anonymous) => {
        const presence = new Presence();
        presence.hello(1);
        listed(presence, ["me"], anonymous);
        for (const [joined, left] of heard) {
          presence.heard(signal(1, { joined, left, people: joined.map(face) }));
        }
        expect(presence.anonymous("me")).toBeGreaterThanOrEqual(0);
        expect(presence.others(null).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
