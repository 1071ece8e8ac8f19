/** Names as people chose them, kept apart from the words around: one that reads the other way reorders nothing. */

import type { Texts } from "../texts.ts";
import type { Comment } from "../wire.ts";

/** What the server calls whoever gave no name, in any language. */
const nameless: ReadonlySet<string> = new Set(["", "Anonymous"]);

/** Who wrote a comment, as a reader is told. */
export function nameOf({ commenterName: name }: Pick<Comment, "commenterName">, texts: Texts): string {
  return nameless.has(name) ? texts("anonymous") : name;
}

/** For a label or an announcement, which have no elements. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
