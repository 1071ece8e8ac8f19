/** What a moderator sees of the inbox, folded: pages, what comes live, selection, and what was just done. Pure. */
import type { Entry, InboxPage, InboxState } from "./shapes.ts";

export interface Inbox {
  readonly state: InboxState;
  /** The newest first. */
  readonly entries: readonly Entry[];
  readonly nextBefore: string | null;
  readonly counts: InboxPage["counts"];
  /** Came while the moderator was in the middle of something. */
  readonly waiting: readonly Entry[];
  /** Still shown, though they are not in this list any more: somebody else was faster. */
  readonly gone: ReadonlySet<string>;
  /** Done here, and on their way: a page that was read meanwhile may still have them. */
  readonly taken: ReadonlySet<string>;
  readonly selected: ReadonlySet<string>;
  readonly active: string | null;
}

const none: ReadonlySet<string> = new Set();

export function emptyInbox(state: InboxState): Inbox {
  return {
    state,
    entries: [],
    nextBefore: null,
    counts: { new: 0, held: 0 },
    waiting: [],
    gone: none,
    taken: none,
    selected: none,
    active: null,
  };
}

/** The first page, for a list that shows nothing yet. */
export function begun(inbox: Inbox, page: InboxPage): Inbox {
  const entries = page.entries.filter(({ id }) => !inbox.taken.has(id));
  return {
    ...inbox,
    entries,
    nextBefore: page.nextBefore,
    counts: page.counts,
    waiting: [],
    gone: none,
    active: entries.some(({ id }) => id === inbox.active) ? inbox.active : (entries[0]?.id ?? null),
  };
}

/** The page after the last one. */
export function continued(inbox: Inbox, page: InboxPage): Inbox {
  const known = new Set([...inbox.entries, ...inbox.waiting].map(({ id }) => id));
  const more = page.entries.filter(({ id }) => !known.has(id) && !inbox.taken.has(id));
  return { ...inbox, entries: [...inbox.entries, ...more], nextBefore: page.nextBefore, counts: page.counts };
}

/**
 * The first page, read again because something has changed. Whoever is busy finds all of it in its place: what is new
 * waits, and what is gone stays until it is let go.
 */
export function renewed(inbox: Inbox, page: InboxPage, isBusy: boolean): Inbox {
  const fresh = new Map(page.entries.map((entry) => [entry.id, entry]));
  const known = new Set(inbox.entries.map(({ id }) => id));
  const oldest = page.entries.at(-1);
  /** Whether the page reaches as far back as this entry, so that it would have it. */
  const isCovered = (entry: Entry): boolean => page.nextBefore === null || (oldest !== undefined && entry.at > oldest.at);
  const gone = new Set(inbox.entries.filter((one) => !fresh.has(one.id) && isCovered(one)).map(({ id }) => id));
  const taken = new Set([...inbox.taken].filter((id) => fresh.has(id)));
  const next: Inbox = {
    ...inbox,
    entries: inbox.entries.map((one) => fresh.get(one.id) ?? one),
    counts: page.counts,
    waiting: page.entries.filter(({ id }) => !known.has(id) && !inbox.taken.has(id)),
    gone,
    taken,
    nextBefore: inbox.entries.length === 0 ? page.nextBefore : inbox.nextBefore,
  };
  return isBusy ? next : revealed(next);
}

/** Shows what waits, and lets go what is gone. */
export function revealed(inbox: Inbox): Inbox {
  const entries = sorted([...inbox.waiting, ...inbox.entries.filter(({ id }) => !inbox.gone.has(id))]);
  return settled({ ...inbox, entries, waiting: [], gone: none }, inbox);
}

/** Takes entries away before the server has answered. */
export function without(inbox: Inbox, ids: ReadonlySet<string>): Inbox {
  const entries = inbox.entries.filter(({ id }) => !ids.has(id));
  const waiting = inbox.waiting.filter(({ id }) => !ids.has(id));
  return settled({ ...inbox, entries, waiting, taken: new Set([...inbox.taken, ...ids]) }, inbox);
}

/** Puts entries back: it came to nothing, or was undone. */
export function restored(inbox: Inbox, back: readonly Entry[]): Inbox {
  const ids = new Set(back.map(({ id }) => id));
  const entries = sorted([...back, ...inbox.entries.filter(({ id }) => !ids.has(id))]);
  return {
    ...inbox,
    entries,
    waiting: inbox.waiting.filter(({ id }) => !ids.has(id)),
    taken: new Set([...inbox.taken].filter((id) => !ids.has(id))),
    gone: new Set([...inbox.gone].filter((id) => !ids.has(id))),
    active: inbox.active ?? back[0]?.id ?? null,
  };
}

export function changed(inbox: Inbox, change: (entry: Entry) => Entry): Inbox {
  return { ...inbox, entries: inbox.entries.map(change) };
}

export function moved(inbox: Inbox, by: 1 | -1): Inbox {
  const { entries, active } = inbox;
  const at = entries.findIndex(({ id }) => id === active);
  const to = at === -1 ? 0 : Math.min(entries.length - 1, Math.max(0, at + by));
  return { ...inbox, active: entries[to]?.id ?? null };
}

export function activated(inbox: Inbox, id: string): Inbox {
  return inbox.active === id ? inbox : { ...inbox, active: id };
}

export function toggled(inbox: Inbox, id: string): Inbox {
  const selected = new Set(inbox.selected);
  if (!selected.delete(id)) {
    selected.add(id);
  }
  return { ...inbox, selected, active: id };
}

/** Everything between the active entry and this one, too. */
export function extended(inbox: Inbox, id: string): Inbox {
  const from = inbox.entries.findIndex((one) => one.id === inbox.active);
  const to = inbox.entries.findIndex((one) => one.id === id);
  if (from === -1 || to === -1) {
    return toggled(inbox, id);
  }
  const between = inbox.entries.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...inbox, selected: new Set([...inbox.selected, ...between.map((one) => one.id)]), active: id };
}

export function allSelected(inbox: Inbox): Inbox {
  return { ...inbox, selected: new Set(inbox.entries.filter(({ id }) => !inbox.gone.has(id)).map(({ id }) => id)) };
}

export function noneSelected(inbox: Inbox): Inbox {
  return inbox.selected.size === 0 ? inbox : { ...inbox, selected: none };
}

/** What an action is about: the selection, or without one the active entry. */
export function subjects(inbox: Inbox): readonly Entry[] {
  const { entries, selected, active, gone } = inbox;
  return entries.filter(({ id }) => !gone.has(id) && (selected.size > 0 ? selected.has(id) : id === active));
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((one, other) => other.at.localeCompare(one.at) || other.id.localeCompare(one.id));
}

/** Selection and focus, after the list has changed: the focus goes to what has taken the place. */
function settled(inbox: Inbox, before: Inbox): Inbox {
  const ids = new Set(inbox.entries.map(({ id }) => id));
  const selected = new Set([...inbox.selected].filter((id) => ids.has(id)));
  if (inbox.active !== null && ids.has(inbox.active)) {
    return { ...inbox, selected };
  }
  const at = before.entries.findIndex(({ id }) => id === before.active);
  const after = before.entries.slice(at + 1).find(({ id }) => ids.has(id));
  const earlier = before.entries.slice(0, Math.max(0, at)).findLast(({ id }) => ids.has(id));
  return { ...inbox, selected, active: after?.id ?? earlier?.id ?? inbox.entries[0]?.id ?? null };
}
