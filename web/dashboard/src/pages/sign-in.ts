/** Before anybody is signed in: how to get in, and a field for a link. */
import { html, nothing, type TemplateResult } from "lit";
import { Refused } from "../api.ts";
import { alertIcon } from "../elements/icons.ts";
import type { Theme } from "../preferences.ts";
import { pastedLink, type Handed } from "../session.ts";
import { brand, tools } from "../shell.ts";
import type { TextKey, Texts } from "../texts.ts";

export type SignInTrouble = "ended" | "left" | "link" | "sso" | "forbidden" | "unreachable" | "unreadable";

const words: Readonly<Record<SignInTrouble, TextKey>> = {
  ended: "sessionEnded",
  left: "signedOut",
  link: "linkRefused",
  sso: "ssoRefused",
  forbidden: "signInForbidden",
  unreachable: "errorUnreachable",
  unreadable: "linkUnreadable",
};

export function troubleOf(handed: Handed, error: unknown): SignInTrouble {
  const status = error instanceof Refused ? error.status : 0;
  return status === 0 ? "unreachable" : status === 403 ? "forbidden" : handed.kind === "link" ? "link" : "sso";
}

export interface SignIn {
  readonly texts: Texts;
  readonly trouble: SignInTrouble | null;
  readonly isBusy: boolean;
  readonly isDark: boolean;
  readonly setTheme: (theme: Theme) => void;
  readonly setLanguage: () => void;
  readonly signIn: (handed: Handed) => void;
}

export function signInPage({ texts: t, trouble, isBusy, isDark, setTheme, setLanguage, signIn }: SignIn): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).querySelector("input");
    const handed = pastedLink(field?.value ?? "");
    if (field === null || handed === null) {
      field?.setCustomValidity(t("linkUnreadable"));
      field?.reportValidity();
      return;
    }
    field.value = "";
    signIn(handed);
  };
  return html`<main class="alone sign-in">
    <div class="sign-in-head">
      ${brand()}
      <div class="personal-tools">${tools(isDark, t("darkAppearance"), t("languageSwitch"), setTheme, setLanguage)}</div>
    </div>
    <h1 tabindex="-1">${t("signInTitle")}</h1>
    ${trouble === null
      ? nothing
      : html`<div class="notice ${trouble === "left" ? "" : "warn"}" role="status" data-trouble=${trouble}>
          ${alertIcon}
          <p>${t(words[trouble])}</p>
        </div>`}
    <section class="card">
      <h2>${t("operatorTitle")}</h2>
      <p>${t("operatorHow")}</p>
      <pre dir="ltr"><code>imagechat dashboard-link</code></pre>
      <p class="quiet">${t("operatorLink")}</p>
      <form class="row" @submit=${submit} novalidate>
        <label class="grow"
          ><span class="unseen">${t("linkField")}</span
          ><input
            type="text"
            data-link
            dir="ltr"
            autocomplete="off"
            spellcheck="false"
            placeholder=${t("linkField")}
            @input=${({ target }: Event) => {
              (target as HTMLInputElement).setCustomValidity("");
            }}
        /></label>
        <button type="submit" class="button primary" ?disabled=${isBusy}>${isBusy ? t("signingIn") : t("signIn")}</button>
      </form>
    </section>
    <section class="card">
      <h2>${t("tenantTitle")}</h2>
      <p>${t("tenantHow")}</p>
    </section>
  </main>`;
}
