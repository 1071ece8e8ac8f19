/** The frame around every page: who and where one is, and the way to the other pages. */
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./context.ts";
import type { Theme } from "./preferences.ts";
import { entryOf, hrefOf, pagesFor, type PageName, type Route } from "./router.ts";
import type { TextKey } from "./texts.ts";
import * as icons from "./elements/icons.ts";

const entries: Readonly<Record<PageName, readonly [TextKey, unknown]>> = {
  overview: ["navOverview", icons.overviewIcon],
  usage: ["navUsage", icons.usageIcon],
  moderation: ["navModeration", icons.inboxIcon],
  pictures: ["navPictures", icons.pictureIcon],
  picture: ["navPictures", icons.pictureIcon],
  people: ["navPeople", icons.peopleIcon],
  bans: ["navBans", icons.banIcon],
  settings: ["navSettings", icons.settingsIcon],
  audit: ["navAudit", icons.auditIcon],
  tenants: ["navTenants", icons.tenantsIcon],
  "new-tenant": ["navTenants", icons.tenantsIcon],
  health: ["navHealth", icons.healthIcon],
};

export interface Frame {
  readonly app: App;
  readonly route: Route;
  readonly isMenuOpen: boolean;
  readonly toggleMenu: () => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setLanguage: () => void;
  readonly signOut: () => void;
}

export function titleOf(app: App, route: Route): string {
  const [key] = entries[route.page];
  return `${app.texts(key)} · ${route.tenant ?? app.texts("allTenants")} · Image Chat`;
}

export function shell(frame: Frame, page: unknown): TemplateResult {
  const { app, route, isMenuOpen } = frame;
  const t = app.texts;
  return html`<a class="skip" href="#page" @click=${skip}>${t("skip")}</a>
    <div
      class="frame ${isMenuOpen ? "menu-open" : ""}"
      @keydown=${({ key }: KeyboardEvent) => {
        if (key === "Escape" && isMenuOpen) {
          frame.toggleMenu();
          document.querySelector<HTMLElement>("[data-menu]")?.focus();
        }
      }}
    >
      <header class="top">
        <button
          type="button"
          class="icon-button"
          data-menu
          aria-expanded=${isMenuOpen ? "true" : "false"}
          aria-controls="menu"
          aria-label=${t("menu")}
          @click=${frame.toggleMenu}
        >
          ${isMenuOpen ? icons.closeIcon : icons.menuIcon}
        </button>
        ${brand()}
      </header>
      <aside class="side" id="menu" aria-label=${t("menu")}>
        <div class="side-head">${brand()}</div>
        <dashboard-tenant-switcher .app=${app} .route=${route}></dashboard-tenant-switcher>
        <nav aria-label=${t("pages")}>
          <ul class="nav">
            ${pagesFor(app.role, route.tenant).map((name) => {
              const [key, icon] = entries[name];
              return html`<li>
                <a
                  href=${hrefOf({ tenant: route.tenant, page: name, query: {} })}
                  data-page=${name}
                  aria-current=${entryOf(route.page) === name ? "page" : nothing}
                  >${icon}<span>${t(key)}</span></a
                >
              </li>`;
            })}
          </ul>
        </nav>
        ${personal(frame)}
      </aside>
      <main id="page">
        ${app.isOnline
          ? nothing
          : html`<div class="notice warn" role="status" data-offline>${icons.offlineIcon}<p>${t("offline")}</p></div>`}
        ${page}
      </main>
    </div>`;
}

export function brand(): TemplateResult {
  return html`<a class="brand" href="/dashboard"><span class="mark" aria-hidden="true"></span>Image Chat</a>`;
}

function personal({ app, setTheme, setLanguage, signOut }: Frame): TemplateResult {
  const t = app.texts;
  const { name, id } = app.me.user;
  return html`<div class="personal">
    <p class="who">
      <span class="who-name" title=${app.role === "operator" ? nothing : (name ?? id)}
        >${app.role === "operator" ? t("operator") : html`<bdi>${name ?? id}</bdi>`}</span
      >
      ${app.role === "operator" ? nothing : html`<span class="quiet">${t(app.role === "admin" ? "roleAdmin" : "roleModerator")}</span>`}
    </p>
    <div class="personal-tools">
      ${tools(app.isDark, t("darkAppearance"), t("languageSwitch"), setTheme, setLanguage)}
      <button type="button" class="icon-button" data-sign-out aria-label=${t("signOut")} title=${t("signOut")} @click=${signOut}>
        ${icons.signOutIcon}
      </button>
    </div>
  </div>`;
}

/** Dark or light, and the other language; the same before and after signing in. */
export function tools(
  isDark: boolean,
  dark: string,
  language: string,
  setTheme: (theme: Theme) => void,
  setLanguage: () => void,
): TemplateResult {
  return html`<button
      type="button"
      class="icon-button"
      data-theme
      aria-pressed=${isDark ? "true" : "false"}
      aria-label=${dark}
      title=${dark}
      @click=${() => {
        setTheme(isDark ? "light" : "dark");
      }}
    >
      ${isDark ? icons.sunIcon : icons.moonIcon}
    </button>
    <button type="button" class="icon-button" data-language aria-label=${language} title=${language} @click=${setLanguage}>
      ${icons.languageIcon}
    </button>`;
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#page h1")?.focus();
}
