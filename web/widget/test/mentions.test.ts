import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitting, inserted, pieces, queryAt, stillIn } from "../src/mentions.ts";
import type { Face } from "../src/presence.ts";

const face = (displayName: string, id = displayName): Face => ({ id, displayName, avatarSrc: null });

describe("the name that is being typed", () => {
  it.each([
    ["@", 1, ""],
    ["Hi @Mi", 6, "Mi"],
    ["Hi @Mia Be and", 10, "Mia Be"],
    ["(@Mi", 4, "Mi"],
    ["@Mi rest", 3, "Mi"],
    ["שלום @דנ", 8, "דנ"],
  ])("in %j with the caret at %i is %j", (text, caret, search) => {
    expect(queryAt(text, caret)).toMatchObject({ search, end: caret });
  });

  it.each([
    ["Hello", 5],
    ["ann@example.org", 9],
    ["@ Mia", 5],
    ["@Mia\nnext", 9],
    ["@a b c d", 8],
    ["@Mia", 0],
    [`@${"x".repeat(50)}`, 51],
    ["", 0],
  ])("in %j with the caret at %i is none", (text, caret) => {
    expect(queryAt(text, caret)).toBeNull();
  });
});

describe("who fits", () => {
  it("is whose name begins so, then of which a word does, without case and accents", () => {
    const people = [face("Mia André"), face("Andrea"), face("Sandra"), face("Mia André")];
    expect(fitting(people, "ándr").map(({ id }) => id)).toEqual(["Andrea", "Mia André"]);
    expect(fitting(people, "").map(({ id }) => id)).toEqual(["Mia André", "Andrea", "Sandra"]);
    expect(fitting(people, "", 1)).toHaveLength(1);
  });
});

describe("what is put in", () => {
  it("is the whole name, with a space before a word, and the caret after it", () => {
    const query = queryAt("Hi @mi, see", 6);
    const put = query && inserted("Hi @mi, see", query, face("Mia Berg", "u1"));
    expect(put).toEqual({ text: "Hi @Mia Berg, see", caret: 12, mention: { id: "u1", tag: "@Mia Berg" } });
    const before = queryAt("@mi there", 3);
    expect(before && inserted("@mi there", before, face("Mia"))).toMatchObject({ text: "@Mia there", caret: 5 });
  });

  it("always stands in the text, and lets nothing else go", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 5 }), fc.string(), fc.string({ minLength: 1 }), (head, typed, rest, name) => {
        const text = `${head} @${typed}${rest}`;
        const query = queryAt(text, head.length + 2 + typed.length);
        if (query !== null) {
          const put = inserted(text, query, face(name));
          expect(put.text.startsWith(`${text.slice(0, query.start)}@${name}`)).toBe(true);
          expect(put.text.endsWith(rest)).toBe(true);
          expect(stillIn(put.text, [put.mention])).toEqual([put.mention]);
        }
      }),
    );
  });

  it("is dropped when its name is changed or gone, and of one person there is one", () => {
    const mia = { id: "u1", tag: "@Mia" };
    expect(stillIn("Hi @Mia", [mia, mia, { id: "u2", tag: "@Ben" }])).toEqual([mia]);
    expect(stillIn("Hi Mia", [mia])).toEqual([]);
  });
});

describe("a text with mentions", () => {
  it("is in pieces, the longest name first", () => {
    const [mia, berg] = [{ id: "u1", tag: "@Mia" }, { id: "u2", tag: "@Mia Berg" }];
    expect(pieces("@Mia Berg and @Mia!", [mia, berg])).toEqual([
      { text: "@Mia Berg", mention: berg },
      { text: " and ", mention: null },
      { text: "@Mia", mention: mia },
      { text: "!", mention: null },
    ]);
  });

  it("is the same text, whatever is mentioned", () => {
    const tags = fc.array(fc.record({ id: fc.string(), tag: fc.string() }));
    fc.assert(
      fc.property(fc.string(), tags, (text, mentions) => {
        expect(pieces(text, mentions).map((piece) => piece.text).join("")).toBe(text);
      }),
    );
  });
});
