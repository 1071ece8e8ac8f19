/** Opens the conversation that the page's address names, once it is there; and again when the address names another. */
import { linkedMarker } from "./deep-links.ts";
import type { ShownMarker } from "./pending-changes.ts";
import type { Conversation } from "./wire.ts";

export class LinkFollower {
  #wanted: string | null;

  constructor(signal: AbortSignal, isOn: () => boolean, onChange: () => void) {
    this.#wanted = isOn() ? linkedMarker(location.hash) : null;
    window.addEventListener(
      "hashchange",
      () => {
        this.#wanted = isOn() ? linkedMarker(location.hash) : null;
        onChange();
      },
      { signal },
    );
  }

  /** The visitor wants something else. */
  forget(): void {
    this.#wanted = null;
  }

  /** The marker that is wanted, as soon as it is among these: once. */
  find(markers: readonly ShownMarker[]): Conversation | null {
    const found = this.#wanted === null ? undefined : markers.find(({ conversation }) => conversation._id === this.#wanted);
    if (found === undefined) {
      return null;
    }
    this.#wanted = null;
    return found.conversation;
  }
}
