import { describe, expect, it } from "vitest";
import { english } from "../src/catalogues/en.ts";
import { textsOf, type Catalogue, type Language, type TextKey } from "../src/texts.ts";

const polish: Partial<Catalogue> = {
  close: "Zamknij",
  comments: { one: "{count} komentarz", few: "{count} komentarze", other: "{count} komentarzy" },
};

describe("words (M23)", () => {
  it("are English at once, with values filled in", () => {
    const texts = textsOf({});
    expect(texts("replyingTo", { name: "Ada" })).toBe("Replying to Ada");
    expect([1, 2].map((count) => texts("comments", { count }))).toEqual(["1 comment", "2 comments"]);
    expect([texts.locale, texts.direction]).toEqual(["en", "ltr"]);
  });

  it("take the plural form of their language, and `other` where a form is left out", () => {
    const texts = textsOf({}, { locale: "pl", direction: "ltr", catalogue: polish });
    expect([1, 3, 5, 22].map((count) => texts("comments", { count }))).toEqual([
      "1 komentarz",
      "3 komentarze",
      "5 komentarzy",
      "22 komentarze",
    ]);
  });

  it("that a catalogue lacks are English, and count as English does", () => {
    const texts = textsOf({}, { locale: "pl", direction: "ltr", catalogue: { close: "Zamknij" } });
    expect(texts("close")).toBe("Zamknij");
    expect(texts("save")).toBe(english.save);
    expect([1, 2].map((count) => texts("comments", { count }))).toEqual(["1 comment", "2 comments"]);
  });

  it.each([
    ["de", "12.345 Zeichen"],
    ["fa", "۱۲٬۳۴۵ Zeichen"],
  ])("write numbers as %s does", (locale, written) => {
    const texts = textsOf({ charactersLeft: "{count} Zeichen" }, { locale, direction: "ltr", catalogue: {} });
    expect(texts("charactersLeft", { count: 12_345 })).toBe(written);
  });

  it("leave a placeholder for which there is no value, and take a name that looks like one as it is", () => {
    expect(textsOf({})("replyingTo")).toBe("Replying to {name}");
    expect(textsOf({})("markerLabel", { number: "{comments}", comments: "x" })).toBe("Conversation {comments}: x");
  });

  it("are readable when somebody asks for a key that no version has", () => {
    expect(textsOf({})("nothingOfOurs" as TextKey)).toBe("nothingOfOurs");
  });
});

describe("a page owner's own words (M21)", () => {
  const language: Language = { locale: "pl", direction: "ltr", catalogue: polish };

  it("win over the catalogue, and null takes nothing away", () => {
    const texts = textsOf({ close: "Precz", save: null }, language);
    expect([texts("close"), texts("save")]).toEqual(["Precz", english.save]);
  });

  it("may be a plural's forms, all or some, or one text for all", () => {
    const say = (comments: string | Record<string, string>, count: number): string =>
      textsOf({ comments }, language)("comments", { count });
    expect([1, 3, 5].map((count) => say({ one: "{count} pin", few: "{count} piny", other: "{count} pinów" }, count))).toEqual([
      "1 pin",
      "3 piny",
      "5 pinów",
    ]);
    expect([1, 3].map((count) => say({ one: "{count} pin" }, count))).toEqual(["1 pin", "3 komentarze"]);
    expect([1, 3].map((count) => say("{count} ×", count))).toEqual(["1 ×", "3 ×"]);
  });

  it("that were written for 0.1 still say what they said", () => {
    const texts = textsOf({ commentsOne: "1 Kommentar", commentsOther: "{count} Kommentare" });
    expect([1, 3].map((count) => texts("comments", { count }))).toEqual(["1 Kommentar", "3 Kommentare"]);
    const other = textsOf({ commentsOther: "{count} Kommentare" });
    expect([1, 3].map((count) => other("comments", { count }))).toEqual(["1 comment", "3 Kommentare"]);
  });
});
