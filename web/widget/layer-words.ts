import type { Plugin } from "vite";
import { english } from "./src/catalogues/en.ts";
import type { TextKey } from "./src/texts.ts";

/** The words that a picture may show before a window is open. Others come with the window, or with another language. */
export const layerWords: readonly TextKey[] = [
  "markerLabel",
  "comments",
  "commentsNone",
  "markerUnread",
  "markerResolved",
  "markerDraft",
  "pinHere",
  "pinHint",
  "windowTitle",
  "close",
  "commentLabel",
  "held",
  "anonymous",
  "newCommentBy",
  "newComments",
  "cluster",
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

/** Those of the people on a picture, who are shown before a window is. */
export const peopleWords: readonly TextKey[] = ["anonymous", "presence", "typing", "typingMany"];

/** Builds the English catalogue with these words alone: what a page loads first, and what all pages load, is small. */
export const onlyWords = (keys: readonly TextKey[]): Plugin => ({
  name: "only-words",
  load: {
    filter: { id: /\/catalogues\/en\.ts$/ },
    handler: () => `export const english = ${JSON.stringify(Object.fromEntries(keys.map((key) => [key, english[key]])))};`,
  },
});
