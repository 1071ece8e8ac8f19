import type { Plugin } from "vite";

/** Style sheets are template literals, which the minifier must leave alone; half of each is white space. */
export const smallerStyles: Plugin = {
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
