/** `<image-chat>`, as little of it as a page pays for without using it: the rest comes with the first such tag. */
import type { ImageChatConfig } from "./config.ts";
import type { ImageChatFunction } from "./facade.ts";
import { persistently } from "./persistently.ts";

/** A picture with live conversations: an `<img>`, or a `<picture>`, within `<image-chat tenant-id="…">`. */
export interface ImageChatElement extends HTMLElement {
  /** Options over those of the attributes; functions and objects have no other place. */
  config: Partial<ImageChatConfig> | null;
}

/** What the tag tells the page, beside the functions in `config`. All events bubble, out of shadow trees too. */
export interface ImageChatEvents {
  readonly "image-chat-ready": CustomEvent<null>;
  readonly "image-chat-marker-open": CustomEvent<{ readonly markerId: string }>;
  readonly "image-chat-marker-close": CustomEvent<{ readonly markerId: string }>;
  readonly "image-chat-comment-count": CustomEvent<{ readonly count: number }>;
  readonly "image-chat-error": CustomEvent<{ readonly error: Error }>;
}

declare global {
  interface HTMLElementTagNameMap {
    readonly "image-chat": ImageChatElement;
  }
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a map of the DOM's can only be extended so
  interface HTMLElementEventMap extends ImageChatEvents {}
}

/** Returns what is to be called whenever the tag, its place or its `config` has changed. */
export type FollowTag = (tag: ImageChatElement, imageChat: ImageChatFunction) => () => void;

const name = "image-chat";

/** Defines the tag, unless there is one: another version's, or the page's own. Does nothing where there is no page. */
export function defineTag(imageChat: ImageChatFunction, load: (attempt: number) => Promise<{ readonly followTag: FollowTag }>): void {
  if (typeof customElements === "undefined" || customElements.get(name) !== undefined) {
    return;
  }
  class Tag extends HTMLElement implements ImageChatElement {
    #config: Partial<ImageChatConfig> | null = null;
    #changed: (() => void) | null = null;
    #isAsked = false;

    get config(): Partial<ImageChatConfig> | null {
      return this.#config;
    }

    set config(config) {
      this.#config = config;
      this.#changed?.();
    }

    connectedCallback(): void {
      if (this.#isAsked) {
        this.#changed?.();
        return;
      }
      this.#isAsked = true;
      void persistently(load, { isWanted: () => true, onFailure: () => undefined }).then((loaded) => {
        this.#changed = loaded?.followTag(this, imageChat) ?? null;
      });
    }

    disconnectedCallback(): void {
      this.#changed?.();
    }
  }
  customElements.define(name, Tag);
}
