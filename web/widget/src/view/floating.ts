/** Small things that open over the window, at an element of it: above it where there is room, and never out of the page. */
import { computePosition, flip, offset, shift } from "@floating-ui/dom";
import { followInView } from "../in-view.ts";

const gap = 4;
const margin = 8;

export interface FloatingOptions {
  /** As wide as the element at which it opens. */
  readonly isAsWide?: boolean;
}

/** Puts something beside an element, over all else, until the returned function is called. */
export function float(anchor: Element, floating: HTMLElement, { isAsWide = false }: FloatingOptions = {}): () => void {
  inTopLayer(floating);
  const place = async (): Promise<void> => {
    if (isAsWide) {
      floating.style.width = `${anchor.getBoundingClientRect().width}px`;
    }
    const { x, y } = await computePosition(anchor, floating, {
      strategy: "fixed",
      placement: "top-start",
      middleware: [
        offset(gap),
        flip({ padding: margin }),
        shift({ padding: margin }),
      ],
    });
    floating.style.left = `${Math.round(x)}px`;
    floating.style.top = `${Math.round(y)}px`;
    floating.dataset.placed = "";
  };
  const stop = followInView(anchor, floating, () => {
    void place();
  });
  return () => {
    stop();
    delete floating.dataset.placed;
    floating.remove();
  };
}

/** A manual popover, where the browser has them; where not, the style sheet lays it over what is there. */
export function inTopLayer(element: HTMLElement): void {
  if (typeof element.showPopover === "function") {
    element.showPopover();
  } else {
    element.removeAttribute("popover");
  }
}
