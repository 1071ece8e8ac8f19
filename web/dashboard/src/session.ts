/** Who is signed in here: kept in this browser, shared by its tabs, and handed over in the address's fragment. */
import type { KeyValueStorage } from "../../widget/src/session.ts";

export interface Kept {
  readonly sessionId: string;
  /** The tenant whose person this is; null for who runs the server. */
  readonly tenantId: string | null;
}

/** What the fragment hands over; it never leaves the browser by itself. */
export type Handed =
  | { readonly kind: "link"; readonly link: string }
  | { readonly kind: "sso"; readonly tenantId: string; readonly sso: string };

export const storageKey = "imagechat:dashboard";

export function handedIn(hash: string): Handed | null {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const link = given.get("link");
  if (link) {
    return { kind: "link", link };
  }
  const tenantId = given.get("tenantId");
  const sso = given.get("sso");
  return tenantId && sso ? { kind: "sso", tenantId, sso } : null;
}

/** What somebody pasted: a whole link, its fragment, or the secret alone. */
export function pastedLink(text: string): Handed | null {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  if (hash !== -1) {
    return handedIn(trimmed.slice(hash));
  }
  return trimmed.startsWith("link=") ? handedIn(trimmed) : /^[\w-]{16,}$/.test(trimmed) ? { kind: "link", link: trimmed } : null;
}

export class SessionKeeper {
  readonly #storage: KeyValueStorage;
  #kept: Kept | null;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
    this.#kept = this.#read();
  }

  get current(): Kept | null {
    return this.#kept;
  }

  keep(kept: Kept): void {
    this.#kept = kept;
    try {
      this.#storage.setItem(storageKey, JSON.stringify(kept));
    } catch {
      // It then lasts as long as the page.
    }
  }

  forget(): void {
    this.#kept = null;
    try {
      this.#storage.removeItem(storageKey);
    } catch {
      // See keep.
    }
  }

  /** Another tab has signed in or out. */
  reread(): void {
    this.#kept = this.#read();
  }

  #read(): Kept | null {
    try {
      const value = JSON.parse(this.#storage.getItem(storageKey) ?? "null") as Partial<Kept> | null;
      return typeof value?.sessionId === "string" ? { sessionId: value.sessionId, tenantId: value.tenantId ?? null } : null;
    } catch {
      return null;
    }
  }
}
