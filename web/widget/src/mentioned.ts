/** Whom the visitor has chosen while writing on a picture. What stands in a text says whom it mentions. No DOM. */
import { stillIn, type Mention } from "./mentions.ts";

export class Mentioned {
  /** By what stands in texts: of two people of one name, the one who was chosen last is meant. */
  readonly #chosen = new Map<string, Mention>();

  choose(mention: Mention): void {
    this.#chosen.set(mention.tag, mention);
  }

  has(tag: string): boolean {
    return this.#chosen.has(tag);
  }

  /** Those whom a text mentions; `before` are those of the comment that it changes. */
  in(text: string, before: readonly Mention[] = []): Mention[] {
    return stillIn(text, [...this.#chosen.values(), ...before.filter(({ tag }) => !this.#chosen.has(tag))]);
  }
}
