/** Where a picture's content lies inside its box, and percent ↔ px in it. Pure. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

export interface Edges {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export type ObjectFit = "fill" | "contain" | "cover" | "none" | "scale-down";

export interface PictureBox {
  /** The border box. */
  readonly box: Size;
  readonly border: Edges;
  readonly padding: Edges;
  /** The picture's own size; zero while it is not loaded. */
  readonly natural: Size;
  readonly fit: ObjectFit;
  /** `object-position` as the computed style gives it: `50% 50%`, `10px 100%`, `calc(100% - 10px) 0px`. */
  readonly position: string;
}

export interface PictureGeometry {
  /** The whole picture, from the border box's top left corner; it may reach beyond what is visible. */
  readonly content: Rect;
  /** The part of it that can be seen. */
  readonly visible: Rect;
}

export function pictureGeometry(picture: PictureBox): PictureGeometry {
  const frame = innerBox(picture);
  const size = fittedSize(frame, picture.natural, picture.fit);
  const [alignX, alignY] = parsePosition(picture.position);
  const content = {
    left: frame.left + alignX(frame.width - size.width),
    top: frame.top + alignY(frame.height - size.height),
    ...size,
  };
  return { content, visible: intersection(frame, content) };
}

/** Percent of the picture at a point that is measured from the border box's corner, or null outside the picture. */
export function percentAt(geometry: PictureGeometry, point: Point): Point | null {
  const { content, visible } = geometry;
  if (!isWithin(visible, point, 0) || content.width <= 0 || content.height <= 0) {
    return null;
  }
  return {
    x: roundPercent(((point.x - content.left) / content.width) * 100),
    y: roundPercent(((point.y - content.top) / content.height) * 100),
  };
}

/** The point, measured from the border box's corner, at a percentage of the picture. */
export function pointAt(geometry: PictureGeometry, percent: Point): Point {
  const { content } = geometry;
  return {
    x: content.left + (content.width * percent.x) / 100,
    y: content.top + (content.height * percent.y) / 100,
  };
}

/** Whether a percentage lies in the visible part; `cover` and `none` cut some of the picture off. */
export function isVisible(geometry: PictureGeometry, percent: Point): boolean {
  const { visible } = geometry;
  return visible.width > 0 && visible.height > 0 && isWithin(visible, pointAt(geometry, percent), 0.5);
}

function isWithin({ left, top, width, height }: Rect, { x, y }: Point, slack: number): boolean {
  return x >= left - slack && x <= left + width + slack && y >= top - slack && y <= top + height + slack;
}

/** Four decimals place a marker within a twentieth of a pixel, even on a picture 100,000 px tall. */
function roundPercent(value: number): number {
  return Math.min(100, Math.max(0, Math.round(value * 10_000) / 10_000));
}

function innerBox({ box, border, padding }: PictureBox): Rect {
  const left = border.left + padding.left;
  const top = border.top + padding.top;
  return {
    left,
    top,
    width: Math.max(0, box.width - left - border.right - padding.right),
    height: Math.max(0, box.height - top - border.bottom - padding.bottom),
  };
}

function fittedSize(frame: Size, natural: Size, fit: ObjectFit): Size {
  const { width, height } = natural;
  if (fit === "fill" || width <= 0 || height <= 0) {
    return { width: frame.width, height: frame.height };
  }
  const contain = Math.min(frame.width / width, frame.height / height);
  const scales: Record<Exclude<ObjectFit, "fill">, number> = {
    contain,
    cover: Math.max(frame.width / width, frame.height / height),
    none: 1,
    "scale-down": Math.min(1, contain),
  };
  return { width: width * scales[fit], height: height * scales[fit] };
}

type Align = (free: number) => number;

/** Computed styles have two values; keywords are already percentages, and a calc is a percentage plus or minus px. */
function parsePosition(position: string): [Align, Align] {
  const parts = position.match(/calc\([^()]*\)|[^\s]+/g) ?? [];
  return [parseAlign(parts[0]), parseAlign(parts[1])];
}

const keywords: Record<string, number> = { left: 0, top: 0, center: 50, right: 100, bottom: 100 };

function parseAlign(part = "50%"): Align {
  const keyword = keywords[part];
  if (keyword !== undefined) {
    return (free) => (free * keyword) / 100;
  }
  let percent = 0;
  let pixels = 0;
  for (const [, sign, number, unit] of part.matchAll(/([+-]\s+)?(-?[\d.]+(?:e[+-]?\d+)?)(%|px)/g)) {
    const value = Number(number) * (sign?.startsWith("-") ? -1 : 1);
    if (unit === "%") {
      percent += value;
    } else {
      pixels += value;
    }
  }
  return (free) => (free * percent) / 100 + pixels;
}

function intersection(one: Rect, other: Rect): Rect {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(one.left + one.width, other.left + other.width) - left),
    height: Math.max(0, Math.min(one.top + one.height, other.top + other.height) - top),
  };
}
