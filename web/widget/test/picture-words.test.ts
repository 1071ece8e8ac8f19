import { describe, expect, it, vi } from "vitest";
import { english } from "../src/catalogues/en.ts";
import { chooseLanguage, loaders } from "../src/languages.ts";
import { lateFiles } from "../src/late-files.ts";
import { persistently } from "../src/persistently.ts";
import { PictureWords, type PictureWordsOptions, type Wish } from "../src/picture-words.ts";

const nothing: Wish = { locale: null, translations: {}, page: null, visitor: [] };

interface Made {
  readonly words: PictureWords;
  readonly changes: () => number;
  readonly missing: unknown[];
}

function make(wish: Partial<Wish>, options: Partial<PictureWordsOptions> = {}): Made {
  let changes = 0;
  const missing: unknown[] = [];
  const words = new PictureWords(
    { ...nothing, ...wish },
    {
      fetch: lateFiles(persistently, new AbortController().signal),
      onChange: () => {
        changes += 1;
      },
      onMissing: (error) => missing.push(error),
      ...options,
    },
  );
  return { words, changes: () => changes, missing };
}

async function arrived({ words, changes }: Made, locale: string): Promise<void> {
  await vi.waitFor(() => {
    expect([words.texts.locale, changes() > 0]).toEqual([locale, true]);
  });
}

describe("a picture's words (M21, M23)", () => {
  it("are English until the language of the page owner is there, with its plurals, numbers and direction", async () => {
    const made = make({ locale: "ar-EG" });
    const { words } = made;
    expect([words.texts("close"), words.texts.locale, words.texts.direction]).toEqual(["Close", "en", "ltr"]);
    await arrived(made, "ar-EG");
    expect(words.texts.direction).toBe("rtl");
    expect([0, 1, 2, 3, 11, 100].map((count) => words.texts("comments", { count }))).toEqual([
      "لا تعليقات",
      "١ تعليق",
      "٢ تعليق",
      "٣ تعليقات",
      "١١ تعليقًا",
      "١٠٠ تعليق",
    ]);
  });

  it.each(["en", "en_us", "EN-GB"])("are fetched from nowhere in English, as a page may name it: %s", (locale) => {
    const languages = vi.fn<() => never>();
    const { words } = make({ locale, page: "de" }, { languages });
    expect([words.texts("close"), words.texts.locale]).toEqual(["Close", locale.replace("_", "-")]);
    expect(make({ visitor: [] }, { languages }).words.texts.locale).toBe("en");
    expect(languages).not.toHaveBeenCalled();
  });

  it("are the page's language without an option, and a page owner's own win", async () => {
    const made = make({ page: "de-AT", visitor: ["fr"], translations: { close: "Zu" } });
    await arrived(made, "de-AT");
    expect([made.words.texts("close"), made.words.texts("save")]).toEqual(["Zu", "Speichern"]);
  });

  it("may all be the page owner's, in a language that the widget lacks", async () => {
    const made = make({ locale: "ur", translations: { close: "بند کریں" } });
    await arrived(made, "ur");
    const { texts } = made.words;
    expect([texts("close"), texts("save"), texts.locale, texts.direction]).toEqual(["بند کریں", "Save", "ur", "rtl"]);
  });

  it("change with the options, and what comes too late for an earlier choice is not shown", async () => {
    let giveFrench = (): void => undefined;
    const french = new Promise<void>((resolve) => {
      giveFrench = resolve;
    });
    const slow = { ...loaders, fr: (attempt: number) => french.then(() => loaders.fr(attempt)) };
    const made = make({ locale: "fr" }, { languages: () => Promise.resolve({ chooseLanguage, loaders: slow }) });
    made.words.change({ ...nothing, locale: "de" });
    await arrived(made, "de");
    giveFrench();
    await loaders.fr(0);
    expect(made.words.texts("close")).toBe("Schließen");
    made.words.change({ ...nothing, locale: "de-CH", translations: { close: "Zu" } });
    expect([made.words.texts("close"), made.words.texts.locale]).toEqual(["Zu", "de"]);
    await arrived(made, "de-CH");
    expect([made.words.texts("close"), made.words.texts("save"), made.words.texts.locale]).toEqual(["Zu", "Speichern", "de-CH"]);
    made.words.change({ ...nothing, locale: "en-GB" });
    expect([made.words.texts("close"), made.words.texts.locale]).toEqual(["Close", "en-GB"]);
  });

  it("are English in every way while the language does not come, which is told once, and asked for again", async () => {
    const broken = new Error("no network");
    const attempts: number[] = [];
    const flaky = {
      ...loaders,
      he: (attempt: number) => {
        attempts.push(attempt);
        return attempt < 2 ? Promise.reject(broken) : loaders.he(attempt);
      },
    };
    const made = make(
      { locale: "he", translations: { close: "X" } },
      {
        languages: () => Promise.resolve({ chooseLanguage, loaders: flaky }),
        fetch: lateFiles(async (load, { onFailure }) => {
          for (let attempt = 0; ; attempt += 1) {
            try {
              return await load(attempt);
            } catch (error) {
              onFailure(error, attempt);
              const { texts } = made.words;
              expect([texts("close"), texts("save"), texts.locale, texts.direction]).toEqual(["X", english.save, "en", "ltr"]);
            }
          }
        }, new AbortController().signal),
      },
    );
    await arrived(made, "he");
    expect(made.missing).toEqual([broken]);
    expect(attempts).toEqual([0, 1, 2]);
    expect(made.words.texts("save")).toBe("שמירה");
  });

  it("take from the whole of English what is missing, when that has come", async () => {
    const made = make({ locale: "sl" });
    await arrived(made, "sl");
    const { words } = made;
    words.addEnglish({ ...english, save: "Keep it" });
    expect(words.texts("save")).toBe("Keep it");
    // Slovenian's `one` is also 101; English words count as English does.
    expect(words.texts("comments", { count: 101 })).toBe("101 comments");
  });
});
