/** Where the people on a picture are known, once their module is here. */
import { quietly, type FetchLate } from "./late-files.ts";
import type { People, PeopleHost } from "./people.ts";
import type { Catalogue } from "./texts.ts";
import type { Frame } from "./wire.ts";

export interface PeoplePlaceParts extends PeopleHost {
  readonly fetch: FetchLate;
  readonly addEnglish: (words: Catalogue) => void;
}

export class PeoplePlace {
  readonly #parts: PeoplePlaceParts;
  #people: People | null = null;
  #isLoading = false;
  #hello: Frame | null = null;

  constructor(parts: PeoplePlaceParts) {
    this.#parts = parts;
  }

  /** Null until they have come. */
  get here(): People | null {
    return this.#people;
  }

  /** A snapshot came; with the first of them, the module is fetched. */
  entered(): void {
    this.#people?.entered();
    if (!this.#isLoading) {
      this.#isLoading = true;
      void this.#load();
    }
  }

  heard(frame: Frame): void {
    if (frame.type === "hello") {
      this.#hello = frame;
    }
    this.#people?.heard(frame);
  }

  async #load(): Promise<void> {
    const { fetch, addEnglish } = this.#parts;
    // Nothing is said where it fails: what is on the picture is there without.
    const module = await fetch((_attempt) => import("./people.ts"), quietly);
    if (module !== null) {
      addEnglish(module.english);
      this.#people = module.people(this.#parts);
      this.#people.entered();
      if (this.#hello !== null) {
        this.#people.heard(this.#hello);
      }
    }
  }
}
