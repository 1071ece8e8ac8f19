/** The options that `<image-chat>` has as attributes, such as `tenant-id`. Pure. */
import type { ImageChatConfig } from "./config.ts";
import { nearestName } from "./nearest-name.ts";

type Given = Required<ImageChatConfig>;
type Function = (...given: never[]) => void;
/** Options that a text can hold; a switch is on by being there, and off as "false". */
type Plain = { [K in keyof Given]: Given[K] extends Function ? never : Given[K] extends object ? never : K }[keyof Given];
type Kind<T> = T extends boolean ? "switch" : T extends number ? "number" : "text";

/** Every plain option, or this does not compile. */
const kinds: { readonly [K in Plain]: Kind<Given[K]> } = {
  tenantId: "text",
  urlId: "text",
  pageTitle: "text",
  chatSquarePercentage: "number",
  hasDarkBackground: "switch",
  locale: "text",
  readonly: "switch",
  sso: "text",
  longPress: "switch",
  regions: "switch",
  hideResolved: "switch",
  deepLinks: "switch",
  preview: "switch",
  panel: "switch",
  printable: "switch",
  zoom: "switch",
  presence: "switch",
  usePolling: "switch",
  disableLiveCommenting: "switch",
  maxReplyDepth: "number",
  apiHost: "text",
  wsHost: "text",
  sessionId: "text",
};

type Kebab<S extends string> = S extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Kebab<Rest>}`
    : `-${Lowercase<First>}${Kebab<Rest>}`
  : S;

/** For typed templates: a switch is true, false by not being there, or a text. */
export type TagAttributes = {
  readonly [K in Plain as Kebab<K>]?: (typeof kinds)[K] extends "switch" ? boolean | "" | "true" | "false" : string | number;
};

const byAttribute = new Map(
  Object.entries(kinds).map(([name, kind]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), { name, kind }]),
);

export const tagAttributes: readonly string[] = [...byAttribute.keys()];

interface Attribute {
  readonly name: string;
  readonly value: string;
}

/**
 * What the attributes say. Others are the page's, or a framework's: only one that looks like a slip is told, by `warn`.
 * What makes no sense is left for the check of the options, which knows the words for it.
 */
export function tagOptions(attributes: Iterable<Attribute>, warn: (sentence: string) => void): Partial<ImageChatConfig> {
  const options: Record<string, string | number | boolean> = {};
  for (const { name: attribute, value } of attributes) {
    const known = byAttribute.get(attribute);
    if (known !== undefined) {
      const { name, kind } = known;
      options[name] = kind === "switch" ? value !== "false" : kind === "number" ? Number(value || NaN) : value;
    } else if (!pages.test(attribute)) {
      const meant = nearestName(attribute, tagAttributes);
      if (meant !== null) {
        warn(`ImageChat does not know the attribute "${attribute}". Did you mean "${meant}"?`);
      }
    }
  }
  return options;
}

const pages = /^(id|class|style|role|title|lang|dir|slot|part|data-|aria-|on)/;
