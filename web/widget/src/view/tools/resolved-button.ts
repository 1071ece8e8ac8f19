/** The button that leaves resolved conversations out of the picture, and brings them back: it says how many. */
import { draw, make, put, say } from "../elements.ts";
import { resolvedIcon } from "../icons.ts";
import type { Shown, ToolsHost } from "../picture-tools.ts";

export class ResolvedButton {
  readonly element = make("button", "", { type: "button", "data-toggle-resolved": "" });
  readonly #host: ToolsHost;
  readonly #count = make("span", "count");
  #isHiding = false;

  constructor(host: ToolsHost) {
    this.#host = host;
    this.element.append(draw(resolvedIcon), this.#count);
    this.element.addEventListener("click", () => {
      host.actions().hideResolved(!this.#isHiding);
    });
  }

  /** Whether there is anything to leave out. */
  get isOfUse(): boolean {
    return this.#resolved > 0;
  }

  show({ model: { texts, hidesResolved } }: Shown): void {
    const count = texts.number(this.#resolved);
    const name = `${texts(hidesResolved ? "showResolved" : "hideResolved")} (${count})`;
    this.#isHiding = hidesResolved;
    put(this.element, { "aria-label": name, title: name, "data-hiding": hidesResolved ? "" : null });
    say(this.#count, hidesResolved ? count : "");
  }

  get #resolved(): number {
    return this.#host.parts().markers.filter(({ conversation }) => conversation.resolved).length;
  }
}
