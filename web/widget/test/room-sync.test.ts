import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../src/pending-changes.ts";
import { ownOverlay } from "../src/own-overlay.ts";
import { RoomSync } from "../src/room-sync.ts";
import type { Answer, Comment, CommentList, Conversation, Frame, Snapshot } from "../src/wire.ts";
import { deed, ModelServer, perform, type Deed } from "./model-server.ts";

const emptyComment: Comment = new ModelServer().createComment("none", "win-none", "");
const emptyConversation: Conversation = new ModelServer().createMarker("none", "win-none", null).conversation;

/** What a visitor sees of a state that has nothing pending: what a page opened just now would show. */
function freshView(server: ModelServer, threads: readonly string[]): unknown {
  const sync = new RoomSync({ ...silent }, ownOverlay);
  sync.snapshot(server.snapshot());
  const lists = threads.filter((urlId) => server.threads.has(urlId)).map((urlId) => [urlId, server.comments(urlId).comments]);
  return { markers: sync.markers(), threads: Object.fromEntries(lists) as unknown };
}

const silent = {
  onGap: () => undefined,
  onAhead: () => undefined,
  onReset: () => undefined,
  onCaughtUp: () => undefined,
  onThreadNeeded: () => undefined,
  onChange: () => undefined,
};

interface Reply {
  readonly broadcastId: string;
  readonly answer: Answer | null;
  readonly confirmed: Change;
}

/** A visitor whose every message waits until the test delivers it, in any order that a network allows. */
class Visitor {
  readonly sync: RoomSync;
  readonly server: ModelServer;
  readonly opened = new Set<string>();
  /** Frames on their way, or null without a socket. */
  socket: Frame[] | null = null;
  sent = 0;
  replies: Reply[] = [];
  lists: { urlId: string; loadId: number; list: CommentList }[] = [];
  snapshots: (Snapshot | "ask")[] = [];
  count = 0;

  constructor(server: ModelServer) {
    this.server = server;
    this.sync = new RoomSync({
      ...silent,
      onGap: () => {
        this.socket = null;
      },
      onReset: () => {
        this.snapshots.push("ask");
      },
      onThreadNeeded: (urlId, loadId) => {
        this.lists.push({ urlId, loadId, list: server.comments(urlId) });
      },
    });
    this.sync.lay(ownOverlay);
    this.sync.snapshot(server.snapshot());
  }

  connect(): void {
    const { server, sync } = this;
    this.snapshots = [];
    sync.connecting();
    const position = sync.position ?? { epoch: "", seq: 0 };
    const canResume = position.seq === 0 || (position.epoch === server.epoch && position.seq <= server.seq);
    const hello: Frame = { type: "hello", epoch: server.epoch, seq: server.seq, sc: 1 };
    const missed = server.log.slice(position.seq).map((event): Frame => ({ type: "event", event }));
    this.socket = [hello, ...(canResume ? missed : [{ type: "reset", epoch: server.epoch, seq: server.seq } as const])];
    this.sent = server.seq;
  }

  /** The server puts what is new on the wire. */
  emit(): void {
    if (this.socket !== null) {
      this.socket.push(...this.server.log.slice(this.sent).map((event): Frame => ({ type: "event", event })));
      this.sent = this.server.seq;
    }
  }

  deliver(most: number): void {
    const frames = this.socket?.splice(0, most) ?? [];
    this.sync.receive(frames);
  }

  deliverSnapshot(): void {
    const next = this.snapshots.shift();
    if (next === "ask") {
      this.snapshots.unshift(this.server.snapshot());
    } else if (next !== undefined) {
      this.sync.snapshot(next);
    }
  }

  deliverReply(pick: number): void {
    const [reply] = this.replies.splice(pick % Math.max(1, this.replies.length), 1);
    if (reply?.answer != null) {
      this.sync.accepted(reply.broadcastId, reply.answer, reply.confirmed);
    } else if (reply !== undefined) {
      this.sync.refused(reply.broadcastId);
    }
  }

  deliverList(pick: number): void {
    const [load] = this.lists.splice(pick % Math.max(1, this.lists.length), 1);
    if (load !== undefined) {
      this.sync.threadLoaded(load.urlId, load.loadId, load.list.comments, load.list.pictureSeq ?? 0);
    }
  }

