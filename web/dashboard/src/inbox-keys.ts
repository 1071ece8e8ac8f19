/** The inbox's keys. Pure. */
import type { TextKey } from "./texts.ts";

export type Command =
  | "next"
  | "previous"
  | "select"
  | "approve"
  | "delete"
  | "resolve"
  | "ban"
  | "spam"
  | "undo"
  | "open"
  | "search"
  | "help"
  | "clear";

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const letters: Readonly<Record<string, Command>> = {
  j: "next",
  k: "previous",
  x: "select",
  a: "approve",
  d: "delete",
  r: "resolve",
  b: "ban",
  s: "spam",
  u: "undo",
  o: "open",
  "/": "search",
  "?": "help",
  Escape: "clear",
};
/** Elsewhere on the page they scroll. */
const onList: Readonly<Record<string, Command>> = { ArrowDown: "next", ArrowUp: "previous" };

/** What a key does; with Ctrl, Alt or Cmd it is the browser's. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Pressed, isOnList: boolean): Command | null {
  if (ctrlKey || metaKey || altKey) {
    return null;
  }
  const plain = key.length === 1 ? key.toLowerCase() : key;
  return letters[plain] ?? (isOnList ? (onList[key] ?? null) : null);
}

/** For the help. */
export const keyHelp: readonly (readonly [string, TextKey])[] = [
  ["j  ↓", "keyNext"],
  ["k  ↑", "keyPrevious"],
  ["x", "keySelect"],
  ["a", "keyApprove"],
  ["d", "keyDelete"],
  ["r", "keyResolve"],
  ["s", "keySpam"],
  ["b", "keyBan"],
  ["u", "keyUndo"],
  ["o", "keyOpen"],
  ["/", "keySearch"],
  ["Esc", "keyClear"],
  ["?", "keyHelp"],
];
