/** What `imagechat doctor` finds, with its advice. */
import { html, nothing, type TemplateResult } from "lit";
import { alertIcon, checkIcon, helpIcon } from "../elements/icons.ts";
import { pageHead, time } from "../elements/parts.ts";
import { shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Repeating } from "../repeating.ts";
import { Resource } from "../resource.ts";
import type { Finding, Health } from "../shapes.ts";
import type { TextKey } from "../texts.ts";

const pause = 30_000;

const states: Readonly<Record<Finding["state"], readonly [TextKey, unknown]>> = {
  good: ["good", checkIcon],
  note: ["note", helpIcon],
  bad: ["bad", alertIcon],
};
const order: readonly Finding["state"][] = ["bad", "note", "good"];

class HealthPage extends Page {
  readonly #health = new Resource<Health>(this, (signal) => this.app.api.health(signal));

  constructor() {
    super();
    new Repeating(this, pause, () => this.#health.load());
  }

  protected override firstUpdated(): void {
    void this.#health.load();
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    const again = html`<button type="button" class="button" @click=${() => void this.#health.load()}>${t("checkAgain")}</button>`;
    return html`${pageHead(t("navHealth"), t("healthAbout"), again)} ${shown(this.app, this.#health, (health) => this.#body(health))}`;
  }

  #body({ findings, node }: Health): TemplateResult {
    const { texts: t } = this.app;
    const bad = findings.filter(({ state }) => state === "bad").length;
    const sorted = [...findings].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
    return html`<p class="verdict ${bad === 0 ? "good" : "bad"}" role="status" data-verdict>
        ${bad === 0 ? checkIcon : alertIcon} ${bad === 0 ? t("allGood") : t("someBad", { count: bad })}
      </p>
      <ul class="card flush findings">
        ${sorted.map(({ name, state, says, advice }) => {
          const [key, icon] = states[state];
          return html`<li class="finding ${state}">
            <span class="finding-icon">${icon}</span>
            <div>
              <h2>${name} <span class="chip ${state}">${t(key)}</span></h2>
              <p>${says}</p>
              ${advice === null ? nothing : html`<p class="advice">${advice}</p>`}
            </div>
          </li>`;
        })}
      </ul>
      <section class="card">
        <h2>${t("thisNode")}</h2>
        <dl class="pairs">
          <div><dt>${t("version")}</dt><dd>${node.version}</dd></div>
          <div><dt>${t("startedAt")}</dt><dd>${time(this.app, node.startedAt)}</dd></div>
          <div><dt>${t("database")}</dt><dd><bdi>${node.database}</bdi></dd></div>
          <div><dt>${t("bus")}</dt><dd><bdi>${node.bus}</bdi></dd></div>
          ${node.dataDirectory == null ? nothing : html`<div><dt>${t("dataDirectory")}</dt><dd><bdi>${node.dataDirectory}</bdi></dd></div>`}
        </dl>
      </section>`;
  }
}

customElements.define("dashboard-health", HealthPage);
