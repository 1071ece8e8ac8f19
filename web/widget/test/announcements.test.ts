import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Announcements, breath } from "../src/announcements.ts";
import { FakeClock } from "./fake-clock.ts";

function parts(): { clock: FakeClock; said: { at: number; text: string }[]; announcements: Announcements } {
  const clock = new FakeClock();
  const said: { at: number; text: string }[] = [];
  const announcements = new Announcements(
    clock,
    (count) => `${count} new comments`,
    () => {
      said.push({ at: clock.now(), text: announcements.text });
    },
  );
  return { clock, said, announcements };
}

describe("announcements", () => {
  it("say the first at once, and what comes soon after it together", () => {
    const { clock, said, announcements } = parts();
    announcements.comment("by Ann");
    announcements.comment("by Ben");
    announcements.comment("by Cho");
    expect(said).toEqual([{ at: 0, text: "by Ann" }]);
    clock.pass(breath);
    expect(said.at(-1)).toEqual({ at: breath, text: "2 new comments" });
    expect(clock.isIdle).toBe(true);
  });

  it("say of one's own doing the newest only, before what others did", () => {
    const { clock, said, announcements } = parts();
    announcements.say("connected");
    announcements.say("locked");
    announcements.comment("by Ann");
    announcements.say("unlocked");
    clock.pass(breath);
    expect(said.at(-1)?.text).toBe("unlocked by Ann");
  });

  it("say again what has happened again", () => {
    const { clock, said, announcements } = parts();
    announcements.say("copied");
    clock.pass(breath);
    announcements.say("copied");
    expect(said[1]?.text).not.toBe(said[0]?.text);
    expect(said[1]?.text.trim()).toBe("copied");
  });

  it("come at most once in two seconds, and lose no comment", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 30 }), (pauses) => {
        const { clock, said, announcements } = parts();
        for (const pause of pauses) {
          clock.pass(pause);
          announcements.comment("1 new comments");
        }
        clock.pass(breath);
        for (const [index, { at }] of said.entries()) {
          expect(at - (said[index - 1]?.at ?? -breath)).toBeGreaterThanOrEqual(breath);
        }
        expect(said.reduce((sum, { text }) => sum + Number.parseInt(text), 0)).toBe(pauses.length);
        expect(clock.isIdle).toBe(true);
      }),
    );
  });

  it("are silent after the end", () => {
    const { clock, said, announcements } = parts();
    announcements.say("one");
    announcements.say("two");
    announcements.destroy();
    clock.pass(breath);
    expect(said).toHaveLength(1);
    expect(clock.isIdle).toBe(true);
  });
});
