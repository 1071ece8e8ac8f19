/** Which element shows which page. */
import { html, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { App } from "./context.ts";
import type { Route } from "./router.ts";
import "./elements/tenant-switcher.ts";
import "./pages/audit.ts";
import "./pages/bans.ts";
import "./pages/health.ts";
import "./pages/moderation.ts";
import "./pages/new-tenant.ts";
import "./pages/overview.ts";
import "./pages/people.ts";
import "./pages/picture.ts";
import "./pages/pictures.ts";
import "./pages/settings.ts";
import "./pages/tenants.ts";
import "./pages/usage.ts";

/** A page of another tenant is another page: nothing of the one before stays on it. */
export function pageOf(app: App, route: Route): TemplateResult {
  return html`${keyed(`${route.page} ${route.tenant ?? ""}`, element(app, route))}`;
}

function element(app: App, route: Route): TemplateResult {
  switch (route.page) {
    case "overview":
      return html`<dashboard-overview .app=${app} .route=${route}></dashboard-overview>`;
    case "usage":
      return html`<dashboard-usage .app=${app} .route=${route}></dashboard-usage>`;
    case "moderation":
      return html`<dashboard-moderation .app=${app} .route=${route}></dashboard-moderation>`;
    case "pictures":
      return html`<dashboard-pictures .app=${app} .route=${route}></dashboard-pictures>`;
    case "picture":
      return html`<dashboard-picture .app=${app} .route=${route}></dashboard-picture>`;
    case "people":
      return html`<dashboard-people .app=${app} .route=${route}></dashboard-people>`;
    case "bans":
      return html`<dashboard-bans .app=${app} .route=${route}></dashboard-bans>`;
    case "settings":
      return html`<dashboard-settings .app=${app} .route=${route}></dashboard-settings>`;
    case "audit":
      return html`<dashboard-audit .app=${app} .route=${route}></dashboard-audit>`;
    case "tenants":
      return html`<dashboard-tenants .app=${app} .route=${route}></dashboard-tenants>`;
    case "new-tenant":
      return html`<dashboard-new-tenant .app=${app} .route=${route}></dashboard-new-tenant>`;
    case "health":
      return html`<dashboard-health .app=${app} .route=${route}></dashboard-health>`;
  }
}
