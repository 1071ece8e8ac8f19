/** All that only an open window needs, as the module that comes with the first of them. */
export { english } from "./catalogues/en.ts";
export { ownOverlay } from "./own-overlay.ts";
export { openWindow } from "./view/open-window.ts";
export { visitor } from "./visitor.ts";
export { windowModel } from "./window-model.ts";
