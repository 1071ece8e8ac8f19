/** The name that somebody may have meant. Pure. */

/** The nearest of some names, if it is near enough to be a slip: at most a third of its letters are other ones. */
export function nearestName(typed: string, names: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = editsBetween(typed.slice(0, 100).toLowerCase(), name.toLowerCase());
    if (edits < least && edits <= name.length / 3) {
      nearest = name;
      least = edits;
    }
  }
  return nearest;
}

/** Letters to put in, take out, replace, or swap with the next one. */
function editsBetween(one: string, other: string): number {
  let twoAgo: number[] = [];
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      now.push(
        Math.min(
          (before[column] ?? 0) + 1,
          (now[column - 1] ?? 0) + 1,
          (before[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap ? (twoAgo[column - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    twoAgo = before;
    before = now;
  }
  return before[other.length] ?? 0;
}
