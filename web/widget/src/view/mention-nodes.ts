/** Words in which people are mentioned, as nodes: texts, and the names apart. */
import { pieces, type Mention } from "../mentions.ts";
import { make } from "./elements.ts";

/** `ownId` is the visitor's: a mention of oneself stands out. */
export function mentionNodes(text: string, mentions: readonly Mention[], ownId: string | null): Node[] {
  return pieces(text, mentions).map(({ text: words, mention }) => {
    if (mention === null) {
      return document.createTextNode(words);
    }
    const isOwn = mention.id === ownId;
    // Apart from the words around it, whichever way the name is read.
    const name = make("bdi", "mention", {
      part: isOwn ? "mention mention-own" : "mention",
      "data-mention": isOwn ? "own" : "",
    });
    name.textContent = words;
    return name;
  });
}
