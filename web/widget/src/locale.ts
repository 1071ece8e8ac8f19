/** Which language a picture's words and dates are in, by BCP 47. Pure: tags in, tags out. */

/** Each has a catalogue of this name. */
export const languages = [
  "en", "ar", "bg", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nb", "nl",
  "pl", "pt", "pt-PT", "ro", "ru", "sk", "sv", "th", "tr", "uk", "vi", "zh-Hans", "zh-Hant",
] as const;

export type LanguageName = (typeof languages)[number];

/** What there is to choose by. */
export interface LanguageWish {
  /** The page owner's option. */
  readonly locale: string | null;
  /** What the page says of the language around the picture. */
  readonly page: string | null;
  /** What the visitor's browser prefers, best first. */
  readonly visitor: readonly string[];
}

/** `locale` is for `Intl`, with a country where one was given; `language` names the catalogue. */
export interface Choice {
  readonly locale: string;
  readonly language: LanguageName;
  readonly direction: "ltr" | "rtl";
}

/**
 * A page owner's `locale` is kept, also where the widget has no words of that language: they may bring their own. Without
 * one it is the language of the page, then what the visitor likes best, as far as there is a catalogue; at last, English.
 */
export function chooseLanguage(wish: LanguageWish): Choice {
  const own = languageOf(wish.locale);
  if (own !== undefined) {
    return choice(own, catalogueFor(own) ?? "en");
  }
  for (const one of [wish.page, ...wish.visitor]) {
    const locale = languageOf(one);
    const language = locale === undefined ? undefined : catalogueFor(locale);
    if (locale !== undefined && language !== undefined) {
      return choice(locale, language);
    }
  }
  return choice("en", "en");
}

function choice(locale: string, language: LanguageName): Choice {
  return { locale, language, direction: directionOf(locale) };
}

/** The tag that a page means, or nothing. Pages write `en_us`, and worse, and `Intl` throws at that. */
export function languageOf(given: string | null): string | undefined {
  const tag = given?.trim().replaceAll("_", "-");
  return tag !== undefined && tag !== "" && isTag(tag) ? tag : undefined;
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

/** Tags whose readers are served by another language's catalogue. */
const servedBy: Readonly<Record<string, string>> = { no: "nb", nn: "nb", yue: "zh" };

/** By language and script: `zh-TW` is written in Hant, and Hindi in Latin letters is not served by one in Devanagari. */
function catalogueFor(tag: string): LanguageName | undefined {
  const asked = new Intl.Locale(tag).maximize();
  const language = servedBy[asked.language] ?? asked.language;
  const fitting = languages.filter((name) => {
    const one = new Intl.Locale(name).maximize();
    return one.language === language && one.script === asked.script;
  });
  // Portuguese is written as in Portugal everywhere but in Brazil.
  return fitting.length > 1 && asked.region !== "BR" ? "pt-PT" : fitting[0];
}

/** Scripts that are read from right to left, of languages that people have on their pages. */
const fromTheRight = new Set(["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"]);

function directionOf(locale: string): "ltr" | "rtl" {
  return fromTheRight.has(new Intl.Locale(locale).maximize().script ?? "") ? "rtl" : "ltr";
}
