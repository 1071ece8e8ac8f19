/** Names as people chose them, kept apart from the words around: one that reads the other way reorders nothing. */
import { html, type TemplateResult } from "lit";
import type { TextKey, Texts } from "../texts.ts";

/** For a label or an announcement, which have no elements. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

/** A text that has a `{name}` in it. */
export function withName(texts: Texts, key: TextKey, name: string): TemplateResult {
  const [before = "", after = ""] = texts(key, { name: "\0" }).split("\0");
  return html`${before}<bdi>${name}</bdi>${after}`;
}
