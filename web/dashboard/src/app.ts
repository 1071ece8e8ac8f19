/** The dashboard's element: signs in and out, follows the address, and hands every page what it needs. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { pageStorage } from "../../widget/src/session.ts";
import { Api, Refused } from "./api.ts";
import type { App, Toast } from "./context.ts";
import { leavingDialog } from "./elements/leaving-dialog.ts";
import { ToastsElement } from "./elements/toasts.ts";
import { failure, loading } from "./elements/states.ts";
import { formatsOf } from "./formats.ts";
import { pageOf } from "./pages.ts";
import { signInPage, troubleOf, type SignInTrouble } from "./pages/sign-in.ts";
import { directionOf, languages, localeOf, Preferences, type Language, type Theme } from "./preferences.ts";
import { entryOf, hrefOf, pagesFor, routeOf, type Route } from "./router.ts";
import { handedIn, SessionKeeper, storageKey, type Handed } from "./session.ts";
import type { Me } from "./shapes.ts";
import { shell, titleOf } from "./shell.ts";
import { englishTexts, textsOf, type Texts } from "./texts.ts";

type Phase =
  | { readonly name: "starting" }
  | { readonly name: "signed-out"; readonly trouble: SignInTrouble | null; readonly isBusy: boolean }
  | { readonly name: "failed"; readonly error: Refused }
  | { readonly name: "ready"; readonly me: Me };

export class DashboardApp extends LitElement {
  readonly #storage = pageStorage();
  readonly #keeper = new SessionKeeper(this.#storage);
  readonly #preferences = new Preferences(this.#storage);
  readonly #system = window.matchMedia("(prefers-color-scheme: dark)");
  readonly #api = new Api({
    fetch: (input, init) => window.fetch(input, init),
    sessionId: () => this.#keeper.current?.sessionId ?? null,
    onEnded: () => {
      this.#end("ended");
    },
  });
  #phase: Phase = { name: "starting" };
  #route: Route | null = null;
  #language: Language = "en";
  #texts: Texts = englishTexts;
  #formats = formatsOf("en");
  #isMenuOpen = false;
  #isDirty = false;
  /** Where somebody wants to go from a page with something unsaved. */
  #leaving: Route | null = null;
  #announcement = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const redraw = (): void => { this.requestUpdate(); };
    ["online", "offline"].forEach((name) => { window.addEventListener(name, redraw); });
    window.addEventListener("popstate", this.#popped);
    window.addEventListener("hashchange", () => void this.#takeHanded());
    window.addEventListener("beforeunload", (event) => {
      if (this.#isDirty) {
        event.preventDefault();
      }
    });
    window.addEventListener("storage", ({ key }) => {
      if (key === storageKey) {
        this.#keeper.reread();
        void this.#start();
      }
    });
    this.#system.addEventListener("change", redraw);
    document.addEventListener("click", this.#follow);
    void this.#setLanguage(this.#preferences.language).then(() => this.#takeHanded());
  }

  protected override render(): TemplateResult {
    const phase = this.#phase;
    document.documentElement.classList.add("root");
    document.documentElement.classList.toggle("dark", this.#isDark);
    return html`${this.#body(phase)}
      <dashboard-toasts .texts=${this.#texts}></dashboard-toasts>
      <div class="unseen" role="status" aria-live="polite" data-announcer>${this.#announcement}</div>`;
  }

  #body(phase: Phase): TemplateResult {
    switch (phase.name) {
      case "starting":
        return html`<main class="alone">${loading(this.#texts, 3)}</main>`;
      case "signed-out":
        return signInPage({
          texts: this.#texts,
          trouble: phase.trouble,
          isBusy: phase.isBusy,
          isDark: this.#isDark,
          setTheme: this.#setTheme,
          setLanguage: this.#nextLanguage,
          signIn: (handed) => void this.#signIn(handed),
        });
      case "failed":
        return html`<main class="alone">${failure(this.#context(null), phase.error, () => void this.#start())}</main>`;
      case "ready": {
        const app = this.#context(phase.me);
        const route = this.#route ?? this.#home(phase.me);
        document.title = titleOf(app, route);
        return html`${shell(
          {
            app,
            route,
            isMenuOpen: this.#isMenuOpen,
            toggleMenu: () => {
              this.#isMenuOpen = !this.#isMenuOpen;
              this.requestUpdate();
            },
            setTheme: this.#setTheme,
            setLanguage: this.#nextLanguage,
            signOut: () => void this.#signOut(phase.me),
          },
          pageOf(app, route),
        )}${this.#leaving === null ? nothing : this.#leavingDialog(this.#leaving)}`;
      }
    }
  }

  #context(me: Me | null): App {
    return {
      api: this.#api,
      texts: this.#texts,
      formats: this.#formats,
      language: this.#language,
      isDark: this.#isDark,
      isOnline: navigator.onLine,
      me: me ?? { user: { id: "", name: null, role: "moderator", sessionId: "" }, tenants: [] },
      role: me?.user.role ?? "moderator",
      sessionId: this.#keeper.current?.sessionId ?? "",
      shortcuts: {
        isOn: this.#preferences.hasShortcuts,
        set: (isOn) => {
          this.#preferences.hasShortcuts = isOn;
          this.requestUpdate();
        },
      },
      go: this.#go,
      toast: (toast: Toast) => {
        const toasts = this.querySelector("dashboard-toasts");
        if (toasts instanceof ToastsElement) {
          toasts.show(toast);
        }
      },
      announce: (text) => {
        this.#announcement = text;
        this.requestUpdate();
      },
      guard: (isDirty) => {
        this.#isDirty = isDirty;
      },
      refresh: () => this.#start(),
    };
  }

  get #isDark(): boolean {
    const { theme } = this.#preferences;
    return theme === "system" ? this.#system.matches : theme === "dark";
  }

  readonly #setTheme = (theme: Theme): void => {
    // whoever chooses what the system has anyway follows the system again
    this.#preferences.theme = (theme === "dark") === this.#system.matches ? "system" : theme;
    this.requestUpdate();
  };

  readonly #nextLanguage = (): void => {
    const next = languages[(languages.indexOf(this.#language) + 1) % languages.length] ?? "en";
    this.#preferences.language = next;
    void this.#setLanguage(next);
  };

  async #setLanguage(language: Language): Promise<void> {
    this.#texts = language === "en" ? englishTexts : textsOf((await import("./texts/he.ts")).hebrew, language);
    this.#language = language;
    this.#formats = formatsOf(localeOf(language, navigator.languages));
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
    this.requestUpdate();
  }

  /** What the address hands over is used at once, and leaves it: it is in no history and on no screen. */
  async #takeHanded(): Promise<void> {
    const handed = handedIn(location.hash);
    if (handed !== null) {
      history.replaceState(null, "", `${location.pathname}${location.search}`);
      await this.#signIn(handed);
    } else if (this.#phase.name === "starting") {
      await this.#start();
    }
  }

  async #signIn(handed: Handed): Promise<void> {
    this.#show({ name: "signed-out", trouble: null, isBusy: true });
    this.#keeper.forget();
    try {
      if (handed.kind === "link") {
        const { sessionId } = await this.#api.signIn(handed.link);
        this.#keeper.keep({ sessionId, tenantId: null });
      } else {
        const { user } = await this.#api.me(handed.tenantId, handed.sso);
        this.#keeper.keep({ sessionId: user.sessionId, tenantId: handed.tenantId });
      }
    } catch (error) {
      this.#keeper.forget();
      this.#show({ name: "signed-out", trouble: troubleOf(handed, error), isBusy: false });
      return;
    }
    await this.#start();
  }

  async #start(): Promise<void> {
    const kept = this.#keeper.current;
    if (kept === null) {
      this.#show({ name: "signed-out", trouble: null, isBusy: false });
      return;
    }
    try {
      const me = await this.#api.me(kept.tenantId);
      this.#show({ name: "ready", me });
      this.#settle(me);
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      if (error.status === 403) {
        this.#keeper.forget();
        this.#show({ name: "signed-out", trouble: "forbidden", isBusy: false });
      } else if (error.status !== 401) {
        this.#show({ name: "failed", error });
      }
    }
  }

  async #signOut(me: Me): Promise<void> {
    const tenantId = this.#keeper.current?.tenantId ?? null;
    try {
      await (tenantId === null ? this.#api.signOut() : this.#api.endSession(tenantId));
    } catch (error) {
      if (error instanceof Refused && error.status === 0) {
        this.#context(me).toast({ text: this.#texts("signOutFailed"), kind: "failed" });
        return;
      }
    }
    this.#end("left");
  }

  #end(trouble: SignInTrouble): void {
    this.#keeper.forget();
    this.#isDirty = false;
    this.#show({ name: "signed-out", trouble, isBusy: false });
  }

  #show(phase: Phase): void {
    this.#phase = phase;
    this.requestUpdate();
    if (phase.name === "signed-out") {
      document.title = `${this.#texts("signInTitle")} · Image Chat`;
    }
  }

  #home(me: Me): Route {
    const { role } = me.user;
    const tenant = role === "operator" && me.tenants.length !== 1 ? null : (me.tenants[0]?.id ?? null);
    return { tenant, page: pagesFor(role, tenant)[0] ?? "overview", query: {} };
  }

  /** Takes the address's page, or the first one where that is none, or not for this person. */
  #settle(me: Me): void {
    const route = routeOf(location.pathname, location.search);
    const isTheirs = route?.tenant === null || me.tenants.some(({ id }) => id === route?.tenant);
    if (route !== null && isTheirs && pagesFor(me.user.role, route.tenant).includes(entryOf(route.page))) {
      this.#route = route;
    } else {
      this.#route = this.#home(me);
      history.replaceState(null, "", hrefOf(this.#route));
    }
    this.requestUpdate();
  }

  readonly #go = (route: Route, how: "push" | "replace" = "push"): void => {
    const isOther = this.#route?.page !== route.page || this.#route.tenant !== route.tenant;
    if (isOther && this.#isDirty) {
      this.#leaving = route;
      this.requestUpdate();
      return;
    }
    history[how === "push" ? "pushState" : "replaceState"](null, "", hrefOf(route));
    this.#arrive(route, isOther);
  };

  #arrive(route: Route, isOther: boolean): void {
    this.#route = route;
    this.#isMenuOpen = false;
    this.requestUpdate();
    if (isOther) {
      window.scrollTo(0, 0);
      // The new page's element renders in its own turn, after this one has.
      void this.updateComplete.then(() => {
        requestAnimationFrame(() => {
          this.querySelector<HTMLElement>("main h1")?.focus();
        });
      });
    }
  }

  readonly #popped = (): void => {
    const route = routeOf(location.pathname, location.search);
    const before = this.#route;
    if (this.#phase.name !== "ready" || route === null || before === null) {
      return;
    }
    const isOther = before.page !== route.page || before.tenant !== route.tenant;
    if (isOther && this.#isDirty) {
      history.pushState(null, "", hrefOf(before)); // stays, until that is confirmed
      this.#leaving = route;
      this.requestUpdate();
      return;
    }
    this.#arrive(route, isOther);
  };

  /** Links inside the dashboard change the page without loading it. */
  readonly #follow = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !isPlain || event.defaultPrevented || link.target !== "" || link.origin !== location.origin) {
      return;
    }
    const route = routeOf(link.pathname, link.search);
    if (this.#phase.name === "ready" && (route !== null || link.pathname === "/dashboard")) {
      event.preventDefault();
      this.#go(route ?? this.#home(this.#phase.me));
    }
  };

  #leavingDialog(to: Route): TemplateResult {
    const stay = (): void => {
      this.#leaving = null;
      this.requestUpdate();
    };
    return leavingDialog(this.#texts, stay, () => {
      this.#isDirty = false;
      stay();
      this.#go(to);
    });
  }
}
