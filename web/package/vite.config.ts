import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { smallerStyles } from "../smaller-styles.ts";
import { tracelessLit } from "../traceless-lit.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The package: modules for a bundler, which makes files of its own of them. React is the page's. */
export default defineConfig({
  root: here("."),
  plugins: [smallerStyles, tracelessLit],
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    target: "es2022",
    lib: {
      entry: { index: here("src/index.ts"), react: here("src/react.ts"), element: here("src/element.ts") },
      formats: ["es"],
    },
    rolldownOptions: {
      external: ["react"],
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
});
