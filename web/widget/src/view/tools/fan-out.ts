/** Opens a cluster: its markers go apart, in a fan around it, until one is chosen or the visitor goes elsewhere. */
import { fannedOut } from "../../clusters.ts";
import { put, style } from "../elements.ts";
import type { Shown, ToolsHost } from "../picture-tools.ts";

export class FanOut {
  readonly #host: ToolsHost;
  #open: string | null = null;
  #fanned: readonly string[] = [];
  #shown: Shown | null = null;

  constructor(host: ToolsHost, signal: AbortSignal) {
    this.#host = host;
    const { content, root } = host;
    content.addEventListener("click", (event) => {
      const cluster = (event.target as Element).closest<HTMLElement>("[data-cluster]");
      if (cluster !== null) {
        event.stopPropagation();
        event.preventDefault();
        this.#toggle(cluster.dataset.cluster ?? null);
      }
    }, { capture: true, signal });
    content.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open !== null && this.#shown?.model.window === null) {
        event.preventDefault();
        const key = this.#open;
        this.#toggle(null);
        content.querySelector<HTMLElement>(`[data-cluster="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
      }
    }, { signal });
    root.addEventListener("pointerdown", (event) => {
      if (event.target === host.surface) {
        this.#toggle(null);
      }
    }, { capture: true, signal });
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const cluster = shown.clusters.find(({ key }) => key === this.#open);
    if (cluster === undefined) {
      this.#open = null;
    }
    for (const key of this.#fanned) {
      if (cluster?.keys.includes(key) !== true) {
        this.#place(key, null);
      }
    }
    this.#fanned = cluster?.keys ?? [];
    if (cluster !== undefined) {
      const { content } = shown.geometry;
      const { visible } = shown.geometry;
      const bounds = { ...visible, left: visible.left - content.left, top: visible.top - content.top };
      const places = fannedOut(cluster.keys.length, cluster, shown.size, bounds);
      for (const [index, key] of cluster.keys.entries()) {
        this.#place(key, places[index] ?? null);
      }
    }
    for (const button of this.#host.content.querySelectorAll<HTMLElement>("[data-cluster]")) {
      put(button, { "aria-expanded": String(button.dataset.cluster === this.#open) });
    }
  }

  #toggle(key: string | null): void {
    this.#open = this.#open === key ? null : key;
    if (this.#shown !== null) {
      this.show(this.#shown);
    }
    const [first] = this.#fanned;
    if (this.#open !== null && first !== undefined) {
      this.#host.button(first)?.focus({ preventScroll: true });
    }
  }

  /** By margins: its place stays what its marker says. */
  #place(key: string, at: { readonly x: number; readonly y: number } | null): void {
    const button = this.#host.button(key);
    if (button === null) {
      return;
    }
    button.toggleAttribute("data-fanned", at !== null);
    if (at !== null) {
      style(button, { "--fan-x": `${at.x}px`, "--fan-y": `${at.y}px` });
    }
  }
}
