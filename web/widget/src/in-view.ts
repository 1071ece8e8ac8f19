/** floating-ui's following of an element, for as long as it can be seen. */
import { autoUpdate } from "@floating-ui/dom";

/** Touching the edge is not seen; a threshold of 0 alone would not tell the two apart. */
const thresholds = [0, 1e-6];

/**
 * Calls `update` now and whenever the reference, or what floats at it, may have moved, until the returned function is
 * called. Of an element that is scrolled out of its box, floating-ui asks once a second where it is, for ever: such a
 * one is let be until it is seen again.
 */
export function followInView(reference: Element, floating: HTMLElement, update: () => void): () => void {
  let stop: (() => void) | null = null;
  const view = new IntersectionObserver(
    (entries) => {
      stop?.();
      stop = (entries.at(-1)?.intersectionRatio ?? 0) > 0 ? autoUpdate(reference, floating, update) : null;
      update();
    },
    { threshold: thresholds },
  );
  view.observe(reference);
  update();
  return () => {
    view.disconnect();
    stop?.();
  };
}
