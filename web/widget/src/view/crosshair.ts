/** The cross-hair, for pinning by keyboard. */
import type { Point } from "../geometry.ts";
import { make, put, say, style } from "./elements.ts";
import type { LayerActions, LayerModel } from "./model.ts";

/** How far an arrow key moves it, in percent; with Shift it is finer. */
const stride = 5;
const fineStride = 0.5;

export class Crosshair {
  readonly element = make("div", "crosshair", { part: "crosshair", role: "button", tabindex: "0", "data-crosshair": "" });
  readonly #hint = make("span", "crosshair-hint", { "aria-hidden": "true" });
  #at: Point = { x: 50, y: 50 };

  constructor(actions: LayerActions) {
    this.element.append(make("span", "crosshair-mark"), this.#hint);
    this.element.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? fineStride : stride;
      const steps: Readonly<Partial<Record<string, Point>>> = {
        ArrowLeft: { x: -step, y: 0 },
        ArrowRight: { x: step, y: 0 },
        ArrowUp: { x: 0, y: -step },
        ArrowDown: { x: 0, y: step },
      };
      const by = steps[event.key];
      if (by !== undefined) {
        event.preventDefault();
        actions.moveCrosshair({ x: clampPercent(this.#at.x + by.x), y: clampPercent(this.#at.y + by.y) });
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        // A key still held may have been pressed elsewhere, such as to delete a conversation.
        if (!event.repeat) {
          actions.pin(this.#at);
        }
      }
    });
  }

  show({ texts, crosshair: at }: LayerModel): void {
    this.#at = at;
    put(this.element, { "aria-label": texts("pinHere") });
    style(this.element, { "--x": `${at.x}%`, "--y": `${at.y}%` });
    say(this.#hint, texts("pinHint"));
  }
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
