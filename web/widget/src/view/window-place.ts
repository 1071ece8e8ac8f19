/** Where the open window is shown: by what comes with the first of them, and until that is here by a small shell. */
import { make } from "./elements.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import { WindowShell } from "./window-shell.ts";

/** The open window, as the module that brings it makes one. */
export interface OpenWindow {
  readonly isAtEnd: boolean;
  /** `before` is what was shown before this, by whomever. */
  show(before: LayerModel | null, model: LayerModel, markerOf: MarkerOf): void;
  /** Sends what the composer holds. */
  send(): void;
  /** Holds on to nothing any more, until it is shown again. */
  letGo(): void;
}

/** The element of a marker, by its key. */
export type MarkerOf = (key: string) => HTMLElement | null;

export type MakeOpenWindow = (shadow: ShadowRoot, container: HTMLElement) => OpenWindow;

/** `onMissing` is told when it does not come for now. */
export type LoadOpened = (onMissing: () => void) => Promise<MakeOpenWindow | null>;

export class WindowPlace {
  declare load: LoadOpened;
  readonly #shadow: ShadowRoot;
  readonly #container = make("div", "");
  readonly #shell: WindowShell;
  #opened: OpenWindow | null = null;
  #isLoading = false;
  #last: { readonly model: LayerModel; readonly markerOf: MarkerOf } | null = null;

  constructor(shadow: ShadowRoot, root: HTMLElement, actions: LayerActions) {
    this.#shadow = shadow;
    this.#shell = new WindowShell(this.#container, actions);
    root.prepend(this.#container);
  }

  get isAtEnd(): boolean {
    return this.#opened?.isAtEnd ?? true;
  }

  /** Gets what a window needs, unless it is here or on its way. */
  prepare(): void {
    if (this.#opened === null && !this.#isLoading) {
      this.#isLoading = true;
      void this.#prepare();
    }
  }

  show(before: LayerModel | null, model: LayerModel, markerOf: MarkerOf): void {
    this.#last = { model, markerOf };
    if (this.#opened !== null) {
      this.#opened.show(before, model, markerOf);
      return;
    }
    if (model.window !== null) {
      this.prepare();
    }
    this.#shell.show(model, markerOf);
  }

  letGo(): void {
    this.#opened?.letGo();
  }

  async #prepare(): Promise<void> {
    const makeOpenWindow = await this.load(() => {
      this.#shell.isMissing = true;
      if (this.#last !== null) {
        this.#shell.show(this.#last.model, this.#last.markerOf);
      }
    });
    this.#isLoading = false;
    if (makeOpenWindow === null) {
      return;
    }
    await this.#shell.isComposed();
    const opened = makeOpenWindow(this.#shadow, this.#container);
    this.#opened = opened;
    const takeOver = this.#shell.end();
    if (this.#last !== null) {
      opened.show(null, this.#last.model, this.#last.markerOf);
      if (takeOver(this.#container)) {
        opened.send();
      }
    }
  }
}
