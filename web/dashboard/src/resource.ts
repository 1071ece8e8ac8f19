/** Something that is read from the server, and may be read again: what is shown stays until the new is there. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { Refused } from "./api.ts";

export class Resource<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #read: (signal: AbortSignal) => Promise<T>;
  #reading: AbortController | null = null;

  value: T | null = null;
  /** Why the last reading came to nothing; what was there before stays. */
  error: Refused | null = null;

  constructor(host: ReactiveControllerHost, read: (signal: AbortSignal) => Promise<T>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  get isLoading(): boolean {
    return this.#reading !== null;
  }

  hostDisconnected(): void {
    this.#reading?.abort();
    this.#reading = null;
  }

  /** Reads anew; a reading that is under way is given up. True when it is there. */
  async load(): Promise<boolean> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#host.requestUpdate();
    try {
      const value = await this.#read(reading.signal);
      if (reading.signal.aborted) {
        return false;
      }
      this.value = value;
      this.error = null;
    } catch (error) {
      if (reading.signal.aborted) {
        return false;
      }
      this.error = error instanceof Refused ? error : new Refused("unknown", 0, String(error));
      if (!(error instanceof Refused)) {
        reportError(error);
      }
    }
    this.#reading = null;
    this.#host.requestUpdate();
    return this.error === null;
  }

  /** Forgets what was read: something else is asked for. */
  clear(): void {
    this.value = null;
    this.error = null;
  }
}