  open(pick: number): void {
    const markers = [...(this.sync.state?.conversations.values() ?? [])];
    const marker = markers[pick % Math.max(1, markers.length)];
    if (marker !== undefined) {
      this.opened.add(marker.urlId);
      this.sync.open(marker.urlId);
    }
  }

  /** One of the visitor's own changes: shown now, carried out by the server at once, answered whenever. */
  act({ kind, pick }: Deed, isRefused: boolean, isAnswerLost: boolean, isHeld: boolean): void {
    this.count += 1;
    const broadcastId = `own-${this.count}`;
    const { server, sync } = this;
    const markers = [...server.conversations.values()];
    const marker = markers[pick % Math.max(1, markers.length)];
    const comment = (server.threads.get(marker?.urlId ?? "") ?? []).find((one) => one.isDeleted !== true);
    const reply = (change: Change, carryOut: () => Change): void => {
      sync.begin(broadcastId, change);
      const before = server.seq;
      const confirmed = isRefused ? change : carryOut();
      if (!isRefused && server.seq === before) {
        // Held: no moderator is as quick as the answer.
        sync.accepted(broadcastId, {}, confirmed);
        return;
      }
      const answer = isRefused || isAnswerLost ? null : { seq: server.seq, pictureSeq: server.seq };
      this.replies.push({ broadcastId, answer, confirmed });
    };
    if (kind === "marker" || kind === "bare-marker" || marker === undefined) {
      const urlId = `own-win-${this.count}`;
      const conversation = { ...emptyConversation, _id: `draft-${urlId}`, urlId, commentCount: 1 };
      const draft: Change = { kind: "create-marker", conversation, comment: { ...emptyComment, _id: `sending-${urlId}`, urlId } };
      this.opened.add(urlId);
      reply(draft, () => {
        if (isHeld) {
          return { kind: "create-marker", ...server.holdMarker(urlId, "Mine") };
        }
        const made = server.createMarker(broadcastId, urlId, "Mine");
        return { kind: "create-marker", conversation: made.conversation, comment: made.comment ?? emptyComment };
      });
    } else if (kind === "resolve" && marker.approved !== false) {
      const change = { resolved: !marker.resolved, x: pick % 100 };
      reply({ kind: "update-marker", conversation: { ...marker, ...change }, change }, () => ({
        kind: "update-marker",
        conversation: server.update(broadcastId, marker._id, change),
        change,
      }));
    } else if (kind === "restore") {
      this.#undo(pick, broadcastId, reply);
    } else if (kind === "delete-marker" || kind === "resolve") {
      reply({ kind: "delete-marker", conversation: marker }, () => {
        server.deleteMarker(broadcastId, marker._id);
        return { kind: "delete-marker", conversation: marker };
      });
    } else if (kind === "comment" || comment === undefined) {
      const draft = { ...emptyComment, _id: `sending-${broadcastId}`, urlId: marker.urlId };
      reply({ kind: "create-comment", comment: draft }, () => ({
        kind: "create-comment",
        comment:
          isHeld || marker.approved === false
            ? server.holdComment(marker.urlId, "Mine too")
            : server.createComment(broadcastId, marker.urlId, "Mine too"),
      }));
    } else if (kind === "edit") {
      reply({ kind: "edit-comment", comment: { ...comment, comment: "Changed" } }, () => ({
        kind: "edit-comment",
        comment: server.editComment(broadcastId, comment._id, "Changed"),
      }));
    } else {
      reply({ kind: "delete-comment", comment }, () => {
        server.deleteComment(broadcastId, comment._id, kind === "remove");
        return { kind: "delete-comment", comment };
      });
    }
  }

