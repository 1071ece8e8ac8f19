import { describe, expect, it } from "vitest";
import { plainWords } from "../src/plain-words.ts";

const said = (commentHTML: string, comment = "raw"): string => plainWords({ comment, commentHTML });

describe("a comment's plain words", () => {
  it.each([
    ["<p>One <strong>bold <em>and slanted</em></strong></p>", "One bold and slanted"],
    ["<p>First<br>\nsecond</p>\n<p>Third</p>", "First\nsecond\nThird"],
    ["<pre><code>if (a &lt; b &amp;&amp; c &gt; d) {}\n  go()\n</code></pre>", "if (a < b && c > d) {}\ngo()"],
    ['<p>See <a href="https://example.org/?a=1&amp;b=2" rel="nofollow">this</a>&nbsp;plan</p>', "See this plan"],
    ["<p>&amp;lt;b&amp;gt; and &constructor; and &#39;</p>", "&lt;b&gt; and &constructor; and &#39;"],
    ["<p>2 &lt; 3 &lt;b&gt;</p>", "2 < 3 <b>"],
    ["<p>a < b</p>", "a < b"],
  ])("of %j are %j", (html, words) => {
    expect(said(html)).toBe(words);
  });

  it("are as they were typed until the server has answered", () => {
    expect(said("", " **bold**\n\nand more ")).toBe("**bold**\nand more");
  });
});
