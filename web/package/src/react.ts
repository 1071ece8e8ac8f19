/** A picture with live conversations, for React 18 and later; renders on a server too. */
import { createElement, useEffect, useRef, type ImgHTMLAttributes, type ReactElement } from "react";
import { ImageChat, type ImageChatConfig, type ImageChatHandle } from "./index.ts";

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
    const changed = changes(latest.current, chat);
    latest.current = chat;
    if (Object.keys(changed).length > 0) {
      handle.current?.update(changed);
    }
  }, [chat]);

  return createElement("img", { ...attributes, ref: image });
}

/** What differs; an option that is not given any more goes back to its default. */
function changes(before: ImageChatConfig, after: ImageChatConfig): Partial<ImageChatConfig> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ImageChatConfig>;
  const differing = [...names].filter((name) => !Object.is(before[name], after[name]));
  return Object.fromEntries(differing.map((name) => [name, after[name]]));
}
