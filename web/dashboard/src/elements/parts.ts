/** Small things that several pages show. */
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../context.ts";
import { cssProperties } from "../../../widget/src/view/css-properties.ts";
import { pictureIcon } from "./icons.ts";

/** The page's heading, which takes the focus when the page changes. */
export function pageHead(title: string, about: unknown = nothing, tools: unknown = nothing): TemplateResult {
  return html`<header class="page-head">
    <div>
      <h1 tabindex="-1">${title}</h1>
      <p class="quiet about">${about}</p>
    </div>
    <div class="tools">${tools}</div>
  </header>`;
}

export function time(app: App, at: string | number | null | undefined): TemplateResult | typeof nothing {
  if (at === null || at === undefined) {
    return nothing;
  }
  const iso = typeof at === "number" ? new Date(at).toISOString() : at;
  return html`<time datetime=${iso} title=${app.formats.full(at)}>${app.formats.relative(at)}</time>`;
}

/** Only what a picture may be loaded from; anything else is a picture that is not there. */
export function pictureAddress(src: string | null): string | null {
  if (src === null || src === "" || !URL.canParse(src, location.origin)) {
    return null;
  }
  const address = new URL(src, location.origin);
  return /^https?:$/.test(address.protocol) ? address.href : null;
}

interface Spot {
  readonly x: number | null;
  readonly y: number | null;
}

/** A piece of the picture around a marker's place, or the whole of it small. */
export function thumbnail(src: string | null, spot: Spot | null = null): TemplateResult {
  const address = pictureAddress(src);
  const { x = null, y = null } = spot ?? {};
  const point = x !== null && y !== null ? { x, y } : null;
  const place = point ?? { x: 50, y: 50 };
  return html`<span class="thumb ${point === null ? "" : "close-up"}" ${cssProperties({ "--x": `${place.x}%`, "--y": `${place.y}%` })}>
    ${pictureIcon}
    ${address === null
      ? nothing
      : html`<img src=${address} alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${hide} @load=${show} />`}
    ${point === null || address === null ? nothing : html`<span class="spot"></span>`}
  </span>`;
}

function hide({ target }: Event): void {
  (target as HTMLElement).hidden = true;
}

function show({ target }: Event): void {
  (target as HTMLElement).hidden = false;
}

export function avatar(name: string, src: string | null): TemplateResult {
  const address = pictureAddress(src);
  const letter = Array.from(name.trim())[0]?.toLocaleUpperCase() ?? "?";
  return html`<span class="avatar" aria-hidden="true"
    >${letter}${address === null
      ? nothing
      : html`<img src=${address} alt="" loading="lazy" referrerpolicy="no-referrer" @error=${hide} />`}</span
  >`;
}

export interface Choice {
  readonly value: string;
  readonly label: unknown;
}

/** One of a few, as buttons in a row. */
export function segments(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${choices.map(
      ({ value, label: words }) => html`<button
        type="button"
        data-choice=${value}
        aria-pressed=${value === chosen ? "true" : "false"}
        @click=${() => {
          choose(value);
        }}
      >
        ${words}
      </button>`,
    )}
  </div>`;
}

/** A search field that asks when somebody has stopped typing. */
export function searchField(label: string, value: string, search: (text: string) => void, icon: unknown): TemplateResult {
  let timer: number | undefined;
  return html`<label class="search"
    ><span class="unseen">${label}</span>${icon}<input
      type="search"
      data-search
      placeholder=${label}
      .value=${value}
      @input=${({ target }: Event) => {
        const text = (target as HTMLInputElement).value;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => {
          search(text.trim());
        }, 250);
      }}
  /></label>`;
}

export function pager(app: App, skip: number, size: number, total: number, go: (skip: number) => void): unknown {
  if (total <= size && skip === 0) {
    return nothing;
  }
  const last = Math.min(total, skip + size);
  return html`<nav class="pager" aria-label=${app.texts("paging")}>
    <span class="quiet">${app.texts("pageOf", { from: total === 0 ? 0 : skip + 1, to: last, total })}</span>
    <button type="button" class="button small" ?disabled=${skip === 0} @click=${() => { go(Math.max(0, skip - size)); }}>
      ${app.texts("previous")}
    </button>
    <button type="button" class="button small" ?disabled=${last >= total} @click=${() => { go(skip + size); }}>
      ${app.texts("next")}
    </button>
  </nav>`;
}
