/** After "too many": nothing is sent until the server's time is over, and then only what the visitor sends again. */
export class SendPause {
  readonly #onOver: (sentence: string) => void;
  #sentence: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onOver` is called with what was said when the pause began. Ends with `signal`. */
  constructor(signal: AbortSignal, onOver: (sentence: string) => void) {
    this.#onOver = onOver;
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
    });
  }

  /** What to tell whoever tries meanwhile, or null. */
  get sentence(): string | null {
    return this.#sentence;
  }

  begin(seconds: number, sentence: string): void {
    clearTimeout(this.#timer);
    this.#sentence = sentence;
    this.#timer = setTimeout(() => {
      this.#sentence = null;
      this.#onOver(sentence);
    }, seconds * 1000);
  }
}
