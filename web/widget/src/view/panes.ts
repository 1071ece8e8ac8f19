/**
 * Divides the markers over panes, as of glass over the picture: a browser then styles, lays out and draws only those on
 * which something has changed.
 */
import type { MarkerModel } from "./model.ts";

/** Fewer make each change cheaper, but every pane takes as much memory as the picture on the screen. */
const mostOnOne = 250;

export class Panes {
  #paneOf: ReadonlyMap<string, number> = new Map();
  /** The pane that new markers go on, and how many have. */
  #newest = 0;
  #filled = 0;

  /** By pane, in the order given. A marker stays on its pane, as its element would lose the focus on the way. */
  divide(markers: readonly MarkerModel[]): MarkerModel[][] {
    if (this.#newest > 2 * Math.ceil(markers.length / mostOnOne)) {
      // Most of what was drawn is deleted: fewer panes will do.
      this.#paneOf = new Map();
      this.#newest = 0;
      this.#filled = 0;
    }
    const paneOf = new Map<string, number>();
    const panes = Array.from({ length: this.#newest + 1 }, (): MarkerModel[] => []);
    for (const marker of markers) {
      const pane = this.#paneOf.get(marker.key) ?? this.#place();
      paneOf.set(marker.key, pane);
      const on = panes[pane];
      if (on === undefined) {
        panes[pane] = [marker];
      } else {
        on.push(marker);
      }
    }
    this.#paneOf = paneOf;
    return panes;
  }

  #place(): number {
    if (this.#filled === mostOnOne) {
      this.#newest += 1;
      this.#filled = 0;
    }
    this.#filled += 1;
    return this.#newest;
  }
}
