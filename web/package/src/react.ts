/** A picture with live conversations, for React 18 and later; renders on a server too. */
import { createElement, useEffect, useRef, type DetailedHTMLProps, type HTMLAttributes, type ImgHTMLAttributes, type ReactElement } from "react";
import { optionChanges } from "../../widget/src/option-changes.ts";
import type { TagAttributes } from "../../widget/src/tag-options.ts";
import type { ImageChatElement } from "../../widget/src/tag-shell.ts";
import { ImageChat, type ImageChatConfig, type ImageChatHandle } from "./index.ts";

type TagProps = DetailedHTMLProps<HTMLAttributes<ImageChatElement>, ImageChatElement> &
  TagAttributes & { readonly config?: Partial<ImageChatConfig> | null };

declare module "react" {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- React's, which can only be extended so
  namespace JSX {
    interface IntrinsicElements {
      /** Of `image-chat-widget/element`. React 19 sets `config` as a property, and everything else as an attribute. */
      "image-chat": TagProps;
    }
  }
}

export interface ImageChatPictureProps extends ImgHTMLAttributes<HTMLImageElement> {
  /** The widget's options. What changes in them from one rendering to the next changes on the picture. */
  readonly chat: ImageChatConfig;
}

/** An `<img>` that people can talk on: all but `chat` are the image's own attributes. */
export function ImageChatPicture({ chat, ...attributes }: ImageChatPictureProps): ReactElement {
  const image = useRef<HTMLImageElement>(null);
  const handle = useRef<ImageChatHandle | null>(null);
  const latest = useRef(chat);

  useEffect(() => {
    const mounted = image.current === null ? null : ImageChat(image.current, latest.current);
    handle.current = mounted;
    return () => {
      handle.current = null;
      mounted?.destroy();
    };
  }, []);

  useEffect(() => {
    const changed = optionChanges(latest.current, chat);
    latest.current = chat;
    if (Object.keys(changed).length > 0) {
      handle.current?.update(changed);
    }
  }, [chat]);

  return createElement("img", { ...attributes, ref: image });
}
