/** Three points of an element, by which the browser tells how it lies on the screen, whatever turns or scales it. */
import { cameFrom, through, type Affine } from "../affine.ts";
import type { Point } from "../geometry.ts";
import { make, style } from "./elements.ts";

export class Corners {
  readonly #host: HTMLElement;
  readonly #points: readonly [HTMLElement, HTMLElement, HTMLElement];

  /** `inside` is the element's own tree. */
  constructor(host: HTMLElement, inside: ParentNode) {
    this.#host = host;
    this.#points = [corner("0", "0"), corner("100%", "0"), corner("0", "100%")];
    inside.append(...this.#points);
  }

  /** From the element's px to the viewport's. Null while it is not shown. */
  map(): Affine | null {
    const { offsetWidth, offsetHeight, style: own } = this.#host;
    if (offsetWidth === 0 || offsetHeight === 0) {
      return null;
    }
    const [origin, right, below] = this.#points.map((one) => one.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect];
    return through(origin, right, below, Number.parseFloat(own.width), Number.parseFloat(own.height));
  }

  /** The point of the element that is at a point of the viewport. */
  at(client: Point): Point | null {
    const map = this.map();
    return map === null ? null : cameFrom(map, client);
  }
}

function corner(left: string, top: string): HTMLElement {
  const point = make("div", "");
  style(point, { position: "absolute", left, top, width: "0", height: "0", visibility: "hidden" });
  return point;
}
