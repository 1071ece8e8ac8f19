/** The buttons at the picture's corner, and the keys that go with them: the list, drawing, and leaving out what is resolved. */
import { nextUnread } from "../../panel-model.ts";
import { draw, make, present, put } from "../elements.ts";
import { listIcon, regionIcon } from "../icons.ts";
import type { Panel } from "../panel-place.ts";
import type { Shown, ToolSettings, ToolsHost } from "../picture-tools.ts";
import { ResolvedButton } from "./resolved-button.ts";

export class Toolbar {
  readonly #host: ToolsHost;
  readonly #signal: AbortSignal;
  readonly #bar = make("div", "toolbar", { role: "group", part: "toolbar" });
  readonly #list = make("button", "", { type: "button", "data-open-list": "" });
  readonly #region = make("button", "", { type: "button", "data-draw-region": "" });
  readonly #resolved: ResolvedButton;
  readonly #print: () => void;
  #panel: Panel | null = null;
  #isLoading = false;
  #shown: Shown | null = null;
  #settings: ToolSettings | null = null;

  constructor(host: ToolsHost, signal: AbortSignal, print: () => void) {
    this.#host = host;
    this.#print = print;
    this.#signal = signal;
    this.#resolved = new ResolvedButton(host);
    this.#list.append(draw(listIcon));
    this.#region.append(draw(regionIcon));
    this.#list.addEventListener("click", () => {
      this.#toggle();
    });
    this.#region.addEventListener("click", () => {
      host.root.toggleAttribute("data-drawing");
      this.#say();
    });
    host.root.addEventListener(
      "keydown",
      (event) => {
        this.#key(event);
      },
      { signal },
    );
    signal.addEventListener("abort", () => {
      this.#panel?.close();
    });
  }

  show(shown: Shown, settings: ToolSettings): void {
    this.#shown = shown;
    this.#settings = settings;
    const { model, geometry } = shown;
    const filters = this.#resolved.isOfUse;
    const hasList = settings.panel && (model.markers.length > 0 || filters);
    const draws = settings.regions && model.canCreate;
    present(this.#bar, hasList, this.#list, this.#bar.firstChild);
    present(this.#bar, draws, this.#region, null);
    present(this.#bar, filters, this.#resolved.element, null);
    this.#resolved.show(shown);
    // Over the markers: a finger would open one instead. One that is covered can be reached by keys, and by the list.
    present(this.#host.root, hasList || draws || filters, this.#bar, this.#host.content);
    const { left, top, width } = geometry.visible;
    this.#bar.style.setProperty("top", `${top + 8}px`);
    this.#bar.style.setProperty("left", `${model.texts.direction === "rtl" ? left + width - 8 : left + 8}px`);
    this.#bar.style.setProperty("max-width", `${width - 16}px`);
    if (draws) {
      this.#say();
    } else {
      this.endDrawing();
    }
    this.#panel?.show(model);
  }

  /** No region is to be drawn any more. */
  endDrawing(): void {
    this.#host.root.removeAttribute("data-drawing");
    this.#say();
  }

  #say(): void {
    const texts = this.#shown?.model.texts;
    if (texts !== undefined) {
      const isDrawing = this.#host.root.hasAttribute("data-drawing");
      put(this.#bar, { "aria-label": texts("listTitle") });
      put(this.#list, { "aria-label": texts("openList"), title: texts("openList"), "aria-expanded": String(this.#panel?.isOpen === true) });
      put(this.#region, {
        "aria-label": texts("drawRegion"),
        title: texts(isDrawing ? "regionHint" : "drawRegion"),
        "aria-pressed": String(isDrawing),
      });
    }
  }

  #toggle(): void {
    if (this.#panel?.isOpen === true) {
      this.#panel.close();
    } else {
      this.#open();
    }
    this.#say();
  }

  #open(): void {
    if (this.#panel !== null) {
      this.#panel.open();
    } else if (!this.#isLoading) {
      this.#isLoading = true;
      void this.#host.loadPanel().then((make) => {
        this.#isLoading = false;
        if (make !== null && this.#shown !== null) {
          this.#panel = make({ ...this.#host, signal: this.#signal, onClose: () => { this.#say(); }, print: this.#print });
          this.#panel.show(this.#shown.model);
          this.#panel.open();
          this.#say();
        }
      });
    }
  }

  #key(event: KeyboardEvent): void {
    const { target, key } = event;
    const isTyping = target instanceof Element && target.closest("input, textarea, select") !== null;
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || this.#shown === null) {
      return;
    }
    const hasPanel = this.#settings?.panel === true;
    if (key === "Escape" && this.#host.root.hasAttribute("data-drawing")) {
      this.endDrawing();
    } else if (hasPanel && key === "/") {
      this.#open();
    } else if (hasPanel && (key === "n" || key === "p")) {
      const next = nextUnread(this.#host.parts(), this.#shown.model.window?.key ?? null, key === "n" ? 1 : -1);
      if (next === null) {
        return;
      }
      this.#host.actions().open(next);
      this.#host.button(next)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
