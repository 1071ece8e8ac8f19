/** A click whose answer has yet to come, with a file: it is made again then, unless the visitor has gone elsewhere. */

export class Clicked {
  #button: HTMLElement | null = null;

  /** Remembers the button that a click was on, if it is one of these, and no earlier one. */
  remember({ target }: Event, selector: string): void {
    this.#button = (target as Element).closest<HTMLElement>(selector);
  }

  forget(): void {
    this.#button = null;
  }

  /** What opens takes the focus, so it must not when the visitor is at something else by now. Returns whether it clicked. */
  again(): boolean {
    const button = this.#button;
    this.#button = null;
    const tree = button?.getRootNode();
    if (button === null || !(tree instanceof ShadowRoot)) {
      return false;
    }
    const { activeElement } = document;
    const isThere = tree.activeElement !== null || activeElement === null || activeElement === document.body;
    if (isThere) {
      button.click();
    }
    return isThere;
  }
}
