/** What somebody has chosen for this browser: the language, and dark or light. */
import type { KeyValueStorage } from "../../widget/src/session.ts";

export const languages = ["en", "he"] as const;
export type Language = (typeof languages)[number];
export type Theme = "system" | "light" | "dark";

const languageKey = "imagechat:dashboard:language";
const themeKey = "imagechat:dashboard:theme";
const shortcutsKey = "imagechat:dashboard:shortcuts";

export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "he" ? "rtl" : "ltr";
}

/** The first language that the browser wants and that there is. */
export function languageFrom(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = languages.find((one) => one === primary || (one === "he" && primary === "iw"));
    if (found !== undefined) {
      return found;
    }
  }
  return "en";
}

/** How numbers and times are written: as where the browser's person lives, if that is in this language. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => languageFrom([tag]) === language && tag.toLowerCase().startsWith(language)) ?? language;
}

export class Preferences {
  readonly #storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  get language(): Language {
    const kept = this.#read(languageKey);
    return languages.find((one) => one === kept) ?? languageFrom(navigator.languages);
  }

  set language(language: Language) {
    this.#write(languageKey, language);
  }

  get theme(): Theme {
    const kept = this.#read(themeKey);
    return kept === "light" || kept === "dark" ? kept : "system";
  }

  set theme(theme: Theme) {
    this.#write(themeKey, theme);
  }

  get hasShortcuts(): boolean {
    return this.#read(shortcutsKey) !== "off";
  }

  set hasShortcuts(isOn: boolean) {
    this.#write(shortcutsKey, isOn ? "on" : "off");
  }

  #read(key: string): string | null {
    try {
      return this.#storage.getItem(key);
    } catch {
      return null;
    }
  }

  #write(key: string, value: string): void {
    try {
      this.#storage.setItem(key, value);
    } catch {
      // It then lasts until the page is loaded again.
    }
  }
}
