/** The ES module: the same as the classic script's two names, for pages that import. Imports without a `window`, too. */
import { facade } from "./facade.ts";
import type { PictureChats } from "./picture-chats.ts";
import { defineTag, type FollowTag } from "./tag-shell.ts";

export type { ImageChatConfig, SimpleSSO } from "./config.ts";
export type { ImageChatHandle } from "./facade.ts";
export type { ImageChatElement, ImageChatEvents } from "./tag-shell.ts";

/** For the classic script: what does the work, of this version. The build gives the address the number of the attempt. */
export const pictureChats = (_attempt: number): Promise<PictureChats> => import("./picture-chats.ts");
export const chatTag = (_attempt: number): Promise<{ readonly followTag: FollowTag }> => import("./tag.ts");

export const ImageChat = facade(pictureChats, import.meta.url);

/** For pages that move over. */
export const FastCommentsImageChat = ImageChat;

defineTag(ImageChat, chatTag);
