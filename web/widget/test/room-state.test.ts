import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, foldAll, openThread, stateOf, threadLoaded, type RoomState, type Thread } from "../src/room-state.ts";
import { decodeFrame, type Comment, type Conversation, type Position, type RoomEvent } from "../src/wire.ts";
import { eventsOf } from "./model-server.ts";

interface GoldenState extends Position {
  conversations: Conversation[];
  threads: Record<string, Thread>;
  readOnly?: boolean;
  viewer?: string;
}

type GoldenStep =
  | { event: unknown }
  | { open: string }
  | { loaded: { urlId: string; comments: Comment[]; pictureSeq: number } };

interface GoldenCase {
  name: string;
  start: GoldenState;
  steps: GoldenStep[];
  expect: GoldenState;
}

const contract = new URL("../../../contract/fold.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(contract, "utf8")) as { cases: GoldenCase[] };

function fromGolden({ conversations, threads, readOnly, viewer, ...position }: GoldenState): RoomState {
  return { ...stateOf(position, conversations, readOnly, viewer), threads: new Map(Object.entries(threads)) };
}

function toGolden({ epoch, seq, conversations, threads, readOnly, viewer }: RoomState): Required<GoldenState> {
  const order = ({ createdAt, _id }: Conversation): string => `${createdAt} ${_id}`;
  return {
    epoch,
    seq,
    conversations: [...conversations.values()].sort((one, other) => (order(one) < order(other) ? -1 : 1)),
    threads: Object.fromEntries(threads),
    readOnly,
    viewer,
  };
}

function decoded(event: unknown): RoomEvent {
  const [frame] = decodeFrame(JSON.stringify([event]));
  if (frame?.type !== "event") {
    throw new TypeError("a golden step holds something else than an event");
  }
  return frame.event;
}

function take(state: RoomState, step: GoldenStep): RoomState {
  if ("open" in step) {
    return openThread(state, step.open);
  }
  if ("loaded" in step) {
    return threadLoaded(state, step.loaded.urlId, step.loaded.comments, step.loaded.pictureSeq);
  }
  return fold(state, decoded(step.event));
}

describe("the fold passes contract/fold.json", () => {
  it.each(cases)("$name", ({ start, steps, expect: wanted }) => {
    expect(toGolden(steps.reduce(take, fromGolden(start)))).toEqual({ readOnly: false, viewer: "", ...wanted });
  });
});

describe("the fold", () => {
  it("RES1 refuses a gap and changes nothing", () => {
    const state = stateOf({ epoch: "e", seq: 3 }, []);
    const event = { ...decoded(cases[0]?.steps.flatMap((step) => ("event" in step ? [step.event] : []))[0]), seq: 5 };
    expect(() => fold(state, event)).toThrow(RangeError);
    expect(state).toEqual(stateOf({ epoch: "e", seq: 3 }, []));
  });

  it("SNAP1 gives the same state for a batch as for its events one by one, with duplicates in between", () => {
    fc.assert(
      fc.property(eventsOf(), fc.infiniteStream(fc.nat()), (events, picks) => {
        const stuttered = events.flatMap((event, index) => [
          event,
          ...events.slice(0, (picks.next().value ?? 0) % (index + 1)),
        ]);
        const start = openThread(stateOf({ epoch: "e", seq: 0 }, []), "win-1");
        expect(toGolden(stuttered.reduce(fold, start))).toEqual(toGolden(foldAll(start, events)));
      }),
      { seed: 20260105 },
    );
  });
});
