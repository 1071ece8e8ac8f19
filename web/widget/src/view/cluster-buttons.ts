/** A button for each cluster of markers, with how many conversations are in it. */
import type { Cluster } from "../clusters.ts";
import { same } from "../same.ts";
import type { Texts } from "../texts.ts";
import { make, put, style } from "./elements.ts";
import type { MarkerModel } from "./model.ts";

export class ClusterButtons {
  readonly #content: HTMLElement;
  readonly #buttons = new Map<string, HTMLElement>();
  /** What each shows. */
  readonly #said = new WeakMap<HTMLElement, readonly unknown[]>();

  constructor(content: HTMLElement) {
    this.#content = content;
  }

  show(clusters: readonly Cluster[], markers: ReadonlyMap<string, MarkerModel>, texts: Texts): void {
    const wanted = new Set(clusters.map(({ key }) => key));
    for (const [key, button] of this.#buttons) {
      if (!wanted.has(key)) {
        button.remove();
        this.#buttons.delete(key);
      }
    }
    for (const { key, keys } of clusters) {
      const oldest = markers.get(key);
      if (oldest !== undefined) {
        const isUnread = keys.some((one) => markers.get(one)?.isUnread === true);
        this.#show(key, oldest, keys.length, isUnread, texts);
      }
    }
  }

  #show(key: string, { conversation: { x, y } }: MarkerModel, count: number, isUnread: boolean, texts: Texts): void {
    let button = this.#buttons.get(key);
    if (button === undefined) {
      button = make("button", "marker cluster", { type: "button", part: "cluster", "data-cluster": key, "aria-expanded": "false" });
      this.#buttons.set(key, button);
      this.#content.append(button);
    }
    style(button, { left: `${x}%`, top: `${y}%` });
    const said = [count, isUnread, texts];
    if (same(said, this.#said.get(button) ?? [])) {
      return;
    }
    this.#said.set(button, said);
    const notes = isUnread ? [texts("markerUnread")] : [];
    put(button, { "aria-label": [texts("cluster", { count }), ...notes].join(", ") });
    const face = make("span", "face");
    face.textContent = texts.number(count);
    button.replaceChildren(face, ...(isUnread ? [make("span", "dot", { "data-unread": "" })] : []));
  }
}
