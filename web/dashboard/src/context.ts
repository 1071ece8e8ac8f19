/** What every page of the dashboard is given. */
import type { Api } from "./api.ts";
import type { Formats } from "./formats.ts";
import type { Language } from "./preferences.ts";
import type { Role, Route } from "./router.ts";
import type { Me } from "./shapes.ts";
import type { Texts } from "./texts.ts";

export interface Toast {
  readonly text: string;
  readonly kind?: "done" | "failed";
  /** What the toast's button does, and its key `u`. */
  readonly undo?: () => Promise<void>;
}

export interface App {
  readonly api: Api;
  readonly texts: Texts;
  readonly formats: Formats;
  readonly language: Language;
  readonly isDark: boolean;
  readonly isOnline: boolean;
  readonly me: Me;
  readonly role: Role;
  readonly sessionId: string;
  /** Keys of one letter, which somebody may not want. */
  readonly shortcuts: { readonly isOn: boolean; readonly set: (isOn: boolean) => void };
  readonly go: (route: Route, how?: "push" | "replace") => void;
  readonly toast: (toast: Toast) => void;
  /** Says it to a screen reader. */
  readonly announce: (text: string) => void;
  /** Whether there is something on the page that would be lost by leaving it. */
  readonly guard: (isDirty: boolean) => void;
  /** Reads again who is signed in, and which tenants there are. */
  readonly refresh: () => Promise<void>;
}
