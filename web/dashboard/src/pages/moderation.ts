/** The inbox: what people wrote and marked, as it comes, and what a moderator does about it. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Banning } from "../api.ts";
import { banDialog } from "../elements/ban-dialog.ts";
import type { EntryCommand } from "../elements/entry.ts";
import { helpIcon, offlineIcon, searchIcon } from "../elements/icons.ts";
import { inboxList } from "../elements/inbox-list.ts";
import { bulkBar, shortcutsDialog, tabs } from "../elements/inbox-parts.ts";
import { pageHead, searchField } from "../elements/parts.ts";
import { failure, loading, sentenceOf } from "../elements/states.ts";
import * as fold from "../inbox.ts";
import * as actions from "../inbox-actions.ts";
import { commandOf, type Command } from "../inbox-keys.ts";
import { LiveInbox } from "../live.ts";
import { Page } from "../page.ts";
import { Repeating } from "../repeating.ts";
import { Resource } from "../resource.ts";
import type { Entry, InboxPage, InboxState } from "../shapes.ts";
import { named } from "../names.ts";

const states: readonly InboxState[] = ["new", "held", "all", "deleted"];
const size = 50;
/** Should a signal be lost. */
const pause = 30_000;

type Open = { readonly kind: "ban"; readonly entry: Entry; readonly trouble: string | null } | { readonly kind: "help" };

class ModerationPage extends Page {
  #inbox: fold.Inbox = fold.emptyInbox("new");
  #asked = "";
  #hasRead = false;
  #open: Open | null = null;
  #isLive = false;
  #live: LiveInbox | null = null;
  #isReadingMore = false;
  #undos: (() => Promise<void>)[] = [];
  /** What is on its way to the server: only then can it be undone. */
  #doing: Promise<unknown> = Promise.resolve();
  readonly #first = new Resource<InboxPage>(this, (signal) => this.app.api.inbox(this.tenant, this.#query(null), signal));

