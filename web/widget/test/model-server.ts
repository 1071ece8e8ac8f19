/** A server small enough to be obviously right: one room, its history, and what a fresh visitor would be told. */
import fc from "fast-check";
import { changed, type MarkerChange } from "../src/pending-changes.ts";
import type { Comment, CommentList, Conversation, RoomEvent, Snapshot, User } from "../src/wire.ts";

export const me: User = {
  id: "user-me",
  sessionId: "session-me",
  username: null,
  displayName: null,
  avatarSrc: null,
  authorized: false,
  isAnonSession: true,
};

type Body = RoomEvent extends infer E ? (E extends RoomEvent ? Omit<E, "timestamp" | "seq" | "userId"> : never) : never;

export class ModelServer {
  epoch = "epoch-1";
  readonly log: RoomEvent[] = [];
  readonly conversations = new Map<string, Conversation>();
  readonly threads = new Map<string, Comment[]>();
  /** Deleted comments, which a moderator may bring back. */
  readonly deleted = new Map<string, Comment>();
  /** Deleted markers with their threads, which their author may bring back. */
  readonly deletedMarkers = new Map<string, { readonly conversation: Conversation; readonly thread: Comment[] }>();
  #made = 0;

  get seq(): number {
    return this.log.length;
  }

  /** The history cannot be continued: clients of the old one must start over. */
  beginNewHistory(): void {
    this.epoch = `epoch-${Number(this.epoch.slice(6)) + 1}`;
  }

  createMarker(broadcastId: string, urlId: string, text: string | null): { conversation: Conversation; comment?: Comment } {
    const comment = text === null ? undefined : this.#comment(urlId, text);
    const conversation: Conversation = {
      _id: this.#id("chat"),
      urlId,
      x: 10,
      y: 20,
      src: "picture.jpg",
      resolved: false,
      commentCount: comment === undefined ? 0 : 1,
      lastCommentAt: comment?.date ?? null,
      createdAt: this.#date(),
      userId: me.id,
    };
    this.conversations.set(conversation._id, conversation);
    this.threads.set(urlId, comment === undefined ? [] : [comment]);
    const made = { conversation, ...(comment === undefined ? {} : { comment }) };
    this.#emit({ type: "new-image-chat", broadcastId, ...made });
    return made;
  }

