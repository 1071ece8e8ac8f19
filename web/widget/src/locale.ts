/** The first of these that `Intl` takes as a language. Pages write `en_us`, and worse, and `Intl` throws at that. */
export function languageOf(...given: readonly (string | null)[]): string | undefined {
  for (const one of given) {
    const tag = one?.trim().replaceAll("_", "-");
    if (tag !== undefined && tag !== "" && isTag(tag)) {
      return tag;
    }
  }
  return undefined;
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
