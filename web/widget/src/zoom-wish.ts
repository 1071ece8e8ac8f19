/** Has the picture zoom for as long as its page wants that. */
import type { FetchLate } from "./late-files.ts";
import type { Catalogue } from "./texts.ts";
import type { MakeZooming } from "./zooming.ts";

export interface ZoomWishParts {
  readonly fetch: FetchLate;
  readonly onMissing: (error: unknown) => void;
  /** What makes it zoom with the words for it, or null. */
  readonly onChange: (zooming: { readonly makeZooming: MakeZooming; readonly english: Catalogue } | null) => void;
}

export class ZoomWish {
  readonly #parts: ZoomWishParts;
  #isWanted = false;

  constructor(parts: ZoomWishParts) {
    this.#parts = parts;
  }

  async change(isWanted: boolean): Promise<void> {
    if (isWanted === this.#isWanted) {
      return;
    }
    this.#isWanted = isWanted;
    const { fetch, onMissing, onChange } = this.#parts;
    if (!isWanted) {
      onChange(null);
      return;
    }
    const zooming = await fetch((_attempt) => import("./zooming.ts"), onMissing, () => this.#isWanted);
    if (zooming !== null) {
      onChange(zooming);
    }
  }
}
