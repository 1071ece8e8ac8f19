import { mount, unmount } from "svelte";
import Plan from "./Plan";

const props = $state({ readonly: false });
const app = mount(Plan, { target: document.getElementById("app"), props });
window.show = (value) => {
  props.readonly = value;
};
window.unmount = () => unmount(app);
