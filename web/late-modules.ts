import { readdirSync } from "node:fs";
import type { Plugin } from "vite";

/** The file in a folder that was built under a stem: `window-B3x_9aQz.js` for `window`. */
export function fileOf(folder: string, stem: string): string {
  const found = readdirSync(folder).filter((name) => name.startsWith(`${stem}-`) && name.endsWith(".js"));
  if (found[0] === undefined || found.length > 1) {
    throw new Error(`one ${stem}-….js should be in ${folder}: run "npm run build"`);
  }
  return found[0];
}

/** Leaves out a module that was built before, under a stem, and imports it by the name of its file. */
export function named(source: string, folder: string, stem: string): Plugin {
  return {
    name: "named",
    enforce: "pre",
    resolveId: (id) => (id === source ? { id: `./${fileOf(folder, stem)}`, external: true } : null),
  };
}

/**
 * A module that could not be fetched is lost to its address for as long as the page lives, in some browsers: where the
 * source is `(attempt) => import("…")`, the built address has the attempt's number from the second on.
 */
export const retriable: Plugin = {
  name: "retriable",
  renderChunk: (code) => ({
    code: code.replace(/\((\w+)\) => import\((["'`])([^"'`]+)\2\)/g, '($1) => import("$3" + ($1 ? "?" + $1 : ""))'),
    map: null,
  }),
};
