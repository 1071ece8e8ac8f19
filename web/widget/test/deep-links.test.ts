import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkedMarker, linkTo } from "../src/deep-links.ts";

describe("deep links", () => {
  it.each([
    ["#image-chat=abc", "abc"],
    ["#section&image-chat=abc", "abc"],
    ["#/plans/3&image-chat=a%20b&x=1", "a b"],
    ["#image-chat=", null],
    ["#image-chat=%E0%A4%A", null],
    ["#my-image-chat=abc", null],
    ["", null],
  ])("%s names %s", (hash, id) => {
    expect(linkedMarker(hash)).toBe(id);
  });

  it("keep the page's own hash, and replace a link that is there", () => {
    expect(linkTo("https://p.example/a?b=1", "m1")).toBe("https://p.example/a?b=1#image-chat=m1");
    expect(linkTo("https://p.example/a#part", "m1")).toBe("https://p.example/a#part&image-chat=m1");
    expect(linkTo("https://p.example/a#/x&image-chat=old", "m1")).toBe("https://p.example/a#/x&image-chat=m1");
  });

  it("name what they were made for, whatever it is called", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.constantFrom("", "#a", "#/b&c=d", "#image-chat=z"), (id, hash) => {
        expect(linkedMarker(new URL(linkTo(`https://p.example/${hash}`, id)).hash)).toBe(id);
      }),
    );
  });
});
