// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentNodes } from "../src/view/comment-html.ts";

function built(html: string): HTMLElement {
  const element = document.createElement("div");
  element.append(commentNodes(html));
  return element;
}

const shown = (html: string): string => built(html).innerHTML;
const allowed = new Set(["p", "br", "strong", "em", "code", "pre", "a"]);
const attributes = new Set(["href", "target", "rel", "referrerpolicy"]);

function expectOnlyWords(html: string): void {
  for (const element of built(html).querySelectorAll("*")) {
    expect(allowed).toContain(element.localName);
    expect(element.getAttributeNames().filter((name) => !attributes.has(name))).toEqual([]);
    expect(element.getAttribute("href") ?? "https:").toMatch(/^(?:https?|mailto):/i);
  }
}

/** Pieces of which attacks are made. */
const bit = fc.constantFrom(
  ...["<", ">", "</", "/>", '"', "'", "=", " ", "&", ";", "&lt;", "&#106;", "&colon;", "\n", "\0", "p", "a", "pre", "svg"],
  ...["script", "img", "style", "iframe", "math", "href", "src", "onerror", "onclick", "xlink:href", "javascript:", "data:"],
  ...["https://example.org/", '<a href="', '<a href="javascript:alert(1)">', "<p>", "</p>", "<!--", "-->", "<![CDATA[", "\u202e"],
);

describe("mentions in a comment", () => {
  const mentions = [
    { id: "u1", tag: "@Mia" },
    { id: "u2", tag: "@A & B <i>" },
  ];
  const html = (text: string): string => {
    const element = document.createElement("div");
    element.append(commentNodes(text, mentions, "u1"));
    return element.innerHTML;
  };

  it("stand apart in its words, one's own more so", () => {
    expect(html("<p>Ask <em>@Mia</em>, or @A &amp; B &lt;i&gt;!</p>")).toBe(
      '<p>Ask <em><bdi class="mention" part="mention mention-own" data-mention="own">@Mia</bdi></em>, or ' +
        '<bdi class="mention" part="mention" data-mention="">@A &amp; B &lt;i&gt;</bdi>!</p>',
    );
  });

  it.each(['<p><a href="https://example.org/@Mia">@Mia</a></p>', "<pre><code>@Mia\n</code></pre>"])("are none in %s", (text) => {
    expect(html(text)).not.toContain("bdi");
  });

  it("M14 let nothing else in, whatever is mentioned", () => {
    fc.assert(
      fc.property(fc.array(bit), fc.array(bit), (text, tag) => {
        const element = document.createElement("div");
        element.append(commentNodes(text.join(""), [{ id: "u", tag: `@${tag.join("")}` }], null));
        const plainly = built(text.join(""));
        expect(element.textContent).toBe(plainly.textContent);
        for (const mention of element.querySelectorAll("bdi")) {
          expect(mention.children).toHaveLength(0);
          mention.replaceWith(...mention.childNodes);
        }
        element.normalize();
        plainly.normalize();
        expect(element.innerHTML).toBe(plainly.innerHTML);
      }),
    );
  });
});

describe("a comment's HTML", () => {
  it.each([
    "<p>One <strong>bold <em>and slanted</em></strong><br>two</p>\n<p>Three</p>",
    "<pre><code>if (a &lt; b &amp;&amp; c &gt; d) {}\n</code></pre>",
    "<p>&amp;lt;script&amp;gt; and&nbsp;so on</p>",
    "<p>&amp;constructor; &amp;__proto__;</p>",
  ])("%s is built as the server wrote it", (html) => {
    expect(shown(html)).toBe(html);
  });

  it("M14 a link tells nobody where it was followed", () => {
    expect(shown('<p><a href="https://example.org/?a=1&amp;b=%22" target="_blank" rel="noopener nofollow ugc">it</a></p>')).toBe(
      '<p><a href="https://example.org/?a=1&amp;b=%22" target="_blank" rel="noopener nofollow ugc" referrerpolicy="no-referrer">it</a></p>',
    );
  });

  it.each([
    ["javascript:alert(1)", null],
    ["JaVaScRiPt:alert(1)", null],
    ["java\nscript:alert(1)", null],
    [" javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["vbscript:x", null],
    ["blob:https://example.org/1", null],
    ["file:///etc/passwd", null],
    ["", null],
    ["#window", null],
    ["/logout", null],
    ["//example.org/", null],
    ["mailto:a@example.org", "mailto:a@example.org"],
    ["HTTP://example.org", "HTTP://example.org"],
  ])("a link to %j leads to %j", (address, wanted) => {
    expect(built(`<a href="${address}">x</a>`).querySelector("a")?.getAttribute("href") ?? null).toBe(wanted);
  });

  it.each([
    ["<script>alert(1)</script>", "alert(1)"],
    ['<img src="x" onerror="alert(1)">', ""],
    ["<p onclick=\"alert(1)\">x</p>", "<p>x</p>"],
    ["<p onclick=alert(1)>x</p>", "&lt;p onclick=alert(1)&gt;x"],
    ['<a onclick="x" href="javascript:alert(1)">x</a>', "<a>x</a>"],
    ["<svg><a xlink:href=\"javascript:alert(1)\">x</a></svg>", "&lt;a xlink:href=\"javascript:alert(1)\"&gt;x"],
    ["</p></div><p>x", "<p>x</p>"],
    ["<p><strong>x</p>y", "<p><strong>x</strong></p>y"],
    ["a < b", "a &lt; b"],
    ["&constructor;&__proto__;", "&amp;constructor;&amp;__proto__;"],
  ])("of %s nothing is left but %s", (html, wanted) => {
    expect(shown(html)).toBe(wanted);
  });

  it("of hostile words that came as they were written, there are only those elements and attributes too", () => {
    // From where vitest runs: in jsdom a module's address is no file's.
    const corpus = readFileSync("../tests/browser/xss_corpus.json", "utf8");
    const classes = JSON.parse(corpus) as Record<string, (string | { times: number; of: string })[]>;
    for (const text of Object.values(classes).flat()) {
      expectOnlyWords(typeof text === "string" ? text : text.of.repeat(text.times));
    }
  });

  it("whatever the server were made to send, there are only the elements and attributes of a comment", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bit, fc.string()), { maxLength: 40 }), (bits) => {
        expectOnlyWords(bits.join(""));
      }),
      { seed: 20260105, numRuns: 1000 },
    );
  });
});
