/**
 * Finds whom one may mention while a name is typed. The server is asked when the typing pauses, each question ends the one
 * before, and what is known answers at once. No DOM.
 */
import { fitting } from "./mentions.ts";
import type { Clock } from "./page-clock.ts";
import type { Face } from "./presence.ts";

/** In ms: between two letters of whoever types. */
const pause = 150;
/** The server names so many at most: fewer are all. */
const mostAnswered = 10;

export interface MentionSearchOptions {
  readonly clock: Clock;
  /** Asks the server; fails when `signal` says so. */
  readonly find: (search: string, signal: AbortSignal) => Promise<readonly Face[]>;
  /** More people are known. */
  readonly onFound: () => void;
}

export class MentionSearch {
  readonly #options: MentionSearchOptions;
  #known: readonly Face[] = [];
  /** What was asked while this name is typed, and whether the answer was all there is. */
  readonly #answered = new Map<string, boolean>();
  #asking: { readonly search: string; readonly stop: () => void } | null = null;

  constructor(options: MentionSearchOptions) {
    this.#options = options;
  }

  /** Those who are known and fit what is typed. */
  people(search: string): Face[] {
    return fitting(this.#known, search);
  }

  /** This is typed so far. */
  ask(typed: string): void {
    const search = typed.trim();
    if (this.#asking?.search === search) {
      return;
    }
    this.#asking?.stop();
    this.#asking = null;
    if (!this.#isAnswered(search)) {
      this.#wait(search);
    }
  }

  /** No name is typed any more. Whoever is there then may be others. */
  end(): void {
    this.#asking?.stop();
    this.#asking = null;
    this.#known = [];
    this.#answered.clear();
  }

  #isAnswered(search: string): boolean {
    // Without a word to search for, only those are named who are there.
    return [...this.#answered].some(
      ([asked, isAll]) => asked === search || (isAll && asked !== "" && search.toLowerCase().startsWith(asked.toLowerCase())),
    );
  }

  #wait(search: string): void {
    const ending = new AbortController();
    const stopWaiting = this.#options.clock.after(pause, () => {
      void this.#find(search, ending.signal);
    });
    this.#asking = {
      search,
      stop: () => {
        stopWaiting();
        ending.abort();
      },
    };
  }

  async #find(search: string, signal: AbortSignal): Promise<void> {
    let people: readonly Face[];
    try {
      people = await this.#options.find(search, signal);
    } catch {
      people = []; // a name can be typed without any help
    }
    if (!signal.aborted) {
      this.#asking = null;
      this.#answered.set(search, people.length < mostAnswered);
      this.#known = [...people, ...this.#known];
      this.#options.onFound();
    }
  }
}
