import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Style sheets are template literals, which the minifier must leave alone; half of each is white space. */
const smallerStyles: Plugin = {
  name: "smaller-styles",
  transform: {
    filter: { id: /\.css\.ts$/ },
    handler: (code) => ({
      code: code.replace(/css`([^`]*)`/g, (_match, rules: string) => `css\`${squeeze(rules)}\``),
      map: null,
    }),
  },
};

function squeeze(rules: string): string {
  return rules
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":");
}

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
