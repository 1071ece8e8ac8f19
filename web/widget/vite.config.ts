import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { smallerStyles } from "../smaller-styles.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One classic script: a page owner pastes one tag, and a page without modules can use it. */
export default defineConfig({
  root: here("."),
  plugins: [smallerStyles],
  build: {
    outDir: here("../../src/imagechat/static"),
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: {
      input: here("src/index.ts"),
      output: { format: "iife", entryFileNames: "embed-image-chat.min.js" },
    },
  },
});
