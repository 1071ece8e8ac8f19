/** What a visitor can do on a picture once a window has come: their changes, and the actions that make them. */
import { OwnChanges, type OwnChangesOptions } from "./own-changes.ts";
import { isThere, keyOf } from "./marker-changes.ts";
import { SendPause } from "./send-pause.ts";
import type { TextKey } from "./texts.ts";
import { undoTime, type Toast } from "./toasts.ts";
import type { Actions, LayerActions } from "./view/model.ts";
import { visitorActions } from "./visitor-actions.ts";

export interface VisitorParts extends Omit<OwnChangesOptions, "pause" | "onDeleted" | "onNotRestored" | "onRefused"> {
  readonly signal: AbortSignal;
  readonly layer: LayerActions;
  readonly announce: (key: TextKey) => void;
  /** Shows a line at the picture's foot. */
  readonly toast: (toast: Toast) => void;
  /** The server takes something again; `sentence` is what was said meanwhile. */
  readonly onPauseOver: (sentence: string) => void;
  /** The text of the open window was changed. */
  readonly onTyped: (key: string, text: string) => void;
  readonly render: () => void;
}

export interface Visitor {
  readonly actions: Actions;
  /** An event came: tells whether it is of this visitor's own doing here. What was not known to be done is known now. */
  readonly came: (broadcastId: string) => boolean;
  /** Whether the server wants nothing more for a moment. */
  readonly isPaused: () => boolean;
}

export function visitor(parts: VisitorParts): Visitor {
  const pause = new SendPause(parts.signal, parts.onPauseOver);
  const { toast, texts } = parts;
  const changes = new OwnChanges({
    ...parts,
    pause,
    onDeleted: (deletion, undo) => {
      const text = texts()(deletion.kind === "delete-marker" ? "conversationDeleted" : "commentDeleted");
      toast({ text, undo, key: keyOf(deletion) });
    },
    onNotRestored: (text, deletion, undo) => {
      const more = undo === null ? {} : { lasts: undoTime, isOver: () => isThere(deletion, parts.sync) };
      toast({ text, undo, key: keyOf(deletion), ...more });
    },
    onRefused: (text) => {
      toast({ text, undo: null });
    },
  });
  const tell = (key: TextKey): void => {
    toast({ text: texts()(key), undo: null });
  };
  return {
    actions: visitorActions({
      ...parts,
      changes,
      tell,
      findPeople: (search, signal) => parts.rest.mentionable(parts.urlId, search, signal),
    }),
    came(broadcastId) {
      const isOwn = changes.isOwn(broadcastId);
      if (isOwn) {
        parts.windows.retract(texts()("refusedUnanswered"));
      }
      return isOwn;
    },
    isPaused: () => pause.sentence !== null,
  };
}
