import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idle, step, type Effect, type Input, type State, type Target } from "../src/gestures.ts";

const surface: Target = { kind: "surface" };
const own: Target = { kind: "marker", key: "k", isMovable: true };
const others: Target = { kind: "marker", key: "k", isMovable: false };

interface Down {
  readonly on?: Target;
  readonly id?: number;
  readonly isTouch?: boolean;
  readonly draws?: boolean;
}
const down = ({ on = surface, id = 1, isTouch = false, draws = false }: Down = {}): Input => ({
  type: "down",
  id,
  at: { x: 10, y: 10 },
  on,
  isTouch,
  draws,
});
const move = (x: number, y = 10, id = 1): Input => ({ type: "move", id, at: { x, y } });
const up = (x: number, y = 10, id = 1): Input => ({ type: "up", id, at: { x, y } });
const click = (on: Target = surface, byPointer = true): Input => ({ type: "click", at: { x: 11, y: 10 }, on, byPointer });
const escape: Input = { type: "escape" };
const gone = (id = 1): Input => ({ type: "gone", id });
const held: Input = { type: "held" };

function after(inputs: readonly Input[], longPress = false): { state: State; effects: Effect[] } {
  let state = idle;
  const effects: Effect[] = [];
  for (const input of inputs) {
    const next = step(state, input, { longPress });
    state = next.state;
    if (next.effect !== null) {
      effects.push(next.effect);
    }
  }
  return { state, effects };
}

const pinned = { do: "pin", at: { x: 11, y: 10 } };
const opened = { do: "open", key: "k" };
const back = { do: "put-back" };

describe("gestures", () => {
  const cases: [string, Input[], object[], { readonly longPress?: boolean }?][] = [
    ["a click pins", [down(), up(10), click()], [pinned]],
    ["an unsteady click pins", [down(), move(14), up(14), click()], [pinned]],
    ["a tap pins", [down({ isTouch: true }), up(10), click()], [pinned]],
    ["a click on a marker opens it", [down({ on: own }), up(10), click(own)], [opened]],
    ["dragging over the picture does nothing", [down(), move(40), up(40), click()], []],
    ["dragging another's marker does nothing", [down({ on: others }), move(40), up(40), click(others)], []],
    [
      "dragging one's own moves it, and its click does not open it",
      [down({ on: own }), move(40), move(50), up(60), click(own)],
      [
        { do: "move", key: "k", by: { x: 30, y: 0 } },
        { do: "move", key: "k", by: { x: 40, y: 0 } },
        { do: "drop", key: "k", by: { x: 50, y: 0 } },
      ],
    ],
    ["Escape puts a moved one back", [down({ on: own }), move(40), escape, move(50), up(50), click(own)], [
      { do: "move", key: "k", by: { x: 30, y: 0 } },
      back,
    ]],
    ["a second finger puts it back", [down({ on: own }), move(40), down({ id: 2 }), up(50), up(9, 9, 2)], [
      { do: "move", key: "k", by: { x: 30, y: 0 } },
      back,
    ]],
    [
      "drawing makes a region",
      [down({ draws: true }), move(40, 40), up(50, 50), click()],
      [
        { do: "draw", from: { x: 10, y: 10 }, to: { x: 40, y: 40 } },
        { do: "region", from: { x: 10, y: 10 }, to: { x: 50, y: 50 } },
      ],
    ],
    ["a click with the region tool pins a point", [down({ draws: true }), up(10), click()], [pinned]],
    ["a region that the browser scrolled away is none", [down({ draws: true }), move(40, 40), gone()], [
      { do: "draw", from: { x: 10, y: 10 }, to: { x: 40, y: 40 } },
      back,
    ]],
    ["a scroll pins nothing, and the next tap does", [
      down({ isTouch: true }), gone(), down({ isTouch: true, id: 7 }), up(10, 10, 7), click(),
    ], [pinned]],
    ["a pinch pins nothing", [down({ isTouch: true }), down({ isTouch: true, id: 2 }), up(10, 10, 2), up(10)], []],
    ["holding pins, where that is wanted", [down({ isTouch: true }), held, up(10), click()], [{ do: "pin", at: { x: 10, y: 10 } }], { longPress: true }],
    ["a tap pins nothing there", [down({ isTouch: true }), up(10), click()], [], { longPress: true }],
    ["a mouse clicks there as ever", [down(), held, up(10), click()], [pinned], { longPress: true }],
    ["a tap opens a marker there", [down({ on: own, isTouch: true }), held, up(10), click(own)], [opened], { longPress: true }],
    ["holding without that setting is a slow tap", [down({ isTouch: true }), held, up(10), click()], [pinned]],
    ["Escape before anything moved ends it", [down(), escape, up(10), click()], []],
    ["a key's click counts at any time", [down({ on: own }), move(40), up(40), click(own, false)], [
      { do: "move", key: "k", by: { x: 30, y: 0 } },
      { do: "drop", key: "k", by: { x: 30, y: 0 } },
      opened,
    ]],
    ["a mouse that was lifted outside begins anew", [down({ draws: true }), move(90), down(), escape, down(), up(10), click()], [
      { do: "draw", from: { x: 10, y: 10 }, to: { x: 90, y: 10 } },
      back,
      pinned,
    ]],
  ];

  it.each(cases)("%s", (_name, inputs, effects, settings = {}) => {
    expect(after(inputs, settings.longPress).effects).toEqual(effects);
  });

  const point = fc.record({ x: fc.integer({ min: 0, max: 60 }), y: fc.integer({ min: 0, max: 60 }) });
  const id = fc.integer({ min: 1, max: 2 });
  const target = fc.constantFrom(surface, own, others);
  const anyInput: fc.Arbitrary<Input> = fc.oneof(
    fc.record({ type: fc.constant("down" as const), id, at: point, on: target, isTouch: fc.boolean(), draws: fc.boolean() }),
    fc.record({ type: fc.constantFrom("move" as const, "up" as const), id, at: point }),
    fc.record({ type: fc.constant("click" as const), at: point, on: target, byPointer: fc.boolean() }),
    fc.constantFrom<Input>({ type: "held" }, { type: "escape" }),
    fc.record({ type: fc.constant("gone" as const), id }),
  );

  it("end what they show: after whatever, a move or a drawing is dropped, kept or put back", () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), fc.boolean(), (inputs, longPress) => {
        const { state, effects } = after([...inputs, gone(1), gone(2)], longPress);
        expect(["moving", "drawing", "pressed"]).not.toContain(state.name);
        let isShowing = false;
        for (const effect of effects) {
          if (effect.do === "move" || effect.do === "draw") {
            isShowing = true;
          } else if (effect.do === "drop" || effect.do === "region" || effect.do === "put-back") {
            expect(isShowing).toBe(true);
            isShowing = false;
          }
        }
        expect(isShowing).toBe(false);
      }),
    );
  });

  it("never get stuck: once all pointers are gone, a click pins", () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), (inputs) => {
        const { effects } = after([...inputs, gone(1), gone(2), down({ id: 3 }), up(10, 10, 3), click()]);
        expect(effects.at(-1)).toEqual(pinned);
      }),
    );
  });
});
