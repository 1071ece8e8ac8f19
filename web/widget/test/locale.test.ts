import { describe, expect, it } from "vitest";
import { languageOf } from "../src/locale.ts";

describe("the language (M23)", () => {
  it.each<[string, (string | null)[], string | undefined]>([
    ["as it is", ["de", "en"], "de"],
    ["as pages of the reference product write it", ["en_us", "de"], "en-us"],
    ["the page's, without one of our own", [null, "pt-BR"], "pt-BR"],
    ["the page's, when ours is none", ["not a language", "fr"], "fr"],
    ["nobody's", [null, ""], undefined],
    ["nobody's, when both are rubbish", ["x", "--"], undefined],
  ])("%s", (_name, given, language) => {
    expect(languageOf(...given)).toBe(language);
  });
});
