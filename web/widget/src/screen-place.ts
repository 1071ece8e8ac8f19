/** Where a window that is the whole screen lies, so that a software keyboard covers nothing of it. Pure; in CSS px. */

/** What of a page can be seen: `window.visualViewport`. */
export interface Seen {
  readonly height: number;
  /** How far it is down from the top of what the page is laid out in. */
  readonly offsetTop: number;
  /** How much larger the visitor has made it, with two fingers. */
  readonly scale: number;
}

export interface ScreenPlace {
  readonly top: number;
  readonly height: number;
  /** There is a keyboard, or as good as one: the screen's lower edge is not ours. */
  readonly isCovered: boolean;
}

/** What an address bar takes is less, and a keyboard more. */
const leastKeyboard = 100;

/** `height` is that of what the page is laid out in. Whoever looks closer moves about in a window that stays as large as it is. */
export function screenPlace(seen: Seen, height: number): ScreenPlace {
  const isCloser = seen.scale > 1.01;
  const left = isCloser ? Math.min(height, seen.height * seen.scale) : seen.height;
  return { top: isCloser ? 0 : Math.max(0, seen.offsetTop), height: left, isCovered: height - left > leastKeyboard };
}
