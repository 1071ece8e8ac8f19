/** The custom element over the picture: its shadow root, what is always on it, and the place for the open window. */
import { cssMatrix, identity, scaleOf, upright, type Affine, type Linear } from "../affine.ts";
import type { Toast } from "../toasts.ts";
import { percentAt, type PictureGeometry, type Point, type Rect } from "../geometry.ts";
import { tokens } from "../tokens.css.ts";
import { Corners } from "./corners.ts";
import { Crosshair } from "./crosshair.ts";
import { make, present, put, say, style } from "./elements.ts";
import { MarkerLayer } from "./marker-layer.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import { ToolsPlace, type MakeTools, type ToolSettings, type ToolsHost } from "./picture-tools.ts";
import { StatusBanner } from "./status-banner.ts";
import { sheetOf } from "./style-sheets.ts";
import { layerStyles } from "./styles/layer.css.ts";
import { WindowPlace, type LoadOpened } from "./window-place.ts";
import type { MakeZooming, Zooming } from "../zooming.ts";

/** Never smaller for the pointer, whatever the picture's size. */
const smallestMarker = 24;
/** More markers than this do without shadows. */
const crowd = 200;
/** A pointer that moved farther than this was dragging. */
const dragDistance = 6;

export class ChatElement extends HTMLElement {
  declare actions: LayerActions;
  readonly #shadow = this.attachShadow({ mode: "open" });
  readonly #root = make("div", "root");
  readonly #surface = make("div", "surface", { "data-surface": "" });
  /** Beneath the markers, as large as the picture is seen: for what stands at its edges. */
  readonly #under = make("div", "content under");
  readonly #content = make("div", "content");
  readonly #frame = make("div", "content");
  readonly #spoken = make("div", "spoken", { "aria-live": "polite", "data-announcement": "" });
  readonly #crosshair = new Crosshair(() => this.actions);
  readonly #markers = new MarkerLayer(this.#content, () => this.actions);
  readonly #status = new StatusBanner();
  readonly #corners = new Corners(this, this.#shadow);
  readonly #window = new WindowPlace(this.#shadow, this.#root, () => this.actions);

