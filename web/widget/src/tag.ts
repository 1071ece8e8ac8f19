/** What `<image-chat>` does, as the module that comes with the first one: it keeps the picture in it in conversation. */
import type { ImageChatConfig } from "./config.ts";
import type { ImageChatHandle } from "./facade.ts";
import { optionChanges } from "./option-changes.ts";
import { tagOptions } from "./tag-options.ts";
import type { FollowTag, ImageChatElement, ImageChatEvents } from "./tag-shell.ts";

type Options = Partial<ImageChatConfig>;

interface Mounted {
  readonly image: HTMLImageElement;
  readonly handle: ImageChatHandle;
  options: Options;
}

const warned = new Set<string>();

function warnOnce(sentence: string): void {
  if (!warned.has(sentence)) {
    warned.add(sentence);
    // eslint-disable-next-line no-console -- a page owner looks there first
    console.warn(sentence);
  }
}

/** What a page has set, when it is options: a text would be taken for some, letter by letter. */
function optionsIn(config: unknown): Options {
  if (typeof (config ?? {}) === "object" && !Array.isArray(config)) {
    return config ?? {};
  }
  warnOnce('ImageChat: "config" of a tag must be an object.');
  return {};
}

/** The functions of `config`, which are called before the events are sent. */
function calls(tag: ImageChatElement, config: Options): Options {
  const send = <K extends keyof ImageChatEvents>(type: K, detail: ImageChatEvents[K]["detail"]): void => {
    tag.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  };
  return {
    commentCountUpdated: (count) => {
      config.commentCountUpdated?.(count);
      send("image-chat-comment-count", { count });
    },
    onReady: () => {
      config.onReady?.();
      send("image-chat-ready", null);
    },
    onMarkerOpen: (markerId) => {
      config.onMarkerOpen?.(markerId);
      send("image-chat-marker-open", { markerId });
    },
    onMarkerClose: (markerId) => {
      config.onMarkerClose?.(markerId);
      send("image-chat-marker-close", { markerId });
    },
    onError: (error) => {
      config.onError?.(error);
      send("image-chat-error", { error });
    },
  };
}

export const followTag: FollowTag = (tag, imageChat) => {
  let mounted: Mounted | null = null;
  let isAsked = false;
  let given: unknown = null;
  let config: Options = {};
  let called = calls(tag, {});
  const look = (): void => {
    isAsked = false;
    const image = tag.isConnected ? tag.querySelector("img") : null;
    if (mounted !== null && mounted.image !== image) {
      mounted.handle.destroy();
      mounted = null;
    }
    if (image === null) {
      return;
    }
    if (tag.config !== given) {
      given = tag.config;
      config = optionsIn(given);
      called = calls(tag, config);
    }
    const options = { ...tagOptions(tag.attributes, warnOnce), ...config, ...called };
    try {
      if (mounted === null) {
        // Without a tenant it throws, in words for the page owner.
        mounted = { image, handle: imageChat(image, options as ImageChatConfig), options };
      } else {
        const changed = optionChanges(mounted.options, options);
        if (Object.keys(changed).length > 0) {
          mounted.handle.update(changed);
          mounted.options = options;
        }
      }
    } catch (error) {
      called.onError?.(error as Error);
    }
  };
  /** Once for all that is changed in one go: a tag that is moved is out of the page for a moment only. */
  const ask = (): void => {
    if (!isAsked) {
      isAsked = true;
      queueMicrotask(look);
    }
  };
  if (Object.hasOwn(tag, "config")) {
    // Set before the tag was known, and so over the property.
    const { config } = tag;
    Reflect.deleteProperty(tag, "config");
    tag.config = config;
  }
  new MutationObserver(ask).observe(tag, { childList: true, subtree: true });
  // One for itself: of what is in the tag, attributes change with every scrolling.
  new MutationObserver(ask).observe(tag, { attributes: true });
  look();
  return ask;
};
