/** A window that is the whole screen: above the software keyboard, and before a page that stays where it is. */
import { screenPlace } from "../screen-place.ts";
import { put, style } from "./elements.ts";
import { isAtEnd } from "./scroll-keeper.ts";

/** Below this the window is the whole screen, and CSS alone places it in what can be seen. */
const narrow = "(max-width: 767.98px)";

export function isWholeScreen(): boolean {
  return window.matchMedia(narrow).matches;
}

/** Until the returned function is called. */
export function holdScreen(chat: HTMLElement): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const scrolled = isWholeScreen() ? { left: scrollX, top: scrollY } : null;
  const seen = window.visualViewport;
  const place = (): void => {
    if (seen === null || !isWholeScreen()) {
      return;
    }
    const { top, height, isCovered } = screenPlace(seen, document.documentElement.clientHeight);
    const scroller = chat.querySelector<HTMLElement>("[data-scroller]");
    const wasAtEnd = scroller !== null && isAtEnd(scroller);
    style(chat, { "--view-top": `${top}px`, "--view-height": `${height}px` });
    put(chat, { "data-covered": isCovered ? "" : null });
    if (wasAtEnd) {
      scroller.scrollTo({ top: Number.MAX_SAFE_INTEGER });
    }
  };
  for (const view of [window, seen]) {
    view?.addEventListener("resize", place, { signal });
    view?.addEventListener("scroll", place, { signal, passive: true });
  }
  for (const type of ["wheel", "touchmove"] as const) {
    chat.addEventListener(
      type,
      (event) => {
        const isZoom = "touches" in event ? event.touches.length > 1 : event.ctrlKey;
        if (isWholeScreen() && event.cancelable && !isZoom && !isOnScroller(event, chat)) {
          event.preventDefault();
        }
      },
      { signal, passive: false },
    );
  }
  place();
  return () => {
    ending.abort();
    // Some browsers scroll the page to bring a field above the keyboard.
    if (scrolled !== null && isWholeScreen() && (scrolled.left !== scrollX || scrolled.top !== scrollY)) {
      window.scrollTo({ ...scrolled, behavior: "instant" });
    }
  };
}

/** What can be scrolled keeps its scrolling to itself, by CSS; what cannot hands it on to the page. */
function isOnScroller(event: Event, chat: HTMLElement): boolean {
  return event
    .composedPath()
    .some((one) => one instanceof HTMLElement && chat.contains(one) && one !== chat && one.matches("textarea, .scroller") && one.scrollHeight > one.clientHeight);
}
