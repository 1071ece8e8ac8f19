/** The classic script: two names on the page at once; what is behind them comes from the same place as the script. */
import { facade } from "./facade.ts";
import type * as entryModule from "./module.ts";
import type { PictureChats } from "./picture-chats.ts";
import { defineTag, type FollowTag } from "./tag-shell.ts";

type Entry = typeof entryModule;

/** Names of the modules beside the script, put in by the build. */
declare const CHATS_FILE: string;
declare const TAG_FILE: string;

// Only while the script runs does it know where it came from, and a classic script of another site imports only what
// it names in full.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
const base = new URL("image-chat/", script === "" ? location.href : script).href;

/** Where the file is gone, the server has been upgraded since this script was kept: the entry knows today's. */
const loading =
  <T>(file: string, todays: (entry: Entry, attempt: number) => Promise<T>) =>
  async (attempt: number): Promise<T> => {
    const again = attempt === 0 ? "" : `?${attempt}`;
    try {
      return (await import(/* @vite-ignore */ base + file + again)) as T;
    } catch {
      return todays((await import(/* @vite-ignore */ `${base}image-chat.js${again}`)) as Entry, attempt);
    }
  };

const ImageChat = facade(
  loading<PictureChats>(CHATS_FILE, (entry, attempt) => entry.pictureChats(attempt)),
  base,
);

Object.assign(window, { ImageChat, FastCommentsImageChat: ImageChat });

defineTag(
  ImageChat,
  loading<{ readonly followTag: FollowTag }>(TAG_FILE, (entry, attempt) => entry.chatTag(attempt)),
);
