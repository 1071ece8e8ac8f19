/** All that only an open window needs, as the module that comes with the first of them. */
export { english } from "./catalogues/en.ts";
export { openWindow } from "./view/open-window.ts";
