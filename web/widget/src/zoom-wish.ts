/** Has the picture zoom for as long as its page wants that. */
import type { Persistently } from "./persistently.ts";
import type { Catalogue } from "./texts.ts";
import type { MakeZooming } from "./zooming.ts";

export interface ZoomWishParts {
  readonly persistently: Persistently;
  readonly isOver: () => boolean;
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
    const { persistently, isOver, onMissing, onChange } = this.#parts;
    if (!isWanted) {
      onChange(null);
      return;
    }
    const isStillWanted = (): boolean => this.#isWanted && !isOver();
    const zooming = await persistently((_attempt) => import("./zooming.ts"), {
      isWanted: isStillWanted,
      onFailure: (error, attempt) => {
        if (attempt === 0) {
          onMissing(error);
        }
      },
    });
    if (zooming !== null && isStillWanted()) {
      onChange(zooming);
    }
  }
}
