/** Hands pointers to the table of gestures, and does what it says. Clicks that it lets pass do what they always do. */
import type { Point } from "../../geometry.ts";
import { holdTime, idle, step, type Effect, type Input, type State, type Target } from "../../gestures.ts";
import { drawnRegion } from "../../moving.ts";
import type { Shown, ToolSettings, ToolsHost } from "../picture-tools.ts";
import type { Preview } from "./preview.ts";

export class Pointing {
  settings: ToolSettings = { longPress: false, regions: false, preview: false, panel: false, printable: false };
  readonly #host: ToolsHost;
  readonly #preview: Preview;
  readonly #shown: () => Shown | null;
  readonly #onGivenUp: () => void;
  #state: State = idle;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The marker that is being moved. */
  #moving: string | null = null;

  /** `onGivenUp`: Escape has ended a drag. */
  constructor(host: ToolsHost, preview: Preview, shown: () => Shown | null, onGivenUp: () => void, signal: AbortSignal) {
    this.#host = host;
    this.#preview = preview;
    this.#shown = shown;
    this.#onGivenUp = onGivenUp;
    const { root } = host;
    const capture = { capture: true, signal };
    root.addEventListener("pointerdown", (event) => { this.#down(event); }, capture);
    root.addEventListener("pointermove", (event) => { this.#at("move", event); }, capture);
    root.addEventListener("pointerup", (event) => { this.#at("up", event); }, capture);
    root.addEventListener("pointercancel", ({ pointerId: id }) => { this.#tell({ type: "gone", id }); }, capture);
    root.addEventListener("click", (event) => { this.#click(event); }, capture);
    root.addEventListener("contextmenu", (event) => {
      // A long press is ours, and not a menu's.
      if (this.settings.longPress && event.composedPath().includes(host.surface)) {
        event.preventDefault();
      }
    }, capture);
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && (this.#state.name === "moving" || this.#state.name === "drawing")) {
        event.preventDefault();
        event.stopPropagation();
        this.#tell({ type: "escape" });
        this.#onGivenUp();
      }
    }, capture);
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
    });
  }

  #down(event: PointerEvent): void {
    const on = this.#targetOf(event);
    if (on === null || event.button !== 0) {
      return;
    }
    const { pointerId: id, pointerType, shiftKey } = event;
    const draws = this.settings.regions && (shiftKey || this.#host.root.hasAttribute("data-drawing"));
    this.#tell({ type: "down", id, at: pointOf(event), on, isTouch: pointerType === "touch", draws });
    if (draws && on.kind === "surface") {
      // No text of the page is selected on the way.
      event.preventDefault();
    }
    if (this.#state.name === "pressed" && this.#state.isTouch && this.settings.longPress) {
      this.#timer = setTimeout(() => { this.#tell({ type: "held" }); }, holdTime);
    }
  }

  #at(type: "move" | "up", event: PointerEvent): void {
    if (this.#state.name !== "idle") {
      this.#tell({ type, id: event.pointerId, at: pointOf(event) });
      if (this.#state.name === "moving" || this.#state.name === "drawing") {
        this.#host.root.setPointerCapture(event.pointerId);
      }
    }
  }

  #click(event: MouseEvent): void {
    const on = this.#targetOf(event) ?? (event.target === this.#host.root ? ({ kind: "surface" } as const) : null);
    if (on !== null) {
      const effect = this.#tell({ type: "click", at: pointOf(event), on, byPointer: event.detail > 0 });
      if (effect === null) {
        event.preventDefault();
        // Nor for zooming, whose listener may be the later one: what ends a drag is no first click of two.
        event.stopImmediatePropagation();
      }
    }
  }

  #tell(input: Input): Effect | null {
    const next = step(this.#state, input, this.settings);
    this.#state = next.state;
    if (next.state.name !== "pressed") {
      clearTimeout(this.#timer);
    }
    if (next.effect !== null && input.type !== "click") {
      this.#do(next.effect);
    }
    return next.effect;
  }

  #do(effect: Effect): void {
    const { actions } = this.#host;
    switch (effect.do) {
      case "pin": {
        const at = this.#host.percentAt(effect.at);
        if (at !== null) {
          actions().pin(at);
        }
        return;
      }
      case "move":
      case "drop":
        this.#move(effect.key, effect.by, effect.do === "drop");
        return;
      case "draw":
      case "region":
        this.#draw(effect.from, effect.to, effect.do === "region");
        return;
      case "put-back":
        this.#preview.wipe();
        if (this.#moving !== null) {
          this.#preview.putBack(this.#moving);
          this.#moving = null;
        }
        return;
      case "open":
        actions().open(effect.key);
    }
  }

  #move(key: string, by: Point, isDropped: boolean): void {
    const marker = this.#preview.own(key);
    const [one, other] = [this.#host.percentAt({ x: 0, y: 0 }), this.#host.percentAt(by)];
    if (marker === null || one === null || other === null) {
      return;
    }
    this.#moving = isDropped ? null : key;
    const to = this.#preview.move(marker, { x: other.x - one.x, y: other.y - one.y });
    if (isDropped) {
      this.#preview.keep(key);
      this.#host.actions().change(key, to);
    }
  }

  #draw(from: Point, to: Point, isDone: boolean): void {
    const one = this.#host.percentAt(from);
    const other = this.#host.percentAt(to);
    const placement = one === null || other === null ? null : drawnRegion(one, other);
    this.#preview.wipe();
    if (placement === null) {
      return;
    }
    if (isDone) {
      this.#host.root.removeAttribute("data-drawing");
      this.#host.actions().pin(placement);
    } else {
      this.#preview.draw(placement);
    }
  }

  #targetOf(event: Event): Target | null {
    const { target } = event;
    if (target === this.#host.surface) {
      return { kind: "surface" };
    }
    const key = target instanceof Element ? target.closest<HTMLElement>("[data-marker]")?.dataset.key : undefined;
    return key === undefined ? null : { kind: "marker", key, isMovable: this.#shown() !== null && this.#preview.own(key) !== null };
  }
}

function pointOf({ clientX: x, clientY: y }: MouseEvent): Point {
  return { x, y };
}
