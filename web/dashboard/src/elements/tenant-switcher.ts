/** Which tenant is looked at; a dialog with a search to find one among many. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { App } from "../context.ts";
import { elsewhere, hrefOf, type Route } from "../router.ts";
import type { TenantName } from "../shapes.ts";
import { dialog } from "./dialog.ts";
import { chevronIcon, searchIcon, tenantsIcon } from "./icons.ts";
import { named } from "../names.ts";

const most = 100;

export function found(tenants: readonly TenantName[], search: string): readonly TenantName[] {
  const wanted = search.trim().toLocaleLowerCase();
  return tenants.filter(({ id, name }) => id.toLocaleLowerCase().includes(wanted) || name.toLocaleLowerCase().includes(wanted));
}

export class TenantSwitcher extends LitElement {
  static override properties = { app: { attribute: false }, route: { attribute: false } };

  declare app: App;
  declare route: Route;
  #isOpen = false;
  #search = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { app, route } = this;
    const current = app.me.tenants.find(({ id }) => id === route.tenant);
    const name = route.tenant === null ? app.texts("allTenants") : named(current?.name, route.tenant);
    const canSwitch = app.role === "operator" || app.me.tenants.length > 1;
    return html`${canSwitch
      ? html`<button type="button" class="switcher" data-switcher aria-haspopup="dialog" @click=${this.#open}>
          ${tenantsIcon}<span class="switcher-name"><span class="unseen">${app.texts("tenant")}: </span>${name}</span>${chevronIcon}
        </button>`
      : html`<p class="switcher still">${tenantsIcon}<span class="switcher-name">${name}</span></p>`}
    ${this.#isOpen ? this.#dialog() : nothing}`;
  }

  #dialog(): TemplateResult {
    const { app, route } = this;
    const matching = found(app.me.tenants, this.#search);
    const link = (tenant: string | null, name: string, about: string): TemplateResult => html`<li>
      <a
        href=${hrefOf(elsewhere(route, app.role, tenant))}
        aria-current=${tenant === route.tenant ? "true" : nothing}
        @click=${this.#close}
        ><span>${name}</span><span class="quiet">${about}</span></a
      >
    </li>`;
    return dialog({
      heading: app.texts("chooseTenant"),
      closeLabel: app.texts("close"),
      onClose: this.#close,
      content: html`<label class="search"
          ><span class="unseen">${app.texts("searchTenants")}</span>${searchIcon}<input
            type="search"
            data-autofocus
            placeholder=${app.texts("searchTenants")}
            .value=${this.#search}
            @input=${this.#type}
            @keydown=${this.#enter}
        /></label>
        <ul class="choices">
          ${app.role === "operator" && this.#search === "" ? link(null, app.texts("allTenants"), "") : nothing}
          ${matching.slice(0, most).map(({ id, name, disabled }) =>
            link(id, named(name, id), disabled ? app.texts("disabled") : name === id ? "" : id),
          )}
        </ul>
        <p class="quiet" role="status">
          ${matching.length === 0
            ? app.texts("nothingFound")
            : matching.length > most
              ? app.texts("moreTenants", { count: matching.length - most })
              : nothing}
        </p>`,
    });
  }

  readonly #open = (): void => {
    this.#isOpen = true;
    this.#search = "";
    this.requestUpdate();
  };

  readonly #close = (): void => {
    this.#isOpen = false;
    this.requestUpdate();
  };

  readonly #type = ({ target }: Event): void => {
    this.#search = (target as HTMLInputElement).value;
    this.requestUpdate();
  };

  /** Enter takes the first that was found. */
  readonly #enter = (event: KeyboardEvent): void => {
    const first = found(this.app.me.tenants, this.#search)[0];
    if (event.key === "Enter" && first !== undefined) {
      event.preventDefault();
      this.#close();
      this.app.go(elsewhere(this.route, this.app.role, first.id));
    }
  };
}

customElements.define("dashboard-tenant-switcher", TenantSwitcher);