  readonly #tools = new ToolsPlace({
    shadow: this.#shadow,
    root: this.#root,
    surface: this.#surface,
    content: this.#content,
    actions: () => this.actions,
    button: (key) => this.markerOf(key),
    parts: () => this.list.parts(),
    readAll: () => {
      this.list.readAll();
    },
    loadPanel: () => this.list.loadPanel(),
    loadPrinting: () => this.list.loadPrinting(),
    image: () => this.list.image(),
    reveal: (at) => {
      this.#zooming?.reveal(at);
    },
    percentAt: (client) => {
      const at = this.#corners.at(client);
      const { left, top, width, height } = this.#looked?.content ?? { left: 0, top: 0, width: 0, height: 0 };
      return at !== null && width > 0 && height > 0 ? { x: ((at.x - left) / width) * 100, y: ((at.y - top) / height) * 100 } : null;
    },
  });
  /** What the list of conversations is made of, and how its module is had. */
  declare list: Pick<ToolsHost, "parts" | "readAll" | "loadPanel" | "loadPrinting" | "image">;

  #model: LayerModel | null = null;
  #shown: LayerModel | null = null;
  #geometry: PictureGeometry | null = null;
  #linear: Linear = identity;
  #markerPercentage = 5;
  #toolSettings: ToolSettings = { longPress: false, regions: true, preview: true, panel: true, printable: false };
  #isAsked = false;
  #pressedAt: Point | null = null;
  #zooming: Zooming | null = null;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheetOf(tokens, layerStyles)];
    this.#frame.append(this.#status.element);
    this.#root.append(this.#under, this.#content, this.#frame, this.#spoken);
    this.#root.addEventListener("click", onlyOurs);
    this.#surface.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
      this.#pressedAt = { x, y };
    });
    this.#surface.addEventListener("click", (event) => {
      this.#pin(event);
    });
    for (const sign of ["pointerover", "focusin"]) {
      // Whoever comes near is about to open one.
      this.#root.addEventListener(sign, () => {
        this.#window.prepare();
        this.#tools.prepare();
      });
    }
  }

  connectedCallback(): void {
    if ((this.actions as unknown) === undefined) {
      // A page that copied a picture with its layer has a layer with nobody behind it.
      this.remove();
    }
    // A window that moved with its picture was closed by the browser; only showing it anew opens it again.
    this.#ask();
  }

  disconnectedCallback(): void {
    this.#window.letGo();
  }

  set model(model: LayerModel) {
    this.#model = model;
    this.#ask();
  }

  /** Where the picture is in its box, and how that box's px become the screen's. */
  place(geometry: PictureGeometry, onScreen: Linear): void {
    this.#geometry = geometry;
    this.#linear = onScreen;
    this.#ask();
  }

  onScreen(): Affine | null {
    return this.#corners.map();
  }

  set markerPercentage(percentage: number) {
    this.#markerPercentage = percentage;
    this.#ask();
  }

  /** How what an open window needs is had. */
  set loadOpened(load: LoadOpened) {
    this.#window.load = load;
  }

  /** How the tools are had, and how they are set. */
  set loadTools(load: () => Promise<MakeTools | null>) {
    this.#tools.load = load;
  }

  set toolSettings(settings: ToolSettings) {
    this.#toolSettings = settings;
    this.#ask();
  }

  toast(toast: Toast): void {
    this.#tools.toast(toast);
  }

  destroy(): void {
    this.#tools.destroy();
    this.remove();
  }

  /** Zooming, or null to do without. */
  setZooming(make: MakeZooming | null, image: HTMLImageElement): void {
    this.#zooming?.destroy();
    this.#zooming =
      make?.({
        image,
        shadow: this.#shadow,
        root: this.#root,
        surface: this.#surface,
        content: this.#content,
        at: (client) => this.#corners.at(client),
        onChange: () => {
          this.#ask();
        },
      }) ?? null;
    this.#ask();
  }

  /** A marker's button, by its key. */
  markerOf(key: string): HTMLElement | null {
    return this.#markers.button(key);
  }

  /** Whether the newest comments are in view, or no window is open. */
  get isAtEnd(): boolean {
    return this.#window.isAtEnd;
  }

  /** Where the picture is as it is looked at now: closer, where it is zoomed. */
  get #looked(): PictureGeometry | null {
    return this.#geometry && (this.#zooming?.of(this.#geometry) ?? this.#geometry);
  }

  /** Once for all that is set in one go, before the browser draws and before the visitor's next key. */
  #ask(): void {
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
    const model = this.#model;
    if (model === null || geometry === null || geometry.visible.width === 0 || geometry.visible.height === 0) {
      this.#root.remove();
      this.#window.letGo();
      return;
    }
    const scale = scaleOf(this.#linear) || 1;
    const stands = upright(this.#linear);
    this.#root.classList.toggle("dark", model.isDark);
    this.#root.classList.toggle("turned", stands !== null);
    put(this.#root, { dir: model.texts.direction, lang: model.texts.locale });
    present(this.#root, model.canCreate, this.#surface, this.#under);
    present(this.#content, model.canCreate, this.#crosshair.element, this.#content.firstChild);
    const size = Math.max(smallestMarker / scale, (geometry.content.width * this.#markerPercentage) / 100);
    this.#content.className = model.markers.length > crowd ? "content crowded" : "content";
    style(this.#surface, place(geometry.visible));
    const shown = this.#looked ?? geometry;
    style(this.#content, { ...place(shown.content), "--marker-size": `${size}px` });
    style(this.#root, { "--upright": cssMatrix(stands ?? identity) });
    style(this.#under, place(geometry.visible));
    style(this.#frame, place(geometry.visible));
    this.#crosshair.show(model);
    const clusters = this.#markers.show(model, shown, size);
    this.#status.show(model);
    this.#zooming?.show(geometry, model.texts, model.crosshair);
    say(this.#spoken, model.announcement);
    if (this.#root.parentNode === null) {
      this.#shadow.append(this.#root);
    }
    this.#tools.show({ model, geometry: shown, size, clusters }, this.#toolSettings);
    const before = this.#shown;
    this.#shown = model;
    this.#window.show(before, model, (key) => this.#markers.button(key));
    if (before !== null && before.window !== null && model.window === null) {
      this.#focusMarker(before.window.key);
    }
  }

  #focusMarker(key: string): void {
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (this.#shadow.activeElement === null && isNowhere) {
      (this.#markers.button(key) ?? this.#crosshair.element).focus({ preventScroll: true });
    }
  }

  #pin(event: MouseEvent): void {
    const from = this.#pressedAt;
    this.#pressedAt = null;
    if (from !== null && Math.hypot(event.clientX - from.x, event.clientY - from.y) > dragDistance) {
      return;
    }
    const point = this.#corners.at({ x: event.clientX, y: event.clientY });
    const geometry = this.#looked;
    const at = geometry === null || point === null ? null : percentAt(geometry, point);
    if (at !== null) {
      this.actions.pin(at);
    }
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

function place({ left, top, width, height }: Rect): Record<string, string> {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
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
