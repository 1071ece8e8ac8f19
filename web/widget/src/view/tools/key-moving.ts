/** Moving one's own marker by keys: arrows move it, Enter saves, Escape puts it back; and so does going elsewhere. */
import type { Point } from "../../geometry.ts";
import { strideOf } from "../../moving.ts";
import { put } from "../elements.ts";
import type { Shown, ToolsHost } from "../picture-tools.ts";
import type { Preview } from "./preview.ts";

export class KeyMoving {
  readonly #preview: Preview;
  readonly #host: ToolsHost;
  readonly #shown: () => Shown | null;
  #moving: { readonly key: string; readonly by: Point; readonly to: Point } | null = null;

  constructor(host: ToolsHost, preview: Preview, shown: () => Shown | null, signal: AbortSignal) {
    this.#host = host;
    this.#preview = preview;
    this.#shown = shown;
    const capture = { capture: true, signal };
    host.content.addEventListener("keydown", (event) => { this.#key(event); }, capture);
    host.content.addEventListener("focusin", (event) => {
      const key = keyOf(event);
      const texts = this.#shown()?.model.texts;
      const own = key === null ? null : this.#preview.own(key);
      if (own !== null && texts !== undefined) {
        const hints = [texts("moveHint"), ...(own.conversation.region === undefined ? [] : [texts("resizeHint")])];
        put(event.target as Element, { "aria-description": hints.join(". ") });
      }
    }, capture);
    host.content.addEventListener("focusout", () => { this.#putBack(); }, capture);
  }

  /** What has changed meanwhile is not drawn over the marker that is being moved. */
  follow(): void {
    const moving = this.#moving;
    const marker = moving === null ? null : this.#preview.own(moving.key);
    if (moving !== null && marker !== null) {
      this.#preview.move(marker, moving.by);
    } else if (moving !== null) {
      this.#putBack();
    }
  }

  #key(event: KeyboardEvent): void {
    const key = keyOf(event);
    const marker = key === null ? null : this.#preview.own(key);
    if (key === null || marker === null || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const stride = strideOf(event.key, event.shiftKey);
    const moving = this.#moving;
    if (stride !== null) {
      const by = { x: (moving?.by.x ?? 0) + stride.x, y: (moving?.by.y ?? 0) + stride.y };
      const to = this.#preview.move(marker, by);
      // What is at the edge goes back from there at once.
      const { x, y } = marker.conversation;
      this.#moving = { key, by: { x: to.x - x, y: to.y - y }, to };
      this.#host.reveal(to);
    } else if (moving !== null && event.key === "Enter") {
      this.#moving = null;
      this.#preview.keep(key);
      this.#host.actions().change(key, moving.to);
    } else if (moving !== null && event.key === "Escape") {
      this.#host.reveal(marker.conversation);
      this.#putBack();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #putBack(): void {
    if (this.#moving !== null) {
      this.#preview.putBack(this.#moving.key);
      this.#moving = null;
    }
  }
}

function keyOf({ target }: Event): string | null {
  return (target as Element).closest<HTMLElement>("[data-marker]")?.dataset.key ?? null;
}
