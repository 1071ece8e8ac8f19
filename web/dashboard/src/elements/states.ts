/** What a page shows while there is nothing to show yet, or nothing at all, or something went wrong. */
import { html, nothing, type TemplateResult } from "lit";
import type { Refused } from "../api.ts";
import type { App } from "../context.ts";
import type { Resource } from "../resource.ts";
import type { Texts } from "../texts.ts";
import { alertIcon, offlineIcon } from "./icons.ts";

type Shown = TemplateResult | typeof nothing;

/** One sentence for a person. */
export function sentenceOf(texts: Texts, error: unknown): string {
  const { status, code, message } = error as Partial<Refused>;
  if (status === 0) {
    return texts("errorUnreachable");
  }
  if (code === "rate-limited") {
    return texts("errorTooMany");
  }
  return message === undefined || message === "" ? texts("errorUnknown") : message;
}

export function loading(texts: Texts, lines = 5): TemplateResult {
  return html`<div class="skeleton" data-loading>
    <span class="unseen" role="status">${texts("loading")}</span>
    ${Array.from({ length: lines }, () => html`<div class="bone"></div>`)}
  </div>`;
}

export function empty(icon: unknown, title: string, hint: unknown = nothing): TemplateResult {
  return html`<div class="empty" data-empty>
    <div class="empty-icon">${icon}</div>
    <p class="empty-title">${title}</p>
    <div class="quiet">${hint}</div>
  </div>`;
}

export function failure(app: App, error: Refused, retry: () => void): TemplateResult {
  const isAway = error.status === 0;
  return html`<div class="empty" role="alert" data-failure>
    <div class="empty-icon">${isAway ? offlineIcon : alertIcon}</div>
    <p class="empty-title">${app.texts(isAway ? "unreachableTitle" : "failedTitle")}</p>
    <p class="quiet">${sentenceOf(app.texts, error)}</p>
    <button type="button" class="button" @click=${retry}>${app.texts("retry")}</button>
  </div>`;
}

/** A resource in whatever state it is; what was read stays while it is read again, and says so when that fails. */
export function shown<T>(app: App, resource: Resource<T>, view: (value: T) => unknown, bones?: number): unknown {
  const retry = (): void => void resource.load();
  if (resource.value !== null) {
    return html`${resource.error === null ? nothing : stale(app, resource.error, retry)}${view(resource.value)}`;
  }
  return resource.error === null ? loading(app.texts, bones) : failure(app, resource.error, retry);
}

function stale(app: App, error: Refused, retry: () => void): Shown {
  return html`<div class="notice warn" role="status" data-stale>
    ${error.status === 0 ? offlineIcon : alertIcon}
    <p>${app.texts("stale")} ${sentenceOf(app.texts, error)}</p>
    <button type="button" class="button small" @click=${retry}>${app.texts("retry")}</button>
  </div>`;
}
