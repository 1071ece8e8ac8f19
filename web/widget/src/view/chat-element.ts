/** The custom element over the picture: its shadow root, the markers, and the place for all that comes later. */
import { cssMatrix, identity, scaleOf, upright, type Affine, type Linear } from "../affine.ts";
import type { Cluster } from "../clusters.ts";
import type { PictureGeometry } from "../geometry.ts";
import { tokens } from "../tokens.css.ts";
import { Corners } from "./corners.ts";
import { boxOf, make, put, style } from "./elements.ts";
import { MarkerLayer } from "./marker-layer.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import { sheetOf } from "./style-sheets.ts";
import { layerStyles } from "./styles/layer.css.ts";

/** Never smaller for the pointer, whatever the picture's size. */
const smallestMarker = 24;
/** More markers than this do without shadows. */
const crowd = 200;

/** What was just drawn. */
export interface Drawn {
  /** Where the picture is in its box. */
  readonly geometry: PictureGeometry;
  /** The same as it is looked at now: closer, where it is zoomed. */
  readonly looked: PictureGeometry;
  /** A marker's side in px. */
  readonly size: number;
  readonly clusters: readonly Cluster[];
}

/** What is there beside the markers. */
export interface Beside {
  /** A picture's geometry as it is looked at now. */
  look(geometry: PictureGeometry): PictureGeometry;
  show(drawn: Drawn): void;
  /** Holds on to nothing outside the element any more, until it is shown again. */
  letGo(): void;
}

export class ChatElement extends HTMLElement {
  declare actions: Pick<LayerActions, "open" | "close">;
  readonly shadow = this.attachShadow({ mode: "open" });
  readonly root = make("div", "root", { "aria-busy": "true" });
  readonly content = make("div", "content");
  readonly corners = new Corners(this, this.shadow);
  readonly #markers = new MarkerLayer(this.content, () => this.actions);
  #beside: Beside | null = null;
  #model: Pick<LayerModel, "texts" | "isDark" | "markers"> | null = null;
  #geometry: PictureGeometry | null = null;
  #linear: Linear = identity;
  #markerPercentage = 5;
  #isAsked = false;

  constructor() {
    super();
    this.shadow.adoptedStyleSheets = [sheetOf(tokens, layerStyles)];
    this.root.append(this.content);
    this.root.addEventListener("click", onlyOurs);
  }

  connectedCallback(): void {
    if ((this.actions as unknown) === undefined) {
      // A page that copied a picture with its layer has a layer with nobody behind it.
      this.remove();
    }
    // A window that moved with its picture was closed by the browser; only showing it anew opens it again.
    this.ask();
  }

  disconnectedCallback(): void {
    this.#beside?.letGo();
  }

  set beside(beside: Beside) {
    this.#beside = beside;
    this.root.removeAttribute("aria-busy");
  }

  set model(model: Pick<LayerModel, "texts" | "isDark" | "markers">) {
    this.#model = model;
    this.ask();
  }

  /** Where the picture is in its box, and how that box's px become the screen's. */
  place(geometry: PictureGeometry, onScreen: Linear): void {
    this.#geometry = geometry;
    this.#linear = onScreen;
    this.ask();
  }

  onScreen(): Affine | null {
    return this.corners.map();
  }

  set markerPercentage(percentage: number) {
    this.#markerPercentage = percentage;
    this.ask();
  }

  /** A marker's button, by its key. */
  markerOf(key: string): HTMLElement | null {
    return this.#markers.button(key);
  }

  /** Where the picture is as it is looked at now; null before it is known. */
  get looked(): PictureGeometry | null {
    return this.#geometry && (this.#beside?.look(this.#geometry) ?? this.#geometry);
  }

  /** Once for all that is set in one go, before the browser draws and before the visitor's next key. */
  ask(): void {
    if (!this.#isAsked) {
      this.#isAsked = true;
      queueMicrotask(() => {
        this.#isAsked = false;
        // One that was taken away has let go of all that runs, and must begin nothing anew.
        if (this.isConnected) {
          this.#show();
        }
      });
    }
  }

  #show(): void {
    const geometry = this.#geometry;
    const looked = this.looked;
    const model = this.#model;
    if (model === null || geometry === null || looked === null || geometry.visible.width === 0 || geometry.visible.height === 0) {
      this.root.remove();
      this.#beside?.letGo();
      return;
    }
    const scale = scaleOf(this.#linear) || 1;
    const stands = upright(this.#linear);
    this.root.classList.toggle("dark", model.isDark);
    this.root.classList.toggle("turned", stands !== null);
    put(this.root, { dir: model.texts.direction, lang: model.texts.locale });
    style(this.root, { "--upright": cssMatrix(stands ?? identity) });
    const smallest = smallestMarker / scale;
    const size = Math.max(smallest, (geometry.content.width * this.#markerPercentage) / 100);
    this.content.className = model.markers.length > crowd ? "content crowded" : "content";
    const share = (this.#markerPercentage * geometry.content.width) / looked.content.width;
    // As long as neither of the two changes, another width of the picture styles no marker.
    const side = `max(${smallest}px, ${share.toFixed(4)}%)`;
    style(this.content, { ...boxOf(looked.content), "--marker-size": side, "font-size": `clamp(12px, ${size * 0.4}px, 18px)` });
    const clusters = this.#markers.show(model, looked, size);
    if (this.root.parentNode === null) {
      this.shadow.append(this.root);
    }
    this.#beside?.show({ geometry, looked, size, clusters });
  }
}

/** A click here is not the page's: a link around the picture must not be followed, nor a lightbox opened. */
function onlyOurs(event: Event): void {
  event.stopPropagation();
  const root = (event.currentTarget as Element).getRootNode();
  const isOwnLink = event.composedPath().some((one) => one instanceof HTMLAnchorElement && one.getRootNode() === root);
  if (!isOwnLink) {
    event.preventDefault();
  }
}

const tag = "image-chat-layer";
let isDefined = false;

/** A new layer. The element is registered once; another version of the widget on the page may have taken the name. */
export function chatElement(): ChatElement {
  if (!isDefined) {
    let name = tag;
    for (let count = 2; customElements.get(name) !== undefined; count += 1) {
      name = `${tag}-${count}`;
    }
    customElements.define(name, ChatElement);
    isDefined = true;
  }
  return new ChatElement();
}
