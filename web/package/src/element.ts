/** Defines `<image-chat>`, for pages that are bundled: an `<img>` or a `<picture>` in it gets live conversations. */
import { defineTag } from "../../widget/src/tag-shell.ts";
import { ImageChat } from "./index.ts";

export type { ImageChatElement, ImageChatEvents } from "../../widget/src/tag-shell.ts";

defineTag(ImageChat, (_attempt) => import("../../widget/src/tag.ts"));