  constructor() {
    super();
    new Repeating(this, pause, () => this.#read());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    this.#live?.close();
  }

  protected override firstUpdated(): void {
    this.#live = new LiveInbox(this.app.api, this.tenant, {
      onChange: () => void this.#read(),
      onLive: (isLive) => {
        this.#isLive = isLive;
        this.requestUpdate();
      },
    });
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const asked = `${this.#state} ${this.#search}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#hasRead = false;
      this.#inbox = { ...fold.emptyInbox(this.#state), counts: this.#inbox.counts };
      void this.#read();
    }
  }

  get #state(): InboxState {
    return states.find((one) => one === this.route.query.state) ?? "new";
  }

  get #search(): string {
    return this.route.query.search ?? "";
  }

  #query(before: string | null): Record<string, string | number | null> {
    return { state: this.#state, search: this.#search === "" ? null : this.#search, before, limit: size };
  }

  async #read(): Promise<void> {
    const asked = this.#asked;
    if (!(await this.#first.load()) || this.#first.value === null || asked !== this.#asked) {
      return;
    }
    const page = this.#first.value;
    const before = this.#inbox;
    this.#change((inbox) => (this.#hasRead ? fold.renewed(inbox, page, this.#isBusy) : fold.begun(inbox, page)));
    this.#hasRead = true;
    if (this.#inbox.waiting.length > before.waiting.length) {
      this.app.announce(this.app.texts("newWaiting", { count: this.#inbox.waiting.length }));
    }
  }

  /** Whether moving what is on the screen would be in somebody's way. */
  get #isBusy(): boolean {
    const list = this.querySelector(".entries");
    const isOn = list !== null && (list.matches(":hover") || list.contains(document.activeElement));
    return this.#inbox.selected.size > 0 || this.#open !== null || isOn || window.scrollY > 160;
  }

  #change(step: (inbox: fold.Inbox) => fold.Inbox): void {
    const hadFocus = this.querySelector(".entries")?.contains(document.activeElement) === true;
    const before = this.#inbox.active;
    this.#inbox = step(this.#inbox);
    this.requestUpdate();
    if (hadFocus && this.#inbox.active !== before) {
      void this.updateComplete.then(() => {
        this.#focusActive();
      });
    }
  }

  #focusActive(): void {
    this.querySelector<HTMLElement>(".entry.active > article")?.focus();
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const t = app.texts;
    const inbox = this.#inbox;
    const isLive = this.#isLive && app.isOnline;
    return html`${pageHead(
        t("navModeration"),
        t("moderationAbout"),
        html`<span class="live ${isLive ? "" : "off"}" data-live>${isLive ? t("live") : t("connecting")}</span>
          <button type="button" class="button small" data-help @click=${() => { this.#run("help"); }}>${helpIcon}${t("shortcuts")}</button>`,
      )}
      <div class="bar">
        ${tabs(app, this.#state, inbox.counts, (state) => { this.ask({ state: state === "new" ? "" : state }); })}
        ${searchField(t("searchInbox"), this.#search, (search) => { this.ask({ search }); }, searchIcon)}
      </div>
      ${bulkBar({
        app,
        state: this.#state,
        count: inbox.selected.size,
        total: inbox.entries.length,
        selectAll: () => { this.#change(inbox.selected.size === inbox.entries.length ? fold.noneSelected : fold.allSelected); },
        clear: () => { this.#change(fold.noneSelected); },
        act: (command) => { this.#act(command, fold.subjects(this.#inbox)); },
      })}
      ${inbox.waiting.length === 0
        ? nothing
        : html`<button type="button" class="pill" data-pill @click=${this.#reveal}>${t("newWaiting", { count: inbox.waiting.length })}</button>`}
      ${this.#list()} ${this.#dialogs()}`;
  }

  #list(): unknown {
    const t = this.app.texts;
    const error = this.#first.error;
    if (!this.#hasRead) {
      return error === null ? loading(t, 6) : failure(this.app, error, () => void this.#read());
    }
    return html`${error === null
      ? nothing
      : html`<div class="notice warn" role="status" data-stale>${offlineIcon}<p>${t("stale")} ${sentenceOf(t, error)}</p></div>`}
    ${inboxList({
      app: this.app,
      tenant: this.tenant,
      inbox: this.#inbox,
      isSearch: this.#search !== "",
      isReadingMore: this.#isReadingMore,
      select: ({ id }, { shiftKey }) => { this.#change((inbox) => (shiftKey ? fold.extended(inbox, id) : fold.toggled(inbox, id))); },
      activate: ({ id }) => { this.#change((inbox) => fold.activated(inbox, id)); },
      act: (entry, command) => { this.#act(command, [entry]); },
      more: (before) => void this.#more(before),
    })}`;
  }

  #dialogs(): unknown {
    const open = this.#open;
    if (open === null) {
      return nothing;
    }
    if (open.kind === "help") {
      return shortcutsDialog(this.app, this.#close);
    }
    const { entry } = open;
    return banDialog({
      app: this.app,
      name: named(entry.user.name, this.app.texts("anonymous")),
      authorOf: entry.id,
      userId: entry.user.id,
      trouble: open.trouble,
      ban: (banning) => void this.#ban(entry, banning),
      close: this.#close,
    });
  }

  async #ban(entry: Entry, banning: Banning): Promise<void> {
    try {
      await actions.ban(this.#desk, banning);
      this.#close();
    } catch (error) {
      this.#open = { kind: "ban", entry, trouble: sentenceOf(this.app.texts, error) };
      this.requestUpdate();
    }
  }

  readonly #close = (): void => {
    this.#open = null;
    this.requestUpdate();
  };

  readonly #reveal = (): void => {
    this.#change(fold.revealed);
    window.scrollTo(0, 0);
    this.#change((inbox) => ({ ...inbox, active: inbox.entries[0]?.id ?? null }));
    void this.updateComplete.then(() => {
      this.#focusActive();
    });
  };

  async #more(before: string): Promise<void> {
    this.#isReadingMore = true;
    this.requestUpdate();
    try {
      const page = await this.app.api.inbox(this.tenant, this.#query(before));
      this.#change((inbox) => fold.continued(inbox, page));
    } catch (error) {
      this.#desk.failed(error);
    }
    this.#isReadingMore = false;
    this.requestUpdate();
  }

  get #desk(): actions.Desk {
    const { app, tenant } = this;
    return {
      api: app.api,
      tenant,
      change: (step) => { this.#change(step); },
      done: (key, count, undo) => {
        const text = app.texts(key, { count });
        if (undo === null) {
          app.toast({ text });
        } else {
          const once = async (): Promise<void> => {
            if (this.#undos.includes(once)) {
              this.#undos = this.#undos.filter((one) => one !== once);
              await undo();
              app.announce(app.texts("undone"));
            }
          };
          this.#undos.push(once);
          app.toast({ text, undo: once });
        }
        void this.#read();
      },
      failed: (error) => { app.toast({ text: sentenceOf(app.texts, error), kind: "failed" }); },
    };
  }

  #act(command: EntryCommand, entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined || (this.#state === "deleted") !== (command === "restore")) {
      return;
    }
    if (command === "ban") {
      this.#open = { kind: "ban", entry: first, trouble: null };
      this.requestUpdate();
      return;
    }
    this.#change(fold.noneSelected);
    this.#doing = Promise.all([this.#doing, this.#done(command, entries)]);
  }

  #done(command: Exclude<EntryCommand, "ban">, entries: readonly Entry[]): Promise<void> {
    switch (command) {
      case "approve":
        return actions.approve(this.#desk, entries, this.#state === "all");
      case "delete":
        return actions.remove(this.#desk, entries);
      case "spam":
        return actions.spam(this.#desk, entries);
      case "resolve":
        return actions.resolve(this.#desk, entries);
      case "restore":
        return actions.bringBack(this.#desk, entries);
    }
  }

  readonly #key = (event: KeyboardEvent): void => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const isTyping = target?.closest("input:not([type=checkbox]), select, textarea, dialog") != null;
    if (isTyping || event.defaultPrevented || !this.app.shortcuts.isOn) {
      return;
    }
    const command = commandOf(event, target?.closest(".entries") != null);
    if (command !== null) {
      event.preventDefault();
      this.#run(command);
    }
  };

  #run(command: Command): void {
    switch (command) {
      case "next":
      case "previous": {
        const isOn = this.querySelector(".entries")?.contains(document.activeElement) === true;
        // the first press goes to where one is
        this.#change((inbox) => (isOn ? fold.moved(inbox, command === "next" ? 1 : -1) : inbox));
        void this.updateComplete.then(() => { this.#focusActive(); });
        break;
      }
      case "select":
        this.#change((inbox) => (inbox.active === null ? inbox : fold.toggled(inbox, inbox.active)));
        break;
      case "clear":
        this.#change(fold.noneSelected);
        break;
      case "undo":
        void this.#doing.then(() => this.#undos.at(-1)?.());
        break;
      case "search":
        this.querySelector<HTMLElement>("[data-search]")?.focus();
        break;
      case "help":
        this.#open = { kind: "help" };
        this.requestUpdate();
        break;
      case "open": {
        const entry = this.#inbox.entries.find(({ id }) => id === this.#inbox.active);
        if (entry !== undefined) {
          this.app.go({ tenant: this.tenant, page: "picture", query: { urlId: entry.picture.urlId } });
        }
        break;
      }
      default:
        this.#act(command, fold.subjects(this.#inbox));
    }
  }
}

customElements.define("dashboard-moderation", ModerationPage);

