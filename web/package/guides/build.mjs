/**
 * Builds a guide of docs/embedding.md as a page would: `node build.mjs LANGUAGE HOST TENANT URL_ID`, into
 * dist/guides/LANGUAGE. What the guide shows is the component; main.LANGUAGE.js mounts it.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function guide(language, names) {
  const text = readFileSync(here("../../../docs/embedding.md"), "utf-8");
  const block = text.split(`\`\`\`${language}\n`)[1]?.split("```")[0];
  if (block === undefined) {
    throw new Error(`docs/embedding.md shows nothing in ${language}`);
  }
  return Object.entries(names).reduce((shown, [from, to]) => shown.replaceAll(from, to), block);
}

const [language, host, tenant, urlId] = process.argv.slice(2);
// Within the folder that has the packages.
const folder = here(`../dist/guides/${language}`);
const names = { "https://chat.example.org": host, acme: tenant, "floor-plan": urlId, "plan.png": "/picture.svg" };
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, `Plan.${language}`), guide(language, names));
copyFileSync(here(`main.${language}.js`), join(folder, `main.${language}.js`));
await build({
  root: folder,
  configFile: false,
  logLevel: "error",
  plugins: [vue({ template: { transformAssetUrls: false } }), svelte({ configFile: false })],
  resolve: {
    extensions: [".js", ".jsx", ".vue", ".svelte"],
    alias: [
      { find: /^image-chat-widget$/, replacement: here("../dist/index.js") },
      { find: /^image-chat-widget\/react$/, replacement: here("../dist/react.js") },
    ],
  },
  build: {
    outDir: "built",
    emptyOutDir: true,
    rolldownOptions: {
      input: join(folder, `main.${language}.js`),
      output: { entryFileNames: "main.js", chunkFileNames: "[name].js" },
    },
  },
});
