import { createApp, h, ref } from "vue";
import Plan from "./Plan";

const readonly = ref(false);
const app = createApp({ render: () => h(Plan, { readonly: readonly.value }) });
window.show = (value) => {
  readonly.value = value;
};
window.unmount = () => {
  app.unmount();
};
app.mount("#app");
