/** The widget's words: a catalogue, a page owner's own words over it, and English below it. Pure: nothing is loaded here. */
import { english as englishWords } from "./catalogues/en.ts";

export type TextKey = keyof typeof englishWords;

/** A text for each way in which a language counts; `other` serves the ways that are left out. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** What a language says for every key. One that counts in a single way has a plain text where others have forms. */
export type Catalogue = {
  readonly [Key in TextKey]: (typeof englishWords)[Key] extends string ? string : string | (PluralForms & { readonly other: string });
};

/** A page owner's own words: any keys, and of a plural any forms. Keys of other versions are no error. */
export type Translations = Readonly<Record<string, string | PluralForms | null | undefined>>;

/** Looks a text up and fills in its `{name}`s; numbers as the language writes them, and `count` chooses the plural's form. */
export interface Texts {
  (key: TextKey, values?: Readonly<Record<string, string | number>>): string;
  /** What dates are written in: a tag that `Intl` takes. */
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  /** A number by itself, as the language writes it. */
  readonly number: (value: number) => string;
}

export interface Language {
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  /** A part will do: what it lacks is shown in English. */
  readonly catalogue: Partial<Catalogue>;
  /** All of English; a page gets only the layer's words of it before a window is open. */
  readonly fallback?: Catalogue;
}

export const english: Language = { locale: "en", direction: "ltr", catalogue: {} };

/** English at once; see picture-words.ts for the others. */
export function textsOf(translations: Translations, language: Language = english): Texts {
  const { locale, direction, catalogue, fallback = englishWords } = language;
  const own = withoutOldKeys(translations, catalogue.comments ?? fallback.comments);
  const inLanguage = wayOfCounting(locale);
  const inEnglish = wayOfCounting("en");

  const textOf = (key: TextKey, count: string | number | undefined): string =>
    formOf(own[key], count, inLanguage) ?? formOf(catalogue[key], count, inLanguage) ?? formOf(fallback[key], count, inEnglish) ?? key;

  const number = (value: number): string => inLanguage().number.format(value);
  const texts = (key: TextKey, values: Readonly<Record<string, string | number>> = {}): string =>
    textOf(key, values.count).replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      return value === undefined ? placeholder : typeof value === "number" ? number(value) : value;
    });
  return Object.assign(texts, { locale, direction, number });
}

interface Counting {
  readonly plural: Intl.PluralRules;
  readonly number: Intl.NumberFormat;
}

/** Made when it is first asked for: a browser takes long over it, and most pictures have few numbers to show. */
function wayOfCounting(locale: string): () => Counting {
  let made: Counting | undefined;
  return () => (made ??= { plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) });
}

function formOf(
  text: string | PluralForms | null | undefined,
  count: string | number | undefined,
  counting: () => Counting,
): string | undefined {
  if (text === null || text === undefined || typeof text === "string") {
    return text ?? undefined;
  }
  return (typeof count === "number" ? text[counting().plural.select(count)] : undefined) ?? text.other;
}

/** What `commentsOne` and `commentsOther` said in 0.1 are forms of `comments` now. */
function withoutOldKeys(translations: Translations, comments: string | PluralForms): Translations {
  const { commentsOne, commentsOther: other } = translations;
  if (translations.comments != null || (typeof commentsOne !== "string" && typeof other !== "string")) {
    return translations;
  }
  // Without a word of its own for one comment, a page gets the catalogue's, as it did.
  const one = typeof commentsOne === "string" ? commentsOne : typeof comments === "object" ? comments.one : undefined;
  return {
    ...translations,
    comments: { ...(one !== undefined && { one }), ...(typeof other === "string" && { other }) },
  };
}
