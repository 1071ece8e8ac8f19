/** Looks words up in a catalogue, and fills in what changes. Pure. */
import { english, type Catalogue, type Plural, type TextKey } from "./texts/en.ts";

export type Values = Readonly<Record<string, string | number>>;

/** `{count}` also chooses among the plural forms; numbers are written as the language does. */
export type Texts = (key: TextKey, values?: Values) => string;

export function textsOf(catalogue: Catalogue, language: string): Texts {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const found = catalogue[key];
    const count = values.count;
    const form = typeof found === "string" ? found : formOf(found, typeof count === "number" ? count : 0, plural);
    return form.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      return value === undefined ? placeholder : typeof value === "number" ? number.format(value) : value;
    });
  };
}

/** None at all is said apart where a text has words for it, also in languages that count it among the many. */
function formOf(forms: Plural, count: number, plural: Intl.PluralRules): string {
  return (count === 0 ? forms.zero : undefined) ?? forms[plural.select(count)] ?? forms.other;
}

export const englishTexts: Texts = textsOf(english, "en");
export type { TextKey };
