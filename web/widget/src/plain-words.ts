/** What a comment says without the marks that it was written with, for where there is room for a few words. Pure. */
import type { Comment } from "./wire.ts";

const characters: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": " ", "&amp;": "&" };

/** A text, to be shown as one; a line for each that it was written in. What is on its way has no HTML yet. */
export function plainWords({ comment, commentHTML }: Pick<Comment, "comment" | "commentHTML">): string {
  const words =
    commentHTML === ""
      ? comment
      : commentHTML
          .replace(/<br>|<\/p>/g, "\n")
          .replace(/<\/?[a-z][^<>]*>/g, "")
          .replace(/&[a-z]+;/g, (sign) => characters[sign] ?? sign);
  return words.trim().replace(/\s*\n\s*/g, "\n");
}
