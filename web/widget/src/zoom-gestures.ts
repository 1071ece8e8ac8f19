/** Turns what a visitor does on a picture with wheel, fingers, mouse and keys into zooming. Whatever else they do is let be. */
import type { Point, Size } from "./geometry.ts";
import { zoomOfKey, zoomOfWheel, type View, type ZoomInput } from "./zoom.ts";

export interface ZoomGesturesParts {
  /** Where the picture's events come by. */
  readonly root: HTMLElement;
  /** What of the picture is always there, to hold a pointer that drags. */
  readonly holder: Element;
  /** Whether an event is of the picture, and not of what is shown over it. */
  readonly isOnPicture: (event: Event) => boolean;
  /** A point of the viewport, in px of the box; null where that cannot be told. */
  readonly at: (client: Point) => Point | null;
  readonly view: () => View;
  readonly box: () => Size;
  readonly zoom: (input: ZoomInput) => void;
  readonly signal: AbortSignal;
}

/** A pointer that moved farther than this is dragging. */
const dragDistance = 6;
/** How long a second click may take, in ms. The first one waits for it: it would begin a conversation. */
const secondClick = 250;

export function listenForZoom({ root, holder, isOnPicture, at, view, box, zoom, signal }: ZoomGesturesParts): void {
  const fingers = new Map<number, Point>();
  /** A mouse or one finger that may be about to drag, or is. */
  let drag: { readonly id: number; readonly isGoing: boolean; readonly last: Point } | null = null;
  /** The click at the end of a drag or a pinch is none. */
  let isSpent = false;
  let waiting: { readonly timer: number; readonly x: number; readonly y: number } | null = null;
  const repeated = new WeakSet<Event>();

  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    hear: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void => {
    root.addEventListener(
      type,
      (event) => {
        if (isOnPicture(event)) {
          hear(event);
        }
      },
      { ...options, signal },
    );
  };

  listen(
    "wheel",
    (event) => {
      // The plain wheel is the page's: whoever scrolls past must not get stuck.
      const where = event.ctrlKey || event.metaKey ? at(clientOf(event)) : null;
      if (where !== null) {
        event.preventDefault();
        zoom({ type: "zoom", by: zoomOfWheel(event.deltaY, event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL), at: where });
      }
    },
    { passive: false },
  );

  listen("pointerdown", (event) => {
    if (event.pointerType === "touch") {
      fingers.set(event.pointerId, clientOf(event));
    }
    if (fingers.size < 2) {
      isSpent = false;
    }
    const isOnMarker = event.composedPath().some((one) => one instanceof HTMLElement && one.hasAttribute("data-marker"));
    // With Shift a region is drawn, and one's own marker can be dragged.
    const mayDrag = view().scale > 1 && event.button === 0 && !event.shiftKey && !isOnMarker && fingers.size < 2;
    drag = mayDrag && !root.hasAttribute("data-drawing") ? { id: event.pointerId, isGoing: false, last: clientOf(event) } : null;
  });

  listen("pointermove", (event) => {
    const now = clientOf(event);
    const before = fingers.get(event.pointerId);
    const [other] = [...fingers].filter(([id]) => id !== event.pointerId);
    if (before !== undefined) {
      fingers.set(event.pointerId, now);
    }
    if (before !== undefined && other !== undefined) {
      isSpent = true;
      const still = other[1];
      const from = at(middle(before, still));
      const to = at(middle(now, still));
      const apart = distance(before, still);
      if (from !== null && to !== null && apart > 0) {
        zoom({ type: "pinch", by: distance(now, still) / apart, from, to });
      }
    } else if (drag !== null && drag.id === event.pointerId && (drag.isGoing || distance(drag.last, now) > dragDistance)) {
      if (!drag.isGoing) {
        isSpent = true;
        holder.setPointerCapture(event.pointerId);
      }
      const from = at(drag.last);
      const to = at(now);
      drag = { id: event.pointerId, isGoing: true, last: now };
      if (from !== null && to !== null) {
        zoom({ type: "pan", by: { x: to.x - from.x, y: to.y - from.y } });
      }
    }
  });

  for (const end of ["pointerup", "pointercancel"] as const) {
    root.addEventListener(
      end,
      ({ pointerId }) => {
        fingers.delete(pointerId);
        if (drag?.id === pointerId) {
          drag = null;
        }
      },
      { signal },
    );
  }

  listen(
    "click",
    (event) => {
      if (repeated.has(event) || event.detail === 0) {
        return;
      }
      const target = event.composedPath()[0];
      const isOnMarker = target instanceof Element && target.closest("button") !== null;
      if (isSpent) {
        event.stopImmediatePropagation();
        event.preventDefault();
        isSpent = false;
      } else if (!isOnMarker && target !== undefined) {
        event.stopImmediatePropagation();
        event.preventDefault();
        const before = waiting;
        clearTimeout(before?.timer);
        waiting = null;
        const where = at(clientOf(event));
        // Of two quick taps Chromium may tell the second alone, as the second.
        const isSecond = event.detail === 2 || (before !== null && distance(before, clientOf(event)) <= 24);
        if (where !== null && isSecond) {
          zoom({ type: "toggle", at: where });
          return;
        }
        const again = new PointerEvent("click", event);
        repeated.add(again);
        const timer = window.setTimeout(() => {
          waiting = null;
          target.dispatchEvent(again);
        }, secondClick);
        waiting = { timer, ...clientOf(event) };
      }
    },
    { capture: true },
  );
  signal.addEventListener("abort", () => {
    clearTimeout(waiting?.timer);
  });

  listen("keydown", (event) => {
    const isTaken = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
    const input = isTaken ? null : zoomOfKey(event.key, view(), box());
    if (input !== null) {
      event.preventDefault();
      zoom(input);
    }
  });
}

function clientOf({ clientX: x, clientY: y }: MouseEvent): Point {
  return { x, y };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
