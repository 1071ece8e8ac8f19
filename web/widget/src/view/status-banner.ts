/** Says on the picture how live it is; silent while all is well. */
import { draw, make, put } from "./elements.ts";
import { blockedIcon, offlineIcon, turningIcon } from "./icons.ts";
import type { LayerModel, StatusKind } from "./model.ts";

const icons: Readonly<Record<StatusKind, string>> = {
  connecting: turningIcon,
  live: "",
  polling: "",
  notLive: "",
  reconnecting: turningIcon,
  offline: offlineIcon,
  stopped: blockedIcon,
};

export class StatusBanner {
  /** Stays in the page, so that screen readers hear it change. */
  readonly element = make("div", "status", { part: "status", role: "status" });
  #said = "";

  show({ status, texts, signIn }: LayerModel): void {
    const { kind, detail } = status;
    const isSettled = icons[kind] === "" || kind === "stopped";
    const link = isSettled ? signIn : null;
    const words = link !== null ? texts("signIn") : kind === "live" ? "" : (detail ?? texts(kind));
    put(this.element, { "data-status": kind });
    const said = [icons[kind], link ?? "", words].join("\n");
    if (said === this.#said) {
      return;
    }
    this.#said = said;
    if (link !== null) {
      // It leaves the page, and not only a frame that the picture may be in.
      const anchor = make("a", "sign-in", { href: link, target: "_top", "data-sign-in": "" });
      anchor.textContent = words;
      this.element.replaceChildren(anchor);
    } else if (kind === "live") {
      this.element.replaceChildren();
    } else {
      const span = make("span", "");
      span.textContent = words;
      this.element.replaceChildren(...(icons[kind] === "" ? [] : [draw(icons[kind])]), span);
    }
  }
}
