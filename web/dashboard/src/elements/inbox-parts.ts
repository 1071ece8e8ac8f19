/** The inbox's tabs, its bar for many at once, and its help. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../context.ts";
import { keyHelp } from "../inbox-keys.ts";
import type { InboxPage, InboxState } from "../shapes.ts";
import type { TextKey } from "../texts.ts";
import { dialog } from "./dialog.ts";
import type { EntryCommand } from "./entry.ts";
import { segments } from "./parts.ts";

/** The server counts no further. */
const countedTo = 1000;

export function tabs(app: App, chosen: InboxState, counts: InboxPage["counts"], choose: (state: InboxState) => void): TemplateResult {
  const { texts: t, formats: f } = app;
  const count = (value: number): unknown =>
    value === 0 ? nothing : html`<span class="count">${value >= countedTo ? t("andMore", { count: value }) : f.number(value)}</span>`;
  return segments(
    t("show"),
    [
      { value: "new", label: html`${t("tabNew")} ${count(counts.new)}` },
      { value: "held", label: html`${t("tabHeld")} ${count(counts.held)}` },
      { value: "all", label: t("tabAll") },
      { value: "deleted", label: t("tabDeleted") },
    ],
    chosen,
    (state) => {
      choose(state as InboxState);
    },
  );
}

export interface BulkBar {
  readonly app: App;
  readonly state: InboxState;
  readonly count: number;
  readonly total: number;
  readonly selectAll: () => void;
  readonly clear: () => void;
  readonly act: (command: EntryCommand) => void;
}

export function bulkBar({ app, state, count, total, selectAll, clear, act }: BulkBar): TemplateResult | typeof nothing {
  const t = app.texts;
  if (total === 0) {
    return nothing;
  }
  const button = (command: EntryCommand, key: TextKey, kind = ""): TemplateResult => html`<button
    type="button"
    class="button small ${kind}"
    data-bulk=${command}
    @click=${() => {
      act(command);
    }}
  >
    ${t(key)}
  </button>`;
  return html`<div class="bulk ${count === 0 ? "" : "on"}">
    <label class="option"
      ><input
        type="checkbox"
        data-all
        aria-label=${t("selectAll")}
        .checked=${live(count === total)}
        .indeterminate=${live(count > 0 && count < total)}
        @change=${selectAll}
      />
      <span role="status" aria-live="polite">${count === 0 ? t("selectAll") : t("selected", { count })}</span></label
    >
    ${count === 0
      ? nothing
      : html`<div class="bulk-tools" role="group" aria-label=${t("withSelected")}>
          ${state === "deleted"
            ? button("restore", "restore")
            : html`${button("approve", "approve")} ${button("resolve", "resolve")} ${button("spam", "spam")}
              ${button("delete", "delete", "danger")}`}
          <button type="button" class="button small plain" @click=${clear}>${t("clearSelection")}</button>
        </div>`}
  </div>`;
}

export function shortcutsDialog(app: App, close: () => void): TemplateResult {
  const t = app.texts;
  return dialog({
    heading: t("shortcuts"),
    closeLabel: t("close"),
    onClose: close,
    content: html`<dl class="keys">
        ${keyHelp.map(
          ([keys, key]) => html`<div>
            <dt>${keys.split(/\s+/).map((one) => html`<kbd>${one}</kbd>`)}</dt>
            <dd>${t(key)}</dd>
          </div>`,
        )}
      </dl>
      <p class="quiet">${t("keysSelection")}</p>
      <label class="option"
        ><input
          type="checkbox"
          data-shortcuts
          .checked=${app.shortcuts.isOn}
          @change=${({ target }: Event) => {
            app.shortcuts.set((target as HTMLInputElement).checked);
          }}
        />
        ${t("useShortcuts")}</label
      >`,
  });
}
