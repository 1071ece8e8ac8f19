/** The two names that a page sees: `ImageChat(target, config)`, and `FastCommentsImageChat` for pages moving over. */
import { ConfigError, settingsOf, type ImageChatConfig } from "./config.ts";
import { PictureChat, type Page } from "./image-chat.ts";
import { OpeningTurns } from "./opening-turns.ts";
import { pageStorage } from "./session.ts";

export interface ImageChatHandle {
  /** Changes options while it runs; those that are not named stay as they are. */
  update(config: Partial<ImageChatConfig>): void;
  destroy(): void;
}

// Only while the script runs does it know where it came from.
const scriptOrigin =
  document.currentScript instanceof HTMLScriptElement && document.currentScript.src !== ""
    ? new URL(document.currentScript.src).origin
    : location.origin;

/** Shared by all pictures on the page. */
const page: Page = { turns: new OpeningTurns(), storage: pageStorage() };

/** Puts live conversations on a picture. `target`: an `<img>`, an element with one inside, its id, or a selector. */
function ImageChat(target: Element | string, config: ImageChatConfig): ImageChatHandle {
  try {
    const image = imageOf(target);
    let given = config;
    const settings = settingsOf(given, scriptOrigin, warnOnce);
    let chat: PictureChat | null = new PictureChat(image, settings, page);
    return {
      update(change) {
        const next = { ...given, ...change };
        // One that makes no sense is refused, and nothing of it stays to spoil the next.
        const changed = settingsOf(next, scriptOrigin, warnOnce);
        given = next;
        if (chat?.update(changed) === true) {
          chat.destroy();
          chat = new PictureChat(image, changed, page);
        }
      },
      destroy() {
        chat?.destroy();
        chat = null;
      },
    };
  } catch (error) {
    if (error instanceof ConfigError) {
      // eslint-disable-next-line no-console -- a page owner looks there first, and the page may catch what we throw
      console.error(error.message);
    }
    throw error;
  }
}

function imageOf(target: unknown): HTMLImageElement {
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

const warned = new Set<string>();

function warnOnce(sentence: string): void {
  if (!warned.has(sentence)) {
    warned.add(sentence);
    // eslint-disable-next-line no-console -- see above
    console.warn(sentence);
  }
}

Object.assign(window, { ImageChat, FastCommentsImageChat: ImageChat });
