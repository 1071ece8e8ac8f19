import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SendPause } from "../src/send-pause.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a pause in sending", () => {
  it("says why, for as long as the server asked for, and then that it is over", () => {
    const over: string[] = [];
    const pause = new SendPause(new AbortController().signal, (sentence) => over.push(sentence));
    expect(pause.sentence).toBeNull();
    pause.begin(2, "Two seconds.");
    vi.advanceTimersByTime(1999);
    expect([pause.sentence, over]).toEqual(["Two seconds.", []]);
    vi.advanceTimersByTime(1);
    expect([pause.sentence, over]).toEqual([null, ["Two seconds."]]);
  });

  it("is as long as the last refusal asked for", () => {
    const over: string[] = [];
    const pause = new SendPause(new AbortController().signal, (sentence) => over.push(sentence));
    pause.begin(2, "Two seconds.");
    pause.begin(5, "Five seconds.");
    vi.advanceTimersByTime(4999);
    expect([pause.sentence, over]).toEqual(["Five seconds.", []]);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(["Five seconds."]);
  });

  it("leaves no timer behind", () => {
    const ending = new AbortController();
    new SendPause(ending.signal, () => undefined).begin(2, "Two seconds.");
    ending.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
