// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { ignoreStrayClicks } from "../src/view/stray-clicks.ts";

function scene(): { surface: HTMLElement; undo: HTMLElement; clicks: MouseEvent[]; press: (on: HTMLElement, detail: number) => MouseEvent } {
  const root = document.createElement("div");
  const surface = document.createElement("div");
  const undo = document.createElement("button");
  root.append(surface, undo);
  const clicks: MouseEvent[] = [];
  ignoreStrayClicks(root, (target) => target === surface);
  root.addEventListener("click", (event) => clicks.push(event), true);
  const press = (on: HTMLElement, detail: number): MouseEvent => {
    if (detail > 0) {
      on.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
    }
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, detail });
    on.dispatchEvent(click);
    return click;
  };
  return { surface, undo, clicks, press };
}

describe("the second click of a double-click", () => {
  it("on what went away by the first is none on the picture, nor on a link around it", () => {
    const { surface, undo, clicks, press } = scene();
    const first = press(undo, 1);
    const second = press(surface, 2);
    expect(clicks).toEqual([first]);
    expect(second.defaultPrevented).toBe(true);
  });

  it("on the picture is one, like the third", () => {
    const { surface, clicks, press } = scene();
    expect([press(surface, 1), press(surface, 2), press(surface, 3)]).toEqual(clicks);
  });

  it("that comes alone, as of two quick taps, is one", () => {
    const { surface, undo, clicks, press } = scene();
    press(undo, 1);
    surface.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
    const second = press(surface, 2);
    expect(clicks.at(-1)).toBe(second);
  });

  it("is not what an assistive tool sends, which counts as none, or a click after another", () => {
    const { surface, undo, clicks, press } = scene();
    press(undo, 1);
    const byTool = press(surface, 0);
    const later = press(surface, 1);
    expect(clicks.slice(1)).toEqual([byTool, later]);
  });
});
