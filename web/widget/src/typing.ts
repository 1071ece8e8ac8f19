/** Who is writing in which thread: when to say it, and how long it is shown of others. Pure; times are in milliseconds. */
import type { RoomEvent } from "./wire.ts";

/** How often it is said while somebody writes. The server passes one on each 3 s; what came early would be lost. */
export const saidEveryMs = 3_500;
/** How long it is shown from when it came: a little short of two that were said. */
export const shownMs = 6_000;
/** Of a thread, and of a picture: a crowd is shown by its number anyway. */
const mostAtOnce = 50;

export interface Typist {
  readonly userId: string;
  /** Null: they gave none. */
  readonly name: string | null;
}

export interface TypingSignal {
  readonly type: "typing";
  /** The server's clock. */
  readonly timestamp: number;
  readonly userId: string;
  readonly name: string | null;
  readonly urlId: string;
}

interface Shown extends Typist {
  readonly urlId: string;
  readonly until: number;
}

/** What others are writing, as far as it was heard. Time is this browser's own, and only differences of it count. */
export class Typing {
  #shown: readonly Shown[] = [];
  /** When somebody's last comment in a thread was made, by the server's clock: what they said before is over. */
  readonly #wrote = new Map<string, number>();

  /** Somebody else writes. False: it changes nothing, because their comment has come already. */
  heard({ userId, name, urlId, timestamp }: TypingSignal, now: number): boolean {
    if (timestamp <= (this.#wrote.get(keyOf(userId, urlId)) ?? -Infinity)) {
      return false;
    }
    const others = this.#shown.filter((one) => one.userId !== userId || one.urlId !== urlId).slice(1 - mostAtOnce);
    this.#shown = [...others, { userId, name, urlId, until: now + shownMs }];
    return true;
  }

  /** Comments came: whoever has sent theirs writes no more. */
  folded(events: readonly RoomEvent[]): void {
    for (const event of events) {
      const comment = event.type === "new-comment" || event.type === "new-image-chat" ? event.comment : undefined;
      if (comment !== undefined) {
        const key = keyOf(comment.userId, comment.urlId);
        this.#wrote.delete(key);
        this.#wrote.set(key, event.timestamp);
        this.#shown = this.#shown.filter((one) => one.userId !== comment.userId || one.urlId !== comment.urlId);
      }
    }
    for (const key of [...this.#wrote.keys()].slice(0, -mostAtOnce)) {
      this.#wrote.delete(key);
    }
  }

  /** Those who write in a thread now, in the order they began to be heard. */
  in(urlId: string, now: number): Typist[] {
    return this.#shown
      .filter((one) => one.urlId === urlId && one.until > now)
      .map(({ userId, name }) => ({ userId, name }));
  }

  /** The threads in which somebody writes now. */
  threads(now: number): ReadonlySet<string> {
    return new Set(this.#shown.filter((one) => one.until > now).map(({ urlId }) => urlId));
  }

  /** In how many milliseconds the next one ends; null: nobody writes, and nothing has to be waited for. */
  nextEnd(now: number): number | null {
    this.#shown = this.#shown.filter((one) => one.until > now);
    return this.#shown.length === 0 ? null : Math.min(...this.#shown.map(({ until }) => until)) - now;
  }

  /** The connection was lost: what others do is not known. */
  clear(): void {
    this.#shown = [];
  }
}

/** When the visitor's own writing is said. */
export class OwnTyping {
  #last: { readonly urlId: string; readonly at: number } | null = null;

  /** A key changed the text of a thread. True: it is to be said now. */
  typed(urlId: string, text: string, now: number): boolean {
    if (text.trim() === "") {
      return false;
    }
    const isDue = this.#last?.urlId !== urlId || now - this.#last.at >= saidEveryMs || now < this.#last.at;
    if (isDue) {
      this.#last = { urlId, at: now };
    }
    return isDue;
  }

  /** The text was sent: what is written next is said at once. */
  sent(): void {
    this.#last = null;
  }
}

/** What is said on the socket. */
export function typingFrame(urlId: string): string {
  return JSON.stringify({ type: "typing", urlId });
}

function keyOf(userId: string, urlId: string): string {
  return JSON.stringify([userId, urlId]);
}
