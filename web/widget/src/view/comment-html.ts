/** The one place where HTML from the server enters the page. The server has sanitised it; see SPEC.md, "Comments". */
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Comment } from "../wire.ts";

export function commentHtml(comment: Comment): unknown {
  return unsafeHTML(comment.commentHTML);
}
