/**
 * The fold: a viewer's state of a room, and what each event does to it. Pure; its twin is
 * src/imagechat/model/room_state.py, and both pass contract/fold.json.
 */
import { aboutOf, afterOpinion, keepingOwn } from "./opinions.ts";
import type { Comment, Conversation, KnownEvent, Position, RoomEvent } from "./wire.ts";

type ThreadEvent = Exclude<KnownEvent, { readonly type: "picture-updated" }>;

/** A thread whose list was asked for keeps the events that came meanwhile; a loaded one has its comments, oldest first. */
export type Thread =
  | { readonly status: "loading"; readonly events: readonly ThreadEvent[] }
  | { readonly status: "loaded"; readonly comments: readonly Comment[] };

export interface RoomState extends Position {
  /** By `windowUrlId`, as comments and deletions name them: no event has to search. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** By `windowUrlId`; only those that somebody opened. */
  readonly threads: ReadonlyMap<string, Thread>;
  /** The picture is locked. */
  readonly readOnly: boolean;
  /** Whose votes and emoji are one's own: a user's id, or empty. */
  readonly viewer: string;
}

export function stateOf(
  position: Position,
  conversations: readonly Conversation[],
  readOnly = false,
  viewer = "",
): RoomState {
  return {
    epoch: position.epoch,
    seq: position.seq,
    conversations: new Map(conversations.map((one) => [one.urlId, one])),
    threads: new Map(),
    readOnly,
    viewer,
  };
}

/** The state after an event; one that is already in changes nothing. Throws on a gap, which only a resume can mend. */
export function fold(state: RoomState, event: RoomEvent): RoomState {
  return foldAll(state, [event]);
}

/** Folds a batch with one copy of the maps: a burst of events over thousands of markers must stay linear. */
export function foldAll(state: RoomState, events: readonly RoomEvent[]): RoomState {
  const conversations = new Map(state.conversations);
  const threads = new Map(state.threads);
  let { seq, readOnly } = state;
  for (const event of events) {
    if (event.seq <= seq) {
      continue;
    }
    if (event.seq !== seq + 1) {
      throw new RangeError(`gap: the state is at ${seq}, the event is ${event.seq}`);
    }
    seq = event.seq;
    if (event.type === "picture-updated") {
      readOnly = event.picture.readOnly;
    } else if (event.type !== "unknown") {
      applyToConversations(conversations, event);
      applyToThreads(threads, event, state.viewer);
    }
  }
  return seq === state.seq ? state : { ...state, seq, conversations, threads, readOnly };
}

/** The state with a thread's list asked for. */
export function openThread(state: RoomState, urlId: string): RoomState {
  return state.threads.has(urlId) ? state : withThread(state, urlId, { status: "loading", events: [] });
}

/** The state with a thread's list in it, brought forward by the events that came meanwhile. */
export function threadLoaded(
  state: RoomState,
  urlId: string,
  comments: readonly Comment[],
  pictureSeq: number,
): RoomState {
  const thread = state.threads.get(urlId);
  if (thread?.status !== "loading") {
    return state;
  }
  const later = thread.events.filter((event) => event.seq > pictureSeq);
  const start: Thread = { status: "loaded", comments };
  return withThread(state, urlId, later.reduce((known: Thread, event) => foldThread(known, event, state.viewer), start));
}

/** The state with a thread as given, or forgotten. */
export function withThread(state: RoomState, urlId: string, thread: Thread | undefined): RoomState {
  const threads = new Map(state.threads);
  if (thread === undefined) {
    threads.delete(urlId);
  } else {
    threads.set(urlId, thread);
  }
  return { ...state, threads };
}

function applyToConversations(conversations: Map<string, Conversation>, event: ThreadEvent): void {
  switch (event.type) {
    case "new-image-chat":
      conversations.set(event.conversation.urlId, event.conversation);
      return;
    case "image-chat-updated":
      if (conversations.has(event.conversation.urlId)) {
        conversations.set(event.conversation.urlId, event.conversation);
      }
      return;
    case "deleted-image-chat":
      conversations.delete(event.conversation.urlId);
      return;
    case "new-comment":
      count(conversations, event.comment.urlId, 1, event.comment.date);
      return;
    case "deleted-comment":
      count(conversations, event.comment.urlId, -1);
      return;
    case "updated-comment":
    case "new-vote":
    case "deleted-vote":
    case "new-reaction":
    case "deleted-reaction":
      return;
  }
}

function count(conversations: Map<string, Conversation>, urlId: string, change: number, date?: string): void {
  const known = conversations.get(urlId);
  if (known !== undefined) {
    const commentCount = known.commentCount + change;
    const isLatest = date !== undefined && date > (known.lastCommentAt ?? "");
    conversations.set(urlId, { ...known, commentCount, lastCommentAt: isLatest ? date : known.lastCommentAt });
  }
}

function applyToThreads(threads: Map<string, Thread>, event: ThreadEvent, viewer: string): void {
  if (event.type === "deleted-image-chat") {
    threads.delete(event.conversation.urlId);
    return;
  }
  if (event.type === "image-chat-updated") {
    return;
  }
  const urlId = threadOf(event);
  const thread = threads.get(urlId);
  if (thread !== undefined) {
    threads.set(urlId, foldThread(thread, event, viewer));
  }
}

function threadOf(event: Exclude<ThreadEvent, { readonly type: "image-chat-updated" | "deleted-image-chat" }>): string {
  if (event.type === "new-image-chat") {
    return event.conversation.urlId;
  }
  return "comment" in event ? event.comment.urlId : aboutOf(event).urlId;
}

function foldThread(thread: Thread, event: ThreadEvent, viewer: string): Thread {
  if (thread.status === "loading") {
    return { status: "loading", events: [...thread.events, event] };
  }
  const { comments } = thread;
  switch (event.type) {
    case "new-image-chat":
    case "new-comment": {
      const { comment } = event;
      return comment === undefined ? thread : { status: "loaded", comments: withComment(comments, comment) };
    }
    case "updated-comment":
      return { status: "loaded", comments: replaced(comments, event.comment) };
    case "deleted-comment":
      return event.hardRemoved
        ? { status: "loaded", comments: comments.filter((known) => known._id !== event.comment._id) }
        : { status: "loaded", comments: replaced(comments, event.comment) };
    case "new-vote":
    case "deleted-vote":
    case "new-reaction":
    case "deleted-reaction": {
      const { commentId } = aboutOf(event);
      const isOwn = event.userId === viewer;
      return {
        status: "loaded",
        comments: comments.map((known) => (known._id === commentId ? afterOpinion(known, event, isOwn) : known)),
      };
    }
    case "image-chat-updated":
    case "deleted-image-chat":
      return thread;
  }
}

/** A thread's comments with one more, at its date, or in the place that it has there already. */
export function withComment(comments: readonly Comment[], comment: Comment): readonly Comment[] {
  const known = comments.find(({ _id }) => _id === comment._id);
  if (known?.isDeleted === true) {
    return replaced(comments, comment);
  }
  if (known?.approved === true) {
    return comments;
  }
  const others = known === undefined ? comments : comments.filter((each) => each !== known);
  const place = others.findLastIndex(({ date }) => date <= comment.date) + 1;
  return [...others.slice(0, place), comment, ...others.slice(place)];
}

export function replaced(comments: readonly Comment[], comment: Comment): Comment[] {
  return comments.map((known) => (known._id === comment._id ? keepingOwn(comment, known) : known));
}
