/** What goes on at this moment, read again every two seconds while somebody looks. */
import { html, nothing, type TemplateResult } from "lit";
import { momentsOf, type MomentMetric } from "../chart-data.ts";
import { chart } from "../elements/chart.ts";
import { pageHead, time } from "../elements/parts.ts";
import { shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Repeating } from "../repeating.ts";
import { Resource } from "../resource.ts";
import { hrefOf } from "../router.ts";
import type { NodeReport, Overview } from "../shapes.ts";
import type { TextKey } from "../texts.ts";

const pause = 2_000;
const shownSeconds = 300;

class OverviewPage extends Page {
  readonly #overview = new Resource<Overview>(this, (signal) => this.app.api.overview(this.route.tenant, signal));

  constructor() {
    super();
    new Repeating(this, pause, () => this.#overview.load());
  }

  protected override firstUpdated(): void {
    void this.#overview.load();
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(
      t("navOverview"),
      t(this.route.tenant === null ? "overviewAboutAll" : "overviewAbout"),
      html`<span class="live ${this.#overview.error === null ? "" : "off"}" data-live
        >${t(this.#overview.error === null ? "live" : "notLive")}</span
      >`,
    )}
    ${shown(this.app, this.#overview, (overview) => this.#body(overview), 6)}`;
  }

  #body(overview: Overview): TemplateResult {
    const { texts: t, formats: f } = this.app;
    const errors = overview.faultsPerSecond;
    const nodes = overview.nodes;
    return html`<h2 class="unseen">${t("now")}</h2>
      <dl class="tiles" data-tiles>
        ${tile(t("connections"), f.number(overview.connections), t("inRooms", { count: overview.rooms }))}
        ${tile(t("eventsPerSecond"), f.rate(overview.eventsPerSecond), t("callsRate", { rate: f.rate(overview.callsPerSecond) }))}
        ${tile(t("messagesPerSecond"), f.rate(overview.messagesPerSecond), t("bytesRate", { size: f.bytes(overview.bytesPerSecond) }))}
        ${tile(
          t("latency"),
          overview.latency === null ? "–" : f.milliseconds(overview.latency.p50),
          overview.latency === null ? t("noLatency") : t("latencyP99", { time: f.milliseconds(overview.latency.p99) }),
        )}
        ${tile(
          t("errors"),
          f.rate(errors),
          t("refusalsRate", { rate: f.rate(overview.refusalsPerSecond) }),
          errors > 0 ? "bad" : "",
        )}
      </dl>
      <section class="charts" aria-label=${t("lastMinutes")}>
        ${this.#chart(overview, "connections", "connections", f.compact)}
        ${this.#chart(overview, "eventsPerSecond", "eventsPerSecond", f.rate)}
        ${this.#chart(overview, "messagesPerSecond", "messagesPerSecond", f.compact)}
        ${this.#chart(overview, "latencyP99", "latencyChart", f.milliseconds)}
      </section>
      ${this.#today(overview)} ${typeof nodes === "number" || nodes.length === 0 ? nothing : this.#nodes(nodes)}`;
  }

  #chart(overview: Overview, metric: MomentMetric, name: TextKey, value: (value: number) => string): TemplateResult {
    const { texts: t, formats: f, isDark } = this.app;
    const data = momentsOf(overview.history, metric);
    const known = data.y.filter((one) => one !== null);
    const most = known.length === 0 ? 0 : Math.max(...known);
    return html`<figure class="card">
      <figcaption>${t(name)}</figcaption>
      ${chart({
        data,
        label: t("chartSays", { name: t(name), last: value(known.at(-1) ?? 0), most: value(most) }),
        theme: isDark ? "dark" : "light",
        value,
        time: (seconds) => f.minute(seconds * 1000),
        moment: (seconds) => f.clock(seconds * 1000),
        height: 152,
        isWhole: metric === "connections",
        span: shownSeconds,
      })}
    </figure>`;
  }

  #today({ today }: Overview): TemplateResult {
    const { texts: t, formats: f } = this.app;
    return html`<section class="card">
      <div class="card-head">
        <h2>${t("today")}</h2>
        <a href=${hrefOf({ tenant: this.route.tenant, page: "usage", query: {} })}>${t("moreUsage")}</a>
      </div>
      <dl class="figures" data-today>
        ${figure(t("messages"), f.number(today.messages))} ${figure(t("bandwidth"), f.bytes(today.bandwidth))}
        ${figure(t("conversations"), f.number(today.conversations))} ${figure(t("comments"), f.number(today.comments))}
        ${figure(t("fetches"), f.number(today.fetches))}
      </dl>
      <p class="quiet small">${t("utcDay")}</p>
    </section>`;
  }

  #nodes(nodes: readonly NodeReport[]): TemplateResult {
    const { texts: t, formats: f } = this.app;
    return html`<section class="card flush">
      <div class="card-head"><h2 id="nodes">${t("nodes")}</h2></div>
      <div class="scroll" role="region" aria-labelledby="nodes" tabindex="0">
        <table data-nodes>
          <thead>
            <tr>
              <th scope="col">${t("node")}</th>
              <th scope="col">${t("state")}</th>
              <th scope="col" class="number">${t("connections")}</th>
              <th scope="col" class="number">${t("rooms")}</th>
              <th scope="col">${t("version")}</th>
              <th scope="col">${t("startedAt")}</th>
              <th scope="col">${t("reportedAt")}</th>
            </tr>
          </thead>
          <tbody>
            ${nodes.map(
              (node) => html`<tr>
                <th scope="row"><bdi>${node.id}</bdi> ${node.self ? html`<span class="chip">${t("thisNode")}</span>` : nothing}</th>
                <td>
                  ${node.trouble === null
                    ? html`<span class="chip good">${t("good")}</span>`
                    : html`<span class="chip warn">${node.trouble}</span>`}
                </td>
                <td class="number">${f.number(node.connections)}</td>
                <td class="number">${f.number(node.rooms)}</td>
                <td>${node.version}</td>
                <td>${time(this.app, node.startedAt)}</td>
                <td>${time(this.app, node.at)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

function tile(name: string, value: string, about: string, state = ""): TemplateResult {
  return html`<div class="tile ${state}">
    <dt>${name}</dt>
    <dd><span class="value">${value}</span><span class="quiet">${about}</span></dd>
  </div>`;
}

function figure(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

customElements.define("dashboard-overview", OverviewPage);
