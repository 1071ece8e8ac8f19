/** Short words about what was just done, with a way back. They stay while somebody is on them. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Toast } from "../context.ts";
import type { Texts } from "../texts.ts";
import { alertIcon, checkIcon, closeIcon } from "./icons.ts";

interface Shown extends Toast {
  readonly id: number;
}

const briefly = 5_000;
const withUndo = 12_000;
const most = 3;

export class ToastsElement extends LitElement {
  static override properties = { texts: { attribute: false } };

  declare texts: Texts;
  #shown: readonly Shown[] = [];
  #timer: number | null = null;
  #last = 0;
  #isHeld = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#wait(null);
  }

  show(toast: Toast): void {
    this.#last += 1;
    this.#shown = [...this.#shown, { ...toast, id: this.#last }].slice(-most);
    this.requestUpdate();
    this.#restart();
  }

  protected override render(): TemplateResult {
    return html`<div
      class="toasts"
      role="region"
      aria-label=${this.texts("notices")}
      @pointerenter=${this.#hold}
      @pointerleave=${this.#release}
      @focusin=${this.#hold}
      @focusout=${this.#release}
    >
      <div role="status" aria-live="polite">
        ${repeat(
          this.#shown,
          ({ id }) => id,
          (toast) => html`<div class="toast ${toast.kind ?? "done"}" data-toast>
            ${toast.kind === "failed" ? alertIcon : checkIcon}
            <p>${toast.text}</p>
            ${toast.undo === undefined
              ? nothing
              : html`<button
                  type="button"
                  class="toast-action"
                  data-undo
                  @click=${() => {
                    this.#drop(toast.id);
                    void toast.undo?.();
                  }}
                >
                  ${this.texts("undo")}
                </button>`}
            <button
              type="button"
              class="icon-button"
              aria-label=${this.texts("dismiss")}
              @click=${() => {
                this.#drop(toast.id);
              }}
            >
              ${closeIcon}
            </button>
          </div>`,
        )}
      </div>
    </div>`;
  }

  #drop(id: number): void {
    this.#shown = this.#shown.filter((one) => one.id !== id);
    this.requestUpdate();
    this.#restart();
  }

  /** The oldest goes when its time is over; a new one gives all of them their time again. */
  #restart(): void {
    const first = this.#shown[0];
    this.#wait(first === undefined || this.#isHeld ? null : first.undo === undefined ? briefly : withUndo);
  }

  #wait(ms: number | null): void {
    if (this.#timer !== null) {
      window.clearTimeout(this.#timer);
      this.#timer = null;
    }
    if (ms !== null) {
      this.#timer = window.setTimeout(() => {
        this.#shown = this.#shown.slice(1);
        this.requestUpdate();
        this.#restart();
      }, ms);
    }
  }

  readonly #hold = (): void => {
    this.#isHeld = true;
    this.#restart();
  };

  readonly #release = (): void => {
    this.#isHeld = false;
    this.#restart();
  };
}

customElements.define("dashboard-toasts", ToastsElement);
