/** Follows where an element is: scrolling, sizes, and what moves for any other reason. */

/** Calls `update` whenever the element or what floats at it may have moved, until the returned function is called. */
export function followPlace(element: Element, floating: Element, update: () => void): () => void {
  const listeners = new AbortController();
  const heard = { capture: true, passive: true, signal: listeners.signal };
  // What scrolls within a shadow tree is heard of in that tree alone.
  for (let root = element.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) {
    root.addEventListener("scroll", update, heard);
  }
  for (const view of [window, window.visualViewport]) {
    view?.addEventListener("scroll", update, heard);
    view?.addEventListener("resize", update, heard);
  }
  const sizes = new ResizeObserver(update);
  sizes.observe(element);
  sizes.observe(floating);
  const stopMoves = followMoves(element, update, listeners.signal);
  return () => {
    listeners.abort();
    sizes.disconnect();
    stopMoves();
  };
}

/** Of an element of which nothing can be seen: it is noticed when something can. */
const least = 1e-7;

/**
 * Notices a move without asking all the time: an observer whose view is cut down to where the element is sees it leave.
 * The margins count from the window, within an `iframe` too, as the document is the root.
 */
function followMoves(element: Element, update: () => void, signal: AbortSignal): () => void {
  let moves: IntersectionObserver | null = null;
  const look = (threshold: number): void => {
    moves?.disconnect();
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0) {
      return; // it gets a size first, which is noticed
    }
    const { clientWidth, clientHeight } = document.documentElement;
    const insets = [top, clientWidth - left - width, clientHeight - top - height, left];
    let isFirst = true;
    moves = new IntersectionObserver(
      (entries) => {
        const ratio = entries.at(-1)?.intersectionRatio ?? 0;
        const now = element.getBoundingClientRect();
        const isMoved = now.left !== left || now.top !== top || now.width !== width || now.height !== height;
        if (isMoved || (ratio !== threshold && !isFirst)) {
          update();
          look(1);
        } else if (ratio !== threshold && threshold !== least) {
          look(Math.max(ratio, least)); // a part of it is all that can be seen here
        }
        isFirst = false;
      },
      { root: document, rootMargin: insets.map((inset) => `${-Math.floor(inset)}px`).join(" "), threshold },
    );
    moves.observe(element);
  };
  addEventListener(
    "resize",
    () => {
      look(1);
    },
    { signal },
  );
  look(1);
  return () => {
    moves?.disconnect();
  };
}
