/** Addresses that a configuration means without saying them. Pure. */

/** The default `urlId`: the page's address with the picture's, so that one picture has a conversation on each page. */
export function defaultUrlId(page: string, src: string): string {
  const pageAddress = new URL(page);
  const picture = new URL(src, page);
  const name =
    picture.protocol === "data:" || picture.protocol === "blob:"
      ? `${picture.protocol}${fingerprint(picture.href)}`
      : `${picture.origin === pageAddress.origin ? "" : picture.origin}${picture.pathname}`;
  return `${pageAddress.origin}${pageAddress.pathname}#${name}`.slice(0, 2048);
}

/** FNV-1a: a picture inside an address has no name of its own, and its whole text would be too long for one. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${text.length.toString(36)}-${(hash >>> 0).toString(36)}`;
}

/** Where the page's visitors sign in, by its SSO; only what a link on that page may lead to. */
export function loginAddress(sso: string | null, page: string): string | null {
  let given: unknown;
  try {
    given = (JSON.parse(sso ?? "") as { readonly loginURL?: unknown } | null)?.loginURL;
  } catch {
    return null;
  }
  const address = typeof given === "string" && given !== "" && URL.canParse(given, page) ? new URL(given, page) : null;
  return address !== null && /^https?:$/.test(address.protocol) ? address.href : null;
}
