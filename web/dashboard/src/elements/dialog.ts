/** A modal dialog of the browser's own: it keeps the focus inside, closes with Escape, and gives the focus back. */
import { html, LitElement, type TemplateResult } from "lit";
import { closeIcon } from "./icons.ts";

let count = 0;

export class DialogElement extends LitElement {
  static override properties = {
    heading: { attribute: false },
    content: { attribute: false },
    closeLabel: { attribute: false },
    size: { attribute: false },
  };

  declare heading: string;
  declare content: unknown;
  declare closeLabel: string;
  declare size: "" | "wide" | "side";
  /** The dialog wants to go: its owner takes it away. */
  onClose: () => void = () => undefined;

  readonly #id = `dialog-${(count += 1)}`;
  #before: Element | null = null;

  constructor() {
    super();
    this.size = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#before = document.activeElement;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#before instanceof HTMLElement && this.#before.isConnected) {
      this.#before.focus();
    }
  }

  protected override firstUpdated(): void {
    const dialog = this.querySelector("dialog");
    dialog?.showModal();
    this.querySelector<HTMLElement>("[data-autofocus]")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<dialog
      class="dialog ${this.size}"
      aria-labelledby=${this.#id}
      @cancel=${this.#cancel}
      @click=${this.#outside}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id=${this.#id}>${this.heading}</h2>
          <button type="button" class="icon-button" aria-label=${this.closeLabel} title=${this.closeLabel} @click=${this.#close}>
            ${closeIcon}
          </button>
        </header>
        ${this.content}
      </div>
    </dialog>`;
  }

  readonly #close = (): void => {
    this.onClose();
  };

  readonly #cancel = (event: Event): void => {
    event.preventDefault();
    this.onClose();
  };

  /** The dialog's own box is its body: a click that meets the dialog itself is outside. */
  readonly #outside = (event: MouseEvent): void => {
    if (event.target instanceof HTMLDialogElement) {
      this.onClose();
    }
  };
}

customElements.define("dashboard-dialog", DialogElement);

export interface DialogOptions {
  readonly heading: string;
  readonly closeLabel: string;
  readonly content: unknown;
  readonly onClose: () => void;
  readonly size?: "" | "wide" | "side";
}

export function dialog({ heading, closeLabel, content, onClose, size = "" }: DialogOptions): TemplateResult {
  return html`<dashboard-dialog
    .heading=${heading}
    .closeLabel=${closeLabel}
    .content=${content}
    .onClose=${onClose}
    .size=${size}
  ></dashboard-dialog>`;
}
