/**
 * Where it is kept what somebody has read of a picture: with the server for who signed in, else in this browser. It
 * tells the other devices and tabs, and hears of them.
 */
import type { KeyValueStorage } from "./session.ts";
import {
  allRead,
  decodeReadUpTo,
  encodeReadUpTo,
  furthest,
  isUnread,
  news,
  nothingRead,
  withRead,
  type ReadUpTo,
  type WrittenReadUpTo,
} from "./unread.ts";
import type { Conversation } from "./wire.ts";

/** How long what was read is gathered before the server is told. */
export const gatherMs = 1_500;
/** The server takes as many threads at once. */
const threadsAtOnce = 200;
/** In this browser; those read last stay. */
const threadsKept = 1_000;

export interface ReadKeeperOptions {
  readonly storage: KeyValueStorage;
  /** Of this picture, in the storage. */
  readonly storageKey: string;
  /** Tells the server. Rejects when it could not be told. */
  readonly send: (read: WrittenReadUpTo) => Promise<unknown>;
  /** Calls back after some milliseconds; returns what lets it not come. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** What is unread has changed, by other tabs or devices. */
  readonly onChange: () => void;
}

interface Entered {
  readonly conversations: readonly Conversation[];
  readonly user: { readonly id: string };
  /** Absent: the server keeps nothing for this person. */
  readonly readUpTo?: unknown;
}

export class ReadKeeper {
  readonly #options: ReadKeeperOptions;
  #read: ReadUpTo | null = null;
  #userId: string | null = null;
  #keptByServer = false;
  /** What the server has not been told yet. */
  #unsent: ReadUpTo = nothingRead;
  #sending = false;
  #cancel: (() => void) | null = null;

  constructor(options: ReadKeeperOptions) {
    this.#options = options;
  }

  /** A snapshot came. On somebody's first visit all that is there counts as read: what comes from now on is new. */
  entered({ conversations, user, readUpTo }: Entered): void {
    if (user.id !== this.#userId) {
      // Somebody else, who has read other things.
      this.#read = null;
      this.#unsent = nothingRead;
    }
    this.#userId = user.id;
    this.#keptByServer = readUpTo !== undefined;
    const kept = this.#keptByServer ? decodeReadUpTo(readUpTo) : this.#stored();
    this.#read = furthest(this.#read ?? nothingRead, kept);
    if (this.#read.picture === null && this.#read.threads.size === 0) {
      this.#advance(allRead(conversations));
    }
    this.#sendSoon();
  }

  isUnread(conversation: Conversation): boolean {
    return this.#read !== null && isUnread(conversation, this.#read, this.#userId);
  }

  /** The person has seen a conversation to its end; `all` are those on the picture. */
  saw(conversation: Conversation, all: readonly Conversation[]): void {
    if (this.#read !== null && conversation.approved !== false) {
      this.#advance(withRead(this.#read, conversation, all, this.#userId));
      this.#sendSoon();
    }
  }

  /** A signal of the server's: the same person has read on another device. */
  heard(read: ReadUpTo): void {
    if (this.#keptByServer) {
      this.#take(read);
    }
  }

  /** Another tab has written into the storage. */
  heardStorage(key: string | null, value: string | null): void {
    if (!this.#keptByServer && key === this.#options.storageKey && value !== null) {
      this.#take(decodeReadUpTo(parsed(value)));
    }
  }

  /** Tells the server at once: the page may be gone the next moment. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (!this.#sending && news(nothingRead, this.#unsent) !== null) {
      void this.#send();
    }
  }

  #take(heard: ReadUpTo): void {
    if (this.#read !== null && news(this.#read, heard) !== null) {
      this.#read = furthest(this.#read, heard);
      this.#options.onChange();
    }
  }

  #advance(read: ReadUpTo): void {
    const more = news(this.#read ?? nothingRead, read);
    if (more === null) {
      return;
    }
    this.#read = furthest(this.#read ?? nothingRead, read);
    if (this.#keptByServer) {
      this.#unsent = furthest(this.#unsent, more);
    } else {
      this.#store(this.#read);
    }
  }

  #sendSoon(): void {
    if (this.#cancel === null && !this.#sending && news(nothingRead, this.#unsent) !== null) {
      this.#cancel = this.#options.after(gatherMs, () => {
        this.flush();
      });
    }
  }

  async #send(): Promise<void> {
    const { picture, threads } = this.#unsent;
    const sent: ReadUpTo = { picture, threads: new Map([...threads].slice(0, threadsAtOnce)) };
    const userId = this.#userId;
    this.#sending = true;
    try {
      await this.#options.send(encodeReadUpTo(sent));
    } catch {
      // It is said again with the next thing that is read, or the next snapshot.
      this.#sending = false;
      return;
    }
    this.#sending = false;
    if (userId === this.#userId) {
      this.#unsent = news(sent, this.#unsent) ?? nothingRead;
    }
    this.#sendSoon();
  }

  // Storage throws when the visitor blocks it or it is full: then this lasts as long as the page.
  #stored(): ReadUpTo {
    try {
      return decodeReadUpTo(parsed(this.#options.storage.getItem(this.#options.storageKey)));
    } catch {
      return nothingRead;
    }
  }

  #store(read: ReadUpTo): void {
    const all = furthest(read, this.#stored()); // another tab may have read further
    const latest = [...all.threads].sort(([, one], [, other]) => (one < other ? 1 : -1)).slice(0, threadsKept);
    const kept = encodeReadUpTo({ picture: all.picture, threads: new Map(latest) });
    try {
      this.#options.storage.setItem(this.#options.storageKey, JSON.stringify(kept));
    } catch {
      // See above.
    }
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
