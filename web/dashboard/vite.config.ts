import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { smallerStyles } from "../smaller-styles.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A page of modules, each file named by what is in it: only `index.html` is ever asked for again. */
export default defineConfig({
  root: here("."),
  base: "/dashboard-assets/",
  plugins: [smallerStyles],
  build: {
    outDir: here("../../src/imagechat/static/dashboard"),
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    target: "es2022",
  },
});