  #undo(pick: number, broadcastId: string, reply: (change: Change, carryOut: () => Change) => void): void {
    const { server } = this;
    const comment = [...server.deleted.values()].find(({ urlId }) => server.threads.has(urlId));
    const gone = [...server.deletedMarkers.values()];
    const conversation = gone[pick % Math.max(1, gone.length)]?.conversation;
    if (comment !== undefined && pick % 2 === 0) {
      reply({ kind: "restore-comment", comment }, () => {
        server.restore(broadcastId);
        return { kind: "restore-comment", comment };
      });
    } else if (conversation !== undefined) {
      reply({ kind: "restore-marker", conversation }, () => ({
        kind: "restore-marker",
        conversation: server.restoreMarker(broadcastId, conversation._id),
      }));
    }
  }

  /** Lets everything arrive: a visitor whose network is good again. */
  settle(): void {
    while (this.replies.length > 0) {
      this.deliverReply(0);
    }
    for (let round = 0; round < 10; round += 1) {
      if (this.socket === null) {
        this.connect();
      }
      this.emit();
      this.deliver(Number.POSITIVE_INFINITY);
      while (this.snapshots.length > 0) {
        this.deliverSnapshot();
      }
      while (this.lists.length > 0) {
        this.deliverList(0);
      }
    }
  }

  view(): unknown {
    const threads = [...(this.sync.state?.threads ?? [])].map(([urlId]) => {
      const { comments } = this.sync.thread(urlId);
      return [urlId, comments.map(({ comment }) => comment)];
    });
    return { markers: this.sync.markers(), threads: Object.fromEntries(threads) as unknown };
  }
}

type Step =
  | { readonly do: "other" | "own"; readonly deed: Deed; readonly isRefused: boolean; readonly isAnswerLost: boolean; readonly isHeld: boolean }
  | { readonly do: "cut" | "connect" | "snapshot" | "new-history" }
  | { readonly do: "deliver" | "reply" | "list" | "open"; readonly pick: number };

const rarely = fc.nat({ max: 5 }).map((value) => value === 0);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("other", "own"), deed, isRefused: rarely, isAnswerLost: rarely, isHeld: rarely }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("deliver", "reply", "list", "open"), pick: fc.nat({ max: 9 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("cut", "connect", "snapshot", "new-history") }) },
  ),
  { maxLength: 60 },
);

function run(visitor: Visitor, step: Step, index: number): void {
  switch (step.do) {
    case "other":
      perform(visitor.server, step.deed, `other-${index}`);
      break;
    case "own":
      visitor.act(step.deed, step.isRefused, step.isAnswerLost, step.isHeld);
      break;
    case "cut":
      visitor.socket = null;
      break;
    case "connect":
      visitor.connect();
      break;
    case "snapshot":
      visitor.deliverSnapshot();
      break;
    case "new-history":
      // The server closes every connection of the old one.
      visitor.server.beginNewHistory();
      visitor.socket = null;
      break;
    case "deliver":
      visitor.deliver(step.pick);
      break;
    case "reply":
      visitor.deliverReply(step.pick);
      break;
    case "list":
      visitor.deliverList(step.pick);
      break;
    case "open":
      visitor.open(step.pick);
      break;
  }
}

