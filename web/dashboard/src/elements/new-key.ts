/** An API key that is shown once. */
import { html, type TemplateResult } from "lit";
import type { App } from "../context.ts";
import { copyIcon } from "./icons.ts";

export function newKey(app: App, apiKey: string): TemplateResult {
  const t = app.texts;
  const copy = async (event: Event): Promise<void> => {
    const field = (event.currentTarget as HTMLElement).parentElement?.querySelector("input");
    try {
      // The clipboard is there on secure pages only.
      await navigator.clipboard.writeText(apiKey);
      app.toast({ text: t("copied") });
    } catch {
      field?.select();
      app.toast({ text: t("copyByHand") });
    }
  };
  return html`<div class="notice good" role="status" data-new-key>
    <div class="grow">
      <p><b>${t("keyOnce")}</b></p>
      <div class="row">
        <input class="grow mono" type="text" readonly dir="ltr" aria-label=${t("newKeyLabel")} .value=${apiKey} />
        <button type="button" class="button" @click=${(event: Event) => void copy(event)}>${copyIcon}${t("copy")}</button>
      </div>
    </div>
  </div>`;
}
