// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { KeptTimes } from "../src/view/kept-times.ts";
import { relativeTime, untilItChanges } from "../src/view/times.ts";
import { FakeClock } from "./fake-clock.ts";

const noon = Date.parse("2026-01-05T12:00:00.000Z");

function shown(...ages: number[]): HTMLElement {
  const element = document.createElement("div");
  element.append(
    ...ages.map((seconds) => {
      const time = document.createElement("time");
      time.dateTime = new Date(noon - seconds * 1000).toISOString();
      return time;
    }),
  );
  return element;
}

const says = (element: HTMLElement): (string | null)[] => [...element.children].map(({ textContent }) => textContent);

describe("a relative time", () => {
  it("is the same until it is said to change, and another then", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 * 86_400_000 }), (age) => {
        const date = new Date(noon).toISOString();
        const wait = untilItChanges(date, noon + age);
        const before = relativeTime(date, noon + age, "en");
        expect(wait).toBeGreaterThan(0);
        expect(relativeTime(date, noon + age + wait - 1, "en")).toBe(before);
        expect(relativeTime(date, noon + age + wait, "en")).not.toBe(before);
      }),
    );
  });

  it("changes no more where it is a date, and is now where a clock is wrong", () => {
    expect(untilItChanges(new Date(noon).toISOString(), noon + 8 * 86_400_000)).toBe(Infinity);
    expect(untilItChanges(new Date(noon + 5000).toISOString(), noon)).toBe(65_000);
    expect(untilItChanges("never", noon)).toBe(Infinity);
  });
});

/** Times of so many seconds ago, kept; the days pass with the clock. */
function kept(...ages: number[]) {
  const clock = new FakeClock();
  const after = vi.spyOn(clock, "after");
  const element = shown(...ages);
  const times = new KeptTimes(clock, () => noon + clock.now());
  times.show(element, "en");
  return { clock, after, element, times };
}

describe("the times of an open window", () => {
  it("M17 are kept current by one timer, which waits for the first of them to change", () => {
    const { clock, after, element } = kept(30, 7200);
    expect(says(element)).toEqual(["now", "2 hr. ago"]);
    expect(after.mock.calls.map(([wait]) => wait)).toEqual([30_000]);
    clock.pass(29_999);
    expect(after).toHaveBeenCalledTimes(1);
    clock.pass(1);
    expect(says(element)).toEqual(["1 min. ago", "2 hr. ago"]);
    clock.pass(60_000);
    expect(says(element)).toEqual(["2 min. ago", "2 hr. ago"]);
    expect(after).toHaveBeenCalledTimes(3);
  });

  it("have no other timer begun by a rendering that changes none of them", () => {
    const { after, element, times } = kept(30);
    times.show(element, "en");
    expect(after).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["none is relative", [8 * 86_400]],
    ["there is none", []],
  ])("have no timer where %s", (_name, ages) => {
    expect(kept(...ages).clock.isIdle).toBe(true);
  });

  it("have no timer while nobody looks, and none when the window is closed", () => {
    const { clock, element, times } = kept(30);
    times.show(null, "en");
    expect(clock.isIdle).toBe(true);
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    times.show(element, "en");
    expect(clock.isIdle).toBe(true);
    vi.restoreAllMocks();
    times.show(element, "en");
    expect(clock.isIdle).toBe(false);
  });
});
