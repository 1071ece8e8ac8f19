/** Who may see a picture: everybody, some groups, or admins alone. */
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../context.ts";
import type { Picture } from "../shapes.ts";
import { dialog } from "./dialog.ts";
import { named } from "../names.ts";

export interface GroupsDialog {
  readonly app: App;
  readonly picture: Picture;
  readonly trouble: string | null;
  readonly share: (groupIds: readonly string[] | null) => void;
  readonly close: () => void;
}

/** Names with commas or lines between them, each once. */
export function groupsIn(text: string): readonly string[] {
  return [...new Set(text.split(/[,\n]/).map((name) => name.trim()).filter((name) => name !== ""))];
}

export function groupsDialog({ app, picture, trouble, share, close }: GroupsDialog): TemplateResult {
  const t = app.texts;
  const { groupIds } = picture;
  const chosen = groupIds === null ? "everyone" : groupIds.length === 0 ? "admins" : "groups";
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const names = form.get("groups");
    const who = form.get("who");
    share(who === "everyone" ? null : who === "admins" ? [] : groupsIn(typeof names === "string" ? names : ""));
  };
  const option = (value: string, words: string): TemplateResult => html`<label class="option"
    ><input type="radio" name="who" value=${value} .checked=${value === chosen} ?data-autofocus=${value === chosen} /> ${words}</label
  >`;
  return dialog({
    heading: t("whoSees"),
    closeLabel: t("close"),
    onClose: close,
    content: html`<form class="form" data-groups-form @submit=${submit} novalidate>
      <p class="quiet"><bdi>${named(picture.title, picture.urlId)}</bdi></p>
      <fieldset>
        <legend class="unseen">${t("whoSees")}</legend>
        ${option("everyone", t("seesEveryone"))} ${option("groups", t("seesGroups"))}
        <label class="field indented"
          ><span>${t("groupNames")}</span
          ><input
            type="text"
            name="groups"
            autocomplete="off"
            .value=${(groupIds ?? []).join(", ")}
            @input=${({ target }: Event) => {
              const groups = (target as HTMLElement).closest("form")?.querySelector<HTMLInputElement>('[value="groups"]');
              if (groups) {
                groups.checked = true;
              }
            }}
        /></label>
        ${option("admins", t("seesAdmins"))}
      </fieldset>
      <p class="quiet">${t("sharingAbout")}</p>
      ${trouble === null ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${close}>${t("cancel")}</button>
        <button type="submit" class="button primary">${t("save")}</button>
      </div>
    </form>`,
  });
}
