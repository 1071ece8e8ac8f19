/** What is wrong with a catalogue, as sentences for whoever translates; none when it is complete. */
import { english } from "../src/catalogues/en.ts";
import type { PluralForms } from "../src/texts.ts";

type Words = Readonly<Record<string, string | PluralForms>>;

export function faultsOf(language: string, catalogue: Words): string[] {
  const original = english as Words;
  return [
    ...Object.keys(original).filter((key) => !Object.hasOwn(catalogue, key)).map((key) => `${language} lacks ${key}`),
    ...Object.keys(catalogue).filter((key) => !Object.hasOwn(original, key)).map((key) => `${language} has ${key}, which English has not`),
    ...Object.entries(catalogue).flatMap(([key, text]) => {
      const model = original[key];
      return model === undefined ? [] : faultsOfText(model, text, language).map((fault) => `${language}, ${key}: ${fault}`);
    }),
  ];
}

function faultsOfText(model: string | PluralForms, text: string | PluralForms, language: string): string[] {
  if (typeof model === "string") {
    return typeof text === "string" ? faultsOfWords(model, text) : ["is no plural"];
  }
  const wanted = model.other ?? "";
  return typeof text === "string" ? faultsOfWords(wanted, text) : faultsOfForms(wanted, text, language);
}

function faultsOfWords(model: string, text: string): string[] {
  return [
    ...(text.trim() === text && text !== "" ? [] : ["is empty, or has a space at an end"]),
    ...(String(placeholdersIn(text)) === String(placeholdersIn(model)) ? [] : [`needs ${placeholdersIn(model).join(" ") || "no placeholder"}`]),
    ...(model.endsWith("…") === text.endsWith("…") ? [] : ["ends in … where English does not, or the other way round"]),
  ];
}

/** Comments are counted in whole numbers, so forms for fractions and round millions may be missing. */
function faultsOfForms(model: string, forms: PluralForms, language: string): string[] {
  const rules = new Intl.PluralRules(language);
  const numbers = new Map<string, number>();
  for (let number = 0; number <= 1000; number += 1) {
    numbers.set(rules.select(number), (numbers.get(rules.select(number)) ?? 0) + 1);
  }
  // `other` serves what is left out: in Polish `many`, where nothing but fractions is `other`.
  const needed = [...numbers.keys()].filter((rule) => rule !== "other" && (rule !== "many" || numbers.has("other")));
  return [
    ...(forms.other === undefined ? ["lacks the form other"] : faultsOfWords(model, forms.other)),
    ...needed.filter((rule) => !Object.hasOwn(forms, rule)).map((rule) => `lacks the form ${rule}`),
    ...Object.entries(forms).flatMap(([rule, text]) => [
      ...(rules.resolvedOptions().pluralCategories.some((one) => one === rule) ? [] : [`has the form ${rule}, which the language has not`]),
      ...placeholdersIn(text).filter((one) => !placeholdersIn(model).includes(one)).map((one) => `has ${one} in ${rule}`),
      // "One comment" needs no number, but Russian's `one` is also 21.
      ...((numbers.get(rule) ?? 2) > 1 && !text.includes("{count}") ? [`needs {count} in ${rule}`] : []),
    ]),
  ];
}

function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([placeholder]) => placeholder).sort();
}
