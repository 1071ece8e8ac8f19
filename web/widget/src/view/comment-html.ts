/**
 * The one place where HTML from the server enters the page. The server has sanitised it, see SPEC.md, "Comments"; all the
 * same, what a comment may hold is built here element by element, and nothing else: so it needs no Trusted Types policy.
 */
import { Directive, directive } from "lit/directive.js";
import type { Mention } from "../mentions.ts";
import { mentionNodes } from "./mention-nodes.ts";

const tags = new Set(["p", "br", "strong", "em", "code", "pre", "a"]);
/** A tag as the server writes it, a text, or a `<` that begins no tag. */
const piece = /<(\/?)([a-z]+)((?:\s+[a-z-]+="[^"]*")*)\s*\/?>|[^<]+|</g;
const linkAddress = /\shref="([^"]*)"/;
/** As it is written: one without a host would lead into the site of this page. */
const linked = /^(?:https?|mailto):/i;
const linkProtocol = /^(?:https?|mailto):$/;

const characters = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["nbsp", "\u00a0"],
]);

/** `mentions` are shown where they stand in its words, but not in code or links; `ownId` is the visitor's. */
export function commentNodes(html: string, mentions: readonly Mention[] = [], ownId: string | null = null): DocumentFragment {
  const root = document.createDocumentFragment();
  let around: Node = root;
  for (const [text, slash, tag, attributes] of html.matchAll(piece)) {
    if (tag === undefined) {
      const isProse = !(around instanceof Element && around.closest("a, code, pre") !== null);
      for (const node of mentionNodes(plain(text), isProse ? mentions : [], ownId)) {
        around.appendChild(node);
      }
    } else if (slash === "/") {
      around = outside(around, tag);
    } else if (tags.has(tag)) {
      const element = document.createElement(tag);
      if (element instanceof HTMLAnchorElement) {
        lead(element, linkAddress.exec(attributes ?? "")?.[1] ?? "");
      }
      around.appendChild(element);
      around = tag === "br" ? around : element;
    }
  }
  return root;
}

/** What is around the element that ends here; an end without a beginning ends nothing. */
function outside(around: Node, tag: string): Node {
  for (let one: Node | null = around; one !== null; one = one.parentNode) {
    if (one instanceof Element && one.localName === tag) {
      return one.parentNode ?? around;
    }
  }
  return around;
}

function lead(link: HTMLAnchorElement, address: string): void {
  link.href = plain(address);
  if (!linked.test(plain(address)) || !linkProtocol.test(link.protocol)) {
    link.removeAttribute("href");
    return;
  }
  link.target = "_blank";
  link.rel = "noopener nofollow ugc";
  link.setAttribute("referrerpolicy", "no-referrer");
}

function plain(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => characters.get(name) ?? whole);
}

class CommentHtml extends Directive {
  #from: readonly unknown[] = [];
  #nodes: DocumentFragment | null = null;

  /** The same nodes for the same HTML, so that they are not put in anew with every rendering. */
  override render(html: string, mentions?: readonly Mention[], ownId: string | null = null): DocumentFragment | null {
    const from = [html, mentions, ownId];
    if (from.some((each, index) => each !== this.#from[index])) {
      this.#from = from;
      this.#nodes = commentNodes(html, mentions, ownId);
    }
    return this.#nodes;
  }
}

export const commentHtml = directive(CommentHtml);
