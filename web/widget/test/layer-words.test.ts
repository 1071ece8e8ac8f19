import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { firstWords, liveWords } from "../layer-words.ts";
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

/** The keys that a file's modules ask for. */
function namedIn(start: string): { readonly paths: readonly string[]; readonly keys: readonly string[] } {
  const modules = modulesOf(join(src, start));
  const named = new Set<string>();
  for (const text of modules.values()) {
    // Where a text is asked for, and in the record of what each end of the connection is called.
    const asking = text.split("\n").filter((line) => /(?:texts|nnounce)\(|"?stop\w*"?: |: "stopped/.test(line));
    for (const [, key] of asking.join("\n").matchAll(/"(\w+)"/g)) {
      if (key !== undefined && key in english) {
        named.add(key);
      }
    }
  }
  return { paths: [...modules.keys()], keys: [...named] };
}

describe("the words that come before a window (M23)", () => {
  it("are with the markers all that these name, and none besides", () => {
    const { paths, keys } = namedIn("picture-chats.ts");
    expect(paths.some((path) => path.endsWith("view/marker-button.ts"))).toBe(true);
    expect([...keys].sort()).toEqual([...firstWords].sort());
  });

  it("are with what keeps them live all that this names, and none besides", () => {
    const { paths, keys } = namedIn("live.ts");
    expect(paths.some((path) => path.endsWith("view/people/others-button.ts"))).toBe(true);
    // A status is said by its own name; the other is said in a window only, when its words are here.
    const named = [...keys, "connecting", "reconnecting", "offline", "stopped", "polling", "notLive"];
    expect(new Set(named.filter((key) => key !== "editGone"))).toEqual(new Set(liveWords));
  });
});
