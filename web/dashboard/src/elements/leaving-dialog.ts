/** Asks before what was not saved is lost. */
import { html, type TemplateResult } from "lit";
import type { Texts } from "../texts.ts";
import { dialog } from "./dialog.ts";

export function leavingDialog(t: Texts, stay: () => void, leave: () => void): TemplateResult {
  return dialog({
    heading: t("unsavedTitle"),
    closeLabel: t("close"),
    onClose: stay,
    content: html`<p>${t("unsavedText")}</p>
      <div class="dialog-actions">
        <button type="button" class="button" data-autofocus @click=${stay}>${t("stay")}</button>
        <button type="button" class="button danger" data-leave @click=${leave}>${t("leave")}</button>
      </div>`,
  });
}
