/** The markers on the picture, each pane of them touched only when something on it has changed. */
import { clustersOf, reachOf, type Cluster } from "../clusters.ts";
import { isVisible, type PictureGeometry } from "../geometry.ts";
import { same } from "../same.ts";
import type { Texts } from "../texts.ts";
import { ClusterButtons } from "./cluster-buttons.ts";
import { make } from "./elements.ts";
import { MarkerButton } from "./marker-button.ts";
import type { LayerActions, LayerModel, MarkerModel } from "./model.ts";
import { Panes } from "./panes.ts";

/** With more panes than this each is a layer of its own, which makes changes cheap, and another size of the picture dear. */
const mostUnlayered = 4;

interface Pane {
  readonly element: HTMLElement;
  readonly buttons: Map<string, MarkerButton>;
  /** What it shows. */
  shown: readonly unknown[];
}

export class MarkerLayer {
  readonly #content: HTMLElement;
  readonly #panes = new Panes();
  readonly #clusterButtons: ClusterButtons;
  #drawn: Pane[] = [];
  #clustered: ReadonlySet<string> = new Set();
  #clusters: readonly Cluster[] = [];
  /** What the clusters are of. */
  #clusteredOf: readonly unknown[] = [];

  constructor(content: HTMLElement, actions: () => Pick<LayerActions, "open" | "close">) {
    this.#content = content;
    this.#clusterButtons = new ClusterButtons(content);
    const isOpen = (event: Event): boolean => (event.target as Element).closest('[aria-expanded="true"]') !== null;
    content.addEventListener("click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("[data-marker]")?.dataset.key;
      if (key !== undefined) {
        if (isOpen(event)) {
          actions().close();
        } else {
          actions().open(key);
        }
      }
    });
    content.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen(event)) {
        event.preventDefault();
        actions().close();
      }
    });
  }

  /** `size` is a marker's side in px. Returns the clusters that are shown. */
  show(model: Pick<LayerModel, "markers" | "texts">, geometry: PictureGeometry, size: number): readonly Cluster[] {
    this.#cluster(model, geometry, size, this.#showPanes(model, geometry));
    return this.#clusters;
  }

  /** `made`: whose buttons are new. */
  #cluster({ markers, texts }: Pick<LayerModel, "markers" | "texts">, geometry: PictureGeometry, size: number, made: readonly string[]): void {
    const of = [texts, geometry, size, ...markers];
    if (same(of, this.#clusteredOf)) {
      return;
    }
    this.#clusteredOf = of;
    const { width, height } = geometry.content;
    const shown = markers.filter(({ conversation }) => isVisible(geometry, conversation));
    const places = shown.map(({ key, conversation: { x, y } }) => ({ key, x: (x * width) / 100, y: (y * height) / 100 }));
    const apart = new Set(markers.filter(({ kind, isOpen }) => isOpen || kind !== "shown").map(({ key }) => key));
    this.#clusters = clustersOf(places, reachOf(size), apart);
    const clustered = new Set(this.#clusters.flatMap(({ keys }) => keys));
    // Of thousands, few go from one to another.
    for (const key of new Set([...this.#clustered, ...clustered])) {
      if (clustered.has(key) !== this.#clustered.has(key) || made.includes(key)) {
        this.button(key)?.toggleAttribute("data-clustered", clustered.has(key));
      }
    }
    this.#clustered = clustered;
    this.#clusterButtons.show(this.#clusters, new Map(markers.map((marker) => [marker.key, marker])), texts);
  }

  /** Returns the keys of markers whose buttons are new. */
  #showPanes({ markers, texts }: Pick<LayerModel, "markers" | "texts">, geometry: PictureGeometry): string[] {
    const made: string[] = [];
    const divided = this.#panes.divide(markers);
    while (this.#drawn.length < divided.length) {
      const element = make("div", "");
      this.#content.append(element);
      this.#drawn.push({ element, buttons: new Map(), shown: [] });
    }
    for (const { element } of this.#drawn.splice(divided.length)) {
      element.remove();
    }
    for (const [index, pane] of this.#drawn.entries()) {
      const on = divided[index] ?? [];
      const isLayer = divided.length > mostUnlayered;
      const shown = [texts, geometry, isLayer, ...on];
      if (!same(shown, pane.shown)) {
        pane.shown = shown;
        pane.element.className = `pane${isLayer ? " layer" : ""}${on.some(({ isOpen }) => isOpen) ? " open" : ""}`;
        made.push(...showOn(pane, on, texts, geometry));
      }
    }
    return made;
  }

  button(key: string): HTMLElement | null {
    return this.#drawn.find(({ buttons }) => buttons.has(key))?.buttons.get(key)?.button ?? null;
  }
}

function showOn({ element, buttons }: Pane, markers: readonly MarkerModel[], texts: Texts, geometry: PictureGeometry): string[] {
  const made: string[] = [];
  const wanted = new Set(markers.map(({ key }) => key));
  for (const [key, button] of buttons) {
    if (!wanted.has(key)) {
      button.remove();
      buttons.delete(key);
    }
  }
  let next: ChildNode | null = element.firstChild;
  for (const marker of markers) {
    let button = buttons.get(marker.key);
    if (button === undefined) {
      button = new MarkerButton();
      buttons.set(marker.key, button);
      made.push(marker.key);
    }
    button.show(marker, texts, isVisible(geometry, marker.conversation));
    for (const one of button.elements) {
      if (one === next) {
        next = one.nextSibling;
      } else {
        element.insertBefore(one, next);
      }
    }
  }
  return made;
}
