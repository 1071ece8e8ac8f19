/** Who has signed in: found, banned, and what is kept of them given out, deleted or erased. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Banning } from "../api.ts";
import { dataName, saveFile } from "../csv.ts";
import { banDialog } from "../elements/ban-dialog.ts";
import { banIcon, downloadIcon, peopleIcon, searchIcon, trashIcon } from "../elements/icons.ts";
import { avatar, pageHead, pager, searchField, time } from "../elements/parts.ts";
import { deleteAllDialog, eraseDialog } from "../elements/person-dialogs.ts";
import { empty, sentenceOf, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import type { PeoplePage as People, Person } from "../shapes.ts";
import type { TextKey } from "../texts.ts";
import { named } from "../names.ts";

const size = 50;
const roles: Readonly<Record<Person["role"], TextKey>> = { anonymous: "anonymous", member: "roleMember", moderator: "roleModerator", admin: "roleAdmin" };

type Open = {
  readonly person: Person;
  readonly trouble: string | null;
} & ({ readonly kind: "ban" | "erase" } | { readonly kind: "delete"; readonly count: number | null });

class PeoplePage extends Page {
  #asked = "";
  #open: Open | null = null;
  readonly #people = new Resource<People>(this, (signal) => this.app.api.people(this.#query, signal));

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const asked = JSON.stringify(this.#query);
    if (asked !== this.#asked) {
      this.#asked = asked;
      void this.#people.load();
    }
  }

  get #skip(): number {
    return Math.max(0, Math.trunc(Number(this.route.query.skip ?? "0")) || 0);
  }

  get #query(): Record<string, string | number | null> {
    return { tenantId: this.tenant, search: this.route.query.search ?? null, skip: this.#skip, limit: size };
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    return html`${pageHead(t("navPeople"), t("peopleAbout"))}
      <div class="bar">
        ${searchField(t("searchPeople"), this.route.query.search ?? "", (search) => { this.ask({ search, skip: "" }); }, searchIcon)}
      </div>
      ${shown(this.app, this.#people, (people) => this.#list(people), 6)} ${this.#dialogs()}`;
  }

  #list({ people, total }: People): TemplateResult {
    const { app } = this;
    const t = app.texts;
    if (people.length === 0) {
      return this.route.query.search ? empty(searchIcon, t("nothingFound")) : empty(peopleIcon, t("noPeople"), t("noPeopleHint"));
    }
    return html`<ul class="card flush people" aria-label=${t("navPeople")}>
        ${people.map((person) => this.#row(person))}
      </ul>
      ${pager(app, this.#skip, size, total, (skip) => {
        this.ask({ skip: skip === 0 ? "" : String(skip) }, "push");
        window.scrollTo(0, 0);
      })}`;
  }

  #row(person: Person): TemplateResult {
    const { app } = this;
    const t = app.texts;
    const name = named(person.name, person.id);
    const button = (key: TextKey, icon: unknown, act: () => void, kind = ""): TemplateResult => html`<button
      type="button"
      class="icon-button ${kind}"
      data-do=${key}
      aria-label="${t(key)}: ${name}"
      title=${t(key)}
      @click=${act}
    >
      ${icon}
    </button>`;
    return html`<li class="person" data-person=${person.id}>
      ${avatar(name, person.avatarSrc)}
      <div class="picture-body">
        <h2><bdi>${name}</bdi></h2>
        <p class="quiet facts">
          <span><bdi>${person.id}</bdi></span>
          ${person.email === null ? nothing : html`<span><bdi>${person.email}</bdi></span>`}
          ${person.lastSeen === null ? nothing : html`<span>${t("lastSeen")} ${time(app, person.lastSeen)}</span>`}
        </p>
        <p class="chips">
          ${person.role === "member" ? nothing : html`<span class="chip">${t(roles[person.role])}</span>`}
          ${person.banned ? html`<span class="chip warn" data-banned>${t("banned")}</span>` : nothing}
          ${person.groupIds?.map((group) => html`<span class="chip"><bdi>${group}</bdi></span>`)}
        </p>
      </div>
      <div class="entry-tools">
        ${person.banned
          ? html`<button type="button" class="button small" data-do="lift" @click=${() => void this.#lift(person)}>${t("lift")}</button>`
          : button("ban", banIcon, () => { this.#show({ kind: "ban", person, trouble: null }); })}
        ${button("exportData", downloadIcon, () => void this.#export(person))}
        ${button("deleteAll", trashIcon, () => void this.#count(person), "danger")}
        <button type="button" class="button small danger" data-do="erase" aria-label="${t("erase")}: ${name}" @click=${() => { this.#show({ kind: "erase", person, trouble: null }); }}>
          ${t("erase")}
        </button>
      </div>
    </li>`;
  }

  #dialogs(): unknown {
    const open = this.#open;
    const { app } = this;
    if (open === null) {
      return nothing;
    }
    const { person, trouble } = open;
    const close = (): void => { this.#show(null); };
    const name = named(person.name, person.id);
    switch (open.kind) {
      case "ban":
        return banDialog({ app, name, authorOf: null, userId: person.id, trouble, ban: (ban) => void this.#ban(person, ban), close });
      case "delete":
        return deleteAllDialog({ app, name, count: open.count, trouble, act: (count) => void this.#delete(person, count), close });
      case "erase":
        return eraseDialog({ app, name, id: person.id, trouble, act: () => void this.#erase(person), close });
    }
  }

  #show(open: Open | null): void {
    this.#open = open;
    this.requestUpdate();
  }

  async #ban(person: Person, banning: Banning): Promise<void> {
    await this.#try(async () => {
      await this.app.api.ban(this.tenant, banning);
      this.app.toast({ text: this.app.texts("doneBanned", { count: 1 }), undo: () => this.#lift(person) });
    });
  }

  async #lift(person: Person): Promise<void> {
    const { app } = this;
    try {
      const { bans } = await app.api.bans(this.tenant);
      for (const ban of bans.filter(({ kind, subject }) => kind === "user" && subject === person.id)) {
        await app.api.liftBan(this.tenant, ban._id);
      }
      app.toast({ text: app.texts("doneLifted") });
    } catch (error) {
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
    await this.#people.load();
  }

  async #export(person: Person): Promise<void> {
    try {
      const { data } = await this.app.api.personData(this.tenant, person.id);
      const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
      saveFile(file, dataName(this.tenant, person.id));
    } catch (error) {
      this.app.toast({ text: sentenceOf(this.app.texts, error), kind: "failed" });
    }
  }

  async #count(person: Person): Promise<void> {
    this.#show({ kind: "delete", person, count: null, trouble: null });
    try {
      const count = await this.app.api.countOf(this.tenant, { userId: person.id });
      this.#show({ kind: "delete", person, count, trouble: null });
    } catch (error) {
      this.#show({ kind: "delete", person, count: null, trouble: sentenceOf(this.app.texts, error) });
    }
  }

  async #delete(person: Person, count: number): Promise<void> {
    const { app } = this;
    await this.#try(async () => {
      const { undoId } = await app.api.massDelete(this.tenant, { userId: person.id }, count);
      const text = app.texts("doneDeleted", { count });
      app.toast(undoId == null ? { text } : { text, undo: () => this.#undo(undoId) });
    });
  }

  async #undo(undoId: string): Promise<void> {
    const { app } = this;
    try {
      await app.api.undo(this.tenant, undoId);
      app.announce(app.texts("undone"));
    } catch (error) {
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
  }

  async #erase(person: Person): Promise<void> {
    await this.#try(async () => {
      await this.app.api.erase(this.tenant, person.id);
      this.app.toast({ text: this.app.texts("doneErased") });
    });
  }

  /** What a dialog does; it stays and says why when that comes to nothing. */
  async #try(act: () => Promise<void>): Promise<void> {
    const open = this.#open;
    try {
      await act();
      this.#show(null);
      await this.#people.load();
    } catch (error) {
      if (open !== null) {
        this.#show({ ...open, trouble: sentenceOf(this.app.texts, error) });
      }
    }
  }
}

customElements.define("dashboard-people", PeoplePage);
