import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { fileOf } from "../late-modules.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const built = here("../../src/imagechat/static");

/**
 * One classic script: a page owner pastes one tag, and a page without modules can use it. It names the modules that come
 * with it, and so is built after them.
 */
export default defineConfig(() => ({
  root: here("."),
  define: {
    CHATS_FILE: JSON.stringify(fileOf(`${built}/image-chat`, "picture")),
    TAG_FILE: JSON.stringify(fileOf(`${built}/image-chat`, "tag")),
  },
  build: {
    outDir: built,
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: here("src/classic.ts"), formats: ["iife" as const], name: "imageChat" },
    rolldownOptions: { output: { entryFileNames: "embed-image-chat.min.js", minify: true } },
  },
}));
