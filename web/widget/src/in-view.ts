/** Following of an element, for as long as it can be seen. */
import { followPlace } from "./follow-place.ts";

/** Touching the edge is not seen; a threshold of 0 alone would not tell the two apart. */
const thresholds = [0, 1e-6];

/**
 * Calls `update` now and whenever the reference, or what floats at it, may have moved, until the returned function is
 * called. An element that is scrolled out of its box is let be until it is seen again.
 */
export function followInView(reference: Element, floating: HTMLElement, update: () => void): () => void {
  let stop: (() => void) | null = null;
  const view = new IntersectionObserver(
    (entries) => {
      stop?.();
      stop = (entries.at(-1)?.intersectionRatio ?? 0) > 0 ? followPlace(reference, floating, update) : null;
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
