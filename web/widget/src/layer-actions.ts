/** What each thing that a visitor does on the layer does to the windows and the room. */
import type { Point } from "./geometry.ts";
import type { Placement } from "./moving.ts";
import type { RoomSync } from "./room-sync.ts";
import type { LayerActions } from "./view/model.ts";
import type { Windows } from "./windows.ts";
import type { Conversation } from "./wire.ts";

export interface LayerActionsParts {
  readonly sync: RoomSync;
  readonly windows: Windows;
  readonly draftAt: (at: Placement) => Conversation;
  readonly change: LayerActions["change"];
  readonly moveCrosshair: (to: Point) => void;
  readonly render: () => void;
}

export function layerActions({ sync, windows, ...parts }: LayerActionsParts): LayerActions {
  const then =
    <A extends readonly unknown[]>(act: (...given: A) => void) =>
    (...given: A): void => {
      act(...given);
      // At once: whoever clicks goes on typing, and the first letters must find the field.
      parts.render();
    };
  return {
    pin: then((at) => {
      windows.pin(parts.draftAt(at));
    }),
    moveCrosshair: then((to) => {
      parts.moveCrosshair(to);
    }),
    open: then((key) => {
      const marker = sync.markers().find(({ conversation }) => conversation.urlId === key);
      const conversation = marker?.conversation ?? windows.get(key)?.conversation;
      if (conversation !== undefined) {
        windows.show(conversation);
      }
    }),
    read: (key) => {
      sync.open(key);
    },
    hideResolved: then((isHidden) => {
      windows.hidesResolved = isHidden;
    }),
    change: parts.change,
    close: then(() => {
      windows.close();
    }),
    type: then((text) => {
      if (windows.open !== null) {
        windows.change(windows.open.key, { text });
      }
    }),
  };
}
