/** One picture's words: English at once, its language when that has come, and the page owner's own over both. */
import type * as Languages from "./languages.ts";
import type { LanguageWish } from "./locale.ts";
import type { FetchLate } from "./late-files.ts";
import { english as layerEnglish } from "./catalogues/en.ts";
import { english, textsOf, type Catalogue, type Language, type Texts, type Translations } from "./texts.ts";

export interface Wish extends LanguageWish {
  readonly translations: Translations;
}

export interface PictureWordsOptions {
  readonly fetch: FetchLate;
  /** There are other words now. */
  readonly onChange: () => void;
  /** A language does not come for now; it is English until it does. */
  readonly onMissing: (error: unknown) => void;
  readonly languages?: (attempt: number) => Promise<Pick<typeof Languages, "chooseLanguage" | "loaders">>;
}

export class PictureWords {
  readonly #options: PictureWordsOptions;
  #wish: Wish;
  #wanted = "";
  /** What is shown: the one before, while another is on its way. */
  #language: Language = english;
  #fallback: Catalogue | null = null;
  #texts: Texts;

  constructor(wish: Wish, options: PictureWordsOptions) {
    this.#options = options;
    this.#wish = wish;
    this.#choose();
    this.#texts = this.#made();
  }

  get texts(): Texts {
    return this.#texts;
  }

  /** Chooses anew, as the options or the page may say something else now. */
  change(wish: Wish): void {
    this.#wish = wish;
    this.#choose();
    this.#texts = this.#made();
  }

  /** More of English, which comes with what says it. */
  addEnglish(catalogue: Catalogue): void {
    this.#fallback = { ...(this.#fallback ?? layerEnglish), ...catalogue };
    this.#texts = this.#made();
  }

  #made(): Texts {
    return textsOf(this.#wish.translations, { ...this.#language, ...(this.#fallback && { fallback: this.#fallback }) });
  }

  #choose(): void {
    const { locale, page, visitor } = this.#wish;
    const wanted = [locale, page, visitor].join();
    if (wanted === this.#wanted) {
      return;
    }
    this.#wanted = wanted;
    const first = locale ?? page ?? visitor[0] ?? "en";
    // Nothing more is fetched for English as it is mostly named.
    if (/^en([-_][a-z]{2})?$/i.test(first)) {
      this.#language = { ...english, locale: first.replace("_", "-") };
    } else {
      void this.#fetch({ locale, page, visitor }, wanted);
    }
  }

  async #fetch(wish: LanguageWish, wanted: string): Promise<void> {
    const languages = await this.#load(wanted, this.#options.languages ?? ((_attempt) => import("./languages.ts")));
    if (languages === null) {
      return;
    }
    const { locale, language, direction } = languages.chooseLanguage(wish);
    const loaded = language === "en" ? { default: {} } : await this.#load(wanted, languages.loaders[language]);
    if (loaded !== null) {
      this.#language = { locale, direction, catalogue: loaded.default };
      this.#texts = this.#made();
      this.#options.onChange();
    }
  }

  /** Null when it comes for nobody. */
  #load<T>(wanted: string, load: (attempt: number) => Promise<T>): Promise<T | null> {
    const { fetch, onMissing } = this.#options;
    return fetch(load, onMissing, () => this.#wanted === wanted);
  }
}

/** What the page and the browser say of a picture's language, now. */
export function languageAround(image: Element): Pick<Wish, "page" | "visitor"> {
  const { lang } = image.closest<HTMLElement>("[lang]") ?? document.documentElement;
  return { page: lang === "" ? null : lang, visitor: navigator.languages };
}
