/** The visitor's own changes laid over the room: all of its rules, as one value that arrives with the first window. */
import { isHeld, settled } from "./held.ts";
import type { Overlay } from "./overlay.ts";
import { afterEvents, afterSnapshot, shownComments, shownMarkers } from "./pending-changes.ts";

export const ownOverlay: Overlay = { shownMarkers, shownComments, afterEvents, afterSnapshot, settled, isHeld };
