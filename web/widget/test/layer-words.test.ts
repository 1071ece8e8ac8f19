import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { layerWords, peopleWords } from "../layer-words.ts";
import { english } from "../src/catalogues/en.ts";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** A module with all that it imports at once: neither types nor what `import()` brings later. */
function modulesOf(path: string, known = new Map<string, string>()): ReadonlyMap<string, string> {
  if (!known.has(path) && !path.includes("/catalogues/")) {
    const text = readFileSync(path, "utf8");
    known.set(path, text);
    for (const [, name] of text.matchAll(/^(?:import|export) (?!type )[^;]*? from "(\.[^"]+)";/gm)) {
      modulesOf(join(dirname(path), name ?? ""), known);
    }
  }
  return known;
}

describe("the words that come with the layer (M23)", () => {
  it("are all that the layer's modules name, and none besides", () => {
    const modules = modulesOf(join(src, "picture-chats.ts"));
    expect([...modules.keys()].some((path) => path.endsWith("view/marker-button.ts"))).toBe(true);
    // A status is said by its own name.
    const named = new Set(["connecting", "reconnecting", "offline", "stopped", "polling", "notLive"]);
    for (const text of modules.values()) {
      // Where a text is asked for, and in the record of what each end of the connection is called.
      const asking = text.split("\n").filter((line) => /(?:texts|nnounce)\(|"?stop\w*"?: |: "stopped/.test(line));
      for (const [, key] of asking.join("\n").matchAll(/"(\w+)"/g)) {
        if (key !== undefined && key in english) {
          named.add(key);
        }
      }
    }
    // Said in a window only, when its words are here.
    const later = new Set(["editGone"]);
    expect([...named].filter((key) => !later.has(key)).sort()).toEqual([...layerWords].sort());
  });
});

describe("the words that come with the people on a picture", () => {
  it("are all that they show", () => {
    const files = ["people.ts", "view/people/others-button.ts"].map((name) => readFileSync(join(src, name), "utf8"));
    const named = new Set([...files.join("\n").matchAll(/texts\("(\w+)"/g)].map(([, key]) => key));
    expect([...named].sort()).toEqual([...peopleWords].sort());
  });
});
