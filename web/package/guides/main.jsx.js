import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Plan } from "./Plan";

const root = createRoot(document.getElementById("app"));
window.show = (readonly) => {
  root.render(createElement(StrictMode, null, createElement(Plan, { readonly })));
};
window.unmount = () => {
  root.unmount();
};
window.show(false);