  /** As `createMarker`, but for its author only, until a moderator has approved it. */
  holdMarker(urlId: string, text: string): { conversation: Conversation; comment: Comment } {
    const made = this.createMarker("held", urlId, text);
    this.log.pop();
    const comment: Comment = { ...(made.comment ?? this.#comment(urlId, text)), approved: false };
    const conversation = { ...made.conversation, commentCount: 0, lastCommentAt: null, approved: false };
    this.conversations.set(conversation._id, conversation);
    this.threads.set(urlId, [comment]);
    return { conversation, comment };
  }

  holdComment(urlId: string, text: string): Comment {
    const comment = { ...this.#comment(urlId, text), approved: false };
    this.threads.get(urlId)?.push(comment);
    return comment;
  }

  /** Approves what is held first of all: a marker with its comment, or a comment. */
  approve(broadcastId: string): void {
    const held = [...this.conversations.values()].find(({ approved }) => approved === false);
    const comment = [...this.threads.values()].flat().find((one) => !one.approved && one.urlId === (held?.urlId ?? one.urlId));
    if (comment === undefined) {
      return;
    }
    const approved = { ...comment, approved: true, date: this.#date() };
    const others = (this.threads.get(comment.urlId) ?? []).filter(({ _id }) => _id !== comment._id);
    this.threads.set(comment.urlId, [...others, approved]);
    if (held === undefined) {
      this.#count(comment.urlId, 1, approved.date);
      this.#emit({ type: "new-comment", broadcastId, comment: approved });
    } else {
      const conversation: Conversation = { ...held, commentCount: 1, lastCommentAt: approved.date, approved: true };
      this.conversations.set(held._id, conversation);
      this.#emit({ type: "new-image-chat", broadcastId, conversation, comment: approved });
    }
  }

  /** Brings a deleted comment back, if there is one on a marker that is there. */
  restore(broadcastId: string): void {
    const comment = [...this.deleted.values()].find(({ urlId }) => this.threads.has(urlId));
    if (comment === undefined) {
      return;
    }
    this.deleted.delete(comment._id);
    const others = (this.threads.get(comment.urlId) ?? []).filter(({ _id }) => _id !== comment._id);
    this.threads.set(comment.urlId, [...others, comment].sort((one, other) => (one.date < other.date ? -1 : 1)));
    this.#count(comment.urlId, 1, comment.date);
    this.#emit({ type: "new-comment", broadcastId, comment });
  }

  resolve(broadcastId: string, id: string): void {
    this.update(broadcastId, id, { resolved: true });
  }

  update(broadcastId: string, id: string, change: MarkerChange): Conversation {
    const conversation = changed(this.#conversation(id), change);
    this.conversations.set(id, conversation);
    this.#emit({ type: "image-chat-updated", broadcastId, conversation });
    return conversation;
  }

  /** Brings a deleted marker back, with all that was said there. */
  restoreMarker(broadcastId: string, id: string): Conversation {
    const gone = this.deletedMarkers.get(id);
    if (gone === undefined) {
      throw new Error(`no deleted marker ${id}`);
    }
    this.deletedMarkers.delete(id);
    this.conversations.set(id, gone.conversation);
    this.threads.set(gone.conversation.urlId, gone.thread);
    this.#emit({ type: "new-image-chat", broadcastId, conversation: gone.conversation });
    return gone.conversation;
  }

  deleteMarker(broadcastId: string, id: string): void {
    const conversation = this.#conversation(id);
    const { _id, urlId, approved } = conversation;
    const thread = (this.threads.get(urlId) ?? []).filter((comment) => comment.approved);
    this.conversations.delete(id);
    this.threads.delete(urlId);
    if (approved === false) {
      return;
    }
    this.deletedMarkers.set(id, { conversation, thread });
    this.#emit({ type: "deleted-image-chat", broadcastId, conversation: { _id, urlId } });
  }

  createComment(broadcastId: string, urlId: string, text: string): Comment {
    const comment = this.#comment(urlId, text);
    this.threads.get(urlId)?.push(comment);
    this.#count(urlId, 1, comment.date);
    this.#emit({ type: "new-comment", broadcastId, comment });
    return comment;
  }

  editComment(broadcastId: string, id: string, text: string): Comment {
    const before = this.#find(id);
    const comment = { ...before, comment: text, commentHTML: `<p>${text}</p>`, editedAt: this.#date() };
    this.#thread(before.urlId, (known) => (known._id === id ? [comment] : [known]));
    if (comment.approved) {
      this.#emit({ type: "updated-comment", broadcastId, comment });
    }
    return comment;
  }

  deleteComment(broadcastId: string, id: string, hardRemoved: boolean): void {
    const before = this.#find(id);
    const comment: Comment = { ...before, comment: "", commentHTML: "", isDeleted: true };
    this.#thread(comment.urlId, (known) => (known._id !== id ? [known] : hardRemoved || !before.approved ? [] : [comment]));
    if (!before.approved) {
      return;
    }
    this.deleted.set(id, before);
    this.#count(comment.urlId, -1);
    this.#emit({ type: "deleted-comment", broadcastId, comment, hardRemoved });
  }

  snapshot(): Snapshot {
    return {
      epoch: this.epoch,
      seq: this.seq,
      conversations: [...this.conversations.values()],
      user: me,
      isSiteAdmin: false,
      tenantIdWS: "demo",
      urlIdWS: "room",
      userIdWS: "ticket",
    };
  }

  comments(urlId: string): CommentList {
    const exists = this.threads.has(urlId);
    return { comments: [...(this.threads.get(urlId) ?? [])], hasMore: false, pictureSeq: exists ? this.seq : null };
  }

  #emit(body: Body): void {
    const seq = this.seq + 1;
    this.log.push({ ...body, seq, timestamp: 1_767_604_800_000 + seq, userId: me.id });
  }

  #conversation(id: string): Conversation {
    const conversation = this.conversations.get(id);
    if (conversation === undefined) {
      throw new Error(`no marker ${id}`);
    }
    return conversation;
  }

  #find(id: string): Comment {
    const comment = [...this.threads.values()].flat().find((known) => known._id === id);
    if (comment === undefined) {
      throw new Error(`no comment ${id}`);
    }
    return comment;
  }

  #thread(urlId: string, change: (known: Comment) => Comment[]): void {
    this.threads.set(urlId, (this.threads.get(urlId) ?? []).flatMap(change));
  }

  #count(urlId: string, by: number, date?: string): void {
    for (const known of this.conversations.values()) {
      if (known.urlId === urlId) {
        this.conversations.set(known._id, {
          ...known,
          commentCount: known.commentCount + by,
          lastCommentAt: date !== undefined && date > (known.lastCommentAt ?? "") ? date : known.lastCommentAt,
        });
      }
    }
  }

  #comment(urlId: string, text: string): Comment {
    return {
      _id: this.#id("comment"),
      tenantId: "demo",
      urlId,
      userId: me.id,
      commenterName: "Me",
      commentHTML: `<p>${text}</p>`,
      comment: text,
      date: this.#date(),
      url: "https://example.com/",
      verified: true,
      approved: true,
      locale: null,
    };
  }

