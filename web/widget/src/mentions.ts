/** Mentioning people while one writes: the word at the caret, who fits it, and what is put in its place. Pure. */
import type { Face } from "./presence.ts";

/** Somebody who is mentioned in a text, where `tag` stands. */
export interface Mention {
  readonly id: string;
  /** `@` and the name, as the text has it. */
  readonly tag: string;
}

/** What is typed of a name: the text from `start` (the `@`) to `end` (the caret). */
export interface MentionQuery {
  readonly start: number;
  readonly end: number;
  readonly search: string;
}

/** A longer name than this is not looked for while it is typed. */
const longestSearch = 40;
/** Names have spaces, so a search may have some. */
const mostSpaces = 2;
const mostMentions = 20;

/** The name that is being typed before the caret; null when none is. An address such as a@b.example begins none. */
export function queryAt(text: string, caret: number): MentionQuery | null {
  const start = text.lastIndexOf("@", caret - 1);
  if (start === -1 || caret <= start) {
    return null;
  }
  const before = text.slice(0, start);
  const search = text.slice(start + 1, caret);
  const isWithinWord = /[\p{L}\p{N}_.+-]$/u.test(before);
  const isName = search.length <= longestSearch && !/[\n@]|^\s| {2}/u.test(search);
  const spaces = search.split(" ").length - 1;
  return isWithinWord || !isName || spaces > mostSpaces ? null : { start, end: caret, search };
}

/** Those of some people who fit what is typed, best first: whose name begins so, then of which a word does. */
export function fitting(people: readonly Face[], search: string, most = 8): Face[] {
  const wanted = folded(search);
  const ranked = people.flatMap((face): { readonly face: Face; readonly rank: number }[] => {
    const name = folded(face.displayName);
    if (name.startsWith(wanted)) {
      return [{ face, rank: 0 }];
    }
    return name.split(" ").some((word) => word.startsWith(wanted)) ? [{ face, rank: 1 }] : [];
  });
  const seen = new Set<string>();
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .map(({ face }) => face)
    .filter(({ id }) => !seen.has(id) && seen.add(id).size <= most);
}

/** The text with somebody's name where it was typed, a space after it where a word would touch it, and where the caret is then. */
export function inserted(text: string, query: MentionQuery, face: Face): { readonly text: string; readonly caret: number; readonly mention: Mention } {
  const tag = `@${face.displayName}`;
  const rest = text.slice(query.end);
  const space = rest === "" || /^[\p{L}\p{N}]/u.test(rest) ? " " : "";
  const head = text.slice(0, query.start) + tag + space;
  return { text: head + rest, caret: head.length + (/^\s/u.test(rest) ? 1 : 0), mention: { id: face.id, tag } };
}

/** Those mentions whose tag still stands in a text that was changed since, each person once. */
export function stillIn(text: string, mentions: readonly Mention[]): Mention[] {
  // As it is shown: of a longer name, a shorter one is no mention, and of two people of one name only the first is one.
  const standing = new Set(pieces(text, mentions).map(({ mention }) => mention));
  const seen = new Set<string>();
  return mentions.filter((each) => standing.has(each) && !seen.has(each.id) && seen.add(each.id).size <= mostMentions);
}

/** A text in pieces, those that mention somebody apart. Where tags overlap, the longest counts. */
export function pieces(text: string, mentions: readonly Mention[]): { readonly text: string; readonly mention: Mention | null }[] {
  const byLength = mentions.filter(({ tag }) => tag.length > 1).sort((one, other) => other.tag.length - one.tag.length);
  const found: { text: string; mention: Mention | null }[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const mention = byLength.find(({ tag }) => text.startsWith(tag, at)) ?? null;
    const taken = mention === null ? (text[at] ?? "") : mention.tag;
    if (mention === null) {
      plain += taken;
    } else {
      if (plain !== "") {
        found.push({ text: plain, mention: null });
      }
      plain = "";
      found.push({ text: taken, mention });
    }
    at += taken.length;
  }
  return plain === "" ? found : [...found, { text: plain, mention: null }];
}

/** Without case and marks: who types "andre" finds "André". */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
