/**
 * How the visitor's own changes lie over the room's state. The rules come with what makes such changes; until then there
 * is nothing to lay over. Pure.
 */
import type { Change, PendingChange, ShownComment, ShownMarker } from "./pending-changes.ts";
import type { RoomState } from "./room-state.ts";
import type { Comment, RoomEvent } from "./wire.ts";

type Pending = readonly PendingChange[];

export interface Overlay {
  readonly shownMarkers: (state: RoomState, pending: Pending) => ShownMarker[];
  readonly shownComments: (confirmed: readonly Comment[], urlId: string, pending: Pending) => ShownComment[];
  readonly afterEvents: (pending: Pending, events: readonly RoomEvent[]) => Pending;
  readonly afterSnapshot: (pending: Pending, seq: number, isSameHistory: boolean) => Pending;
  readonly settled: (state: RoomState, began: Change, confirmed: Change) => RoomState;
  readonly isHeld: (change: Change) => boolean;
}

/** For a visitor who only looks. */
export const nothingLaid: Overlay = {
  shownMarkers: ({ conversations }) =>
    [...conversations.values()].map((conversation) => ({ conversation, pending: false })).sort(byAge),
  shownComments: (confirmed) => confirmed.map((comment) => ({ comment, pending: null })),
  afterEvents: (pending) => pending,
  afterSnapshot: (pending) => pending,
  settled: (state) => state,
  isHeld: () => false,
};

/** Oldest first. */
export function byAge({ conversation: one }: ShownMarker, { conversation: other }: ShownMarker): number {
  return compare(one.createdAt, other.createdAt) || compare(one._id, other._id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
