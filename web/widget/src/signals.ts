/** Signals of the live channel: what is true for a moment, and in no history. Unknown ones, and those that make no sense, are null. */
import type { Face, PresenceSignal } from "./presence.ts";
import type { TypingSignal } from "./typing.ts";
import { decodeReadUpTo, type ReadUpTo } from "./unread.ts";

/** The same person has read on another device. */
export interface ReadSignal {
  readonly type: "read";
  readonly readUpTo: ReadUpTo;
}

export type Signal = ReadSignal | TypingSignal | PresenceSignal;

export function decodeSignal(value: Readonly<Record<string, unknown>>): Signal | null {
  switch (value.type) {
    case "read":
      return { type: "read", readUpTo: decodeReadUpTo(value.readUpTo) };
    case "typing":
      return typingOf(value);
    case "p-u":
      return presenceOf(value);
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

function presenceOf({ sc, uj, ul, people, many }: Readonly<Record<string, unknown>>): PresenceSignal | null {
  if (typeof sc !== "number") {
    return null;
  }
  return { type: "p-u", sc, joined: textsIn(uj), left: textsIn(ul), people: facesIn(people), many: many === true };
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** People as the server lists them; also those of `users/online`. */
export function facesIn(value: unknown): Face[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).flatMap((each): Face[] => {
    if (typeof each !== "object" || each === null) {
      return [];
    }
    const { id, displayName, avatarSrc } = each as Partial<Record<string, unknown>>;
    const isFace = typeof id === "string" && typeof displayName === "string";
    return isFace ? [{ id, displayName, avatarSrc: typeof avatarSrc === "string" ? avatarSrc : null }] : [];
  });
}
