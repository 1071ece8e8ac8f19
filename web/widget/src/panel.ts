/** The list of all conversations, as the module that comes when it is first opened. */
export { listPanel } from "./view/list-panel.ts";
