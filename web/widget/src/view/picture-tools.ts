/** What more can be done on a picture than clicking: it comes when somebody is near. Until then, clicks do without. */
import type { Cluster } from "../clusters.ts";
import type { PictureGeometry, Point } from "../geometry.ts";
import type { PanelParts } from "../panel-model.ts";
import type { Toast } from "../toasts.ts";
import { Clicked } from "./clicked.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import type { MakePanel } from "./panel-place.ts";
import type { MakePrinting } from "./print-place.ts";

/** The parts of the layer that tools work with. */
export interface ToolsHost {
  readonly shadow: ShadowRoot;
  readonly root: HTMLElement;
  readonly surface: HTMLElement;
  readonly content: HTMLElement;
  readonly actions: () => LayerActions;
  /** A marker's button, by its key. */
  readonly button: (key: string) => HTMLElement | null;
  /** Where a point of the viewport is, in percent of the picture; also beyond it. */
  readonly percentAt: (client: Point) => Point | null;
  /** Brings a point, in percent, into view where the picture is zoomed. */
  readonly reveal: (at: Point) => void;
  /** All that is on the picture, as it is now. */
  readonly parts: () => PanelParts;
  /** What is unread is that no more. */
  readonly readAll: () => void;
  readonly loadPanel: () => Promise<MakePanel | null>;
  readonly loadPrinting: () => Promise<MakePrinting | null>;
  readonly image: () => HTMLImageElement;
}

export interface ToolSettings {
  readonly longPress: boolean;
  readonly printable: boolean;
  readonly regions: boolean;
  readonly preview: boolean;
  readonly panel: boolean;
}

export interface Shown {
  readonly model: LayerModel;
  readonly geometry: PictureGeometry;
  /** A marker's side in px. */
  readonly size: number;
  readonly clusters: readonly Cluster[];
}

export interface PictureTools {
  show(shown: Shown, settings: ToolSettings): void;
  toast(toast: Toast): void;
  destroy(): void;
}

export type MakeTools = (host: ToolsHost) => PictureTools;

export class ToolsPlace {
  declare load: () => Promise<MakeTools | null>;
  readonly #host: ToolsHost;
  #tools: PictureTools | null = null;
  #isLoading = false;
  #isOver = false;
  #last: [Shown, ToolSettings] | null = null;
  #toast: Toast | null = null;
  readonly #clicked = new Clicked();

  constructor(host: ToolsHost) {
    this.#host = host;
    host.root.addEventListener("click", (event) => {
      // A cluster opens by a tool.
      if (this.#tools === null) {
        this.#clicked.remember(event, "[data-cluster]");
        this.prepare();
      }
    });
    host.root.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        this.#clicked.forget();
      }
    });
  }

  /** Gets them, unless they are here or on their way. */
  prepare(): void {
    if (this.#tools === null && !this.#isLoading) {
      this.#isLoading = true;
      void this.load().then((make) => {
        this.#isLoading = false;
        if (make !== null && !this.#isOver) {
          this.#tools = make(this.#host);
          if (this.#last !== null) {
            this.#tools.show(...this.#last);
          }
          if (this.#toast !== null) {
            this.#tools.toast(this.#toast);
          }
          this.#clicked.again();
        }
      });
    }
  }

  show(shown: Shown, settings: ToolSettings): void {
    this.#last = [shown, settings];
    this.#tools?.show(shown, settings);
    if (settings.longPress || settings.printable) {
      this.prepare();
    }
  }

  toast(toast: Toast): void {
    if (this.#tools === null) {
      this.#toast = toast;
      this.prepare();
    } else {
      this.#tools.toast(toast);
    }
  }

  destroy(): void {
    this.#isOver = true;
    this.#tools?.destroy();
  }
}
