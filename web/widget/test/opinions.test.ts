import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Attempts } from "../src/attempts.ts";
import { emoji, ownDirection, reacting, voting } from "../src/opinion-changes.ts";
import { afterOpinion, keepingOwn } from "../src/opinions.ts";
import { OwnOpinions } from "../src/own-opinions.ts";
import { ownOverlay } from "../src/own-overlay.ts";
import { Refused } from "../src/calls.ts";
import type { Rest } from "../src/rest.ts";
import { RoomSync } from "../src/room-sync.ts";
import { SendPause } from "../src/send-pause.ts";
import { textsOf } from "../src/texts.ts";
import type { Comment, OpinionEvent, RoomEvent } from "../src/wire.ts";
import { me, ModelServer } from "./model-server.ts";

const people = [me.id, "user-ada", "user-ben"];

/** Who thinks what of one comment, and what events say of it: counted anew each time, from everybody. */
class Crowd {
  readonly votes = new Map<string, number>();
  readonly given = new Map<string, Set<string>>();
  seq = 0;

  vote(userId: string, direction: number, broadcastId = ""): OpinionEvent {
    const before = this.votes.get(userId) ?? 0;
    this.votes.set(userId, direction);
    const cast = [...this.votes.values()];
    return {
      ...this.#head(userId, broadcastId),
      type: direction === 0 ? "deleted-vote" : "new-vote",
      vote: { _id: `vote-${userId}`, urlId: "win", commentId: "c", direction: direction === 0 ? before : direction },
      votesUp: cast.filter((each) => each === 1).length,
      votesDown: cast.filter((each) => each === -1).length,
    };
  }

  react(userId: string, given: string, isGiven: boolean, broadcastId = ""): OpinionEvent {
    const who = this.given.get(given) ?? new Set<string>();
    this.given.set(given, who);
    if (isGiven) {
      who.add(userId);
    } else {
      who.delete(userId);
    }
    const reaction = { commentId: "c", urlId: "win", emoji: given, count: who.size };
    return { ...this.#head(userId, broadcastId), type: isGiven ? "new-reaction" : "deleted-reaction", reaction };
  }

  /** What a fresh list tells me. */
  told(comment: Comment): Comment {
    const cast = [...this.votes.values()];
    const [votesUp, votesDown] = [1, -1].map((way) => cast.filter((each) => each === way).length) as [number, number];
    const counts = [...this.given].map(([name, who]) => [name, who.size] as const).filter(([, size]) => size > 0);
    const mine = emoji.filter((name) => this.given.get(name)?.has(me.id));
    const own = this.votes.get(me.id) ?? 0;
    return {
      ...comment,
      ...(votesUp + votesDown === 0 ? {} : { votes: votesUp - votesDown, votesUp, votesDown }),
      ...(counts.length === 0 ? {} : { reactions: Object.fromEntries(counts) }),
      ...(own === 0 ? {} : { myVoteId: `vote-${me.id}`, ...(own === 1 ? { isVotedUp: true } : { isVotedDown: true }) }),
      ...(mine.length === 0 ? {} : { myReactions: mine }),
    };
  }

  #head(userId: string, broadcastId: string): Pick<RoomEvent, "timestamp" | "seq" | "broadcastId" | "userId"> {
    this.seq += 1;
    return { timestamp: this.seq, seq: this.seq, broadcastId, userId };
  }
}

function blank(): Comment {
  const server = new ModelServer();
  server.createMarker("b0", "win", "First");
  return { ...server.comments("win").comments[0], _id: "c" } as Comment;
}

/** The order in which somebody gave emoji is nobody's business. */
function sorted(comment: Comment): Comment {
  return comment.myReactions === undefined ? comment : { ...comment, myReactions: [...comment.myReactions].sort() };
}

const step = fc.record({
  userId: fc.constantFrom(...people),
  vote: fc.option(fc.constantFrom(1, -1, 0), { nil: null }),
  given: fc.constantFrom(...emoji),
  isGiven: fc.boolean(),
});

describe("opinions", () => {
  it("SNAP1 a list and what came later are a fresh list, whoever votes and however often", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, listedAt) => {
        const crowd = new Crowd();
        const comment = blank();
        let known = comment;
        steps.forEach(({ userId, vote, given, isGiven }, index) => {
          const event = vote === null ? crowd.react(userId, given, isGiven) : crowd.vote(userId, vote);
          known = index === listedAt ? crowd.told(comment) : afterOpinion(known, event, userId === me.id);
        });
        expect(sorted(known)).toStrictEqual(sorted(crowd.told(comment)));
      }),
      { seed: 20260106 },
    );
  });

  it("laid over a state that has them already, change nothing", () => {
    fc.assert(
      fc.property(fc.constantFrom<(1 | -1 | 0)[]>(1, -1, 0), fc.constantFrom(...emoji), (direction, given) => {
        const once = reacting(voting(blank(), direction, "v"), given, true);
        expect(reacting(voting(once, direction, "v"), given, true)).toStrictEqual(once);
        expect(reacting(voting(once, 0), given, false)).toStrictEqual(blank());
      }),
    );
  });

  it("of the viewer's own outlive an edit by somebody else", () => {
    const mine = voting(blank(), -1, "v");
    const edited = { ...blank(), comment: "other words", votes: -1, votesUp: 0, votesDown: 1 };
    expect(keepingOwn(edited, mine)).toStrictEqual({ ...edited, isVotedDown: true, myVoteId: "v" });
    expect(keepingOwn(edited, blank())).toStrictEqual(edited);
  });
});

