import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { named, retriable } from "../late-modules.ts";
import { smallerStyles } from "../smaller-styles.ts";
import { tracelessLit } from "../traceless-lit.ts";
import { firstWords, liveWords, onlyWords } from "./layer-words.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const built = here("../../src/imagechat/static/image-chat");

/** Built one by one before the rest, each a file by itself: what it is called, and where it begins. `live` names others. */
const late = new Map([
  ["window", "./opened.ts"],
  ["tools", "./tools.ts"],
  ["panel", "./panel.ts"],
  ["zoom", "./zooming.ts"],
  ["tag", "./tag.ts"],
  ["polling", "./polling.ts"],
  ["print", "./printing.ts"],
  ["live", "./live.ts"],
]);

const before = (mode: string): [string, string][] => [...late].filter(([stem]) => stem !== mode);

const words = (mode: string): Plugin[] =>
  mode === "live" ? [onlyWords(liveWords)] : late.has(mode) ? [] : [onlyWords(firstWords)];

/**
 * Modules: an entry whose name stays, and what it brings, each file named by what is in it. The window is built before
 * them, as a file of its own: it imports nothing, so that it works whichever way the rest was fetched.
 */
export default defineConfig(({ mode }) => ({
  root: here("."),
  plugins: [
    smallerStyles,
    tracelessLit,
    ...words(mode),
    ...(late.has(mode) && mode !== "live" ? [] : [...before(mode).map(([stem, file]) => named(file, built, stem)), retriable]),
  ],
  build: {
    outDir: built,
    emptyOutDir: mode === "window",
    target: "es2022",
    // As a library: a page gets no preloading, which only a bundle of a page's own needs.
    lib: {
      // The second of two is what the classic script imports by its name.
      entry:
        late.has(mode)
          ? { [mode]: here(`src/${late.get(mode) ?? ""}`) }
          : { "image-chat": here("src/module.ts"), picture: here("src/picture-chats.ts") },
      formats: ["es"],
    },
    rolldownOptions: {
      // What both need is in the first that comes, not in a file between them.
      preserveEntrySignatures: "allow-extension",
      output: {
        entryFileNames: ({ name }) => (name === "image-chat" ? "image-chat.js" : "[name]-[hash].js"),
        chunkFileNames: "[name]-[hash].js",
        minify: true,
      },
    },
  },
}));
