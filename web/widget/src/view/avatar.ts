/** Somebody's picture, or the first letter of their name in a colour of their own. */
import { html, type TemplateResult } from "lit/html.js";

export function avatar(userId: string, name: string, source: string | null | undefined): TemplateResult {
  if (source != null && /^https?:/.test(source)) {
    return html`<img class="avatar" part="avatar" src=${source} alt="" loading="lazy" referrerpolicy="no-referrer" />`;
  }
  const initial = String.fromCodePoint((name || "?").codePointAt(0) ?? 63).toUpperCase();
  return html`<span part="avatar" class="avatar tint-${tint(userId)}" aria-hidden="true">${initial}</span>`;
}

/** One of six quiet colours, the same for a person everywhere. */
function tint(userId: string): number {
  let sum = 0;
  for (const character of userId) {
    sum = (sum * 31 + character.charCodeAt(0)) % 997;
  }
  return sum % 6;
}
