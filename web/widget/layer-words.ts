import type { Plugin } from "vite";
import { english } from "./src/catalogues/en.ts";
import type { TextKey } from "./src/texts.ts";

/** The words that markers show and say, which a page loads first. */
export const firstWords: readonly TextKey[] = [
  "markerLabel",
  "comments",
  "commentsNone",
  "markerUnread",
  "markerResolved",
  "markerDraft",
  "held",
  "cluster",
];

/** The others that a picture may show before a window is open. The rest comes with the window, or with another language. */
export const liveWords: readonly TextKey[] = [
  "pinHere",
  "pinHint",
  "windowTitle",
  "close",
  "commentLabel",
  "held",
  "anonymous",
  "presence",
  "typing",
  "typingMany",
  "newCommentBy",
  "newComments",
  "readonly",
  "readonlyEnded",
  "mayNotComment",
  "signIn",
  "retryNow",
  "connecting",
  "reconnecting",
  "offline",
  "stopped",
  "polling",
  "notLive",
  "stoppedBadRequest",
  "stoppedUnavailable",
  "stoppedBanned",
  "stoppedTenant",
  "stoppedSignIn",
  "stoppedFault",
  "snapshotFailed",
  "partFailed",
];

/** Builds the English catalogue with these words alone. */
export const onlyWords = (keys: readonly TextKey[]): Plugin => ({
  name: "only-words",
  load: {
    filter: { id: /\/catalogues\/en\.ts$/ },
    handler: () => `export const english = ${JSON.stringify(Object.fromEntries(keys.map((key) => [key, english[key]])))};`,
  },
});
