import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { english } from "../src/catalogues/en.ts";
import { loaders } from "../src/languages.ts";
import { languages } from "../src/locale.ts";
import { textsOf, type PluralForms } from "../src/texts.ts";
import { faultsOf } from "./catalogue-faults.ts";

const src = join(import.meta.dirname, "../src");
const german = (await loaders.de(0)).default;

describe.each(Object.entries(loaders))("the words in %s (M23)", (name, load) => {
  it("are all there, with English's placeholders and the language's own plural forms", async () => {
    expect(faultsOf(name, (await load(0)).default)).toEqual([]);
  });
});

describe("what a catalogue can lack", () => {
  type Change = Readonly<Record<string, string | PluralForms | null>>;
  const faultsWith = (change: Change, language = "de"): string[] => {
    const changed = { ...german, ...change };
    return faultsOf(language, Object.fromEntries(Object.entries(changed).filter(([key]) => change[key] !== null)));
  };

  it.each<[string, Change, string]>([
    ["a key", { close: null }, "de lacks close"],
    ["a key too many", { clsoe: "Zu" }, "de has clsoe, which English has not"],
    ["a placeholder", { replyingTo: "Antwort" }, "de, replyingTo: needs {name}"],
    ["a placeholder too many", { close: "{name} zu" }, "de, close: needs no placeholder"],
    ["a form", { comments: { other: "{count} Kommentare" } }, "de, comments: lacks the form one"],
    ["the form for all others", { comments: { one: "{count} Kommentar" } }, "de, comments: lacks the form other"],
    ["a form too many", { comments: { one: "x", few: "{count}", other: "{count}" } }, "de, comments: has the form few, which the language has not"],
    ["words", { close: "" }, "de, close: is empty, or has a space at an end"],
  ])("is reported: %s", (_name, change, fault) => {
    expect(faultsWith(change)).toEqual([fault]);
  });

  it("is reported: the number, where a form serves more than one", () => {
    const russian = { comments: { one: "один", few: "{count} комментария", other: "{count} комментариев" } };
    expect(faultsWith(russian, "ru")).toContain("ru, comments: needs {count} in one");
  });
});

describe("the catalogues", () => {
  it("are those that the widget knows of, at least 28", () => {
    const files = readdirSync(join(src, "catalogues")).map((file) => file.replace(/\.ts$/, ""));
    expect(files.sort()).toEqual([...languages].sort());
    expect(["en", ...Object.keys(loaders)].sort()).toEqual([...languages].sort());
    expect(languages.length).toBeGreaterThanOrEqual(28);
  });

  it("have no key that nothing shows", () => {
    const code = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith("catalogues"))
      .map((file) => readFileSync(join(src, file), "utf8"))
      .join("\n");
    const unused = Object.keys(english).filter((key) => !new RegExp(`["'\`]${key}["'\`]`).test(code));
    expect(unused).toEqual([]);
  });
});

describe("the words in every language", () => {
  it("say any number of comments", async () => {
    for (const [locale, load] of Object.entries(loaders)) {
      const texts = textsOf({}, { locale, direction: "ltr", catalogue: (await load(0)).default });
      for (const count of [0, 1, 2, 3, 5, 11, 21, 100, 101, 1_000_000]) {
        expect(texts("comments", { count })).toMatch(/\p{L}/u);
        expect(texts("comments", { count })).not.toContain("{");
      }
    }
  });
});
