/**
 * The languages other than English: which one it is, and where its words are. A page that is read in English never fetches
 * this. It shares no module with the rest, as it is a file by itself, and each catalogue is another.
 */
import type { LanguageName } from "./locale.ts";
import type { Catalogue } from "./texts.ts";

export { chooseLanguage } from "./locale.ts";

type Load = (attempt: number) => Promise<{ readonly default: Catalogue }>;

/**
 * Written out, as a bundler makes a file only of an import that it can read; the build gives the address the number of the
 * attempt. English comes with the widget.
 */
export const loaders: Readonly<Record<Exclude<LanguageName, "en">, Load>> = {
  ar: (_attempt) => import("./catalogues/ar.ts"),
  bg: (_attempt) => import("./catalogues/bg.ts"),
  cs: (_attempt) => import("./catalogues/cs.ts"),
  da: (_attempt) => import("./catalogues/da.ts"),
  de: (_attempt) => import("./catalogues/de.ts"),
  el: (_attempt) => import("./catalogues/el.ts"),
  es: (_attempt) => import("./catalogues/es.ts"),
  fa: (_attempt) => import("./catalogues/fa.ts"),
  fi: (_attempt) => import("./catalogues/fi.ts"),
  fr: (_attempt) => import("./catalogues/fr.ts"),
  he: (_attempt) => import("./catalogues/he.ts"),
  hi: (_attempt) => import("./catalogues/hi.ts"),
  hu: (_attempt) => import("./catalogues/hu.ts"),
  id: (_attempt) => import("./catalogues/id.ts"),
  it: (_attempt) => import("./catalogues/it.ts"),
  ja: (_attempt) => import("./catalogues/ja.ts"),
  ko: (_attempt) => import("./catalogues/ko.ts"),
  nb: (_attempt) => import("./catalogues/nb.ts"),
  nl: (_attempt) => import("./catalogues/nl.ts"),
  pl: (_attempt) => import("./catalogues/pl.ts"),
  pt: (_attempt) => import("./catalogues/pt.ts"),
  "pt-PT": (_attempt) => import("./catalogues/pt-PT.ts"),
  ro: (_attempt) => import("./catalogues/ro.ts"),
  ru: (_attempt) => import("./catalogues/ru.ts"),
  sk: (_attempt) => import("./catalogues/sk.ts"),
  sv: (_attempt) => import("./catalogues/sv.ts"),
  th: (_attempt) => import("./catalogues/th.ts"),
  tr: (_attempt) => import("./catalogues/tr.ts"),
  uk: (_attempt) => import("./catalogues/uk.ts"),
  vi: (_attempt) => import("./catalogues/vi.ts"),
  "zh-Hans": (_attempt) => import("./catalogues/zh-Hans.ts"),
  "zh-Hant": (_attempt) => import("./catalogues/zh-Hant.ts"),
};
