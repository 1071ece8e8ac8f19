/** All that is on the picture beside its markers: what takes clicks, the cross-hair, the status, the open window's place. */
import { percentAt, type PictureGeometry, type Point } from "../geometry.ts";
import type { Toast } from "../toasts.ts";
import type { MakeZooming, Zooming } from "../zooming.ts";
import type { Beside, ChatElement, Drawn } from "./chat-element.ts";
import { Crosshair } from "./crosshair.ts";
import { boxOf, make, present, say, style } from "./elements.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import { ToolsPlace, type MakeTools, type ToolSettings, type ToolsHost } from "./picture-tools.ts";
import { StatusBanner } from "./status-banner.ts";
import { ignoreStrayClicks } from "./stray-clicks.ts";
import { sheetOf } from "./style-sheets.ts";
import { liveStyles } from "./styles/live.css.ts";
import { shellStyles } from "./styles/shell.css.ts";
import { WindowPlace, type LoadOpened } from "./window-place.ts";

/** A pointer that moved farther than this was dragging. */
const dragDistance = 6;

export interface LiveViewParts extends Pick<ToolsHost, "parts" | "readAll" | "loadPanel" | "loadPrinting"> {
  readonly element: ChatElement;
  readonly image: HTMLImageElement;
  readonly actions: LayerActions;
  /** How what an open window needs is had, and the tools. */
  readonly loadOpened: LoadOpened;
  readonly loadTools: () => Promise<MakeTools | null>;
}

export class LiveView implements Beside {
  readonly #element: ChatElement;
  readonly #image: HTMLImageElement;
  readonly #actions: LayerActions;
  readonly #surface = make("div", "surface", { "data-surface": "" });
  /** Beneath the markers, as large as the picture is seen: for what stands at its edges. */
  readonly under = make("div", "content under");
  readonly #frame = make("div", "content");
  readonly #spoken = make("div", "spoken", { "aria-live": "polite", "data-announcement": "" });
  readonly #crosshair: Crosshair;
  readonly #status = new StatusBanner();
  readonly #window: WindowPlace;
  readonly #tools: ToolsPlace;
  #model: LayerModel | null = null;
  #shown: LayerModel | null = null;
  #toolSettings: ToolSettings = { longPress: false, regions: true, preview: true, panel: true, printable: false };
  #pressedAt: Point | null = null;
  #zooming: Zooming | null = null;
  /** The marker that an undo brings back, or whose conversation it mends, to go on from there. */
  #undone: string | null = null;

