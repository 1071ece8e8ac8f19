/** Who did what: moderators, admins and the operator, the newest first. */
import { html, nothing, type TemplateResult } from "lit";
import { auditIcon, searchIcon } from "../elements/icons.ts";
import { pageHead, searchField, time } from "../elements/parts.ts";
import { empty, sentenceOf, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import type { Act } from "../shapes.ts";

interface Log {
  readonly acts: readonly Act[];
  readonly nextBefore: number | null;
}

/** So many beside the first are shown with it. */
const few = 4;

/** What has the words in it, wherever. */
export function matching(acts: readonly Act[], search: string): readonly Act[] {
  const wanted = search.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  return acts.filter(({ who, act, what }) => {
    const text = `${who} ${act} ${what}`.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

class AuditPage extends Page {
  #isReadingMore = false;
  readonly #log = new Resource<Log>(this, async (signal) => {
    const { entries, nextBefore } = await this.app.api.audit(this.tenant, null, signal);
    return { acts: entries, nextBefore };
  });

  protected override firstUpdated(): void {
    void this.#log.load();
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(t("navAudit"), t("auditAbout"))} ${shown(this.app, this.#log, (log) => this.#body(log), 8)}`;
  }

  #body({ acts, nextBefore }: Log): TemplateResult {
    const { texts: t } = this.app;
    if (acts.length === 0) {
      return empty(auditIcon, t("noActs"), t("noActsHint"));
    }
    const search = this.route.query.search ?? "";
    const found = matching(acts, search);
    return html`<div class="bar">
        ${searchField(t("filterActs"), search, (text) => { this.ask({ search: text }); }, searchIcon)}
        <span class="quiet" role="status">${search === "" ? nothing : t("foundOf", { count: found.length, all: acts.length })}</span>
      </div>
      ${found.length === 0 ? empty(searchIcon, t("nothingFound"), nextBefore === null ? nothing : t("readMoreHint")) : this.#table(found)}
      ${nextBefore === null
        ? nothing
        : html`<p class="center">
            <button type="button" class="button" data-more ?disabled=${this.#isReadingMore} @click=${() => void this.#more(nextBefore)}>
              ${t("earlier")}
            </button>
          </p>`}`;
  }

  #table(acts: readonly Act[]): TemplateResult {
    const { texts: t } = this.app;
    return html`<section class="card flush">
      <div class="scroll" role="region" aria-label=${t("navAudit")} tabindex="0">
        <table class="audit">
          <caption class="unseen">${t("navAudit")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("when")}</th>
              <th scope="col">${t("who")}</th>
              <th scope="col">${t("act")}</th>
              <th scope="col">${t("what")}</th>
            </tr>
          </thead>
          <tbody>
            ${acts.map(
              ({ at, who, act, what }) => html`<tr>
                <td class="nowrap">${time(this.app, at)}</td>
                <td><bdi>${who}</bdi></td>
                <th scope="row">${act}</th>
                <td class="break">${things(what)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  async #more(before: number): Promise<void> {
    this.#isReadingMore = true;
    this.requestUpdate();
    try {
      const { entries, nextBefore } = await this.app.api.audit(this.tenant, String(before));
      this.#log.value = { acts: [...(this.#log.value?.acts ?? []), ...entries], nextBefore };
    } catch (error) {
      this.app.toast({ text: sentenceOf(this.app.texts, error), kind: "failed" });
    }
    this.#isReadingMore = false;
    this.requestUpdate();
  }
}

/** Who acted on two hundred things at once is one line here, that opens. */
function things(what: string): TemplateResult {
  const [first = "", ...others] = what.split(", ");
  return others.length < few
    ? html`<bdi>${what}</bdi>`
    : html`<details><summary><bdi>${first}</bdi>, …</summary><bdi>${others.join(", ")}</bdi></details>`;
}

customElements.define("dashboard-audit", AuditPage);
