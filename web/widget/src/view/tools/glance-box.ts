/**
 * A glance at a conversation, beside the marker that a mouse points at or the keyboard has reached. It can be pointed at
 * without going away, goes by Escape, and stays for as long as the pointer or the focus does (WCAG 1.4.13).
 */
import { glancePlace, glanceWords } from "../../glance.ts";
import { make, put, say, style } from "../elements.ts";
import type { MarkerModel } from "../model.ts";
import type { Shown, ToolSettings, ToolsHost } from "../picture-tools.ts";

/** In ms: until the thread is asked for, until the box is shown, and how long the way from the marker to it may take. */
const untilRead = 120;
const untilShown = 350;
const untilLeft = 250;

export class GlanceBox {
  settings: Pick<ToolSettings, "preview"> = { preview: false };
  readonly #host: ToolsHost;
  readonly #shown: () => Shown | null;
  readonly #box = make("div", "glance", { popover: "manual", role: "tooltip", id: "glance", part: "preview", "data-preview": "" });
  readonly #who = make("p", "who", { dir: "auto" });
  readonly #said = make("p", "said", { dir: "auto" });
  readonly #state = make("p", "state");
  readonly #hint = make("span", "spoken");
  /** The marker that somebody is at. */
  #at: string | null = null;
  #isByPointer = false;
  /** Sent away, or opened, while somebody is still at the marker. */
  #isQuiet = false;
  #isDue = false;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #marked: HTMLElement | null = null;

