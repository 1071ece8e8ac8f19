/** A new tenant, and its key, which is shown once. */
import { html, nothing, type TemplateResult } from "lit";
import { newKey } from "../elements/new-key.ts";
import { pageHead } from "../elements/parts.ts";
import { sentenceOf } from "../elements/states.ts";
import { Page } from "../page.ts";
import { hrefOf } from "../router.ts";

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

class NewTenantPage extends Page {
  #made: { readonly id: string; readonly apiKey: string } | null = null;
  #trouble: string | null = null;
  #isBusy = false;

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(t("newTenant"), t("newTenantAbout"))} ${this.#made === null ? this.#form() : this.#done(this.#made)}`;
  }

  #form(): TemplateResult {
    const { texts: t } = this.app;
    return html`<form class="card form narrow" data-new-tenant @submit=${this.#submit} novalidate>
      <label class="field"
        ><span>${t("tenantId")}</span>
        <input
          type="text"
          name="id"
          dir="ltr"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="id-hint"
          aria-invalid=${this.#trouble === null ? nothing : "true"}
        />
        <span class="quiet small" id="id-hint">${t("tenantIdHint")}</span></label
      >
      ${this.#trouble === null ? nothing : html`<p class="trouble" role="alert">${this.#trouble}</p>`}
      <label class="field"><span>${t("setName")}</span><input type="text" name="name" dir="auto" autocomplete="off" /></label>
      <label class="field"
        ><span>${t("setDomains")}</span>
        <textarea name="domains" rows="3" dir="ltr" spellcheck="false" aria-describedby="domains-hint"></textarea>
        <span class="quiet small" id="domains-hint">${t("setDomainsHint")}</span></label
      >
      <div class="dialog-actions">
        <a class="button" href=${hrefOf({ tenant: null, page: "tenants", query: {} })}>${t("cancel")}</a>
        <button type="submit" class="button primary" ?disabled=${this.#isBusy}>${t("create")}</button>
      </div>
    </form>`;
  }

  #done({ id, apiKey }: { readonly id: string; readonly apiKey: string }): TemplateResult {
    const { texts: t } = this.app;
    return html`<section class="card form narrow">
      <p role="status" data-made>${t("tenantMade", { id })}</p>
      ${newKey(this.app, apiKey)}
      <div class="dialog-actions">
        <a class="button primary" href=${hrefOf({ tenant: id, page: "settings", query: {} })}>${t("goToSettings")}</a>
      </div>
    </section>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const id = text("id");
    if (!idPattern.test(id)) {
      this.#trouble = this.app.texts("tenantIdHint");
      this.requestUpdate();
      this.querySelector<HTMLElement>("[name=id]")?.focus();
      return;
    }
    const domains = text("domains").split(/\s+/).filter((one) => one !== "");
    void this.#create(id, text("name"), domains);
  };

  async #create(id: string, name: string, domains: readonly string[]): Promise<void> {
    this.#isBusy = true;
    this.#trouble = null;
    this.requestUpdate();
    try {
      const { apiKey } = await this.app.api.createTenant({ id, ...(name === "" ? {} : { name }), domains });
      this.#made = { id, apiKey };
      await this.app.refresh();
    } catch (error) {
      this.#trouble = sentenceOf(this.app.texts, error);
    }
    this.#isBusy = false;
    this.requestUpdate();
  }
}

customElements.define("dashboard-new-tenant", NewTenantPage);
