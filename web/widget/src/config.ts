/** What a page owner configures: types, defaults, and clear words about what makes no sense. */

import { nearestName } from "./nearest-name.ts";
import type { Translations } from "./texts.ts";

export interface SimpleSSO {
  readonly username: string;
  readonly email: string;
  readonly avatar?: string;
  readonly displayName?: string;
  readonly websiteUrl?: string;
  readonly loginURL?: string;
}

export interface ImageChatConfig {
  readonly tenantId: string;
  /** Names the picture's conversation. Default: this page's address with the picture's `src`, both without query. */
  readonly urlId?: string;
  /** Default: the document's title. */
  readonly pageTitle?: string;
  /** A marker's side in percent of the picture's width. Default 5. */
  readonly chatSquarePercentage?: number;
  /** Dark windows. Default: the visitor's system setting, or `dark` as a class of the body. */
  readonly hasDarkBackground?: boolean;
  /** Called with the number of comments on the picture whenever it changes. */
  readonly commentCountUpdated?: (count: number) => void;
  /** Called once, when what is on the picture is shown. */
  readonly onReady?: () => void;
  /** Called when the visitor opens a conversation, and when it is closed, with the marker's id. */
  readonly onMarkerOpen?: (markerId: string) => void;
  readonly onMarkerClose?: (markerId: string) => void;
  /** Called when a file that the picture needs does not come; it is asked for again. What the server refuses stands on the picture. */
  readonly onError?: (error: Error) => void;
  /** A BCP 47 tag for words, dates and numbers. Default: the language around the picture, or else the visitor's. */
  readonly locale?: string;
  readonly readonly?: boolean;
  readonly sso?: Readonly<Record<string, unknown>> | string;
  readonly simpleSSO?: SimpleSSO;
  /** On a touch screen, a conversation is begun by a long press, not by a tap. Default false. */
  readonly longPress?: boolean;
  /** Whether regions can be drawn, by dragging with Shift. Default true. */
  readonly regions?: boolean;
  /** Leaves resolved conversations out. Default false. */
  readonly hideResolved?: boolean;
  /** Whether `#image-chat=…` in the page's address opens a conversation, and conversations have a link. Default true. */
  readonly deepLinks?: boolean;
  /** Whether a small box says what a conversation is about when a mouse or the focus is at its marker. Default true. */
  readonly preview?: boolean;
  /** Whether there is a list of all conversations. Default true. */
  readonly panel?: boolean;
  /** Keeps all that was said at hand, so that it is printed below the picture at any time. Default false. */
  readonly printable?: boolean;
  /** Whether the picture can be looked at more closely, up to 8 times, within its own box. Default false. */
  readonly zoom?: boolean;
  /** Whether the picture shows who else is looking, and who is writing. Default true. */
  readonly presence?: boolean;
  /** Asks the server for news every few seconds, without a WebSocket. Default false. */
  readonly usePolling?: boolean;
  /** Shows what is there when the page is opened, and the visitor's own changes; no news of others. Default false. */
  readonly disableLiveCommenting?: boolean;
  /** How deep replies nest. Default 0: flat. */
  readonly maxReplyDepth?: number;
  /** Default: where this script came from. */
  readonly apiHost?: string;
  /** Default: `apiHost` with `ws:` or `wss:`. */
  readonly wsHost?: string;
  /** Words by key, over the widget's own; where it counts, a text for each of the language's plural forms. */
  readonly translations?: Translations;
  /** A signed session that the page hands over, such as a moderator's. */
  readonly sessionId?: string;
}

export interface Settings {
  readonly tenantId: string;
  readonly urlId: string | null;
  readonly pageTitle: string | null;
  readonly chatSquarePercentage: number;
  readonly hasDarkBackground: boolean | null;
  readonly commentCountUpdated: ((count: number) => void) | null;
  readonly onReady: (() => void) | null;
  readonly onMarkerOpen: ((markerId: string) => void) | null;
  readonly onMarkerClose: ((markerId: string) => void) | null;
  readonly onError: ((error: Error) => void) | null;
  readonly locale: string | null;
  readonly readonly: boolean;
  readonly sso: string | null;
  readonly longPress: boolean;
  readonly regions: boolean;
  readonly hideResolved: boolean;
  readonly deepLinks: boolean;
  readonly preview: boolean;
  readonly panel: boolean;
  readonly printable: boolean;
  readonly zoom: boolean;
  readonly presence: boolean;
  readonly usePolling: boolean;
  readonly disableLiveCommenting: boolean;
  readonly maxReplyDepth: number;
  readonly apiHost: string;
  readonly wsHost: string;
  readonly translations: Translations;
  readonly sessionId: string | null;
}

/** A configuration that cannot work; the message tells the page owner what to change. */
export class ConfigError extends Error {
  override readonly name = "ImageChatConfigError";
}

type Check = (value: unknown) => string | null;

const isString: Check = (value) => (typeof value === "string" && value !== "" ? null : "must be a text");
const isBoolean: Check = (value) => (typeof value === "boolean" ? null : "must be true or false");
const isFunction: Check = (value) => (typeof value === "function" ? null : "must be a function");
const isObject: Check = (value) => (typeof value === "object" && value !== null ? null : "must be an object");
const isNumber =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && value >= least && value <= most ? null : `must be a number from ${least} to ${most}`;
/** One of these schemes, or none and a path of this page's own server. */
const isHost =
  (schemes: string): Check =>
  (value) =>
    typeof value === "string" && new RegExp(`^(${schemes}|$|/)`, "i").test(value) && URL.canParse(value, "http://localhost")
      ? null
      : "must be an address such as https://chat.example.com";

