/** Closer, farther, and the whole picture: for whoever has neither a wheel nor two fingers. */
import type { Texts } from "../../texts.ts";
import type { Rect } from "../../geometry.ts";
import { mostZoom, stride, type View, type ZoomInput } from "../../zoom.ts";
import { draw, make, put, style } from "../elements.ts";

const plus = "M8 3.5v9M3.5 8h9";
const minus = "M3.5 8h9";
const whole = "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3";

export class ZoomButtons {
  readonly element = make("div", "zoom-buttons", { role: "group", part: "zoom", "data-zoom": "" });
  readonly #closer: HTMLButtonElement;
  readonly #farther: HTMLButtonElement;
  readonly #whole: HTMLButtonElement;

  constructor(zoom: (input: ZoomInput) => void) {
    const button = (icon: string, name: string, input: ZoomInput): HTMLButtonElement => {
      const one = make("button", "", { type: "button", [`data-zoom-${name}`]: "" });
      one.append(draw(icon));
      one.addEventListener("click", () => {
        // One that can do no more keeps the focus: disabled, it would lose it.
        if (one.getAttribute("aria-disabled") !== "true") {
          zoom(input);
        }
      });
      return one;
    };
    this.#closer = button(plus, "in", { type: "zoom", by: stride });
    this.#farther = button(minus, "out", { type: "zoom", by: 1 / stride });
    this.#whole = button(whole, "whole", { type: "reset" });
    this.element.append(this.#closer, this.#farther, this.#whole);
  }

  show({ left, top, width, height }: Rect, { scale }: View, texts: Texts): void {
    put(this.element, { "aria-label": texts("zoom") });
    name(this.#closer, texts("zoomIn"), scale < mostZoom);
    name(this.#farther, texts("zoomOut"), scale > 1);
    name(this.#whole, texts("zoomReset"), scale > 1);
    // Across from who is there, whose place is where lines begin.
    const isMirrored = texts.direction === "rtl";
    style(this.element, {
      left: `${isMirrored ? left + 8 : left + width - 8}px`,
      top: `${top + height - 8}px`,
      translate: `${isMirrored ? "0" : "-100%"} -100%`,
    });
  }
}

function name(button: HTMLElement, label: string, isOfUse: boolean): void {
  put(button, { "aria-label": label, title: label, "aria-disabled": String(!isOfUse) });
}
