/** Zooming, as a module that comes only to pictures whose page wants it. */
import type { PictureGeometry, Point } from "./geometry.ts";
import type { Texts } from "./texts.ts";
import { resized, unzoomed, zoomed, zoomedGeometry, type View, type ZoomInput } from "./zoom.ts";
import { listenForZoom } from "./zoom-gestures.ts";
import { style } from "./view/elements.ts";
import { sheetOf } from "./view/style-sheets.ts";
import { zoomStyles } from "./view/styles/zoom.css.ts";
import { ZoomButtons } from "./view/zoom/zoom-buttons.ts";
import { ZoomedPicture } from "./view/zoom/zoomed-picture.ts";

export { english } from "./catalogues/en.ts";

/** What zooming needs of the layer. */
export interface ZoomHost {
  readonly image: HTMLImageElement;
  readonly shadow: ShadowRoot;
  readonly root: HTMLElement;
  readonly surface: HTMLElement;
  readonly content: HTMLElement;
  /** A point of the viewport, in px of the layer. */
  readonly at: (client: Point) => Point | null;
  /** The layer is to be shown anew. */
  readonly onChange: () => void;
}

export interface Zooming {
  /** Where the picture is, closer. */
  of(geometry: PictureGeometry): PictureGeometry;
  /** After the layer is shown with that. `crosshair` is in percent. */
  show(geometry: PictureGeometry, texts: Texts, crosshair: Point): void;
  /** Brings a point, in percent of the picture, into view. */
  reveal(at: Point): void;
  destroy(): void;
}

export type MakeZooming = (host: ZoomHost) => Zooming;

export const makeZooming: MakeZooming = (host) => {
  const ending = new AbortController();
  const { root, content, surface, shadow, image } = host;
  let view: View = unzoomed;
  let geometry: PictureGeometry | null = null;
  let pointed: Point | null = null;
  let looked: { readonly now: PictureGeometry; readonly view: View; readonly shown: PictureGeometry } | null = null;
  /** The same object for as long as nothing changes, so that markers are placed anew only then. */
  const lookedAt = (now: PictureGeometry): PictureGeometry => {
    if (looked?.now !== now || looked.view !== view) {
      looked = { now, view, shown: view.scale === 1 ? now : zoomedGeometry(now, view) };
    }
    return looked.shown;
  };
  const box = (): PictureGeometry["visible"] => geometry?.visible ?? { left: 0, top: 0, width: 0, height: 0 };
  const change = (input: ZoomInput): void => {
    // What is not there, or not yet, cannot be looked at more closely.
    const next = image.complete && image.naturalWidth > 0 ? zoomed(view, box(), input) : unzoomed;
    if (next.scale !== view.scale || next.x !== view.x || next.y !== view.y) {
      view = next;
      host.onChange();
    }
  };
  const reveal = (at: Point): void => {
    if (geometry !== null) {
      const { content: { left, top, width, height }, visible } = geometry;
      change({ type: "reveal", at: { x: left + (width * at.x) / 100 - visible.left, y: top + (height * at.y) / 100 - visible.top } });
    }
  };
  const picture = new ZoomedPicture(image, () => {
    change({ type: "reset" });
  });
  const buttons = new ZoomButtons(change);
  const sheet = sheetOf(zoomStyles);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  // Another picture is looked at as a whole at first.
  image.addEventListener("load", () => { change({ type: "reset" }); }, { signal: ending.signal });
  listenForZoom({
    root,
    holder: picture.element,
    isOnPicture: (event) => {
      const path = event.composedPath();
      return [picture.element, content, surface].some((one) => path.includes(one)) ||
        (event.type === "keydown" && path.includes(buttons.element));
    },
    at: (client) => {
      const point = host.at(client);
      return point && { x: point.x - box().left, y: point.y - box().top };
    },
    view: () => view,
    box,
    zoom: change,
    signal: ending.signal,
  });
  return {
    of(now) {
      const before = box();
      if (geometry !== null && (before.width !== now.visible.width || before.height !== now.visible.height)) {
        view = resized(view, before, now.visible);
      }
      geometry = now;
      return lookedAt(now);
    },
    show(now, texts, crosshair) {
      const isCloser = view.scale > 1;
      const shown = lookedAt(now);
      root.classList.add("zooms");
      root.classList.toggle("closer", isCloser);
      if (root.firstChild !== picture.element) {
        root.prepend(picture.element);
      }
      if (buttons.element.parentNode !== root) {
        // Beneath the markers: one in this corner can be opened.
        content.before(buttons.element);
      }
      picture.show(shown, isCloser);
      buttons.show(now.visible, view, texts);
      style(content, { "clip-path": isCloser ? cut(shown) : "none" });
      const isMoved = pointed !== null && (pointed.x !== crosshair.x || pointed.y !== crosshair.y);
      pointed = crosshair;
      if (isMoved) {
        reveal(crosshair);
      }
    },
    reveal,
    destroy() {
      ending.abort();
      picture.destroy();
      buttons.element.remove();
      root.classList.remove("zooms", "closer");
      style(content, { "clip-path": "none" });
      shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  };
};

/** Markers and regions end where the picture does. */
function cut({ content, visible }: PictureGeometry): string {
  const top = visible.top - content.top;
  const left = visible.left - content.left;
  const right = content.width - left - visible.width;
  const bottom = content.height - top - visible.height;
  return `inset(${[top, right, bottom, left].map((edge) => `${Math.max(0, edge)}px`).join(" ")})`;
}
