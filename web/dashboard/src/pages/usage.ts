/** What was used, by day, by picture and by tenant: a chart, the same numbers as tables, and files of them. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { dayOf, daysOf, givenDays, lastDays, ranked, usageMetrics, type Days, type UsageMetric } from "../chart-data.ts";
import { csvName, forSpreadsheets, saveFile } from "../csv.ts";
import { chart } from "../elements/chart.ts";
import { downloadIcon, pictureIcon, usageIcon } from "../elements/icons.ts";
import { pageHead, segments } from "../elements/parts.ts";
import { empty, sentenceOf, shown } from "../elements/states.ts";
import { cssProperties } from "../../../widget/src/view/css-properties.ts";
import { Page } from "../page.ts";
import { Repeating } from "../repeating.ts";
import { Resource } from "../resource.ts";
import { hrefOf } from "../router.ts";
import type { Usage, UsageRow } from "../shapes.ts";
import { named } from "../names.ts";

type By = "day" | "picture" | "tenant";

const ranges = ["7", "30", "90"] as const;
const shownRows = 50;
/** What was just used shows without asking. */
const pause = 5_000;

class UsagePage extends Page {
  #asked = "";
  readonly #days = new Resource<Usage>(this, (signal) => this.app.api.usage(this.#query("day"), signal));
  readonly #parts = new Resource<Usage>(this, (signal) => this.app.api.usage(this.#query(this.#partsBy), signal));

