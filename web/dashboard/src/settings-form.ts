/** A tenant's settings as fields of a form: what is in them, what was changed, and what is sent. Pure. */
import type { Settings, TenantDetails } from "./shapes.ts";
import type { TextKey } from "./texts.ts";

export type FieldKind = "text" | "lines" | "switch" | "choice" | "number";

export interface Field {
  /** Where it is in the settings; `name` is the tenant's own. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly label: TextKey;
  readonly hint?: TextKey;
  readonly choices?: readonly (readonly [string, TextKey])[];
  readonly least?: number;
  readonly most?: number;
}

export interface Section {
  readonly id: string;
  readonly title: TextKey;
  readonly about: TextKey;
  readonly isOperators: boolean;
  readonly fields: readonly Field[];
}

const who = [
  ["everyone", "whoEveryone"],
  ["members", "whoMembers"],
  ["moderators", "whoModerators"],
  ["admins", "whoAdmins"],
] as const satisfies Field["choices"];

const limit = (name: string, label: TextKey): Field => ({ path: `limits.${name}`, kind: "number", label, least: 1, most: 1_000_000_000 });

export const sections: readonly Section[] = [
  {
    id: "general",
    title: "setGeneral",
    about: "setGeneralAbout",
    isOperators: false,
    fields: [
      { path: "name", kind: "text", label: "setName" },
      { path: "domains", kind: "lines", label: "setDomains", hint: "setDomainsHint" },
    ],
  },
  {
    id: "rights",
    title: "setRights",
    about: "setRightsAbout",
    isOperators: false,
    fields: [
      { path: "anonymous", kind: "switch", label: "setAnonymous" },
      { path: "create", kind: "choice", label: "setCreate", choices: who },
      { path: "comment", kind: "choice", label: "setComment", choices: who },
      { path: "pictures", kind: "choice", label: "setPictures", choices: who },
      { path: "read_only", kind: "switch", label: "setReadOnly", hint: "setReadOnlyHint" },
    ],
  },
  {
    id: "approval",
    title: "setApproval",
    about: "setApprovalAbout",
    isOperators: false,
    fields: [
      {
        path: "approval",
        kind: "choice",
        label: "setApprovalWhose",
        choices: [
          ["nobody", "approvalNobody"],
          ["anonymous", "approvalAnonymous"],
          ["visitors", "approvalVisitors"],
        ],
      },
      { path: "spam.max_links", kind: "number", label: "setLinks", hint: "emptyNoLimit", least: 0, most: 1000 },
      { path: "spam.banned_words", kind: "lines", label: "setWords", hint: "setWordsHint" },
      { path: "spam.hold_duplicates", kind: "switch", label: "setDuplicates" },
      { path: "spam.honeypot", kind: "switch", label: "setHoneypot" },
    ],
  },
  {
    id: "limits",
    title: "setLimits",
    about: "setLimitsAbout",
    isOperators: true,
    fields: [
      { path: "log_days", kind: "number", label: "setLogDays", hint: "setLogDaysHint", least: 1, most: 36_500 },
      limit("comments_per_session", "limitCommentsSession"),
      limit("markers_per_session", "limitMarkersSession"),
      limit("changes_per_session", "limitChangesSession"),
      limit("reads_per_session", "limitReadsSession"),
      limit("sessions_per_address", "limitSessionsAddress"),
      limit("comments_per_tenant", "limitCommentsTenant"),
      limit("markers_per_tenant", "limitMarkersTenant"),
      limit("changes_per_tenant", "limitChangesTenant"),
      limit("reads_per_tenant", "limitReadsTenant"),
      limit("markers_per_picture", "limitMarkersPicture"),
      limit("comments_per_thread", "limitCommentsThread"),
      limit("pictures_per_tenant", "limitPicturesTenant"),
    ],
  },
];

/** What somebody has put into fields, by path; the others are as they were. */
export type Draft = Readonly<Record<string, string | boolean>>;

const fields = new Map(sections.flatMap((section) => section.fields).map((field) => [field.path, field]));

function inside(settings: Settings, path: string): unknown {
  const [group = "", name] = path.split(".");
  const value = settings[group];
  return name === undefined ? value : (value as Settings | undefined)?.[name];
}

/** A field's content as it is on the server. */
export function storedIn(tenant: TenantDetails, { path, kind }: Field): string | boolean {
  const value = path === "name" ? tenant.name : inside(tenant.settings, path);
  if (kind === "switch") {
    return value === true;
  }
  if (kind === "lines") {
    return Array.isArray(value) ? value.join("\n") : "";
  }
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function put(tenant: TenantDetails, draft: Draft, field: Field, content: string | boolean): Draft {
  const others = Object.entries(draft).filter(([path]) => path !== field.path);
  return Object.fromEntries(content === storedIn(tenant, field) ? others : [...others, [field.path, content]]);
}

/** Which fields make no sense, and why. */
export function problemsOf(draft: Draft): ReadonlyMap<string, TextKey> {
  const found = new Map<string, TextKey>();
  for (const [path, content] of Object.entries(draft)) {
    const field = fields.get(path);
    if (field?.kind === "number" && typeof content === "string" && content.trim() !== "") {
      const value = Number(content);
      if (!Number.isInteger(value) || value < (field.least ?? 0) || value > (field.most ?? Infinity)) {
        found.set(path, "numberWrong");
      }
    }
  }
  return found;
}

export interface Change {
  readonly name?: string;
  readonly settings?: Settings;
}

/** What is sent. A group of settings is sent whole: an empty number in one means no limit, not the default. */
export function changeOf(tenant: TenantDetails, draft: Draft): Change {
  let name: string | undefined;
  const settings: Record<string, unknown> = {};
  for (const [path, content] of Object.entries(draft)) {
    const field = fields.get(path);
    if (field === undefined) {
      continue;
    }
    const value = valueOf(field, content);
    const [group = "", within] = path.split(".");
    if (path === "name") {
      name = String(value);
    } else if (within === undefined) {
      settings[group] = value;
    } else {
      const before = (settings[group] ?? tenant.settings[group] ?? {}) as Settings;
      settings[group] = { ...before, [within]: value };
    }
  }
  return { ...(name === undefined ? {} : { name }), ...(Object.keys(settings).length === 0 ? {} : { settings }) };
}

function valueOf({ kind }: Field, content: string | boolean): unknown {
  if (typeof content === "boolean") {
    return content;
  }
  const text = content.trim();
  switch (kind) {
    case "number":
      return text === "" ? null : Number(text);
    case "lines":
      return text.split(/\n/).map((line) => line.trim()).filter((line) => line !== "");
    case "switch":
    case "choice":
    case "text":
      return text;
  }
}

/** The field that a refusal speaks of: the one whose own name it has in it. */
export function fieldIn(sentence: string): string | null {
  const names = [...fields.keys()].sort((one, other) => other.length - one.length);
  return (
    names.find((path) => {
      const own = path.split(".").at(-1) ?? path;
      return path !== "name" && (sentence.includes(path) || new RegExp(`\\b${own.replace(/s$/, "")}s?\\b`).test(sentence));
    }) ?? null
  );
}
