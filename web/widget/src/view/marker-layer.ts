/** The markers on the picture, each pane of them touched only when something on it has changed. */
import { isVisible, type PictureGeometry } from "../geometry.ts";
import type { Texts } from "../texts.ts";
import { make } from "./elements.ts";
import { MarkerButton } from "./marker-button.ts";
import type { LayerActions, LayerModel, MarkerModel } from "./model.ts";
import { Panes } from "./panes.ts";

interface Pane {
  readonly element: HTMLElement;
  readonly buttons: Map<string, MarkerButton>;
  /** What it shows. */
  shown: readonly unknown[];
}

export class MarkerLayer {
  readonly #content: HTMLElement;
  readonly #panes = new Panes();
  #drawn: Pane[] = [];

  constructor(content: HTMLElement, actions: () => LayerActions) {
    this.#content = content;
    const keyOf = ({ target }: Event): string | undefined =>
      (target as Element).closest<HTMLElement>("[data-marker]")?.dataset.key;
    const isOpen = (event: Event): boolean => (event.target as Element).closest('[aria-expanded="true"]') !== null;
    content.addEventListener("click", (event) => {
      const key = keyOf(event);
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

  show({ markers, texts }: LayerModel, geometry: PictureGeometry): void {
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
      const isLayer = divided.length > 1;
      const shown = [texts, geometry, isLayer, ...on];
      if (shown.length !== pane.shown.length || shown.some((one, at) => one !== pane.shown[at])) {
        pane.shown = shown;
        pane.element.className = `pane${isLayer ? " layer" : ""}${on.some(({ isOpen }) => isOpen) ? " open" : ""}`;
        showOn(pane, on, texts, geometry);
      }
    }
  }

  button(key: string): HTMLElement | null {
    return this.#drawn.find(({ buttons }) => buttons.has(key))?.buttons.get(key)?.button ?? null;
  }
}

function showOn({ element, buttons }: Pane, markers: readonly MarkerModel[], texts: Texts, geometry: PictureGeometry): void {
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
}
