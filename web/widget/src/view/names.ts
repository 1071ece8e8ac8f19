/** Names as people chose them, kept apart from the words around: one that reads the other way reorders nothing. */

/** For a label or an announcement, which have no elements. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
