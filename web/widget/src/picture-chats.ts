/** What does the work, as one module that comes after the facade. */
import type { Settings } from "./config.ts";
import { PictureChat, type Page } from "./image-chat.ts";
import { OpeningTurns } from "./opening-turns.ts";
import type { Persistently } from "./persistently.ts";
import { pageStorage } from "./session.ts";

export interface ChatOnPicture {
  update(settings: Settings): void;
  destroy(): void;
}

export type Mount = (image: HTMLImageElement, settings: Settings) => ChatOnPicture;

/** This module, as whoever imports it sees it. */
export interface PictureChats {
  readonly onPage: (persistently: Persistently) => Mount;
}

/**
 * What mounts conversations on a page's pictures, with all that the pictures share. `persistently` comes from the facade,
 * which has it: a module for it alone would be one more to fetch.
 */
export function onPage(persistently: Persistently): Mount {
  const page: Page = { turns: new OpeningTurns(), storage: pageStorage(), persistently };
  return (image, settings) => {
    let chat = new PictureChat(image, settings, page);
    return {
      update(changed) {
        if (chat.update(changed)) {
          chat.destroy();
          chat = new PictureChat(image, changed, page);
        }
      },
      destroy() {
        chat.destroy();
      },
    };
  };
}
