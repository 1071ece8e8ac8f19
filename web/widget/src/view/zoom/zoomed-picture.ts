/**
 * The picture once more, closer, over the page's own: that is neither moved nor scaled, and only its content is out of
 * sight meanwhile, as a picture may be transparent.
 */
import type { PictureGeometry } from "../../geometry.ts";
import { pagesPosition } from "../../picture-layout.ts";
import { make, style } from "../elements.ts";

/** Farther than any picture is large: content that is moved out of its box is not painted. */
const outOfSight = "-99999px";

export class ZoomedPicture {
  /** Also where the pointer is felt while nothing can be pinned. */
  readonly element = make("div", "zoomed", { "aria-hidden": "true" });
  readonly #image: HTMLImageElement;
  readonly #onFailure: () => void;
  #copy: HTMLImageElement | null = null;
  #before: readonly (readonly [name: string, value: string, priority: string])[] | null = null;

  constructor(image: HTMLImageElement, onFailure: () => void) {
    this.#image = image;
    this.#onFailure = onFailure;
  }

  /** `shown` is where the whole picture is, closer. */
  show(shown: PictureGeometry, isCloser: boolean): void {
    const { content, visible } = shown;
    style(this.element, px(visible.left, visible.top, visible.width, visible.height));
    if (!isCloser) {
      this.#end();
      return;
    }
    const copy = this.#copy ?? this.#begin();
    style(copy, px(content.left - visible.left, content.top - visible.top, content.width, content.height));
    const { filter, opacity, imageRendering, borderRadius } = getComputedStyle(this.#image);
    style(copy, { filter, opacity, "image-rendering": imageRendering });
    style(this.element, { "border-radius": borderRadius });
    if (copy.complete && copy.naturalWidth > 0) {
      this.#hide();
    }
  }

  destroy(): void {
    this.#end();
    this.element.remove();
  }

  #begin(): HTMLImageElement {
    const copy = make("img", "", { alt: "", draggable: "false" });
    const { crossOrigin, referrerPolicy, currentSrc, src } = this.#image;
    copy.crossOrigin = crossOrigin;
    copy.referrerPolicy = referrerPolicy;
    copy.decoding = "sync";
    copy.addEventListener("load", () => {
      if (this.#copy === copy) {
        this.#hide();
      }
    });
    copy.addEventListener("error", () => {
      if (this.#copy === copy) {
        this.#onFailure();
      }
    });
    copy.src = currentSrc || src;
    this.#copy = copy;
    this.element.append(copy);
    return copy;
  }

  #end(): void {
    this.#copy?.remove();
    this.#copy = null;
    if (this.#before === null) {
      return;
    }
    const { style: own } = this.#image;
    const [transition, ...others] = this.#before;
    this.#before = null;
    for (const [name, value, priority] of others) {
      own.setProperty(name, value, priority);
    }
    // A page may have all that changes glide: the content comes back at once, and only then may things glide again.
    getComputedStyle(this.#image).getPropertyValue("object-position");
    if (transition !== undefined) {
      own.setProperty(...transition);
    }
    // Asked as an attribute: Chromium removes only one that it has written out.
    if (this.#image.getAttribute("style") === "") {
      this.#image.removeAttribute("style");
    }
  }

  #hide(): void {
    if (this.#before !== null) {
      return;
    }
    const { style: own } = this.#image;
    const position = getComputedStyle(this.#image).objectPosition;
    this.#before = ["transition", "object-position", pagesPosition].map((name) => [
      name,
      own.getPropertyValue(name),
      own.getPropertyPriority(name),
    ]);
    own.setProperty("transition", "none", "important");
    own.setProperty(pagesPosition, position);
    own.setProperty("object-position", `${outOfSight} ${outOfSight}`, "important");
  }
}

function px(left: number, top: number, width: number, height: number): Record<string, string> {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}
