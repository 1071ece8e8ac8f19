/** Keeps the layer exactly over the picture, without touching the picture or the page's layout. */
import { applied, cameFrom, composed, cssMatrix, identity, type Affine, type Linear } from "./affine.ts";
import { around, leftBy } from "./around.ts";
import { pictureGeometry, type Edges, type ObjectFit, type PictureBox, type PictureGeometry, type Point, type Size } from "./geometry.ts";
import { followInView } from "./in-view.ts";
import { same } from "./same.ts";

/** What lies over the picture, and can tell how it lies on the screen: from its own px to the viewport's. */
export interface Layer extends HTMLElement {
  onScreen(): Affine | null;
}

/** Told where the picture's content is in its box, and how that box's px become the screen's. */
export type OnGeometry = (geometry: PictureGeometry, onScreen: Linear) => void;

/** What the layer's own element must have, whatever the page's rules say about every element. */
const hostStyle: Readonly<Record<string, string>> = {
  all: "initial",
  display: "block",
  position: "absolute",
  "font-family": "inherit",
  "pointer-events": "none",
  "box-sizing": "border-box",
  "z-index": "auto",
  "transform-origin": "0 0",
};

/** Puts the layer next to the picture. Absolute, with `left` and `top` left to the browser: then it moves with the text. */
export function attachLayer(image: HTMLImageElement, layer: HTMLElement): void {
  for (const [name, value] of Object.entries(hostStyle)) {
    layer.style.setProperty(name, value, "important");
  }
  lastOf(image).after(layer);
}

function lastOf(image: Element): Element {
  return image.parentElement?.localName === "picture" ? image.parentElement : image;
}

/** A page may move its picture, into a dialog say, where only what is in there with it can be seen or reached. */
function follow(image: HTMLImageElement, layer: HTMLElement): void {
  const last = lastOf(image);
  if (layer.parentNode !== last.parentNode) {
    last.after(layer);
  }
}

/** Calls back with the geometry now and whenever it changes, until the returned function is called. */
export function followPicture(image: HTMLImageElement, layer: Layer, onGeometry: OnGeometry): () => void {
  let offset = { x: 0, y: 0 };
  let turned = "";
  let last = "";
  let watched: readonly Element[] = [];
  /** Reads all before it writes any, so that the page is laid out once. Whether what it read holds no more. */
  const lay = (): boolean => {
    const style = getComputedStyle(image);
    const picture = readPicture(image, style);
    const { width, height } = picture.box;
    const isShown = width > 0 && height > 0;
    const own = turn(image, style);
    const box = image.getBoundingClientRect();
    const before = isShown ? layer.onScreen() : null;
    const after = before && movedOnto(box, before, picture.box);
    const way = after && cameFrom(before, { x: after.e, y: after.f });
    offset = way ? moved(offset, applied(own, way)) : offset;
    const styles = {
      width: `${width}px`,
      height: `${height}px`,
      "z-index": style.position === "static" ? "auto" : style.zIndex,
      display: isShown ? "block" : "none",
      visibility: visibility(style, layer),
      transform: cssMatrix(own, offset),
      "clip-path": clip(box, leftBy(watched, layer.offsetParent), after),
    };
    const wasTurned = turned;
    turned = cssMatrix(own);
    for (const [name, value] of Object.entries(styles)) {
      setImportant(layer, name, value);
    }
    const geometry = pictureGeometry(picture);
    const linear = rounded(before ?? identity);
    const text = JSON.stringify([geometry, linear]);
    if (text !== last) {
      last = text;
      onGeometry(geometry, linear);
    }
    return turned !== wasTurned || (isShown && before === null);
  };
  const update = (): void => {
    if (!image.isConnected) {
      setImportant(layer, "display", "none");
      return;
    }
    follow(image, layer);
    const outer = around(image);
    if (!same(outer, watched)) {
      watched = outer;
      watchStyles(styles, image, outer);
    }
    if (lay()) {
      lay();
    }
  };
  const listeners = new AbortController();
  const heard = { capture: true, signal: listeners.signal };
  image.addEventListener("load", update, heard);
  image.addEventListener("error", update, heard);
  // What moves by itself is followed as it moves; but where it ends may be where it was, and turned.
  for (const end of ["transitionend", "animationend"]) {
    image.ownerDocument.addEventListener(
      end,
      ({ target }) => {
        if (target === image || watched.includes(target as Element)) {
          update();
        }
      },
      heard,
    );
  }
  const styles = new MutationObserver(update);
  const stop = followInView(image, layer, update);
  return () => {
    stop();
    styles.disconnect();
    listeners.abort();
  };
}

