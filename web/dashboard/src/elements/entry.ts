/** One thing in the inbox: who said what, where and when, and what can be done about it. */
import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { commentHtml } from "../../../widget/src/view/comment-html.ts";
import type { App } from "../context.ts";
import type { Command } from "../inbox-keys.ts";
import { hrefOf } from "../router.ts";
import type { Entry } from "../shapes.ts";
import type { TextKey } from "../texts.ts";
import * as icons from "./icons.ts";
import { thumbnail, time } from "./parts.ts";
import { named } from "../names.ts";

export type EntryCommand = Extract<Command, "approve" | "delete" | "resolve" | "ban" | "spam"> | "restore";

export interface EntryView {
  readonly app: App;
  readonly tenant: string;
  readonly entry: Entry;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isGone: boolean;
  readonly select: (event: MouseEvent) => void;
  readonly activate: () => void;
  readonly act: (command: EntryCommand) => void;
}

const roles: Readonly<Partial<Record<Entry["user"]["role"], TextKey>>> = { moderator: "roleModerator", admin: "roleAdmin" };

export function entryView(view: EntryView): TemplateResult {
  const { app, tenant, entry, isActive, isSelected, isGone, select, activate } = view;
  const t = app.texts;
  const name = named(entry.user.name, t("anonymous"));
  const title = named(entry.picture.title, entry.picture.urlId);
  const role = roles[entry.user.role];
  const where = hrefOf({ tenant, page: "picture", query: { urlId: entry.picture.urlId } });
  return html`<li
    class=${classMap({ entry: true, active: isActive, selected: isSelected, gone: isGone })}
    data-entry=${entry.id}
    @focusin=${activate}
  >
    <article
      tabindex=${isActive ? 0 : -1}
      aria-label=${t("entryLabel", { name, title, what: entry.comment ?? t("noComment") })}
      aria-current=${isActive ? "true" : nothing}
    >
      <label class="check">
        <input
          type="checkbox"
          .checked=${isSelected}
          ?disabled=${isGone}
          aria-label=${t("selectEntry", { name })}
          @click=${select}
        />
      </label>
      <a class="thumb-link" href=${where} tabindex="-1" aria-hidden="true">${thumbnail(entry.picture.src, entry.picture)}</a>
      <div class="entry-body">
        <p class="entry-head">
          <b><bdi>${name}</bdi></b>
          ${role === undefined ? nothing : html`<span class="chip">${t(role)}</span>`}
          <span class="quiet">${time(app, entry.at)}</span>
          <a class="entry-where" href=${where}><bdi>${title}</bdi></a>
        </p>
        ${entry.commentHTML === null
          ? html`<p class="quiet">${t("noComment")}</p>`
          : html`<div class="words" dir="auto">${commentHtml(entry.commentHTML)}</div>`}
        ${marks(view)}
      </div>
      <div class="entry-tools">${isGone ? html`<span class="quiet">${t("doneElsewhere")}</span>` : buttons(view)}</div>
    </article>
  </li>`;
}

function marks({ app, entry }: EntryView): TemplateResult | typeof nothing {
  const t = app.texts;
  const chips = [
    entry.held === null ? nothing : html`<span class="chip warn" data-held>${t("waits", { reason: entry.held.reason })}</span>`,
    entry.resolved ? html`<span class="chip good" data-resolved>${t("resolved")}</span>` : nothing,
    entry.parentId === null ? nothing : html`<span class="chip">${t("isReply")}</span>`,
    entry.reviewed === null ? nothing : html`<span class="chip" data-reviewed>${t("reviewedBy", { name: entry.reviewed.by })}</span>`,
    entry.deleted === null
      ? nothing
      : html`<span class="chip">${t("deletedBy", { name: entry.deleted.by })}</span>
          <span class="quiet">${t("undoUntil", { time: app.formats.full(entry.deleted.undoUntil) })}</span>`,
  ];
  return chips.every((chip) => chip === nothing) ? nothing : html`<p class="chips">${chips}</p>`;
}

function buttons({ app, entry, act }: EntryView): unknown {
  const t = app.texts;
  const button = (command: EntryCommand, key: TextKey, shortcut: string, icon: unknown, kind = ""): TemplateResult => html`<button
    type="button"
    class="icon-button ${kind}"
    data-act=${command}
    aria-label=${t(key)}
    aria-keyshortcuts=${shortcut === "" ? nothing : shortcut}
    title=${shortcut === "" ? t(key) : `${t(key)} (${shortcut})`}
    @click=${() => {
      act(command);
    }}
  >
    ${icon}
  </button>`;
  if (entry.deleted !== null) {
    return button("restore", "restore", "", icons.restoreIcon);
  }
  const approving = t(entry.held === null ? "markReviewed" : "letGoAhead");
  return html`${entry.held !== null || entry.reviewed === null
    ? html`<button
        type="button"
        class="button small"
        data-act="approve"
        aria-keyshortcuts="a"
        title="${approving} (a)"
        @click=${() => {
          act("approve");
        }}
      >
        ${icons.checkIcon}${t(entry.held === null ? "lookedAt" : "approve")}
      </button>`
    : nothing}
  ${entry.markerId === null || entry.held !== null
    ? nothing
    : button("resolve", entry.resolved ? "reopen" : "resolve", "r", icons.resolveIcon)}
  ${button("ban", "ban", "b", icons.banIcon)} ${button("spam", "spam", "s", icons.spamIcon)}
  ${button("delete", entry.held === null ? "delete" : "turnDown", "d", icons.trashIcon, "danger")}`;
}
