/** How far a picture is zoomed, and which part of it is in view. Pure; in px of the part that is seen unzoomed, its box. */
import type { PictureGeometry, Point, Size } from "./geometry.ts";

/** A point p of the box is shown at `scale` · p + (`x`, `y`). */
export interface View extends Point {
  readonly scale: number;
}

export const unzoomed: View = { scale: 1, x: 0, y: 0 };
export const mostZoom = 8;
/** What a button or a key zooms by. */
export const stride = 1.5;
/** What two taps zoom to. */
const closer = 2.5;
/** What an arrow key pans by, as a part of the box. */
const panStride = 0.15;

export type ZoomInput =
  /** What is at a point stays there; without one, what is in the middle. */
  | { readonly type: "zoom"; readonly by: number; readonly at?: Point }
  | { readonly type: "pan"; readonly by: Point }
  /** Two fingers, whose middle was at one point and is at another. */
  | { readonly type: "pinch"; readonly by: number; readonly from: Point; readonly to: Point }
  /** Closer at a point; from anywhere closer, back. */
  | { readonly type: "toggle"; readonly at: Point }
  /** A point, as the box has it unzoomed, comes into view. */
  | { readonly type: "reveal"; readonly at: Point }
  | { readonly type: "reset" };

export function zoomed(view: View, box: Size, input: ZoomInput): View {
  switch (input.type) {
    case "zoom":
      return zoomedAt(view, box, input.by, input.at ?? { x: box.width / 2, y: box.height / 2 });
    case "pan":
      return within(box, { ...view, x: view.x + input.by.x, y: view.y + input.by.y });
    case "pinch": {
      const { from, to } = input;
      const moved = { ...view, x: view.x + to.x - from.x, y: view.y + to.y - from.y };
      return zoomedAt(moved, box, input.by, to);
    }
    case "toggle":
      return view.scale > 1 ? unzoomed : zoomedAt(view, box, closer, input.at);
    case "reveal": {
      const x = view.scale * input.at.x + view.x;
      const y = view.scale * input.at.y + view.y;
      return within(box, { ...view, x: view.x + into(x, box.width) - x, y: view.y + into(y, box.height) - y });
    }
    case "reset":
      return unzoomed;
  }
}

/** The same part of the picture in a box of another size. */
export function resized({ scale, x, y }: View, from: Size, to: Size): View {
  return from.width <= 0 || from.height <= 0
    ? unzoomed
    : within(to, { scale, x: (x * to.width) / from.width, y: (y * to.height) / from.height });
}

/** Where the whole picture is when its visible part is zoomed; that part stays where it was. */
export function zoomedGeometry({ content, visible }: PictureGeometry, { scale, x, y }: View): PictureGeometry {
  return {
    content: {
      left: visible.left + (content.left - visible.left) * scale + x,
      top: visible.top + (content.top - visible.top) * scale + y,
      width: content.width * scale,
      height: content.height * scale,
    },
    visible,
  };
}

/** What a key asks for, or null. Arrows count only where there is something to pan to. */
export function zoomOfKey(key: string, { scale }: View, box: Size): ZoomInput | null {
  switch (key) {
    case "+":
    case "=":
      return { type: "zoom", by: stride };
    case "-":
    case "_":
      return { type: "zoom", by: 1 / stride };
    case "0":
      return { type: "reset" };
  }
  const x = box.width * panStride;
  const y = box.height * panStride;
  const ways = new Map<string, Point>([
    ["ArrowLeft", { x, y: 0 }],
    ["ArrowRight", { x: -x, y: 0 }],
    ["ArrowUp", { x: 0, y }],
    ["ArrowDown", { x: 0, y: -y }],
  ]);
  const by = scale > 1 ? ways.get(key) : undefined;
  return by === undefined ? null : { type: "pan", by };
}

/** What a turn of the wheel zooms by. A touchpad's pinch comes as many small turns, a mouse's notch as one large one. */
export function zoomOfWheel(delta: number, isInLines: boolean): number {
  const turn = Math.max(-40, Math.min(40, isInLines ? delta * 16 : delta));
  return Math.exp(-turn / 100);
}

function zoomedAt({ scale, x, y }: View, box: Size, by: number, at: Point): View {
  const next = Math.min(mostZoom, Math.max(1, scale * by));
  const grown = next / scale;
  return within(box, { scale: next, x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown });
}

/** Nothing but the picture is in the box: it never comes away from an edge. */
function within({ width, height }: Size, { scale, x, y }: View): View {
  // A hair's breadth closer would leave a picture that looks unzoomed, and pans.
  return scale < 1.001 ? unzoomed : { scale, x: between(x, width * (1 - scale)), y: between(y, height * (1 - scale)) };
}

function between(value: number, least: number): number {
  return Math.min(0, Math.max(least, value));
}

/** So far from the edge that what is there can be seen whole. */
function into(value: number, length: number): number {
  const margin = Math.min(40, length / 4);
  return Math.min(length - margin, Math.max(margin, value));
}
