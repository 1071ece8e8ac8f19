/** What a page calls: small, checks at once what it is given, and hands it on when what does the work is there. */
import { ConfigError, settingsOf, type ImageChatConfig } from "./config.ts";
import { persistently } from "./persistently.ts";
import type { ChatOnPicture, Mount, PictureChats } from "./picture-chats.ts";

export interface ImageChatHandle {
  /** Changes options while it runs; those that are not named stay as they are. */
  update(config: Partial<ImageChatConfig>): void;
  destroy(): void;
}

/** Puts live conversations on a picture. `target`: an `<img>`, an element with one inside, its id, or a selector. */
export type ImageChatFunction = (target: Element | string, config: ImageChatConfig) => ImageChatHandle;

/** On a picture that has conversations, under this name whichever version of the widget they are of: what ends them. */
const taken = Symbol.for("image-chat");

type Picture = HTMLImageElement & { [taken]?: ImageChatHandle };

/** A picture's place in the page while what does the work is on its way. */
interface Waiting {
  readonly mount: (mount: Mount) => void;
  /** That it has to wait for longer; what it is told twice is not said twice. */
  readonly tell: (error: Error) => void;
}

/**
 * `load` gets what does the work, and is told how often it has failed; `address` is where this script came from, null
 * where that is not the server that the pictures' conversations are on.
 */
export function facade(load: (attempt: number) => Promise<PictureChats>, address: string | null): ImageChatFunction {
  const origin = address && new URL(address).origin;
  /** Shared by all pictures on the page. */
  let mount: Mount | null = null;
  let isLoading = false;
  const waiting = new Set<Waiting>();
  const warned = new Set<string>();
  const warnOnce = (sentence: string): void => {
    if (!warned.has(sentence)) {
      warned.add(sentence);
      // eslint-disable-next-line no-console -- a page owner looks there first
      console.warn(sentence);
    }
  };

  const fail = (error: unknown, attempt: number): void => {
    const from = origin === null ? "" : ` from ${origin}`;
    const sentence = `ImageChat could not be loaded${from}; it is tried again when the network is back, or in a while.`;
    if (attempt === 0) {
      // eslint-disable-next-line no-console -- see above
      console.error(sentence, error);
    }
    for (const one of waiting) {
      one.tell(new Error(sentence, { cause: error }));
    }
  };

  const start = async (): Promise<void> => {
    isLoading = true;
    const chats = await persistently(load, { isWanted: () => waiting.size > 0, onFailure: fail });
    isLoading = false;
    mount = chats?.onPage(persistently) ?? null;
    if (mount !== null) {
      for (const one of waiting) {
        waiting.delete(one);
        one.mount(mount);
      }
    } else if (waiting.size > 0) {
      void start();
    }
  };

  return (target, config) => {
    try {
      const image = imageOf(target);
      let given = config;
      let settings = settingsOf(given, origin, warnOnce);
      let chat: ChatOnPicture | null = null;
      let isTold = false;
      if (image[taken] !== undefined) {
        warnOnce("ImageChat: a picture that had conversations already was given others; the last call counts.");
        image[taken].destroy();
      }
      const own: Waiting = {
        mount: (on) => {
          alone(() => {
            chat = on(image, settings);
          });
        },
        tell: (error) => {
          if (!isTold) {
            isTold = true;
            alone(() => settings.onError?.(error));
          }
        },
      };
      if (mount !== null) {
        own.mount(mount);
      } else {
        waiting.add(own);
        if (!isLoading) {
          void start();
        }
      }
      const handle: ImageChatHandle = {
        update(change) {
          const next = { ...given, ...change };
          // One that makes no sense is refused, and nothing of it stays to spoil the next.
          settings = settingsOf(next, origin, warnOnce);
          given = next;
          chat?.update(settings);
        },
        destroy() {
          waiting.delete(own);
          chat?.destroy();
          chat = null;
          if (image[taken] === handle) {
            Reflect.deleteProperty(image, taken);
          }
        },
      };
      image[taken] = handle;
      return handle;
    } catch (error) {
      if (error instanceof ConfigError) {
        // eslint-disable-next-line no-console -- and the page may catch what we throw
        console.error(error.message);
      }
      throw error;
    }
  };
}

/** A fault of one picture's, or of its page's, is not the others'. */
function alone(act: () => void): void {
  try {
    act();
  } catch (error) {
    reportError(error);
  }
}

function imageOf(target: unknown): Picture {
  const element = typeof target === "string" ? (document.getElementById(target) ?? query(target)) : target;
  const image = element instanceof HTMLImageElement ? element : element instanceof Element ? element.querySelector("img") : null;
  if (image === null) {
    throw new ConfigError("ImageChat: the target must be an <img>, or an element with an <img> in it.");
  }
  return image;
}

function query(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}
