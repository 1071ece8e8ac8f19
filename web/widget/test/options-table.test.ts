import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { optionNames, settingsOf, type Settings } from "../src/config.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf-8");
const [, table = ""] = /\| option \| default \| \|\n\| --- \| --- \| --- \|\n((?:\|.*\n)+)/.exec(readme) ?? [];
/** Each option of the README's table, with what it says of its default. */
const documented = table
  .trim()
  .split("\n")
  .flatMap((row) => {
    const [, names = "", value = ""] = row.split("|").map((cell) => cell.trim());
    return [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]): [string, string] => [name, value]);
  });

describe("the options table of the README", () => {
  it("has every option that there is, once, and no other", () => {
    expect(documented.map(([name]) => name).sort()).toEqual([...optionNames].sort());
  });

  it("has the defaults that hold", () => {
    const settings = settingsOf({ tenantId: "demo" }, "https://chat.example.com", () => undefined);
    const given = documented.filter(([, value]) => /^`.*`$/.test(value));
    expect(given.length).toBeGreaterThan(5);
    for (const [name, value] of given) {
      expect([name, JSON.stringify(settings[name as keyof Settings])]).toEqual([name, value.slice(1, -1)]);
    }
  });
});
