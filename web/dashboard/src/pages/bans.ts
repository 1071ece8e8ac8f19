/** Who is banned, and what was marked as spam; each can be let off. */
import { html, type TemplateResult } from "lit";
import { banIcon } from "../elements/icons.ts";
import { pageHead, time } from "../elements/parts.ts";
import { empty, sentenceOf, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import type { Ban } from "../shapes.ts";
import type { TextKey } from "../texts.ts";

const kinds: Readonly<Record<string, TextKey>> = { user: "bannedPerson", address: "bannedNetwork", text: "bannedText" };

class BansPage extends Page {
  readonly #bans = new Resource<readonly Ban[]>(this, async (signal) => (await this.app.api.bans(this.tenant, signal)).bans);

  protected override firstUpdated(): void {
    void this.#bans.load();
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(t("navBans"), t("bansAbout"))}
    ${shown(this.app, this.#bans, (bans) => (bans.length === 0 ? empty(banIcon, t("noBans"), t("noBansHint")) : this.#table(bans)))}`;
  }

  #table(bans: readonly Ban[]): TemplateResult {
    const { app } = this;
    const { texts: t, formats: f } = app;
    return html`<section class="card flush">
      <div class="scroll" role="region" aria-label=${t("navBans")} tabindex="0">
        <table>
          <caption class="unseen">${t("navBans")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("banned")}</th>
              <th scope="col">${t("banReason")}</th>
              <th scope="col">${t("by")}</th>
              <th scope="col">${t("when")}</th>
              <th scope="col">${t("until")}</th>
              <th scope="col"><span class="unseen">${t("action")}</span></th>
            </tr>
          </thead>
          <tbody>
            ${bans.map((ban) => {
              const key = kinds[ban.kind];
              return html`<tr data-ban-row=${ban._id}>
                <th scope="row" class="name">
                  <span class="chip">${key === undefined ? ban.kind : t(key)}</span> <bdi class="digest">${ban.subject}</bdi>
                </th>
                <td>${ban.reason}</td>
                <td><bdi>${ban.by}</bdi></td>
                <td>${time(app, ban.createdAt)}</td>
                <td>${ban.until === null ? t("banForEver") : f.full(ban.until)}</td>
                <td class="end"><button type="button" class="button small" @click=${() => void this.#lift(ban)}>${t("lift")}</button></td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  async #lift(ban: Ban): Promise<void> {
    const { app } = this;
    try {
      await app.api.liftBan(this.tenant, ban._id);
      app.toast({ text: app.texts("doneLifted") });
    } catch (error) {
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
    await this.#bans.load();
  }
}

customElements.define("dashboard-bans", BansPage);
