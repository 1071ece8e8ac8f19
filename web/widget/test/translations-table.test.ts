import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { english } from "../src/catalogues/en.ts";

const translating = readFileSync(new URL("../../../docs/translating.md", import.meta.url), "utf-8");
const [, table = ""] = /<!-- keys -->\n\| key \| in English \| where \|\n\| --- \| --- \| --- \|\n((?:\|.*\n)+)<!-- \/keys -->/.exec(translating) ?? [];
/** Each row's key in backticks, English and place. */
const documented = table
  .trim()
  .split("\n")
  .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));

describe("the table of keys in docs/translating.md", () => {
  it("has every key of English, once, in its order, with its text or its forms, and no other", () => {
    const keys = Object.entries(english).map(([key, text]) => [
      `\`${key}\``,
      typeof text === "string" ? text : [text.one, text.other].join(" / "),
    ]);
    expect(documented.map(([key, text]) => [key, text])).toEqual(keys);
  });

  it("says of each where it is seen", () => {
    expect(documented.filter(([, , where = ""]) => where === "")).toEqual([]);
  });
});