describe("room-sync", () => {
  function withMarker(): { server: ModelServer; visitor: Visitor; urlId: string } {
    const server = new ModelServer();
    server.createMarker("other-1", "win-1", "First");
    const visitor = new Visitor(server);
    visitor.connect();
    visitor.sync.open("win-1");
    visitor.settle();
    return { server, visitor, urlId: "win-1" };
  }

  it("SNAP1 RES1 ECHO1 any interleaving ends with what a fresh snapshot shows", () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { visitor } = withMarker();
        given.forEach((step, index) => {
          run(visitor, step, index);
          visitor.emit();
        });
        visitor.settle();
        const threads = [...(visitor.sync.state?.threads.keys() ?? [])];
        expect(visitor.sync.pending).toEqual([]);
        expect(visitor.view()).toEqual(freshView(visitor.server, threads));
      }),
      { seed: 20260105, numRuns: 1500, endOnFailure: false },
    );
  });

  const own = (urlId: string): Change => ({ kind: "create-comment", comment: { ...emptyComment, _id: "sending", urlId } });
  const texts = (visitor: Visitor): string[] => visitor.sync.thread("win-1").comments.map(({ comment }) => comment._id);

  it("ECHO1 reply before event: the comment is there once, before, between and after", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    expect(texts(visitor)).toHaveLength(2);
    const comment = server.createComment("own", urlId, "Mine");
    visitor.sync.accepted("own", { seq: 1, pictureSeq: server.seq }, { kind: "create-comment", comment });
    expect(texts(visitor)).toEqual([expect.anything(), comment._id]);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
    visitor.emit();
    visitor.deliver(9);
    expect(texts(visitor)).toEqual([expect.anything(), comment._id]);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
    expect(visitor.sync.pending).toEqual([]);
  });

  it("ECHO1 event before reply: the event confirms it, the reply changes nothing", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    const comment = server.createComment("own", urlId, "Mine");
    visitor.emit();
    visitor.deliver(9);
    expect(texts(visitor)).toEqual([expect.anything(), comment._id]);
    visitor.sync.accepted("own", { seq: 1, pictureSeq: server.seq }, { kind: "create-comment", comment });
    expect(texts(visitor)).toEqual([expect.anything(), comment._id]);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
  });

  it("ECHO1 a refused change is taken back", () => {
    const { visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    visitor.sync.refused("own");
    expect(texts(visitor)).toHaveLength(1);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(1);
  });

  it("ECHO1 a change whose answer was lost, but whose event came, is not taken back", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    server.createComment("own", urlId, "Mine");
    visitor.emit();
    visitor.deliver(9);
    visitor.sync.refused("own");
    expect(texts(visitor)).toHaveLength(2);
  });

  it("RES1 a gap drops the connection, and the batch that has it leaves nothing behind", () => {
    const { server, visitor, urlId } = withMarker();
    server.createComment("other-2", urlId, "Lost");
    server.createComment("other-3", urlId, "Seen");
    visitor.sent += 1;
    visitor.emit();
    visitor.deliver(9);
    expect(visitor.socket).toBeNull();
    expect(texts(visitor)).toHaveLength(1);
    visitor.settle();
    expect(texts(visitor)).toHaveLength(3);
  });

  it("RES2 while a reset is mended, old comments stay readable", () => {
    const { server, visitor } = withMarker();
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(9);
    expect(visitor.snapshots).toEqual(["ask"]);
    expect(texts(visitor)).toHaveLength(1);
    visitor.deliverSnapshot();
    visitor.deliverSnapshot();
    expect(visitor.sync.thread("win-1").status).toBe("loaded");
    expect(texts(visitor)).toHaveLength(1);
  });

  it("RES2 events that come while the snapshot is on its way follow it", () => {
    const { server, visitor, urlId } = withMarker();
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(9);
    visitor.deliverSnapshot();
    server.createMarker("other-2", "win-2", null);
    visitor.emit();
    visitor.deliver(9);
    expect(visitor.sync.markers()).toHaveLength(1);
    visitor.deliverSnapshot();
    expect(visitor.sync.markers()).toHaveLength(2);
    expect(visitor.sync.thread(urlId).comments).toHaveLength(1);
  });

  it("ECHO1 a reply to what a snapshot has brought already ends the change", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    const comment = server.createComment("own", urlId, "Mine");
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(9);
    visitor.deliverSnapshot();
    visitor.deliverSnapshot();
    visitor.sync.accepted("own", { seq: 1, pictureSeq: server.seq }, { kind: "create-comment", comment });
    expect(visitor.sync.pending).toEqual([]);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
  });

  it("IDEM1 a marker that is tried again after its event came keeps its comment", () => {
    const { server, visitor } = withMarker();
    const conversation = { ...emptyConversation, _id: "draft", urlId: "win-2" };
    const draft: Change = { kind: "create-marker", conversation, comment: { ...emptyComment, urlId: "win-2" } };
    visitor.sync.begin("own", draft);
    visitor.sync.refused("own");
    server.createMarker("own", "win-2", "Mine");
    visitor.emit();
    visitor.deliver(9);
    visitor.sync.open("win-2");
    visitor.settle();
    visitor.sync.begin("own", draft);
    visitor.sync.refused("own");
    expect(visitor.sync.thread("win-2").comments.map(({ comment }) => comment.comment)).toEqual(["Mine"]);
  });

  it("a comment that is held stays in its place without an event, uncounted, until one brings it, as the latest", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    const comment = server.holdComment(urlId, "Mine");
    visitor.sync.accepted("own", {}, { kind: "create-comment", comment });
    server.createComment("other-2", urlId, "Later");
    visitor.settle();
    const [, mine, later] = visitor.sync.thread(urlId).comments;
    expect(mine).toEqual({ comment, pending: null });
    expect(later?.comment.comment).toBe("Later");
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
    visitor.sync.begin("delete", { kind: "delete-comment", comment });
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(2);
    visitor.sync.refused("delete");
    server.approve("other-3");
    visitor.settle();
    expect(texts(visitor)[2]).toBe(comment._id);
    expect(visitor.sync.thread(urlId).comments[2]?.comment.approved).toBe(true);
    expect(visitor.sync.markers()[0]?.conversation.commentCount).toBe(3);
  });

  it("what is held while its thread is loading is in the list that is asked for then", () => {
    const server = new ModelServer();
    server.createMarker("other-1", "win-1", "First");
    const visitor = new Visitor(server);
    visitor.sync.open("win-1");
    visitor.sync.begin("own", own("win-1"));
    const comment = server.holdComment("win-1", "Mine");
    visitor.sync.accepted("own", {}, { kind: "create-comment", comment });
    visitor.settle();
    expect(texts(visitor)).toEqual([expect.anything(), comment._id]);
  });

  it("RES2 what is held while a reset is mended survives a snapshot that was read before it", () => {
    const { server, visitor } = withMarker();
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(9);
    visitor.deliverSnapshot();
    const { conversation, comment } = server.holdMarker("win-2", "Mine");
    const draft: Change = { kind: "create-marker", conversation: { ...conversation, _id: "draft" }, comment: { ...comment, _id: "sending" } };
    visitor.sync.begin("own", draft);
    visitor.sync.accepted("own", {}, { kind: "create-marker", conversation, comment });
    visitor.deliverSnapshot();
    expect(visitor.sync.markers()).toContainEqual({ conversation, pending: false });
  });

  it("a change to what is held that is answered after it was approved changes nothing any more", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    const comment = server.holdComment(urlId, "Mine");
    visitor.sync.accepted("own", {}, { kind: "create-comment", comment });
    visitor.sync.begin("edit", { kind: "edit-comment", comment: { ...comment, comment: "Better" } });
    const edited = server.editComment("edit", comment._id, "Better");
    server.approve("other-2");
    visitor.settle();
    visitor.sync.accepted("edit", {}, { kind: "edit-comment", comment: edited });
    const [, mine] = visitor.sync.thread(urlId).comments;
    expect(mine?.comment).toEqual({ ...edited, approved: true, date: mine?.comment.date });
  });

  it("a lock holds until an event, a reset or a new ticket says otherwise", () => {
    const { server, visitor } = withMarker();
    visitor.sync.lock();
    expect(visitor.sync.state?.readOnly).toBe(true);
    visitor.sync.snapshot({ ...server.snapshot(), readOnly: false });
    expect(visitor.sync.state?.readOnly).toBe(false);
    visitor.sync.snapshot({ ...server.snapshot(), readOnly: true });
    expect(visitor.sync.state?.readOnly).toBe(true);
    visitor.sync.snapshot({ ...server.snapshot(), seq: 0 }); // read before what we know
    expect(visitor.sync.state?.readOnly).toBe(true);
  });

  it("AUTH2 of a picture that was lost nothing stays, and nothing that was under way comes back", () => {
    const { server, visitor, urlId } = withMarker();
    visitor.sync.begin("own", own(urlId));
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(9);
    visitor.deliverSnapshot();
    visitor.sync.clear();
    visitor.deliverSnapshot();
    visitor.sync.accepted("own", {}, own(urlId));
    expect(visitor.sync.markers()).toEqual([]);
    expect(visitor.sync.thread(urlId).comments).toEqual([]);
    expect(visitor.sync.pending).toEqual([]);
  });

  it("SEQ3 a room at seq 0 takes over the epoch that hello names", () => {
    const server = new ModelServer();
    const visitor = new Visitor(server);
    server.beginNewHistory();
    visitor.connect();
    visitor.deliver(1);
    expect(visitor.sync.position?.epoch).toBe(server.epoch);
  });
});
