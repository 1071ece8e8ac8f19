/** What opens at once while the window itself is still on its way: a field, so that no letter is lost. */
import { draw, make, put, say, style } from "./elements.ts";
import { closeIcon, turningIcon } from "./icons.ts";
import type { LayerActions, LayerModel } from "./model.ts";
import type { MarkerOf } from "./window-place.ts";

/** In pixels, as the window's own. */
const gap = 12;
const margin = 8;

export class WindowShell {
  readonly #container: HTMLElement;
  readonly #sheet = make("section", "window shell", { part: "window", role: "dialog", tabindex: "-1", popover: "manual" });
  readonly #note = make("p", "turning");
  readonly #words = make("span", "");
  readonly #field = make("textarea", "", { rows: "1", dir: "auto" });
  readonly #close = make("button", "", { type: "button" });
  #key: string | null = null;
  #isComposing = false;
  #isSent = false;
  #composed: (() => void) | null = null;
  /** Whether the window does not come for now. */
  isMissing = false;

  constructor(container: HTMLElement, actions: LayerActions) {
    this.#container = container;
    this.#note.append(draw(turningIcon), this.#words);
    this.#close.append(draw(closeIcon));
    this.#sheet.append(this.#close, this.#note, this.#field);
    this.#close.addEventListener("click", () => {
      actions.close();
    });
    this.#field.addEventListener("input", () => {
      actions.type(this.#field.value);
    });
    for (const sign of ["compositionstart", "compositionend"]) {
      this.#field.addEventListener(sign, () => {
        this.#isComposing = sign === "compositionstart";
        if (!this.#isComposing) {
          this.#composed?.();
        }
      });
    }
    this.#sheet.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) {
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        actions.close();
      } else if (event.key === "Enter" && !event.shiftKey && event.target === this.#field) {
        // Sent as soon as there is what sends.
        event.preventDefault();
        this.#isSent = this.#field.value.trim() !== "";
      }
    });
  }

  show({ window, texts }: LayerModel, markerOf: MarkerOf): void {
    if (window === null) {
      this.#key = null;
      this.#sheet.remove();
      return;
    }
    put(this.#close, { "aria-label": texts("close") });
    put(this.#field, { "aria-label": texts("commentLabel") });
    put(this.#sheet, { "aria-label": texts("windowTitle"), "aria-busy": String(!this.isMissing) });
    say(this.#words, this.isMissing ? texts("partFailed") : "");
    this.#note.className = this.isMissing ? "missing" : "turning";
    this.#field.hidden = !window.canWrite || window.kind === "gone";
    if (this.#field.value !== window.text) {
      this.#field.value = window.text;
    }
    if (!this.#sheet.isConnected) {
      this.#container.append(this.#sheet);
      if (typeof this.#sheet.showPopover === "function") {
        this.#sheet.showPopover();
      } else {
        this.#sheet.removeAttribute("popover");
      }
    }
    if (this.#key !== window.key) {
      this.#key = window.key;
      this.#isSent = false;
      place(this.#sheet, markerOf(window.key));
      const wantsField = window.kind === "draft" || matchMedia("(hover: hover)").matches;
      (wantsField && !this.#field.hidden ? this.#field : this.#sheet).focus({ preventScroll: true });
    }
  }

  /** Whether an input method is in the middle of a word, which must not lose its field. */
  async isComposed(): Promise<void> {
    if (this.#isComposing && this.#sheet.isConnected) {
      await new Promise<void>((resolve) => {
        this.#composed = resolve;
      });
    }
  }

  /** Gives its place to the window, and then, by what it gives back, the caret; that says whether the text is to be sent. */
  end(): (container: HTMLElement) => boolean {
    const { selectionStart, selectionEnd } = this.#field;
    const isSent = this.#isSent && this.#sheet.isConnected;
    this.#sheet.remove();
    return (container) => {
      container.querySelector<HTMLTextAreaElement>("[data-text]")?.setSelectionRange(selectionStart, selectionEnd);
      return isSent;
    };
  }
}

/** Beside the marker, where there is room; the window itself looks more closely. */
function place(sheet: HTMLElement, marker: HTMLElement | null): void {
  const { left, right, top } = marker?.getBoundingClientRect() ?? { left: 0, right: 0, top: 0 };
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width } = sheet;
  const isFromTheRight = getComputedStyle(sheet).direction === "rtl";
  const isRight = right + gap + width + margin <= clientWidth && !(isFromTheRight && left - gap - width >= margin);
  const x = isRight ? right + gap : Math.max(margin, left - gap - width);
  style(sheet, { left: `${x}px`, top: `${Math.max(margin, Math.min(top, clientHeight - sheet.offsetHeight - margin))}px` });
}