interface Scene {
  readonly sync: RoomSync;
  readonly own: OwnOpinions;
  readonly calls: string[];
  readonly told: string[];
  fault: Refused | null;
  isOffline: boolean;
}

/** A room with one comment in an open thread; the server answers each call after the one before. */
function scene(): Scene {
  const server = new ModelServer();
  server.createMarker("b0", "win", "First");
  const loads: number[] = [];
  const sync = new RoomSync({
    onGap: () => undefined,
    onAhead: () => undefined,
    onReset: () => undefined,
    onCaughtUp: () => undefined,
    onThreadNeeded: (_urlId, loadId) => loads.push(loadId),
    onChange: () => undefined,
  });
  sync.lay(ownOverlay);
  sync.snapshot(server.snapshot());
  sync.open("win");
  sync.threadLoaded("win", loads[0] ?? 0, [blank()], server.seq);
  const crowd = new Crowd();
  crowd.seq = server.seq;
  const calls: string[] = [];
  const told: string[] = [];
  const parts = { fault: null as Refused | null, isOffline: false };
  const answer = (call: string, make: () => OpinionEvent, more: object = {}): Promise<object> => {
    calls.push(call);
    if (parts.fault !== null) {
      return Promise.reject(parts.fault);
    }
    const event = make();
    return Promise.resolve().then(() => {
      sync.receive([{ type: "event", event }]);
      return { seq: event.seq, pictureSeq: event.seq, ...more };
    });
  };
  const rest = {
    vote: (_id: string, way: string, broadcastId: string) =>
      answer(`vote ${way}`, () => crowd.vote(me.id, way === "up" ? 1 : -1, broadcastId), { voteId: "vote-user-me" }),
    takeVoteBack: (_id: string, voteId: string, broadcastId: string) =>
      answer(`back ${voteId}`, () => crowd.vote(me.id, 0, broadcastId)),
    react: (_id: string, given: string, broadcastId: string) =>
      answer(`give ${given}`, () => crowd.react(me.id, given, true, broadcastId)),
    takeReactionBack: (_id: string, given: string, broadcastId: string) =>
      answer(`back ${given}`, () => crowd.react(me.id, given, false, broadcastId)),
  } as unknown as Rest;
  const texts = textsOf({});
  const attempts = new Attempts({
    sync,
    texts: () => texts,
    obstacle: () => (parts.isOffline ? "offline" : null),
    pause: new SendPause(new AbortController().signal, () => undefined),
    onHeld: () => told.push("held"),
    onShutOut: () => undefined,
    onUnreachable: () => told.push("unreachable"),
  });
  const own = new OwnOpinions({ rest, attempts, onTried: () => undefined, onRefused: (sentence) => told.push(sentence) });
  return Object.assign(parts, { sync, own, calls, told });
}

function shown({ sync }: Scene): Comment {
  const comment = sync.comment("win", "c");
  if (comment === undefined) {
    throw new Error("no comment");
  }
  return comment;
}

describe("one's own votes and emoji", () => {
  it("show at once, and are taken back by pressing again", async () => {
    const at = scene();
    const voted = at.own.vote(shown(at), 1);
    expect(shown(at)).toMatchObject({ votes: 1, isVotedUp: true });
    expect(await voted).toBe(true);
    expect(shown(at)).toMatchObject({ votes: 1, isVotedUp: true, myVoteId: "vote-user-me" });
    await at.own.vote(shown(at), 1);
    expect(ownDirection(shown(at))).toBe(0);
    await at.own.react(shown(at), "🎉");
    expect(shown(at)).toMatchObject({ reactions: { "🎉": 1 }, myReactions: ["🎉"] });
    await at.own.react(shown(at), "🎉");
    expect(shown(at)).toStrictEqual(blank());
    expect(at.calls).toEqual(["vote up", "back vote-user-me", "give 🎉", "back 🎉"]);
    expect(at.sync.pending).toEqual([]);
    expect(at.told).toEqual([]);
  });

  it("are sent in the order in which they were pressed, however fast", async () => {
    const at = scene();
    const done = [at.own.vote(shown(at), 1), at.own.vote(shown(at), 1), at.own.vote(shown(at), -1)];
    expect(shown(at)).toMatchObject({ votes: -1, votesUp: 0, votesDown: 1, isVotedDown: true });
    await Promise.all(done);
    expect(at.calls).toEqual(["vote up", "back vote-user-me", "vote down"]);
    expect(shown(at)).toMatchObject({ votes: -1, isVotedDown: true });
  });

  it("are put back, with the reason, when they are refused", async () => {
    const at = scene();
    at.fault = new Refused("forbidden", 403, "You may not.");
    expect(await at.own.react(shown(at), "👍")).toBe(false);
    expect(shown(at)).toStrictEqual(blank());
    expect(at.told).toEqual(["You may not."]);
  });

  it("of which nothing is there to be taken back are simply not there", async () => {
    const at = scene();
    await at.own.vote(shown(at), 1);
    at.fault = new Refused("not-found", 404, "There is nothing here by that name.");
    await at.own.vote(shown(at), 1);
    expect(at.told).toEqual([]);
    expect(at.sync.pending).toEqual([]);
  });

  it("OFF1 are refused at once where there is no connection", async () => {
    const at = scene();
    at.isOffline = true;
    expect(await at.own.vote(shown(at), -1)).toBe(false);
    expect(at.calls).toEqual([]);
    expect(at.told).toHaveLength(1);
    expect(shown(at)).toStrictEqual(blank());
  });
});
