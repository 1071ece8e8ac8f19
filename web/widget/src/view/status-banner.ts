/** Says on the picture how live it is; silent while all is well. */
import { html, nothing, type TemplateResult } from "lit";
import { blockedIcon, offlineIcon, turningIcon } from "./icons.ts";
import type { LayerModel, StatusKind } from "./model.ts";
import type { Texts } from "../texts.ts";

const icons: Readonly<Partial<Record<StatusKind, TemplateResult<2>>>> = {
  connecting: turningIcon,
  reconnecting: turningIcon,
  offline: offlineIcon,
  stopped: blockedIcon,
};

/** The element stays in the page so that screen readers hear it change. */
export function statusBanner({ status, texts, signIn }: LayerModel): TemplateResult {
  const { kind, detail } = status;
  const isSettled = kind === "live" || kind === "stopped";
  const words =
    isSettled && signIn !== null
      ? signInLink(texts, signIn)
      : kind === "live"
        ? nothing
        : html`${icons[kind]}<span>${detail ?? texts(kind)}</span>`;
  return html`<div class="status" part="status" role="status" data-status=${kind}>${words}</div>`;
}

/** Leaves the page, and not only a frame that the picture may be in. */
export function signInLink(texts: Texts, address: string): TemplateResult {
  return html`<a class="sign-in" href=${address} target="_top" data-sign-in>${texts("signIn")}</a>`;
}
