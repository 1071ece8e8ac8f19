/** A marker, or a region, where it would come to lie: shown at once, and only here. */
import type { Point } from "../../geometry.ts";
import { moved, type Placement } from "../../moving.ts";
import type { Conversation, Region } from "../../wire.ts";
import { make, style as write } from "../elements.ts";
import type { MarkerModel } from "../model.ts";
import type { Shown, ToolsHost } from "../picture-tools.ts";

export class Preview {
  readonly #host: ToolsHost;
  readonly #shown: () => Shown | null;
  readonly #outline = make("div", "region drawn", { "aria-hidden": "true" });

  constructor(host: ToolsHost, shown: () => Shown | null) {
    this.#host = host;
    this.#shown = shown;
  }

  /** A marker that the visitor may move. */
  own(key: string): MarkerModel | null {
    const marker = this.#shown()?.model.markers.find((one) => one.key === key);
    return marker?.isOwn === true ? marker : null;
  }

  /** Shows a marker moved by so many percent, and returns where that is. */
  move({ key, conversation }: MarkerModel, by: Point): Point {
    const to = moved(conversation, by);
    this.#put(key, to);
    this.#host.button(key)?.toggleAttribute("data-moving", true);
    return to;
  }

  /** Shows a marker's region in another size. */
  size(key: string, { w, h }: Region): void {
    style(this.#outlineOf(key), { width: `${w}%`, height: `${h}%` });
    this.#host.button(key)?.toggleAttribute("data-moving", true);
  }

  putBack(key: string): void {
    const conversation = this.#conversation(key);
    this.#host.button(key)?.toggleAttribute("data-moving", false);
    if (conversation !== null) {
      this.#put(key, conversation);
      const { w, h } = conversation.region ?? { w: 0, h: 0 };
      style(this.#outlineOf(key), { width: `${w}%`, height: `${h}%` });
    }
  }

  /** It stays where it is shown: what is sent shows it there. */
  keep(key: string): void {
    this.#host.button(key)?.toggleAttribute("data-moving", false);
  }

  draw({ x, y, region }: Placement): void {
    style(this.#outline, { left: `${x}%`, top: `${y}%`, width: `${region?.w ?? 0}%`, height: `${region?.h ?? 0}%` });
    this.#host.content.append(this.#outline);
  }

  wipe(): void {
    this.#outline.remove();
  }

  #conversation(key: string): Conversation | null {
    return this.#shown()?.model.markers.find((one) => one.key === key)?.conversation ?? null;
  }

  #put(key: string, { x, y }: Point): void {
    const place = { left: `${x}%`, top: `${y}%` };
    style(this.#host.button(key), place);
    style(this.#outlineOf(key), place);
  }

  #outlineOf(key: string): HTMLElement | null {
    const before = this.#host.button(key)?.previousElementSibling;
    return this.#conversation(key)?.region !== undefined && before instanceof HTMLElement ? before : null;
  }
}

function style(element: HTMLElement | null, properties: Readonly<Record<string, string>>): void {
  if (element !== null) {
    write(element, properties);
  }
}
