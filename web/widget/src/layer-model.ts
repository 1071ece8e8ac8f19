/** Puts together what the view shows, from the room, the windows and the connection. Pure. */
import type { Status } from "./connection-states.ts";
import type { Point } from "./geometry.ts";
import type { ShownMarker, ShownThread } from "./pending-changes.ts";
import type { StopReason } from "./stop-reasons.ts";
import type { TextKey, Texts } from "./texts.ts";
import type { LayerModel, MarkerModel, StatusModel, WindowModel } from "./view/model.ts";
import type { Conversation, User } from "./wire.ts";
import type { ChatWindow, Windows } from "./windows.ts";

export interface LayerParts {
  readonly texts: Texts;
  readonly isDark: boolean;
  /** Why nothing can be written, or null. */
  readonly closed: string | null;
  readonly isShutOut: boolean;
  readonly isPaused: boolean;
  /** Where to sign in, if that would help. */
  readonly signIn: string | null;
  readonly status: StatusModel;
  readonly markers: readonly ShownMarker[];
  readonly windows: Windows;
  /** The open window in full, once what makes it is here. */
  readonly windowModel: (parts: LayerParts, open: ChatWindow) => WindowModel;
  readonly threadOf: (key: string) => ShownThread;
  readonly isUnread: (key: string) => boolean;
  /** Who else writes in a conversation, in words. */
  readonly writingIn: (key: string) => string | null;
  readonly crosshair: Point;
  readonly announcement: string;
  readonly user: User | null;
  readonly isSiteAdmin: boolean;
  readonly maxReplyDepth: number;
  readonly name: string | null;
  /** Whether a snapshot has come; before it nobody knows what is on the picture. */
  readonly hasState: boolean;
  /** Whether there is what changes markers; it comes with the first window. */
  readonly canChange: boolean;
  /** The address that opens a marker's window, or null where there are none. */
  readonly linkOf: (markerId: string) => string | null;
}

export function layerModel(parts: LayerParts): LayerModel {
  const { open } = parts.windows;
  return {
    texts: parts.texts,
    isDark: parts.isDark,
    canCreate: parts.closed === null && parts.hasState && parts.status.kind !== "stopped",
    closed: parts.closed,
    isShutOut: parts.isShutOut,
    signIn: parts.signIn,
    status: parts.status,
    markers: markerModels(parts),
    hidesResolved: parts.windows.hidesResolved,
    window: open === null ? null : parts.windowModel(parts, open),
    crosshair: parts.crosshair,
    announcement: parts.announcement,
    userId: parts.user?.id ?? null,
    isSiteAdmin: parts.isSiteAdmin,
    maxReplyDepth: parts.maxReplyDepth,
  };
}

/** As much of the open window as its shell shows. */
export function bareWindow({ closed }: LayerParts, { key, kind, text }: ChatWindow): WindowModel {
  return {
    key,
    kind,
    text,
    canWrite: closed === null,
    thread: null,
    replyTo: null,
    writing: null,
    notice: null,
    edit: null,
    confirming: null,
    canDeleteMarker: false,
    isResolved: false,
    link: null,
    isHeld: false,
    isPaused: false,
    isMarkerPending: false,
    asksName: false,
    name: "",
  };
}

export function totalComments(markers: readonly ShownMarker[]): number {
  return markers.reduce((sum, { conversation: one }) => sum + (one.approved === false ? 0 : one.commentCount), 0);
}

/** Whether the visitor may move, resolve and delete a marker. */
export function mayChange({ closed, isSiteAdmin, user }: LayerParts, { userId }: Conversation): boolean {
  return closed === null && (isSiteAdmin || userId === user?.id);
}

function markerModels(parts: LayerParts): MarkerModel[] {
  const { markers, windows } = parts;
  const { open } = windows;
  const shown = markers.map(({ conversation, pending }, index): MarkerModel => {
    const key = conversation.urlId;
    return {
      key,
      number: index + 1,
      conversation,
      pending,
      kind: "shown",
      isOpen: open?.key === key,
      isUnread: parts.isUnread(key),
      hasNotice: open?.key !== key && windows.get(key)?.notice != null,
      isOwn: parts.canChange && !pending && conversation.approved !== false && mayChange(parts, conversation),
    };
  });
  const known = new Set(shown.map(({ key }) => key));
  const others = [...windows.drafts(), ...(open?.kind === "gone" ? [open] : [])].filter(({ key }) => !known.has(key));
  // Numbers are by age, whatever is shown of it.
  const seen = windows.hidesResolved ? shown.filter((one) => one.isOpen || !one.conversation.resolved) : shown;
  return [
    ...seen,
    ...others.map(
      ({ key, conversation, kind, notice }, index): MarkerModel => ({
        key,
        number: shown.length + index + 1,
        conversation,
        pending: false,
        kind,
        isOpen: open?.key === key,
        isUnread: false,
        hasNotice: open?.key !== key && notice !== null,
        isOwn: false,
      }),
    ),
  ];
}

const stopWords: Readonly<Record<StopReason, TextKey>> = {
  "bad-request": "stoppedBadRequest",
  fault: "stoppedFault",
  unavailable: "stoppedUnavailable",
  banned: "stoppedBanned",
  "tenant-disabled": "stoppedTenant",
  "origin-not-allowed": "stoppedUnavailable",
  "sign-in": "stoppedSignIn",
};
/** Faults of the page's owner, whom the server tells what to do. */
const ownersFaults: ReadonlySet<StopReason> = new Set(["bad-request", "origin-not-allowed"]);

/** After this many failures in a row, the honest word is offline. */
const failuresUntilOffline = 4;

/** `whenWell` is what it is called when nothing is amiss: live, or what the page has chosen instead. */
export function statusOf(
  status: Status,
  isOnline: boolean,
  texts: Texts,
  failure: string | null,
  whenWell: StatusModel["kind"] = "live",
): StatusModel {
  switch (status.phase) {
    case "live":
      return { kind: whenWell, detail: null };
    case "stopped": {
      const stop = status.stop ?? "fault";
      const isToldByServer = failure !== null && failure !== "" && ownersFaults.has(stop);
      const detail = isToldByServer ? texts("snapshotFailed", { reason: failure }) : texts(stopWords[stop]);
      return { kind: "stopped", detail };
    }
    case "fetching":
    case "connecting":
    case "catching-up":
    case "waiting":
    case "closed":
      if (!isOnline || status.attempt >= failuresUntilOffline) {
        return { kind: "offline", detail: null };
      }
      return { kind: status.attempt === 0 && !status.wasLive ? "connecting" : "reconnecting", detail: null };
  }
}
