/** What was said on a picture that cannot be shown, marker by marker. */
import { html, nothing, type TemplateResult } from "lit";
import { commentHtml } from "../../../widget/src/view/comment-html.ts";
import type { App } from "../context.ts";
import type { Entry } from "../shapes.ts";
import { inboxIcon } from "./icons.ts";
import { time } from "./parts.ts";
import { empty } from "./states.ts";
import { named } from "../names.ts";

/** By marker, each from its first words on. */
export function byMarker(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const markers = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((one, other) => one.at.localeCompare(other.at))) {
    const key = entry.markerId ?? entry.id;
    markers.set(key, [...(markers.get(key) ?? []), entry]);
  }
  return [...markers.values()];
}

export function conversationList(app: App, entries: readonly Entry[]): TemplateResult {
  const t = app.texts;
  if (entries.length === 0) {
    return empty(inboxIcon, t("noneAtAll"));
  }
  return html`<ol class="conversations" data-conversations>
    ${byMarker(entries).map((marker) => {
      const { x, y } = marker[0]?.picture ?? { x: null, y: null };
      const isResolved = marker.some(({ resolved }) => resolved);
      return html`<li class="card">
        <h2>
          ${x === null || y === null ? t("conversation") : t("conversationAt", { x: Math.round(x), y: Math.round(y) })}
          ${isResolved ? html`<span class="chip good">${t("resolved")}</span>` : nothing}
        </h2>
        ${marker.map(
          (entry) => html`<div class="said">
            <p class="entry-head">
              <b><bdi>${named(entry.user.name, t("anonymous"))}</bdi></b> <span class="quiet">${time(app, entry.at)}</span>
            </p>
            ${entry.commentHTML === null
              ? html`<p class="quiet">${t("noComment")}</p>`
              : html`<div class="words" dir="auto">${commentHtml(entry.commentHTML)}</div>`}
          </div>`,
        )}
      </li>`;
    })}
  </ol>`;
}
