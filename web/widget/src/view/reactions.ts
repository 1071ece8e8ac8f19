/** Emoji, by the names that are read out. */
import { emoji } from "../opinion-changes.ts";
import type { TextKey, Texts } from "../texts.ts";

const names = new Map<string, TextKey>([
  ["👍", "reactionThumbsUp"],
  ["❤️", "reactionHeart"],
  ["😄", "reactionLaugh"],
  ["🎉", "reactionParty"],
  ["😕", "reactionConfused"],
  ["👀", "reactionEyes"],
]);

/** One of a newer server's is called by itself. */
export function reactionName(texts: Texts, one: string): string {
  const key = names.get(one);
  return key === undefined ? one : texts(key);
}

/** Those that somebody gives, with how many do, in the order in which they are offered. */
export function given(reactions: Readonly<Record<string, number>> = {}): (readonly [emoji: string, count: number])[] {
  const known: readonly string[] = emoji;
  const place = (one: string): number => (known.includes(one) ? known.indexOf(one) : known.length);
  return Object.entries(reactions)
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => place(one) - place(other));
}