  constructor(host: ToolsHost, shown: () => Shown | null, signal: AbortSignal) {
    this.#host = host;
    this.#shown = shown;
    this.#box.append(this.#who, this.#said, this.#state, this.#hint);
    const { content, root } = host;
    const capture = { capture: true, signal };
    content.addEventListener("pointerover", (event) => {
      const key = keyOf(event);
      if (event.pointerType === "mouse" && event.buttons === 0 && key !== null) {
        this.#come(key, true);
      }
    }, { signal });
    content.addEventListener("pointerout", () => { this.#leaveSoon(); }, { signal });
    this.#box.addEventListener("pointerenter", () => { this.#stay(); });
    this.#box.addEventListener("pointerleave", () => { this.#leaveSoon(); });
    content.addEventListener("focusin", (event) => {
      const key = keyOf(event);
      if (key !== null && (event.target as Element).matches(":focus-visible")) {
        this.#come(key, false);
      }
    }, { signal });
    content.addEventListener("focusout", (event) => {
      if (!this.#isByPointer || keyOf(event) !== this.#at) {
        this.#leave();
      }
    }, { signal });
    // A press means something else: to open it, or to move it.
    root.addEventListener("pointerdown", () => { this.#hush(); }, capture);
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#marked !== null) {
        event.preventDefault();
        event.stopPropagation();
        this.#hush();
      }
    }, capture);
    // Over what is being moved by keys, which were handled before this, nothing lies, and Escape is not for it.
    content.addEventListener("keydown", () => { this.follow(); }, capture);
    for (const type of ["scroll", "resize"]) {
      window.addEventListener(type, () => { this.follow(); }, { ...capture, passive: true });
    }
    signal.addEventListener("abort", () => { this.#leave(); });
  }

  /** Whoever brought the tools by coming near is there already. */
  notice(): void {
    const pointed = matchMedia("(hover: hover)").matches ? this.#host.content.querySelector<HTMLElement>("[data-marker]:hover") : null;
    const near = pointed ?? this.#host.content.querySelector<HTMLElement>("[data-marker]:focus-visible");
    if (near?.dataset.key !== undefined) {
      this.#come(near.dataset.key, pointed !== null);
    }
  }

  /** Says and places what is shown anew. */
  follow(): void {
    const marker = this.#marker;
    if (marker?.isOpen === true) {
      this.#isQuiet = true;
    }
    const button = this.#at === null ? null : this.#host.button(this.#at);
    const isSeen = button?.checkVisibility({ visibilityProperty: true }) === true && !button.hasAttribute("data-moving");
    if (marker === null || button === null || !isSeen || this.#isQuiet || !this.#isDue || !this.settings.preview) {
      this.#hide();
      return;
    }
    this.#show(marker, button);
  }

  get #marker(): MarkerModel | null {
    return this.#shown()?.model.markers.find(({ key, kind }) => key === this.#at && kind === "shown") ?? null;
  }

  #come(key: string, isByPointer: boolean): void {
    if (key === this.#at) {
      this.#isByPointer ||= isByPointer;
      this.#stay();
      return;
    }
    this.#leave();
    this.#at = key;
    this.#isByPointer = isByPointer;
    const marker = this.#marker;
    if (marker === null || !this.settings.preview) {
      return;
    }
    this.#after(untilRead, () => {
      if (!marker.pending && !this.#isQuiet) {
        this.#host.actions().read(key);
      }
    });
    this.#after(untilShown, () => {
      this.#isDue = true;
      this.follow();
    });
  }

  #stay(): void {
    if (this.#isDue) {
      this.#forget();
    }
  }

  #leaveSoon(): void {
    if (this.#isByPointer && this.#isDue) {
      this.#forget();
      this.#after(untilLeft, () => { this.#leave(); });
    } else if (this.#isByPointer) {
      this.#leave();
    }
  }

  #leave(): void {
    this.#forget();
    this.#at = null;
    this.#isQuiet = false;
    this.#isDue = false;
    this.#hide();
  }

  /** Until somebody comes anew. */
  #hush(): void {
    if (this.#marked?.matches(":hover, :focus") === false) {
      // Pointed at was the box alone, which tells of no leaving once it is gone.
      this.#leave();
    }
    this.#isQuiet = this.#at !== null;
    this.#hide();
  }

  #after(time: number, act: () => void): void {
    this.#timers.push(setTimeout(act, time));
  }

  #forget(): void {
    for (const timer of this.#timers.splice(0)) {
      clearTimeout(timer);
    }
  }

  #show(marker: MarkerModel, button: HTMLElement): void {
    const texts = this.#shown()?.model.texts;
    if (texts === undefined) {
      return;
    }
    const { who, said, state } = glanceWords(marker, this.#host.parts().commentsOf(marker.key), texts);
    say(this.#who, who);
    say(this.#said, said);
    say(this.#state, state);
    // What describes the marker otherwise is not heard beside this.
    say(this.#hint, button.getAttribute("aria-description") ?? "");
    if (!this.#box.isConnected) {
      this.#host.root.append(this.#box);
      if (typeof this.#box.showPopover === "function") {
        this.#box.showPopover();
      } else {
        this.#box.removeAttribute("popover");
      }
    }
    if (this.#marked !== button) {
      this.#marked?.removeAttribute("aria-describedby");
      this.#marked = button;
      put(button, { "aria-describedby": "glance" });
    }
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const { offsetWidth, offsetHeight } = this.#box;
    const isFromTheRight = texts.direction === "rtl";
    const size = { width: offsetWidth, height: offsetHeight };
    // Of an open cluster, the next one is to be chosen after a glance at this one.
    const fanned = button.hasAttribute("data-fanned") ? this.#host.content.querySelectorAll("[data-fanned]") : [];
    const others = [...fanned].filter((one) => one !== button).map((one) => one.getBoundingClientRect()).filter((one) => one.width > 0);
    const at = glancePlace(button.getBoundingClientRect(), size, { width, height }, isFromTheRight, others);
    if (at === null) {
      this.#hide();
    } else {
      style(this.#box, { left: `${Math.round(at.x)}px`, top: `${Math.round(at.y)}px` });
    }
  }

  #hide(): void {
    this.#marked?.removeAttribute("aria-describedby");
    this.#marked = null;
    this.#box.remove();
  }
}

function keyOf({ target }: Event): string | null {
  return (target as Element).closest<HTMLElement>("[data-marker]")?.dataset.key ?? null;
}
