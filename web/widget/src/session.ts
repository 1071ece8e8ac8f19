/** Who this browser is to a server: its session and chosen name, kept for the next visit and the person's other tabs. */

export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Session {
  readonly #storage: KeyValueStorage;
  readonly #key: string;
  /** Given by the page: it wins, and is never stored or forgotten. */
  readonly #given: string | null;
  #sessionId: string | null;
  #name: string | null;

  constructor(storage: KeyValueStorage, apiHost: string, tenantId: string, given: string | null) {
    this.#storage = storage;
    this.#key = `imagechat:${apiHost}:${tenantId}`;
    this.#given = given;
    this.#sessionId = this.#read("session");
    this.#name = this.#read("name");
  }

  get sessionId(): string | null {
    return this.#given ?? this.#sessionId;
  }

  get name(): string | null {
    return this.#name;
  }

  /**
   * Takes a session that the server gave to nobody. False when another picture or tab of this person was given one
   * first: that one counts, so that a person is one person everywhere.
   */
  remember(sessionId: string): boolean {
    if (this.#given !== null || sessionId === this.#sessionId) {
      return true;
    }
    const first = this.#sessionId === null ? this.#read("session") : null;
    this.#sessionId = first ?? sessionId;
    if (first === null) {
      this.#write("session", sessionId);
    }
    return first === null;
  }

  rename(name: string): void {
    if (name !== this.#name) {
      this.#name = name;
      this.#write("name", name);
    }
  }

  /** Drops a session that the server refused. False when there is none to drop, so that asking again is pointless. */
  forget(): boolean {
    if (this.#given !== null || this.#sessionId === null) {
      return false;
    }
    const kept = this.#read("session");
    const isNewer = kept !== null && kept !== this.#sessionId; // another picture or tab has replaced it already
    this.#sessionId = isNewer ? kept : null;
    if (!isNewer) {
      this.#write("session", null);
    }
    return true;
  }

  // Storage throws when the visitor blocks it or it is full; the session then lasts as long as the page.
  #read(field: string): string | null {
    try {
      return this.#storage.getItem(`${this.#key}:${field}`);
    } catch {
      return null;
    }
  }

  #write(field: string, value: string | null): void {
    try {
      if (value === null) {
        this.#storage.removeItem(`${this.#key}:${field}`);
      } else {
        this.#storage.setItem(`${this.#key}:${field}`, value);
      }
    } catch {
      // See #read.
    }
  }
}

/** The page's storage, or one that ends with the page where merely touching it throws (sandboxed frames, blocked cookies). */
export function pageStorage(): KeyValueStorage {
  try {
    return window.localStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}

/** A UUID; `crypto.randomUUID` is missing on pages without HTTPS. */
export function newBroadcastId(): string {
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
