/** One field of the settings, with its hint and what is wrong with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Field } from "../settings-form.ts";
import type { Texts } from "../texts.ts";

export interface SettingField {
  readonly texts: Texts;
  readonly field: Field;
  readonly content: string | boolean;
  readonly isChanged: boolean;
  readonly problem: string | null;
  readonly put: (content: string | boolean) => void;
}

export function settingField({ texts: t, field, content, isChanged, problem, put }: SettingField): TemplateResult {
  const id = `set-${field.path.replace(".", "-")}`;
  const about = [field.hint === undefined ? "" : `${id}-hint`, problem === null ? "" : `${id}-problem`].filter(Boolean).join(" ");
  const typed = ({ target }: Event): void => {
    put((target as HTMLInputElement).value);
  };
  const described = about === "" ? nothing : about;
  const invalid = problem === null ? nothing : "true";
  const notes = html`${field.hint === undefined ? nothing : html`<p class="quiet small" id="${id}-hint">${t(field.hint)}</p>`}
  ${problem === null ? nothing : html`<p class="trouble" id="${id}-problem" role="alert">${problem}</p>`}`;
  if (field.kind === "switch") {
    return html`<div class="setting ${isChanged ? "changed" : ""}" data-setting=${field.path}>
      <label class="option"
        ><input
          type="checkbox"
          id=${id}
          .checked=${content === true}
          aria-describedby=${described}
          @change=${({ target }: Event) => {
            put((target as HTMLInputElement).checked);
          }}
        />
        ${t(field.label)}</label
      >
      ${notes}
    </div>`;
  }
  const text = String(content);
  return html`<div class="setting ${isChanged ? "changed" : ""}" data-setting=${field.path}>
    <label for=${id}>${t(field.label)}</label>
    ${field.kind === "choice"
      ? html`<select id=${id} aria-describedby=${described} aria-invalid=${invalid} .value=${text} @change=${typed}>
          ${field.choices?.map(([value, key]) => html`<option value=${value} ?selected=${value === text}>${t(key)}</option>`)}
        </select>`
      : field.kind === "lines"
        ? html`<textarea
            id=${id}
            rows="4"
            dir="auto"
            spellcheck="false"
            aria-describedby=${described}
            aria-invalid=${invalid}
            .value=${text}
            @input=${typed}
          ></textarea>`
        : html`<input
            id=${id}
            type="text"
            dir="auto"
            inputmode=${field.kind === "number" ? "numeric" : "text"}
            class=${field.kind === "number" ? "short" : ""}
            autocomplete="off"
            aria-describedby=${described}
            aria-invalid=${invalid}
            .value=${text}
            @input=${typed}
          />`}
    ${notes}
  </div>`;
}
