/** Whom to ban, from what, for how long, and why. */
import { html, nothing, type TemplateResult } from "lit";
import type { Banning } from "../api.ts";
import type { App } from "../context.ts";
import type { TextKey } from "../texts.ts";
import { dialog } from "./dialog.ts";

const times: readonly (readonly [string, TextKey])[] = [
  ["24", "banDay"],
  ["168", "banWeek"],
  ["720", "banMonth"],
  ["", "banForEver"],
];

export interface BanDialog {
  readonly app: App;
  readonly name: string;
  /** A thing of theirs; without one, only the person can be banned. */
  readonly authorOf: string | null;
  readonly userId: string;
  readonly trouble: string | null;
  readonly ban: (banning: Banning) => void;
  readonly close: () => void;
}

export function banDialog({ app, name, authorOf, userId, trouble, ban, close }: BanDialog): TemplateResult {
  const t = app.texts;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (field: string): string => {
      const value = form.get(field);
      return typeof value === "string" ? value : "";
    };
    const kinds = text("kind") === "both" ? (["user", "address"] as const) : (["user"] as const);
    const hours = Number(text("hours"));
    ban({
      ...(authorOf === null ? { userId } : { authorOf }),
      kinds,
      ...(hours > 0 ? { hours } : {}),
      reason: text("reason").trim(),
    });
  };
  return dialog({
    heading: t("banTitle", { name: `\u2068${name}\u2069` }),
    closeLabel: t("close"),
    onClose: close,
    content: html`<form class="form" data-ban @submit=${submit} novalidate>
      <p class="quiet">${t("banAbout")}</p>
      ${authorOf === null
        ? nothing
        : html`<fieldset>
            <legend>${t("banWhom")}</legend>
            <label class="option"><input type="radio" name="kind" value="user" checked data-autofocus /> ${t("banPerson")}</label>
            <label class="option"><input type="radio" name="kind" value="both" /> ${t("banNetwork")}</label>
          </fieldset>`}
      <label class="field"
        ><span>${t("banHowLong")}</span
        ><select name="hours">
          ${times.map(([value, key]) => html`<option value=${value} ?selected=${value === "168"}>${t(key)}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${t("banReason")}</span><input type="text" name="reason" maxlength="500" autocomplete="off" /></label
      >
      ${trouble === null ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${close}>${t("cancel")}</button>
        <button type="submit" class="button danger">${t("ban")}</button>
      </div>
    </form>`,
  });
}
