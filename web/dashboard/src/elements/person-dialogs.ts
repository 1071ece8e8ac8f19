/** Before everything of somebody goes: how much it is, and whether that is meant. */
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../context.ts";
import { dialog } from "./dialog.ts";

interface About {
  readonly app: App;
  readonly name: string;
  readonly trouble: string | null;
  readonly close: () => void;
}

export interface DeleteAll extends About {
  /** Null while it is counted. */
  readonly count: number | null;
  readonly act: (count: number) => void;
}

export function deleteAllDialog({ app, name, count, trouble, act, close }: DeleteAll): TemplateResult {
  const t = app.texts;
  return dialog({
    heading: t("deleteAllTitle", { name: `\u2068${name}\u2069` }),
    closeLabel: t("close"),
    onClose: close,
    content: html`<p role="status" data-count>
        ${count === null ? (trouble === null ? t("counting") : nothing) : t("deleteAllText", { count })}
      </p>
      <p class="quiet">${t("deleteAllAbout")}</p>
      ${trouble === null ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
      <div class="dialog-actions">
        <button type="button" class="button" data-autofocus @click=${close}>${t("cancel")}</button>
        <button
          type="button"
          class="button danger"
          data-confirm
          ?disabled=${count === null || count === 0}
          @click=${() => {
            act(count ?? 0);
          }}
        >
          ${t("delete")}
        </button>
      </div>`,
  });
}

export interface Erase extends About {
  readonly id: string;
  readonly act: () => void;
}

export function eraseDialog({ app, name, id, trouble, act, close }: Erase): TemplateResult {
  const t = app.texts;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).querySelector("input");
    if (field?.value.trim() === id) {
      act();
      return;
    }
    field?.setCustomValidity(t("eraseMismatch"));
    field?.reportValidity();
  };
  return dialog({
    heading: t("eraseTitle", { name: `\u2068${name}\u2069` }),
    closeLabel: t("close"),
    onClose: close,
    content: html`<form class="form" data-erase @submit=${submit} novalidate>
      <p>${t("eraseText")}</p>
      <label class="field"
        ><span>${t("eraseConfirm")} <code dir="auto">${id}</code></span
        ><input
          type="text"
          name="confirm"
          autocomplete="off"
          spellcheck="false"
          dir="auto"
          data-autofocus
          @input=${({ target }: Event) => {
            (target as HTMLInputElement).setCustomValidity("");
          }}
      /></label>
      ${trouble === null ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${close}>${t("cancel")}</button>
        <button type="submit" class="button danger">${t("erase")}</button>
      </div>
    </form>`,
  });
}
