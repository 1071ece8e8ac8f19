import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One classic script: a page owner pastes one tag, and a page without modules can use it. */
export default defineConfig({
  root: here("."),
  build: {
    outDir: here("../../src/imagechat/static"),
    emptyOutDir: false,
    target: "es2022",
    lib: {
      entry: here("src/index.ts"),
      name: "ImageChatBundle",
      formats: ["iife"],
      fileName: () => "embed-image-chat.min.js",
    },
  },
});
