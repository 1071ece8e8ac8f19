import { describe, expect, it } from "vitest";
import { OpeningTurns } from "../src/opening-turns.ts";

function taken(turns: OpeningTurns, count: number): { readonly begun: number[]; readonly ends: (() => void)[] } {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, (_, number) => turns.take(() => begun.push(number)));
  return { begun, ends };
}

describe("turns to open a socket", () => {
  it("come at once for four, and for the others in order, when one ends", () => {
    const { begun, ends } = taken(new OpeningTurns(), 7);
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    ends[0]?.();
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("end once, however often that is said", () => {
    const { begun, ends } = taken(new OpeningTurns(), 8);
    ends[0]?.();
    ends[0]?.();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it("are not given to one that has stopped waiting", () => {
    const { begun, ends } = taken(new OpeningTurns(), 6);
    ends[4]?.();
    ends[0]?.();
    expect(begun).toEqual([0, 1, 2, 3, 5]);
  });

  it("go on when one ends while it begins", () => {
    const turns = new OpeningTurns();
    const { begun, ends } = taken(turns, 5);
    const late = turns.take(() => {
      late();
      begun.push(99);
    });
    const last = taken(turns, 1);
    ends[0]?.();
    ends[1]?.();
    expect(begun).toEqual([0, 1, 2, 3, 4, 99]);
    expect(last.begun).toEqual([0]);
  });
});
