/** Why nothing more will come for this visitor. Pure. */
import type { Refused } from "./calls.ts";

/** The visitor has no right to this picture's conversations, now or any more. */
export type LostRight = "unavailable" | "banned" | "tenant-disabled" | "origin-not-allowed" | "sign-in";

export type StopReason = "bad-request" | "fault" | LostRight;

const ofCaller = new Map<string, LostRight>([
  ["banned", "banned"],
  ["tenant-disabled", "tenant-disabled"],
  ["origin-not-allowed", "origin-not-allowed"],
  ["unauthorized", "sign-in"],
]);
/** The server does not say which: whether a picture is there is not everybody's to know. */
const ofPicture = new Map<string, LostRight>([
  ["forbidden", "unavailable"],
  ["not-found", "unavailable"],
]);

export function isRightLost(stop: StopReason | null): boolean {
  return stop !== null && stop !== "bad-request" && stop !== "fault";
}

/** What a refused snapshot means. */
export function whyNoSnapshot({ code }: Refused): StopReason {
  return ofCaller.get(code) ?? ofPicture.get(code) ?? "bad-request";
}

/** What a live channel means that was closed as not allowed: its reason is the code of what stands in the way. */
export function whyClosed(reason: string): LostRight {
  return ofCaller.get(reason) ?? "unavailable";
}

/** What a refused command means beyond itself, if anything. */
export function whyShutOut({ code }: Refused): LostRight | null {
  return ofCaller.get(code) ?? null;
}
