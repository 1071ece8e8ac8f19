/** What does the work, as one module that comes after the facade. */
import type { Settings } from "./config.ts";
import { FirstLook, type Page } from "./first-look.ts";
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
  const page: Page = { turns: null, storage: pageStorage(), persistently };
  return (image, settings) => {
    let chat = new FirstLook(image, settings, page);
    return {
      update(changed) {
        if (chat.update(changed)) {
          chat.destroy();
          chat = new FirstLook(image, changed, page);
        }
      },
      destroy() {
        chat.destroy();
      },
    };
  };
}
