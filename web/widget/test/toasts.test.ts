import { describe, expect, it } from "vitest";
import { Toasts, toastTime, undoTime } from "../src/toasts.ts";
import { FakeClock } from "./fake-clock.ts";

function parts(): { clock: FakeClock; toasts: Toasts; undone: string[]; changes: () => number } {
  const clock = new FakeClock();
  const undone: string[] = [];
  let changes = 0;
  const toasts = new Toasts(clock, () => {
    changes += 1;
  });
  return { clock, toasts, undone, changes: () => changes };
}

describe("a toast", () => {
  it("goes after its time, and leaves no timer", () => {
    const { clock, toasts, changes } = parts();
    toasts.show({ text: "gone", undo: null });
    clock.pass(toastTime - 1);
    expect(toasts.shown?.text).toBe("gone");
    clock.pass(1);
    expect(toasts.shown).toBeNull();
    expect(clock.isIdle).toBe(true);
    expect(changes()).toBe(2);
  });

  it("stays while somebody reads it, and then for what is left", () => {
    const { clock, toasts } = parts();
    toasts.show({ text: "gone", undo: null });
    clock.pass(5000);
    toasts.hold();
    toasts.hold();
    expect(clock.isIdle).toBe(true);
    clock.pass(60_000);
    toasts.release();
    toasts.release();
    clock.pass(2999);
    expect(toasts.shown).not.toBeNull();
    clock.pass(1);
    expect(toasts.shown).toBeNull();
  });

  it("undoes once", () => {
    const { clock, toasts, undone } = parts();
    toasts.show({ text: "gone", undo: () => undone.push("one") });
    toasts.undo();
    toasts.undo();
    expect(undone).toEqual(["one"]);
    expect(toasts.shown).toBeNull();
    expect(clock.isIdle).toBe(true);
  });

  it("takes the place of the one before, with a time of its own", () => {
    const { clock, toasts, undone } = parts();
    toasts.show({ text: "first", undo: () => undone.push("first") });
    clock.pass(5000);
    toasts.show({ text: "second", undo: () => undone.push("second") });
    clock.pass(7999);
    toasts.undo();
    expect(undone).toEqual(["second"]);
  });

  it("stays for as long as it says", () => {
    const { clock, toasts } = parts();
    toasts.show({ text: "not undone", undo: () => undefined, lasts: undoTime });
    clock.pass(undoTime - 1);
    expect(toasts.shown).not.toBeNull();
    clock.pass(1);
    expect(toasts.shown).toBeNull();
  });

  it("goes when what it says is so no more", () => {
    const { clock, toasts } = parts();
    let isThere = false;
    toasts.show({ text: "not undone", undo: () => undefined, isOver: () => isThere });
    toasts.check();
    expect(toasts.shown?.text).toBe("not undone");
    isThere = true;
    toasts.check();
    expect(toasts.shown).toBeNull();
    expect(clock.isIdle).toBe(true);
    toasts.show({ text: "gone", undo: null });
    toasts.check();
    expect(toasts.shown?.text).toBe("gone");
  });

  it("may show the next from its own undo", () => {
    const { toasts } = parts();
    toasts.show({
      text: "gone",
      undo: () => {
        toasts.show({ text: "back", undo: null });
      },
    });
    toasts.undo();
    expect(toasts.shown?.text).toBe("back");
  });
});
