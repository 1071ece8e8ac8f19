/** Fetches a language's words when a page needs them: each catalogue is a file of its own, and nobody loads them all. */
import { chooseLanguage, type LanguageName } from "./locale.ts";
import { textsOf, type Catalogue, type Texts, type Translations } from "./texts.ts";

/** Written out, as a bundler makes a file only of an import that it can read. English is always there. */
export const loaders: Readonly<Record<Exclude<LanguageName, "en">, () => Promise<{ readonly default: Catalogue }>>> = {
  ar: () => import("./catalogues/ar.ts"),
  bg: () => import("./catalogues/bg.ts"),
  cs: () => import("./catalogues/cs.ts"),
  da: () => import("./catalogues/da.ts"),
  de: () => import("./catalogues/de.ts"),
  el: () => import("./catalogues/el.ts"),
  es: () => import("./catalogues/es.ts"),
  fa: () => import("./catalogues/fa.ts"),
  fi: () => import("./catalogues/fi.ts"),
  fr: () => import("./catalogues/fr.ts"),
  he: () => import("./catalogues/he.ts"),
  hi: () => import("./catalogues/hi.ts"),
  hu: () => import("./catalogues/hu.ts"),
  id: () => import("./catalogues/id.ts"),
  it: () => import("./catalogues/it.ts"),
  ja: () => import("./catalogues/ja.ts"),
  ko: () => import("./catalogues/ko.ts"),
  nb: () => import("./catalogues/nb.ts"),
  nl: () => import("./catalogues/nl.ts"),
  pl: () => import("./catalogues/pl.ts"),
  pt: () => import("./catalogues/pt.ts"),
  "pt-PT": () => import("./catalogues/pt-PT.ts"),
  ro: () => import("./catalogues/ro.ts"),
  ru: () => import("./catalogues/ru.ts"),
  sk: () => import("./catalogues/sk.ts"),
  sv: () => import("./catalogues/sv.ts"),
  th: () => import("./catalogues/th.ts"),
  tr: () => import("./catalogues/tr.ts"),
  uk: () => import("./catalogues/uk.ts"),
  vi: () => import("./catalogues/vi.ts"),
  "zh-Hans": () => import("./catalogues/zh-Hans.ts"),
  "zh-Hant": () => import("./catalogues/zh-Hant.ts"),
};

/** Whose words are asked for: see `chooseLanguage`. */
export interface Wish {
  /** The page owner's option. */
  readonly locale: string | null;
  /** What the page says of itself around the picture. */
  readonly page: string | null;
  /** What the visitor's browser prefers, best first. */
  readonly visitor: readonly string[];
}

/**
 * The words for a picture. Where a catalogue cannot be had (a broken network, a server without it), they are English, and
 * `onFailure` hears of it; dates and direction are those of English then, too.
 */
export async function textsFor(
  wish: Wish,
  translations: Translations,
  onFailure: (error: unknown) => void,
  load: (language: keyof typeof loaders) => Promise<{ readonly default: Catalogue }> = (language) => loaders[language](),
): Promise<Texts> {
  const { locale, language } = chooseLanguage(wish.locale, wish.page, wish.visitor);
  if (language === "en") {
    return textsOf(translations, { locale, catalogue: {} });
  }
  try {
    const { default: catalogue } = await load(language);
    return textsOf(translations, { locale, catalogue });
  } catch (error) {
    onFailure(error);
    return textsOf(translations);
  }
}