  #id(kind: string): string {
    this.#made += 1;
    return `${kind}-${this.#made}`;
  }

  /** Later each time it is asked for. */
  #date(): string {
    this.#made += 1;
    return new Date(1_767_604_800_000 + this.#made).toISOString();
  }
}

const kinds = [
  ...(["marker", "bare-marker", "resolve", "delete-marker", "comment", "edit", "remove", "empty"] as const),
  ...(["approve", "restore"] as const),
];

/** One thing that somebody does; `pick` chooses among what is there. */
export interface Deed {
  readonly kind: (typeof kinds)[number];
  readonly pick: number;
}

export const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...kinds, "comment"),
  pick: fc.nat({ max: 1000 }),
});

/** Carries a deed out, if there is something to do it to. */
export function perform(server: ModelServer, { kind, pick }: Deed, broadcastId: string): void {
  // What is held, nobody else can touch.
  const markers = [...server.conversations.values()].filter((one) => one.approved !== false);
  const marker = markers[pick % markers.length];
  const comments = [...server.threads.values()].flat().filter((one) => one.isDeleted !== true && one.approved);
  const comment = comments[pick % comments.length];
  switch (kind) {
    case "marker":
    case "bare-marker":
      server.createMarker(broadcastId, `win-${server.seq + 1}`, kind === "marker" ? "First" : null);
      break;
    case "resolve":
    case "delete-marker":
      if (marker !== undefined) {
        server[kind === "resolve" ? "resolve" : "deleteMarker"](broadcastId, marker._id);
      }
      break;
    case "comment":
      if (marker !== undefined) {
        server.createComment(broadcastId, marker.urlId, `Text ${pick}`);
      }
      break;
    case "edit":
      if (comment !== undefined) {
        server.editComment(broadcastId, comment._id, `Edit ${pick}`);
      }
      break;
    case "remove":
    case "empty":
      if (comment !== undefined) {
        server.deleteComment(broadcastId, comment._id, kind === "remove");
      }
      break;
    case "approve":
    case "restore":
      server[kind](broadcastId);
      break;
  }
}

/** Histories of a room. */
export function eventsOf(): fc.Arbitrary<RoomEvent[]> {
  return fc.array(deed, { maxLength: 40 }).map((deeds) => {
    const server = new ModelServer();
    deeds.forEach((one, index) => {
      perform(server, one, `other-${index}`);
    });
    return server.log;
  });
}
