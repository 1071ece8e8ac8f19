/** Says on the picture how live it is; silent while all is well. */
import { html, nothing, type TemplateResult } from "lit";
import { blockedIcon, offlineIcon, turningIcon } from "./icons.ts";
import type { LayerModel, StatusKind } from "./model.ts";

const icons: Readonly<Partial<Record<StatusKind, TemplateResult<2>>>> = {
  connecting: turningIcon,
  reconnecting: turningIcon,
  offline: offlineIcon,
  stopped: blockedIcon,
};

/** The element stays in the page so that screen readers hear it change. */
export function statusBanner({ status, texts }: LayerModel): TemplateResult {
  const { kind, detail } = status;
  const words = kind === "live" ? nothing : html`${icons[kind]}<span>${detail ?? texts(kind)}</span>`;
  return html`<div class="status" part="status" role="status" data-status=${kind}>${words}</div>`;
}
