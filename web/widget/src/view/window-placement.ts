/** Puts the open window beside its marker, where there is room. */
import { arrow, computePosition, flip, offset, shift, type Side } from "@floating-ui/dom";
import { followInView } from "../in-view.ts";
import { isWholeScreen } from "./whole-screen.ts";

const gap = 12;
const margin = 8;

const classes: Readonly<Record<Side, string>> = {
  right: "to-right",
  left: "to-left",
  top: "to-top",
  bottom: "to-bottom",
};

/** Keeps a window in place until the returned function is called. */
export function placeWindow(marker: Element, chatWindow: HTMLElement, arrowElement: HTMLElement): () => void {
  const isFromTheRight = getComputedStyle(chatWindow).direction === "rtl";
  const place = async (): Promise<void> => {
    if (isWholeScreen()) {
      chatWindow.dataset.side = "screen";
      return;
    }
    const { x, y, placement, middlewareData } = await computePosition(marker, chatWindow, {
      strategy: "fixed",
      placement: isFromTheRight ? "left" : "right",
      middleware: [
        offset(gap),
        // Only for want of room beside the marker: along it, shift finds some, and a window that grows stays on its side.
        flip({ fallbackPlacements: [isFromTheRight ? "right" : "left", "bottom", "top"], padding: margin, crossAxis: false }),
        shift({ padding: margin, crossAxis: true }),
        arrow({ element: arrowElement, padding: 12 }),
      ],
    });
    const side = placement.split("-")[0] as Side;
    chatWindow.dataset.side = side;
    chatWindow.classList.remove(...Object.values(classes));
    chatWindow.classList.add(classes[side]);
    chatWindow.style.left = `${Math.round(x)}px`;
    chatWindow.style.top = `${Math.round(y)}px`;
    const { x: arrowX, y: arrowY } = middlewareData.arrow ?? {};
    arrowElement.style.left = arrowX === undefined ? "" : `${arrowX}px`;
    arrowElement.style.top = arrowY === undefined ? "" : `${arrowY}px`;
  };
  return followInView(marker, chatWindow, () => {
    void place();
  });
}
