// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { persistently } from "../src/persistently.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("loading what a page cannot do without (M15)", () => {
  it("tries again after a pause that grows, and tells each failure with its number", async () => {
    const attempts: [number, number][] = [];
    const failed: number[] = [];
    const began = Date.now();
    const loaded = persistently(
      (attempt) => {
        attempts.push([attempt, Date.now() - began]);
        return attempt < 3 ? Promise.reject(new TypeError("no network")) : Promise.resolve("here");
      },
      { isWanted: () => true, onFailure: (_error, attempt) => failed.push(attempt) },
    );
    await vi.runAllTimersAsync();
    expect(await loaded).toBe("here");
    expect(attempts).toEqual([
      [0, 0],
      [1, 5000],
      [2, 15_000],
      [3, 35_000],
    ]);
    expect(failed).toEqual([0, 1, 2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tries again at once when the network is back", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError("no network")).mockResolvedValue("here");
    const loaded = persistently(load, { isWanted: () => true, onFailure: () => undefined });
    await vi.advanceTimersByTimeAsync(0);
    window.dispatchEvent(new Event("online"));
    expect(await loaded).toBe("here");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends when nobody wants it any more", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError("no network"));
    const loaded = persistently(load, { isWanted: () => false, onFailure: () => undefined });
    await vi.runAllTimersAsync();
    expect(await loaded).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);
  });
});
