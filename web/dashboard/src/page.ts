/** What all pages have in common: no shadow root, so that one style sheet and one search of the browser reach all. */
import { LitElement } from "lit";
import type { App } from "./context.ts";
import type { Route } from "./router.ts";

export abstract class Page extends LitElement {
  static override properties = { app: { attribute: false }, route: { attribute: false } };

  declare app: App;
  declare route: Route;

  /** Of pages that are a tenant's. */
  protected get tenant(): string {
    return this.route.tenant ?? "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** The same page with other parameters; those that are empty go. */
  protected ask(change: Readonly<Record<string, string>>, how: "push" | "replace" = "replace"): void {
    this.app.go({ ...this.route, query: { ...this.route.query, ...change } }, how);
  }
}
