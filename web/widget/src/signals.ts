/** Signals of the live channel: what is true for a moment, and in no history. Unknown ones, and those that make no sense, are null. */
import { decodeReadUpTo, type ReadUpTo } from "./unread.ts";

/** The same person has read on another device. */
export interface ReadSignal {
  readonly type: "read";
  readonly readUpTo: ReadUpTo;
}

export type Signal = ReadSignal;

export function decodeSignal(value: Readonly<Record<string, unknown>>): Signal | null {
  return value.type === "read" ? { type: "read", readUpTo: decodeReadUpTo(value.readUpTo) } : null;
}
