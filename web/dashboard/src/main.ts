/** Starts the dashboard. */
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/content.css";
import "./styles/inbox.css";
import { tokens } from "../../widget/src/tokens.css.ts";
import { sheetOf } from "../../widget/src/view/style-sheets.ts";
import { DashboardApp } from "./app.ts";

// The widget's colours; a sheet that is made here needs no inline style, which the page's policy forbids.
document.adoptedStyleSheets = [sheetOf(tokens), ...document.adoptedStyleSheets];
customElements.define("dashboard-app", DashboardApp);
