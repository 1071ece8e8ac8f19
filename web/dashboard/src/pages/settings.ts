/** What a tenant has set. Changes gather until they are saved together; keys and the switch act at once. */
import { html, nothing, type TemplateResult } from "lit";
import { Refused } from "../api.ts";
import { newKey } from "../elements/new-key.ts";
import { pageHead, time } from "../elements/parts.ts";
import { settingField } from "../elements/setting-field.ts";
import { sentenceOf, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import { changeOf, fieldIn, problemsOf, put, sections, storedIn, type Draft, type Section } from "../settings-form.ts";
import type { TenantDetails } from "../shapes.ts";

class SettingsPage extends Page {
  #draft: Draft = {};
  #refused: { readonly path: string | null; readonly sentence: string } | null = null;
  #isSaving = false;
  #apiKey: string | null = null;
  readonly #tenant = new Resource<TenantDetails>(this, async (signal) => (await this.app.api.tenant(this.tenant, signal)).tenant);

  protected override firstUpdated(): void {
    void this.#tenant.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.guard(false);
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(t("navSettings"), t("settingsAbout", { tenant: this.tenant }))}
    ${shown(this.app, this.#tenant, (tenant) => this.#body(tenant), 8)}`;
  }

  #body(tenant: TenantDetails): TemplateResult {
    const isOperator = this.app.role === "operator";
    return html`<form class="settings" @submit=${this.#submit} novalidate>
        ${sections.filter((section) => isOperator || !section.isOperators).map((section) => this.#section(tenant, section))}
        ${this.#saveBar()}
      </form>
      ${this.#keys(tenant)} ${isOperator ? this.#switch(tenant) : nothing}`;
  }

  #section(tenant: TenantDetails, section: Section): TemplateResult {
    const { texts: t } = this.app;
    const problems = problemsOf(this.#draft);
    return html`<section class="card setting-group" aria-labelledby="group-${section.id}">
      <div class="group-about">
        <h2 id="group-${section.id}">${t(section.title)}</h2>
        <p class="quiet">${t(section.about)}</p>
      </div>
      <div class="group-fields ${section.id === "limits" ? "many" : ""}">
        ${section.fields.map((field) => {
          const problem = problems.get(field.path);
          const refused = this.#refused?.path === field.path ? this.#refused.sentence : null;
          return settingField({
            texts: t,
            field,
            content: this.#draft[field.path] ?? storedIn(tenant, field),
            isChanged: field.path in this.#draft,
            problem: problem === undefined ? refused : t(problem, { least: field.least ?? 0, most: field.most ?? 0 }),
            put: (content) => {
              this.#keep(put(tenant, this.#draft, field, content));
            },
          });
        })}
      </div>
    </section>`;
  }

  #keep(draft: Draft): void {
    this.#draft = draft;
    this.#refused = null;
    this.app.guard(Object.keys(draft).length > 0);
    this.requestUpdate();
  }

  #saveBar(): TemplateResult | typeof nothing {
    const { texts: t } = this.app;
    const count = Object.keys(this.#draft).length;
    if (count === 0) {
      return nothing;
    }
    return html`<div class="save-bar" data-unsaved>
      <p role="status">${t("unsaved", { count })}</p>
      ${this.#refused?.path === null ? html`<p class="trouble" role="alert">${this.#refused.sentence}</p>` : nothing}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${() => { this.#keep({}); }}>${t("discard")}</button>
        <button type="submit" class="button primary" data-save ?disabled=${this.#isSaving}>${t("save")}</button>
      </div>
    </div>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const tenant = this.#tenant.value;
    if (tenant === null) {
      return;
    }
    if (problemsOf(this.#draft).size > 0) {
      this.#focusProblem();
      return;
    }
    void this.#save(tenant);
  };

  async #save(tenant: TenantDetails): Promise<void> {
    const { app } = this;
    const sent = this.#draft;
    this.#isSaving = true;
    this.requestUpdate();
    try {
      await app.api.updateTenant(tenant.id, changeOf(tenant, sent));
      await this.#tenant.load();
      this.#keep({});
      app.toast({ text: app.texts("saved") });
      if ("name" in sent) {
        await app.refresh();
      }
    } catch (error) {
      const sentence = sentenceOf(app.texts, error);
      const path = error instanceof Refused && error.status === 400 ? fieldIn(sentence) : null;
      this.#refused = { path: path !== null && path in sent ? path : null, sentence };
      this.requestUpdate();
      await this.updateComplete;
      this.#focusProblem();
    }
    this.#isSaving = false;
    this.requestUpdate();
  }

  #focusProblem(): void {
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  #keys(tenant: TenantDetails): TemplateResult {
    const { texts: t } = this.app;
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const hours = Number(new FormData(event.target as HTMLFormElement).get("hours"));
      void this.#makeKey(tenant, hours);
    };
    return html`<section class="card setting-group" aria-labelledby="group-keys" data-keys>
      <div class="group-about">
        <h2 id="group-keys">${t("keys")}</h2>
        <p class="quiet">${t("keysAbout")}</p>
      </div>
      <div class="group-fields">
        ${this.#apiKey === null ? nothing : newKey(this.app, this.#apiKey)}
        <ul class="keys-list">
          ${tenant.keys.map(
            ({ id, createdAt, retiresAt }) => html`<li>
              <code dir="ltr">${id}</code>
              <span class="quiet">${t("createdAt")} ${time(this.app, createdAt)}</span>
              ${retiresAt === null
                ? html`<span class="chip good">${t("inUse")}</span>`
                : html`<span class="chip warn">${t("validUntil", { time: this.app.formats.full(retiresAt) })}</span>`}
            </li>`,
          )}
          ${tenant.keys.length === 0 ? html`<li class="quiet">${t("noKeys")}</li>` : nothing}
        </ul>
        <form class="row" @submit=${submit} novalidate>
          <label class="inline"
            >${t("keepOld")}
            <select name="hours">
              ${[0, 1, 24, 72, 168].map((hours) => html`<option value=${hours} ?selected=${hours === 24}>${t("hours", { count: hours })}</option>`)}
            </select></label
          >
          <button type="submit" class="button" data-new>${t("makeKey")}</button>
        </form>
      </div>
    </section>`;
  }

  async #makeKey(tenant: TenantDetails, keepHours: number): Promise<void> {
    const { app } = this;
    try {
      const { apiKey } = await app.api.newKey(tenant.id, keepHours);
      this.#apiKey = apiKey;
      await this.#tenant.load();
    } catch (error) {
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
  }

  #switch(tenant: TenantDetails): TemplateResult {
    const { texts: t } = this.app;
    return html`<section class="card setting-group" aria-labelledby="group-switch">
      <div class="group-about">
        <h2 id="group-switch">${t(tenant.disabled ? "isDisabled" : "disableTitle")}</h2>
        <p class="quiet">${t("disableAbout")}</p>
      </div>
      <div class="group-fields">
        <button type="button" class="button ${tenant.disabled ? "" : "danger"}" data-disable @click=${() => void this.#turn(tenant)}>
          ${t(tenant.disabled ? "enable" : "disable")}
        </button>
      </div>
    </section>`;
  }

  async #turn(tenant: TenantDetails): Promise<void> {
    const { app } = this;
    const disabled = !tenant.disabled;
    try {
      await app.api.updateTenant(tenant.id, { disabled });
      await this.#tenant.load();
      app.toast({
        text: app.texts(disabled ? "doneDisabled" : "doneEnabled"),
        undo: () => this.#turn({ ...tenant, disabled }),
      });
    } catch (error) {
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
  }
}

customElements.define("dashboard-settings", SettingsPage);