/** Classes and inline styles change object-fit, borders and turns, here and from outside, without changing any size. */
function watchStyles(styles: MutationObserver, image: Element, outer: readonly Element[]): void {
  styles.disconnect();
  styles.observe(image, { attributes: true, attributeFilter: ["class", "style", "src", "srcset", "width", "height"] });
  for (const one of outer) {
    styles.observe(one, { attributes: true, attributeFilter: ["class", "style", "open", "dir"] });
  }
}

/** An element's own map, but for where it moves to. What is out of the plane is left out. */
function ownMap({ zoom, rotate, scale, transform }: CSSStyleDeclaration): Linear {
  const given = [
    `scale(${Number.parseFloat(zoom) || 1})`,
    /^-?[\d.]+(e-?\d+)?deg$/.test(rotate) ? `rotate(${rotate})` : "none",
    scale === "none" ? scale : `scale(${scale.split(" ", 2).join()})`,
    transform,
  ];
  return new DOMMatrix(given.filter((one) => one !== "none").join(" "));
}

/** How the picture is turned and scaled within what is around it and the layer. */
function turn(image: Element, style: CSSStyleDeclaration): Linear {
  const last = lastOf(image);
  if (last === image) {
    return ownMap(style);
  }
  const outer = getComputedStyle(last);
  return outer.display === "inline" || outer.display === "contents" ? ownMap(style) : composed(ownMap(outer), ownMap(style));
}

/**
 * The part of the layer that is in view where the picture scrolls within something: the layer is no part of what scrolls
 * there, unless that is positioned.
 */
function clip(box: DOMRect, { left, top, right, bottom }: Edges, onScreen: Affine | null): string {
  if (onScreen === null || (left <= box.left && top <= box.top && right >= box.right && bottom >= box.bottom)) {
    return "none"; // also what is not quite in the picture is left alone, such as half of a marker
  }
  // What is flat has no corners, and cannot be seen.
  const corners = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ].map((corner) => cameFrom(onScreen, corner) ?? corner);
  return `polygon(${corners.map(({ x, y }) => `${hundredth(x)}px ${hundredth(y)}px`).join(", ")})`;
}

/** As the picture's. What both inherit is left to the browser, which follows it without being watched. */
function visibility(picture: CSSStyleDeclaration, layer: Element): string {
  const around = layer.parentElement;
  const inherited = around === null ? "visible" : getComputedStyle(around).visibility;
  return picture.visibility === inherited ? "inherit" : picture.visibility;
}

/**
 * The layer's map once it lies on the picture. Of a box that is turned, the browser tells what encloses it, and that has
 * the same middle.
 */
function movedOnto(box: DOMRect, map: Affine, { width, height }: Size): Affine {
  const middle = applied(map, { x: width / 2, y: height / 2 });
  return { ...map, e: box.left + box.width / 2 - middle.x, f: box.top + box.height / 2 - middle.y };
}

function rounded({ a, b, c, d }: Linear): Linear {
  const digits = (value: number): number => Math.round(value * 1000) / 1000 || 0;
  return { a: digits(a), b: digits(b), c: digits(c), d: digits(d) };
}

/** The layer's translation is measured, so any containing block will do. Noise must not restart the observers for ever. */
function moved(from: Point, by: Point): Point {
  const steady = (before: number, way: number): number => (Math.abs(way) < 0.01 ? before : hundredth(before + way));
  return { x: steady(from.x, by.x), y: steady(from.y, by.y) };
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100 || 0;
}

function setImportant(element: HTMLElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) {
    element.style.setProperty(name, value, "important");
  }
}

/** Where zooming keeps the page's own `object-position` while the picture's content is out of sight. */
export const pagesPosition = "--image-chat-object-position";

function readPicture(image: HTMLImageElement, style: CSSStyleDeclaration): PictureBox {
  const border = edges(style, (side) => `border-${side}-width`);
  const padding = edges(style, (side) => `padding-${side}`);
  // The used size has fractions, which offsetWidth rounds away, and no transform, which the client rectangle has.
  const isBorderBox = style.boxSizing === "border-box";
  const width = pixels(style.width) + (isBorderBox ? 0 : border.left + border.right + padding.left + padding.right);
  const height = pixels(style.height) + (isBorderBox ? 0 : border.top + border.bottom + padding.top + padding.bottom);
  return {
    box: image.offsetParent === null && image.offsetWidth === 0 ? { width: 0, height: 0 } : { width, height },
    border,
    padding,
    natural: { width: image.naturalWidth, height: image.naturalHeight },
    fit: style.objectFit as ObjectFit,
    position: style.getPropertyValue(pagesPosition) || style.objectPosition,
  };
}

function edges(style: CSSStyleDeclaration, name: (side: string) => string): Edges {
  const of = (side: string): number => pixels(style.getPropertyValue(name(side)));
  return { top: of("top"), right: of("right"), bottom: of("bottom"), left: of("left") };
}

function pixels(value: string): number {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) ? number : 0;
}