const checks: Readonly<Record<keyof ImageChatConfig, Check>> = {
  tenantId: isString,
  urlId: (value) => isString(value) ?? ((value as string).length <= 2048 ? null : "must have at most 2,048 characters"),
  pageTitle: (value) => (typeof value === "string" ? null : "must be a text"),
  chatSquarePercentage: isNumber(0.5, 50),
  hasDarkBackground: isBoolean,
  commentCountUpdated: isFunction,
  onReady: isFunction,
  onMarkerOpen: isFunction,
  onMarkerClose: isFunction,
  onError: isFunction,
  locale: isString,
  readonly: isBoolean,
  sso: (value) => (typeof value === "string" ? isString(value) : isObject(value)),
  simpleSSO: isObject,
  longPress: isBoolean,
  regions: isBoolean,
  hideResolved: isBoolean,
  deepLinks: isBoolean,
  preview: isBoolean,
  panel: isBoolean,
  printable: isBoolean,
  zoom: isBoolean,
  presence: isBoolean,
  usePolling: isBoolean,
  disableLiveCommenting: isBoolean,
  maxReplyDepth: isNumber(0, 10),
  apiHost: isHost("https?://"),
  wsHost: isHost("(http|ws)s?://"),
  translations: (value) =>
    isObject(value) === null && Object.values(value as object).every(isTextOrForms)
      ? null
      : "must be an object with a text for each key, or with texts by plural form",
  sessionId: isString,
};

/** Every option that there is. */
export const optionNames: readonly string[] = Object.keys(checks);

function isTextOrForms(value: unknown): boolean {
  const isText = (one: unknown): boolean => one == null || typeof one === "string";
  return isText(value) || (isObject(value) === null && Object.values(value as object).every(isText));
}

/**
 * Checks a configuration and fills in the defaults. `scriptOrigin` is where the widget was loaded from, if that is a
 * server; `warn` gets one sentence for each option that does not exist.
 */
export function settingsOf(config: ImageChatConfig, scriptOrigin: string | null, warn: (sentence: string) => void): Settings {
  if (isObject(config) !== null) {
    throw new ConfigError("ImageChat needs a configuration: ImageChat(target, {tenantId: \"…\"}).");
  }
  for (const [name, value] of Object.entries(config) as [string, unknown][]) {
    if (!Object.hasOwn(checks, name)) {
      const meant = nearestName(name, optionNames);
      warn(`ImageChat does not know the option "${name}"; it is ignored.${meant === null ? "" : ` Did you mean "${meant}"?`}`);
      continue;
    }
    const problem = value === undefined || value === null ? null : checks[name as keyof ImageChatConfig](value);
    if (problem !== null) {
      throw new ConfigError(`ImageChat: the option "${name}" ${problem}.`);
    }
  }
  // Options arrive from page owners' JavaScript, where null and a missing tenantId both happen.
  const given = config as { [K in keyof ImageChatConfig]?: ImageChatConfig[K] | null };
  if (!given.tenantId) {
    throw new ConfigError('ImageChat: the option "tenantId" is missing.');
  }
  const host = given.apiHost ?? scriptOrigin;
  if (host === null) {
    throw new ConfigError('ImageChat: the option "apiHost" is missing: where the server is, such as https://chat.example.com.');
  }
  const apiHost = withoutTrailingSlash(host);
  const sso = given.sso ?? given.simpleSSO ?? null;
  return {
    tenantId: given.tenantId,
    urlId: given.urlId ?? null,
    pageTitle: given.pageTitle ?? null,
    chatSquarePercentage: given.chatSquarePercentage ?? 5,
    hasDarkBackground: given.hasDarkBackground ?? null,
    commentCountUpdated: given.commentCountUpdated ?? null,
    onReady: given.onReady ?? null,
    onMarkerOpen: given.onMarkerOpen ?? null,
    onMarkerClose: given.onMarkerClose ?? null,
    onError: given.onError ?? null,
    locale: given.locale ?? null,
    readonly: given.readonly ?? false,
    sso: sso === null || typeof sso === "string" ? sso : JSON.stringify(sso),
    longPress: given.longPress ?? false,
    regions: given.regions ?? true,
    hideResolved: given.hideResolved ?? false,
    deepLinks: given.deepLinks ?? true,
    preview: given.preview ?? true,
    panel: given.panel ?? true,
    printable: given.printable ?? false,
    zoom: given.zoom ?? false,
    presence: given.presence ?? true,
    usePolling: given.usePolling ?? false,
    disableLiveCommenting: given.disableLiveCommenting ?? false,
    maxReplyDepth: given.maxReplyDepth ?? 0,
    apiHost,
    wsHost: withoutTrailingSlash(given.wsHost ?? apiHost).replace(/^http/, "ws"),
    translations: given.translations ?? {},
    sessionId: given.sessionId ?? null,
  };
}

function withoutTrailingSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
