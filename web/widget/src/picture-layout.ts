/** Keeps the layer exactly over the picture, without touching the picture or the page's layout. */
import { applied, cameFrom, composed, cssMatrix, identity, inverse, type Affine, type Linear } from "./affine.ts";
import { around, leftBy } from "./around.ts";
import { pictureGeometry, type Edges, type ObjectFit, type PictureBox, type PictureGeometry, type Point } from "./geometry.ts";
import { followInView } from "./in-view.ts";

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
  let last = "";
  let watched: readonly Element[] = [];
  const update = (): void => {
    if (!image.isConnected) {
      setImportant(layer, "display", "none");
      return;
    }
    follow(image, layer);
    const outer = around(image);
    if (outer.length !== watched.length || outer.some((one, index) => one !== watched[index])) {
      watched = outer;
      watchStyles(styles, image, outer);
    }
    const style = getComputedStyle(image);
    const picture = readPicture(image, style);
    setImportant(layer, "width", `${picture.box.width}px`);
    setImportant(layer, "height", `${picture.box.height}px`);
    setImportant(layer, "z-index", style.position === "static" ? "auto" : style.zIndex);
    setImportant(layer, "display", picture.box.width > 0 && picture.box.height > 0 ? "block" : "none");
    setImportant(layer, "visibility", visibility(style, layer));
    const own = turn(image, style);
    setImportant(layer, "transform", cssMatrix(own, offset));
    const onScreen = layer.onScreen();
    offset = moved(image, picture, own, onScreen, offset);
    setImportant(layer, "transform", cssMatrix(own, offset));
    setImportant(layer, "clip-path", clip(image, layer, outer));
    const geometry = pictureGeometry(picture);
    const linear = rounded(onScreen ?? identity);
    const text = JSON.stringify([geometry, linear]);
    if (text !== last) {
      last = text;
      onGeometry(geometry, linear);
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
function clip(image: Element, layer: Layer, outer: readonly Element[]): string {
  const left = leftBy(outer, layer.offsetParent);
  if (left === null) {
    return "none";
  }
  const box = image.getBoundingClientRect();
  if (left.left <= box.left && left.top <= box.top && left.right >= box.right && left.bottom >= box.bottom) {
    return "none"; // also what is not quite in the picture is left alone, such as half of a marker
  }
  const map = layer.onScreen();
  if (map === null) {
    return "none";
  }
  const corners = [
    { x: left.left, y: left.top },
    { x: left.right, y: left.top },
    { x: left.right, y: left.bottom },
    { x: left.left, y: left.bottom },
  ].map((corner) => cameFrom(map, corner) ?? { x: 0, y: 0 });
  return `polygon(${corners.map(({ x, y }) => `${hundredth(x)}px ${hundredth(y)}px`).join(", ")})`;
}

/** As the picture's. What both inherit is left to the browser, which follows it without being watched. */
function visibility(picture: CSSStyleDeclaration, layer: Element): string {
  const around = layer.parentElement;
  const inherited = around === null ? "visible" : getComputedStyle(around).visibility;
  return picture.visibility === inherited ? "inherit" : picture.visibility;
}

/**
 * The translation that puts the layer on the picture; measured, so any containing block will do. Of a box that is turned,
 * the browser tells what encloses it, and that has the same middle.
 */
function moved(image: Element, { box }: PictureBox, own: Linear, onScreen: Affine | null, offset: Point): Point {
  const back = onScreen && inverse(onScreen);
  if (onScreen === null || back === null) {
    return offset;
  }
  const target = image.getBoundingClientRect();
  const current = applied(onScreen, { x: box.width / 2, y: box.height / 2 });
  const by = applied(composed(own, back), {
    x: target.left + target.width / 2 - current.x - onScreen.e,
    y: target.top + target.height / 2 - current.y - onScreen.f,
  });
  return { x: steady(offset.x, offset.x + by.x), y: steady(offset.y, offset.y + by.y) };
}

function rounded({ a, b, c, d }: Linear): Linear {
  const digits = (value: number): number => Math.round(value * 1000) / 1000 || 0;
  return { a: digits(a), b: digits(b), c: digits(c), d: digits(d) };
}

/** Rounding noise must not restart the observers for ever. */
function steady(before: number, after: number): number {
  return Math.abs(after - before) < 0.01 ? before : hundredth(after);
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
