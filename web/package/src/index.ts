/** The widget for pages that are bundled. It comes from the page's own files, so the server has to be named. */
import { facade } from "../../widget/src/facade.ts";

export type { ImageChatConfig, SimpleSSO } from "../../widget/src/config.ts";
export type { ImageChatFunction, ImageChatHandle } from "../../widget/src/facade.ts";

/**
 * Puts live conversations on a picture: `ImageChat(target, { tenantId, urlId, apiHost })`. May be imported where there is
 * no `window`, and is called where there is one.
 */
export const ImageChat = facade((_attempt) => import("../../widget/src/picture-chats.ts"), null);