  constructor(parts: LiveViewParts) {
    const { element, actions, image } = parts;
    const { shadow, root, content } = element;
    this.#element = element;
    this.#image = image;
    this.#actions = actions;
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheetOf(liveStyles, shellStyles)];
    this.#crosshair = new Crosshair(actions);
    this.#frame.append(this.#status.element);
    content.before(this.under);
    content.after(this.#frame, this.#spoken);
    this.#window = new WindowPlace(shadow, root, actions);
    this.#window.load = parts.loadOpened;
    this.#tools = new ToolsPlace({
      shadow,
      root,
      surface: this.#surface,
      content,
      actions: () => actions,
      button: (key) => element.markerOf(key),
      parts: parts.parts,
      readAll: parts.readAll,
      loadPanel: parts.loadPanel,
      loadPrinting: parts.loadPrinting,
      image: () => image,
      reveal: (at) => {
        this.#zooming?.reveal(at);
      },
      percentAt: (client) => {
        const at = element.corners.at(client);
        const { left, top, width, height } = element.looked?.content ?? { left: 0, top: 0, width: 0, height: 0 };
        return at !== null && width > 0 && height > 0 ? { x: ((at.x - left) / width) * 100, y: ((at.y - top) / height) * 100 } : null;
      },
    });
    this.#tools.load = parts.loadTools;
    ignoreStrayClicks(root, (target) => target === this.#surface || content.contains(target as Node | null));
    this.#surface.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
      this.#pressedAt = { x, y };
    });
    this.#surface.addEventListener("click", (event) => {
      this.#pin(event);
    });
    for (const sign of ["pointerover", "focusin"]) {
      // Whoever comes near is about to open one.
      root.addEventListener(sign, () => {
        this.#window.prepare();
        this.#tools.prepare();
      });
    }
    element.actions = actions;
    element.beside = this;
  }

  set model(model: LayerModel) {
    this.#model = model;
    this.#element.model = model;
  }

  set toolSettings(settings: ToolSettings) {
    this.#toolSettings = settings;
    this.#element.ask();
  }

  /** Whether the newest comments are in view, or no window is open. */
  get isAtEnd(): boolean {
    return this.#window.isAtEnd;
  }

  toast(toast: Toast): void {
    const { undo, key = null } = toast;
    this.#tools.toast({
      ...toast,
      undo: undo && (() => {
        // Its button had the focus, and is gone.
        this.#undone = this.#isNowhere ? key : null;
        undo();
      }),
    });
    const undone = this.#undone;
    this.#undone = null;
    const { shadow } = this.#element;
    if (undone !== null && (this.#isNowhere || shadow.activeElement === this.#element.markerOf(undone))) {
      // It failed, and what it showed goes again.
      this.#focusFirst(shadow.querySelector<HTMLElement>("[data-undo]"));
    }
  }

  /** Zooming, or null to do without. */
  setZooming(makeZooming: MakeZooming | null): void {
    const { shadow, root, content, corners } = this.#element;
    this.#zooming?.destroy();
    this.#zooming =
      makeZooming?.({
        image: this.#image,
        shadow,
        root,
        surface: this.#surface,
        content,
        at: (client) => corners.at(client),
        onChange: () => {
          this.#element.ask();
        },
      }) ?? null;
    this.#element.ask();
  }

  look(geometry: PictureGeometry): PictureGeometry {
    return this.#zooming?.of(geometry) ?? geometry;
  }

  letGo(): void {
    this.#window.letGo();
  }

  destroy(): void {
    this.#tools.destroy();
  }

  show({ geometry, looked, size, clusters }: Drawn): void {
    const model = this.#model;
    if (model === null) {
      return;
    }
    const { root, content } = this.#element;
    present(root, model.canCreate, this.#surface, this.under);
    present(content, model.canCreate, this.#crosshair.element, content.firstChild);
    for (const one of [this.#surface, this.under, this.#frame]) {
      style(one, boxOf(geometry.visible));
    }
    this.#crosshair.show(model);
    this.#status.show(model);
    this.#zooming?.show(geometry, model.texts, model.crosshair);
    say(this.#spoken, model.announcement);
    this.#tools.show({ model, geometry: looked, size, clusters }, this.#toolSettings);
    const before = this.#shown;
    this.#shown = model;
    this.#window.show(before, model, (key) => this.#element.markerOf(key));
    if (before !== null && before.window !== null && model.window === null) {
      this.#focusMarker(before.window.key);
    }
    const undone = model.markers.find(({ key }) => key === this.#undone);
    if (undone !== undefined) {
      this.#focusMarker(undone.key);
      // Until the server has it, it may go again.
      this.#undone = undone.pending ? undone.key : null;
    }
  }

  get #isNowhere(): boolean {
    const { activeElement } = document;
    return this.#element.shadow.activeElement === null && (activeElement === null || activeElement === document.body);
  }

  #focusMarker(key: string): void {
    if (this.#isNowhere) {
      this.#focusFirst(this.#element.markerOf(key));
    }
  }

  /** Or else the cross-hair, as when it is hidden in a cluster. */
  #focusFirst(wanted: HTMLElement | null): void {
    wanted?.focus({ preventScroll: true });
    if (this.#element.shadow.activeElement !== wanted || wanted === null) {
      this.#crosshair.element.focus({ preventScroll: true });
    }
  }

  #pin(event: MouseEvent): void {
    const from = this.#pressedAt;
    this.#pressedAt = null;
    if (from !== null && Math.hypot(event.clientX - from.x, event.clientY - from.y) > dragDistance) {
      return;
    }
    const point = this.#element.corners.at({ x: event.clientX, y: event.clientY });
    const geometry = this.#element.looked;
    const at = geometry === null || point === null ? null : percentAt(geometry, point);
    if (at !== null) {
      this.#actions.pin(at);
    }
  }
}
