/** Keeps the layer exactly over the picture, without touching the picture or the page's layout. */
import { pictureGeometry, type Edges, type ObjectFit, type PictureBox, type PictureGeometry } from "./geometry.ts";
import { followInView } from "./in-view.ts";

/** What the layer's own element must have, whatever the page's rules say about every element. */
const hostStyle: Readonly<Record<string, string>> = {
  all: "initial",
  display: "block",
  position: "absolute",
  "font-family": "inherit",
  "pointer-events": "none",
  "box-sizing": "border-box",
  "z-index": "auto",
};

/** Puts the layer next to the picture. Absolute, with `left` and `top` left to the browser: then it moves with the text. */
export function attachLayer(image: HTMLImageElement, layer: HTMLElement): void {
  for (const [name, value] of Object.entries(hostStyle)) {
    layer.style.setProperty(name, value, "important");
  }
  lastOf(image).after(layer);
}

function lastOf(image: HTMLImageElement): Element {
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
export function followPicture(
  image: HTMLImageElement,
  layer: HTMLElement,
  onGeometry: (geometry: PictureGeometry) => void,
): () => void {
  let offset = { x: 0, y: 0 };
  let last = "";
  const update = (): void => {
    if (!image.isConnected) {
      setImportant(layer, "display", "none");
      return;
    }
    follow(image, layer);
    const style = getComputedStyle(image);
    const picture = readPicture(image, style);
    setImportant(layer, "width", `${picture.box.width}px`);
    setImportant(layer, "height", `${picture.box.height}px`);
    setImportant(layer, "z-index", style.position === "static" ? "auto" : style.zIndex);
    setImportant(layer, "display", picture.box.width > 0 && picture.box.height > 0 ? "block" : "none");
    setImportant(layer, "visibility", visibility(style, layer));
    offset = moved(image, layer, picture.box.width, offset);
    setImportant(layer, "transform", `translate(${offset.x}px, ${offset.y}px)`);
    const geometry = pictureGeometry(picture);
    const text = JSON.stringify(geometry);
    if (text !== last) {
      last = text;
      onGeometry(geometry);
    }
  };
  const listeners = new AbortController();
  image.addEventListener("load", update, { signal: listeners.signal });
  // Classes and inline styles change object-fit and borders without changing any size.
  const styles = new MutationObserver(update);
  styles.observe(image, { attributes: true, attributeFilter: ["class", "style", "src", "srcset", "width", "height"] });
  const stop = followInView(image, layer, update);
  return () => {
    stop();
    styles.disconnect();
    listeners.abort();
  };
}

/** As the picture's. What both inherit is left to the browser, which follows it without being watched. */
function visibility(picture: CSSStyleDeclaration, layer: Element): string {
  const around = layer.parentElement;
  const inherited = around === null ? "visible" : getComputedStyle(around).visibility;
  return picture.visibility === inherited ? "inherit" : picture.visibility;
}

/** The translation that puts the layer's corner on the picture's; measured, so any containing block will do. */
function moved(
  image: Element,
  layer: Element,
  width: number,
  offset: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const target = image.getBoundingClientRect();
  const current = layer.getBoundingClientRect();
  const scale = width > 0 && target.width > 0 ? target.width / width : 1;
  const x = offset.x + (target.left - current.left) / scale;
  const y = offset.y + (target.top - current.top) / scale;
  return { x: steady(offset.x, x), y: steady(offset.y, y) };
}

/** Rounding noise must not restart the observers for ever. */
function steady(before: number, after: number): number {
  return Math.abs(after - before) < 0.01 ? before : Math.round(after * 100) / 100;
}

function setImportant(element: HTMLElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) {
    element.style.setProperty(name, value, "important");
  }
}

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
    position: style.objectPosition,
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