  constructor() {
    super();
    new Repeating(this, pause, () => Promise.all([this.#days.load(), this.#parts.load()]));
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { from, to } = this.#range;
    const asked = `${from} ${to}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      void this.#days.load();
      void this.#parts.load();
    }
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    const { days = "30" } = this.route.query;
    const custom = { value: "custom", label: t("customRange") };
    return html`${pageHead(
      t("navUsage"),
      t("usageAbout"),
      segments(
        t("range"),
        [...ranges.map((value) => ({ value, label: t("lastDays", { count: Number(value) }) })), custom],
        days,
        (value) => {
          this.#choose(value);
        },
      ),
    )}
    ${days === "custom" ? this.#custom() : nothing}
    <section class="card" data-by-day>
      ${shown(this.app, this.#days, (usage) => this.#byDay(usage), 6)}
    </section>
    <section class="card flush" data-by=${this.#partsBy}>
      ${shown(this.app, this.#parts, (usage) => this.#byPart(usage), 4)}
    </section>`;
  }

  get #partsBy(): By {
    return this.route.tenant === null ? "tenant" : "picture";
  }

  get #metric(): UsageMetric {
    return usageMetrics.find((one) => one === this.route.query.show) ?? "messages";
  }

  get #range(): Days {
    const { days = "30", from = "", to = "" } = this.route.query;
    const given = days === "custom" ? givenDays(from, to) : null;
    return given ?? lastDays(Number(ranges.find((one) => one === days) ?? "30"), Date.now());
  }

  #query(by: By): Record<string, string | null> {
    return { tenantId: this.route.tenant, ...this.#range, by };
  }

  #choose(days: string): void {
    const { from, to } = this.#range;
    this.ask(days === "custom" ? { days, from, to } : { days: days === "30" ? "" : days, from: "", to: "" });
  }

  #custom(): TemplateResult {
    const { texts: t } = this.app;
    const { from, to } = this.#range;
    const apply = (event: SubmitEvent): void => {
      event.preventDefault();
      const form = new FormData(event.target as HTMLFormElement);
      const [first, last] = [form.get("from"), form.get("to")].map((one) => (typeof one === "string" ? one : ""));
      if (givenDays(first ?? "", last ?? "") === null) {
        this.app.toast({ text: t("rangeWrong"), kind: "failed" });
        return;
      }
      this.ask({ days: "custom", from: first ?? "", to: last ?? "" });
    };
    return html`<form class="row range" @submit=${apply} novalidate>
      <label>${t("from")} <input type="date" name="from" .value=${from} max=${dayOf(Date.now())} /></label>
      <label>${t("to")} <input type="date" name="to" .value=${to} max=${dayOf(Date.now())} /></label>
      <button type="submit" class="button">${t("apply")}</button>
    </form>`;
  }

  #byDay(usage: Usage): TemplateResult {
    const { texts: t, formats: f, isDark } = this.app;
    const metric = this.#metric;
    const data = daysOf(usage.rows, metric);
    const most = Math.max(0, ...usage.rows.map((row) => row[metric]));
    return html`<div class="card-head wrap">
        <h2>${t("byDay")}</h2>
        ${this.#download("day")}
      </div>
      <div class="metrics" role="group" aria-label=${t("show")}>
        ${usageMetrics.map(
          (one) => html`<button
            type="button"
            data-metric=${one}
            aria-pressed=${one === metric ? "true" : "false"}
            @click=${() => {
              this.ask({ show: one === "messages" ? "" : one });
            }}
          >
            <span>${t(one)}</span><span class="value">${this.#amount(one, usage.totals[one])}</span>
          </button>`,
        )}
      </div>
      ${chart({
        data,
        label: t("usageChartSays", { name: t(metric), total: this.#amount(metric, usage.totals[metric]), most: this.#amount(metric, most) }),
        theme: isDark ? "dark" : "light",
        kind: "bars",
        height: 264,
        isWhole: true,
        value: (value) => (metric === "bandwidth" ? f.bytes(value) : f.compact(value)),
        time: f.shortDay,
        moment: f.shortDay,
      })}
      <details class="beneath">
        <summary>${t("asTable")}</summary>
        ${this.#table(t("byDay"), t("day"), [...usage.rows].reverse(), (row) => html`${f.day(row.day ?? "")}`)}
      </details>`;
  }

  #byPart(usage: Usage): TemplateResult {
    const { texts: t } = this.app;
    const isTenants = this.#partsBy === "tenant";
    const title = t(isTenants ? "byTenant" : "byPicture");
    const rows = ranked(usage.rows, this.#metric);
    return html`<div class="card-head wrap">
        <h2>${title}</h2>
        ${this.#download(this.#partsBy)}
      </div>
      ${rows.length === 0
        ? empty(isTenants ? usageIcon : pictureIcon, t("nothingUsed"), t("nothingUsedHint"))
        : this.#table(title, t(isTenants ? "tenant" : "picture"), rows.slice(0, shownRows), (row) => this.#nameOf(row))}
      ${rows.length > shownRows ? html`<p class="quiet padded">${t("restInFile", { count: rows.length - shownRows })}</p>` : nothing}`;
  }

  #nameOf(row: UsageRow): TemplateResult {
    const { tenantId, urlId = "", title } = row;
    const isTenant = this.#partsBy === "tenant";
    const href = isTenant
      ? hrefOf({ tenant: tenantId ?? "", page: "usage", query: this.route.query })
      : hrefOf({ tenant: this.tenant, page: "picture", query: { urlId } });
    const share = cssProperties({ "--share": `${this.#share(row)}%` });
    return html`<a href=${href}><bdi>${isTenant ? named(this.#tenantName(tenantId), tenantId ?? "") : named(title, urlId)}</bdi></a><span class="share" ${share}></span>`;
  }

  #tenantName(tenantId: string | undefined): string | undefined {
    return this.app.me.tenants.find(({ id }) => id === tenantId)?.name;
  }

  #share(row: UsageRow): number {
    const most = Math.max(1, ...(this.#parts.value?.rows ?? []).map((one) => one[this.#metric]));
    return Math.round((100 * row[this.#metric]) / most);
  }

  #table(caption: string, first: string, rows: readonly UsageRow[], name: (row: UsageRow) => TemplateResult): TemplateResult {
    const { texts: t } = this.app;
    return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="unseen">
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${first}</th>
            ${usageMetrics.map((metric) => html`<th scope="col" class="number">${t(metric)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <th scope="row" class="name">${name(row)}</th>
              ${usageMetrics.map((metric) => html`<td class="number" data-cell=${metric}>${this.#amount(metric, row[metric])}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #amount(metric: UsageMetric, value: number): string {
    return metric === "bandwidth" ? this.app.formats.bytes(value) : this.app.formats.number(value);
  }

  #download(by: By): TemplateResult {
    const { texts: t, api } = this.app;
    const download = async (): Promise<void> => {
      const { from, to } = this.#range;
      try {
        saveFile(forSpreadsheets(await api.usageCsv(this.#query(by))), csvName(this.route.tenant, by, from, to));
      } catch (error) {
        this.app.toast({ text: sentenceOf(t, error), kind: "failed" });
      }
    };
    return html`<button type="button" class="button small" data-csv=${by} @click=${() => void download()}>
      ${downloadIcon}${t("csv")}
    </button>`;
  }
}

customElements.define("dashboard-usage", UsagePage);
