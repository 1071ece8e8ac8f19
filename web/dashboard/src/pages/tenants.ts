/** All tenants of this server. */
import { html, nothing, type TemplateResult } from "lit";
import { plusIcon, searchIcon, tenantsIcon } from "../elements/icons.ts";
import { pageHead, searchField, time } from "../elements/parts.ts";
import { empty, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import { hrefOf } from "../router.ts";
import type { TenantRow } from "../shapes.ts";
import { found } from "../elements/tenant-switcher.ts";
import { named } from "../names.ts";

class TenantsPage extends Page {
  readonly #tenants = new Resource<readonly TenantRow[]>(this, async (signal) => (await this.app.api.tenants(signal)).tenants);

  protected override firstUpdated(): void {
    void this.#tenants.load();
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    const create = html`<a class="button primary" href=${hrefOf({ tenant: null, page: "new-tenant", query: {} })}
      >${plusIcon}${t("newTenant")}</a
    >`;
    return html`${pageHead(t("navTenants"), t("tenantsAbout"), create)}
      ${shown(this.app, this.#tenants, (tenants) =>
        tenants.length === 0
          ? empty(tenantsIcon, t("noTenants"), t("noTenantsHint"))
          : html`<div class="bar">
                ${searchField(t("searchTenants"), this.route.query.search ?? "", (search) => { this.ask({ search }); }, searchIcon)}
              </div>
              ${this.#table(found(tenants, this.route.query.search ?? "") as readonly TenantRow[])}`,
      )}`;
  }

  #table(tenants: readonly TenantRow[]): TemplateResult {
    const { texts: t, formats: f } = this.app;
    if (tenants.length === 0) {
      return empty(searchIcon, t("nothingFound"));
    }
    return html`<section class="card flush">
      <div class="scroll" role="region" aria-label=${t("navTenants")} tabindex="0">
        <table>
          <caption class="unseen">${t("navTenants")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("tenant")}</th>
              <th scope="col" class="number">${t("navPictures")}</th>
              <th scope="col" class="number">${t("conversations")}</th>
              <th scope="col" class="number">${t("comments")}</th>
              <th scope="col" class="number">${t("tabHeld")}</th>
              <th scope="col">${t("createdAt")}</th>
            </tr>
          </thead>
          <tbody>
            ${tenants.map(
              ({ id, name, disabled, pictures, markers, comments, held, createdAt }) => html`<tr data-tenant=${id}>
                <th scope="row" class="name">
                  <a href=${hrefOf({ tenant: id, page: "overview", query: {} })}><bdi>${named(name, id)}</bdi></a>
                  ${name !== "" && name !== id ? html`<span class="quiet">${id}</span>` : nothing}
                  ${disabled ? html`<span class="chip warn">${t("disabled")}</span>` : nothing}
                </th>
                <td class="number">${f.number(pictures)}</td>
                <td class="number">${f.number(markers)}</td>
                <td class="number">${f.number(comments)}</td>
                <td class="number">
                  ${held === 0
                    ? f.number(0)
                    : html`<a href=${hrefOf({ tenant: id, page: "moderation", query: { state: "held" } })}>${f.number(held)}</a>`}
                </td>
                <td class="nowrap">${time(this.app, createdAt)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

customElements.define("dashboard-tenants", TenantsPage);
