/** What a moderator does to entries of the inbox: shown at once, sent, taken back where it fails, and undone on request. */
import type { Api, Banning } from "./api.ts";
import { changed, restored, without, type Inbox } from "./inbox.ts";
import type { Entry } from "./shapes.ts";
import type { TextKey } from "./texts.ts";

export type Calls = Pick<Api, "review" | "approve" | "reject" | "countOf" | "massDelete" | "spam" | "undo" | "resolve" | "ban" | "liftBan">;

export interface Desk {
  readonly api: Calls;
  readonly tenant: string;
  readonly change: (step: (inbox: Inbox) => Inbox) => void;
  /** Says that it was done, with the way back where there is one. */
  readonly done: (key: TextKey, count: number, undo: (() => Promise<void>) | null) => void;
  readonly failed: (error: unknown) => void;
}

/** The server takes so many at once. */
const most = 200;

/** Looked at, and let be; what waits goes ahead. */
export async function approve(desk: Desk, entries: readonly Entry[], stays: boolean): Promise<void> {
  const { api, tenant } = desk;
  const held = entries.filter((one) => one.held !== null);
  const ids = entries.filter((one) => one.held === null).map(({ id }) => id);
  const review = (isReviewed: boolean): Promise<void> => inPieces(ids, (piece) => api.review(tenant, piece, isReviewed));
  const leave = stays ? held : entries;
  await attempt(desk, leave, async () => {
    await review(true);
    for (const { held: thing } of held) {
      await api.approve(tenant, thing?.id ?? "");
    }
    desk.done(held.length > 0 ? "doneApproved" : "doneReviewed", entries.length, held.length > 0 ? null : () => undo(desk, leave, () => review(false)));
  });
}

/** Things that wait are turned down, for good; others can be brought back for a day. */
export async function remove(desk: Desk, entries: readonly Entry[]): Promise<void> {
  const { api, tenant } = desk;
  const held = entries.filter((one) => one.held !== null);
  const others = entries.filter((one) => one.held === null);
  await attempt(desk, entries, async () => {
    const undoIds = await massDelete(desk, thingsOf(others));
    for (const { held: thing } of held) {
      await api.reject(tenant, thing?.id ?? "");
    }
    const undoing = undoIds.length === 0 ? null : () => undo(desk, others, () => undoAll(desk, undoIds));
    desk.done(others.length === 0 ? "doneRejected" : "doneDeleted", entries.length, undoing);
  });
}

export async function spam(desk: Desk, entries: readonly Entry[]): Promise<void> {
  await attempt(desk, entries, async () => {
    const undoIds: string[] = [];
    await inPieces(
      entries.map(({ id }) => id),
      async (ids) => {
        const { undoId } = await desk.api.spam(desk.tenant, ids);
        undoIds.push(...(undoId == null ? [] : [undoId]));
      },
    );
    // Words of spam are known by the comments; their markers, which are empty now, go after them.
    undoIds.push(...(await massDelete(desk, emptied(entries))));
    // what had waited waits again
    desk.done("doneSpam", entries.length, undoIds.length === 0 ? null : () => undo(desk, entries, () => undoAll(desk, undoIds)));
  });
}

/** Settles the markers of these entries, or opens them again, as most of them are not. */
export async function resolve(desk: Desk, entries: readonly Entry[]): Promise<void> {
  const { api, tenant } = desk;
  const markers = new Map(entries.flatMap((one) => (one.markerId === null ? [] : [[one.markerId, one.resolved] as const])));
  if (markers.size === 0) {
    return;
  }
  const isResolved = [...markers.values()].some((one) => !one);
  const show = (value: boolean): void => {
    desk.change((inbox) =>
      changed(inbox, (one) => (one.markerId !== null && markers.has(one.markerId) ? { ...one, resolved: value } : one)),
    );
  };
  const send = async (value: boolean): Promise<void> => {
    show(value);
    try {
      for (const id of markers.keys()) {
        await api.resolve(tenant, id, value);
      }
    } catch (error) {
      show(!value);
      throw error;
    }
  };
  try {
    await send(isResolved);
    desk.done(isResolved ? "doneResolved" : "doneReopened", markers.size, () => send(!isResolved).catch(desk.failed));
  } catch (error) {
    desk.failed(error);
  }
}

/** Brings back what was deleted together with these. */
export async function bringBack(desk: Desk, entries: readonly Entry[]): Promise<void> {
  const undoIds = [...new Set(entries.flatMap(({ deleted }) => (deleted === null ? [] : [deleted.undoId])))];
  await attempt(desk, entries, async () => {
    await undoAll(desk, undoIds);
    desk.done("doneRestored", entries.length, null);
  });
}

/** Raises what refuses it: the dialog says so. */
export async function ban(desk: Desk, banning: Banning): Promise<void> {
  const { api, tenant } = desk;
  const { bans } = await api.ban(tenant, banning);
  desk.done("doneBanned", 1, async () => {
    try {
      for (const { _id } of bans) {
        await api.liftBan(tenant, _id);
      }
    } catch (error) {
      desk.failed(error);
    }
  });
}

async function attempt(desk: Desk, entries: readonly Entry[], act: () => Promise<void>): Promise<void> {
  const ids = new Set(entries.map(({ id }) => id));
  desk.change((inbox) => without(inbox, ids));
  try {
    await act();
  } catch (error) {
    desk.change((inbox) => restored(inbox, entries));
    desk.failed(error);
  }
}

async function undo(desk: Desk, entries: readonly Entry[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
    desk.change((inbox) => restored(inbox, entries));
  } catch (error) {
    desk.failed(error);
  }
}

/** Markers whose comments are all among these: without them, they would stay behind with nothing to say. */
function emptied(entries: readonly Entry[]): readonly string[] {
  const chosen = new Map<string, number>();
  for (const { markerId, comment, held } of entries) {
    if (markerId !== null && comment !== null && held === null) {
      chosen.set(markerId, (chosen.get(markerId) ?? 0) + 1);
    }
  }
  const isEmptied = ({ markerId, inThread }: Entry): boolean => markerId !== null && (chosen.get(markerId) ?? 0) >= inThread;
  return [...new Set(entries.filter(isEmptied).flatMap(({ markerId }) => (markerId !== null && chosen.has(markerId) ? [markerId] : [])))];
}

/** The ids of what is deleted; a marker takes all its comments with it. */
function thingsOf(entries: readonly Entry[]): readonly string[] {
  const markers = new Set(emptied(entries));
  return [...markers, ...entries.filter(({ markerId }) => markerId === null || !markers.has(markerId)).map(({ id }) => id)];
}

async function massDelete({ api, tenant }: Desk, things: readonly string[]): Promise<string[]> {
  const undoIds: string[] = [];
  await inPieces(things, async (ids) => {
    const count = await api.countOf(tenant, { ids });
    const { undoId } = await api.massDelete(tenant, { ids }, count);
    undoIds.push(...(undoId == null ? [] : [undoId]));
  });
  return undoIds;
}

/** The last first: a comment needs its marker. */
async function undoAll({ api, tenant }: Desk, undoIds: readonly string[]): Promise<void> {
  for (const id of undoIds.toReversed()) {
    await api.undo(tenant, id);
  }
}

async function inPieces(ids: readonly string[], act: (ids: readonly string[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < ids.length; start += most) {
    await act(ids.slice(start, start + most));
  }
}
