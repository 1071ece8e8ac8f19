/** Signals of the live channel: what is true for a moment, and in no history. Unknown ones, and those that make no sense, are null. */
import type { TypingSignal } from "./typing.ts";
import { decodeReadUpTo, type ReadUpTo } from "./unread.ts";

/** The same person has read on another device. */
export interface ReadSignal {
  readonly type: "read";
  readonly readUpTo: ReadUpTo;
}

export type Signal = ReadSignal | TypingSignal;

export function decodeSignal(value: Readonly<Record<string, unknown>>): Signal | null {
  switch (value.type) {
    case "read":
      return { type: "read", readUpTo: decodeReadUpTo(value.readUpTo) };
    case "typing":
      return typingOf(value);
    default:
      return null;
  }
}

function typingOf({ timestamp, userId, urlId, name }: Readonly<Record<string, unknown>>): TypingSignal | null {
  if (typeof timestamp !== "number" || typeof userId !== "string" || typeof urlId !== "string") {
    return null;
  }
  return { type: "typing", timestamp, userId, urlId, name: typeof name === "string" && name !== "" ? name : null };
}
