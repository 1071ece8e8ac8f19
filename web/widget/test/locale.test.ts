import { describe, expect, it } from "vitest";
import { chooseLanguage, languageOf, languages } from "../src/locale.ts";

describe("the language (M23)", () => {
  it.each<[string, string | null, string | undefined]>([
    ["as it is", "de", "de"],
    ["as pages of the reference product write it", "en_us", "en-us"],
    ["with a space too many", " pt-BR ", "pt-BR"],
    ["none", null, undefined],
    ["none, where a page leaves it empty", "", undefined],
    ["none, where it makes no sense", "not a language", undefined],
    ["none, where it is no tag", "x", undefined],
  ])("%s", (_name, given, language) => {
    expect(languageOf(given)).toBe(language);
  });
});

describe("the catalogue (M23)", () => {
  const chosen = (option: string | null, page: string | null = null, ...visitor: string[]): string => {
    const { locale, language } = chooseLanguage({ locale: option, page, visitor });
    return `${locale} ${language}`;
  };

  it.each([
    ["de", "de de"],
    ["de-AT", "de-AT de"],
    ["en_us", "en-us en"],
    ["PT-br", "PT-br pt"],
    ["pt", "pt pt"],
    ["pt-PT", "pt-PT pt-PT"],
    ["pt-AO", "pt-AO pt-PT"],
    ["zh", "zh zh-Hans"],
    ["zh-SG", "zh-SG zh-Hans"],
    ["zh-TW", "zh-TW zh-Hant"],
    ["zh-HK", "zh-HK zh-Hant"],
    ["zh-Hant-CN", "zh-Hant-CN zh-Hant"],
    ["yue", "yue zh-Hant"],
    ["iw", "iw he"],
    ["in", "in id"],
    ["no", "no nb"],
    ["nn-NO", "nn-NO nb"],
    ["mo", "mo ro"],
    ["ar-EG", "ar-EG ar"],
    ["hi-Latn", "hi-Latn en"],
  ])("for %s is %s", (option, expected) => {
    expect(chosen(option)).toBe(expected);
  });

  it("of a page owner's language that the widget lacks is English, with its dates, plurals and direction kept", () => {
    expect(chosen("ur", "de", "fr")).toBe("ur en");
    expect(chooseLanguage({ locale: "ur", page: null, visitor: [] }).direction).toBe("rtl");
  });

  it("without an option is the page's, then the visitor's first that there is, then English", () => {
    expect(chosen(null, "de-CH", "fr")).toBe("de-CH de");
    expect(chosen(null, "sw", "eo", "fr-CA", "de")).toBe("fr-CA fr");
    expect(chosen("not a language", "also none", "x")).toBe("en en");
  });

  it.each(languages)("%s is found under its own name", (name) => {
    expect(chosen(name)).toBe(`${name} ${name}`);
  });

  const directionOf = (locale: string): string => chooseLanguage({ locale, page: null, visitor: [] }).direction;

  it("is read from the right in Arabic, Hebrew and Persian, and in no other language of ours", () => {
    expect(languages.filter((name) => directionOf(name) === "rtl")).toEqual(["ar", "fa", "he"]);
    expect(["iw", "ar-MA", "ur", "ps", "ckb", "dv", "yi", "az-Arab"].map(directionOf)).toEqual(Array(8).fill("rtl"));
    expect(["az", "ku", "he-Latn"].map(directionOf)).toEqual(["ltr", "ltr", "ltr"]);
  });
});
