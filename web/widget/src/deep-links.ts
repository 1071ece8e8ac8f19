/** `#image-chat=<marker id>` in the page's address: which conversation it names, and how such an address is made. Pure. */

const name = "image-chat";

/** The marker that an address's hash names, or null. */
export function linkedMarker(hash: string): string | null {
  const part = partsOf(hash).find(isOurs);
  if (part === undefined) {
    return null;
  }
  try {
    return decodeURIComponent(part.slice(name.length + 1)) || null;
  } catch {
    return null;
  }
}

/**
 * The page's address with a marker's name in it. What else is in the hash stays, before it: `#/plans/3` becomes
 * `#/plans/3&image-chat=…`, so that the page's own routes go on working where they heed only their beginning.
 */
export function linkTo(page: string, markerId: string): string {
  const address = new URL(page);
  const others = partsOf(address.hash).filter((part) => !isOurs(part));
  address.hash = [...others, `${name}=${encodeURIComponent(markerId)}`].join("&");
  return address.href;
}

function partsOf(hash: string): string[] {
  return hash.replace(/^#/, "").split("&").filter((part) => part !== "");
}

function isOurs(part: string): boolean {
  return part.startsWith(`${name}=`);
}
