/**
 * Regions by keys. Shift+Enter begins one at the cross-hair, or takes the size of one's own in hand; arrows change the size,
 * Enter is done, Escape gives up, and so does going elsewhere.
 */
import { begunRegion, sized, strideOf, type Placement } from "../../moving.ts";
import { make, present, put, say, style } from "../elements.ts";
import type { Shown, ToolSettings, ToolsHost } from "../picture-tools.ts";
import type { Preview } from "./preview.ts";

/** What an arrow changes a new region by, in percent of the picture; with Shift it is finer. */
const strides = [5, 0.5] as const;
/** Whoever holds an arrow down is told once, in ms. */
const untilSaid = 400;

interface Sizing {
  /** The marker whose region it is; null: it is new. */
  readonly key: string | null;
  readonly now: Required<Placement>;
}

export class KeySizing {
  settings: Pick<ToolSettings, "regions"> = { regions: false };
  readonly #host: ToolsHost;
  readonly #preview: Preview;
  readonly #shown: () => Shown | null;
  readonly #hint = make("span", "crosshair-hint sizing-hint", { "aria-hidden": "true" });
  readonly #spoken = make("div", "spoken", { "aria-live": "polite", "data-sizing-spoken": "" });
  #sizing: Sizing | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Before what else listens to keys on markers: while a region is sized, arrows are for that. */
  constructor(host: ToolsHost, preview: Preview, shown: () => Shown | null, signal: AbortSignal) {
    this.#host = host;
    this.#preview = preview;
    this.#shown = shown;
    const capture = { capture: true, signal };
    host.root.append(this.#spoken);
    host.content.addEventListener("keydown", (event) => { this.#key(event); }, capture);
    host.content.addEventListener("focusout", () => { this.#end(); }, capture);
    signal.addEventListener("abort", () => { clearTimeout(this.#timer); });
  }

  /** After the layer is shown anew. */
  follow(): void {
    const { key = null } = this.#sizing ?? {};
    if (this.#sizing !== null && (key === null ? this.#crosshair === null : this.#preview.own(key) === null)) {
      this.#end();
    }
    this.#show();
  }

  get #crosshair(): HTMLElement | null {
    return this.settings.regions ? this.#host.content.querySelector<HTMLElement>("[data-crosshair]") : null;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const { key, shiftKey, target } = event;
    const sizing = this.#sizing;
    const stride = strideOf(key, shiftKey, sizing?.key === null ? strides : undefined);
    if (sizing === null) {
      const begun = key === "Enter" && shiftKey ? this.#begun(target as HTMLElement) : null;
      if (begun === null) {
        return;
      }
      this.#sizing = begun;
      this.#say(this.#shown()?.model.texts("regionSizing") ?? "");
    } else if (stride !== null) {
      const now = sized(sizing.now, stride);
      this.#sizing = { ...sizing, now };
      this.#host.reveal({ x: now.x + now.region.w, y: now.y + now.region.h });
      this.#saySize();
    } else if (key === "Enter") {
      this.#done(sizing);
    } else if (key === "Escape") {
      this.#end();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#show();
  }

  #begun(target: HTMLElement): Sizing | null {
    if (target === this.#crosshair) {
      const at = this.#shown()?.model.crosshair;
      return at === undefined ? null : { key: null, now: begunRegion(at) };
    }
    const key = target.closest<HTMLElement>("[data-marker]:not([data-moving])")?.dataset.key;
    const { x, y, region } = (key === undefined ? null : this.#preview.own(key)?.conversation) ?? {};
    return key === undefined || x === undefined || y === undefined || region === undefined ? null : { key, now: { x, y, region } };
  }

  #done({ key, now }: Sizing): void {
    this.#sizing = null;
    clearTimeout(this.#timer);
    say(this.#spoken, "");
    if (key === null) {
      this.#preview.wipe();
      this.#host.actions().pin(now);
    } else {
      this.#preview.keep(key);
      this.#host.actions().change(key, { region: now.region });
    }
  }

  #end(): void {
    const sizing = this.#sizing;
    if (sizing === null) {
      return;
    }
    this.#sizing = null;
    clearTimeout(this.#timer);
    say(this.#spoken, "");
    if (sizing.key === null) {
      this.#preview.wipe();
    } else {
      this.#preview.putBack(sizing.key);
    }
    this.#show();
  }

  #show(): void {
    const crosshair = this.#crosshair;
    const shown = this.#shown();
    if (shown === null) {
      return;
    }
    const { texts } = shown.model;
    if (this.#sizing?.key != null) {
      this.#preview.size(this.#sizing.key, this.#sizing.now.region);
    } else if (this.#sizing !== null) {
      this.#preview.draw(this.#sizing.now);
    }
    if (crosshair === null) {
      this.#hint.remove();
      return;
    }
    const isNew = this.#sizing?.key === null;
    put(crosshair, { "aria-description": texts("regionKeys"), "data-sizing": isNew ? "" : null });
    present(crosshair, true, this.#hint, null);
    say(this.#hint, texts(isNew ? "regionSizing" : "regionKeys"));
    const { x, y } = shown.model.crosshair;
    const { now } = this.#sizing ?? {};
    style(this.#hint, {
      "--x": `${isNew && now !== undefined ? now.x + now.region.w / 2 : x}%`,
      "--y": `${isNew && now !== undefined ? now.y + now.region.h : y}%`,
    });
  }

  #saySize(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const texts = this.#shown()?.model.texts;
      if (this.#sizing !== null && texts !== undefined) {
        const { w, h } = this.#sizing.now.region;
        this.#say(texts("regionSize", { width: Math.round(w * 10) / 10, height: Math.round(h * 10) / 10 }));
      }
    }, untilSaid);
  }

  #say(text: string): void {
    say(this.#spoken, text);
  }
}
