/**
 * What a pointer does on a picture: press, hold, drag one's own marker, draw a region; or none of it, because it was a
 * scroll, a second finger or Escape. A table of states and inputs, without the DOM; points are in px of the viewport.
 */
import type { Point } from "./geometry.ts";

export type Target =
  | { readonly kind: "surface" }
  | { readonly kind: "marker"; readonly key: string; readonly isMovable: boolean };

export type Input =
  | {
      readonly type: "down";
      readonly id: number;
      readonly at: Point;
      readonly on: Target;
      readonly isTouch: boolean;
      /** Dragging over the surface draws. */
      readonly draws: boolean;
    }
  | { readonly type: "move" | "up"; readonly id: number; readonly at: Point }
  /** It was down for as long as a long press takes. */
  | { readonly type: "held" }
  /** The browser's click after `up`; not `byPointer`: of a key or an assistive tool, and so of no gesture. */
  | { readonly type: "click"; readonly at: Point; readonly on: Target; readonly byPointer: boolean }
  | { readonly type: "escape" }
  /** The browser has taken the pointer away, to scroll or zoom: neither `up` nor `click` will come. */
  | { readonly type: "gone"; readonly id: number };

interface Pressed {
  readonly name: "pressed";
  readonly id: number;
  readonly from: Point;
  readonly on: Target;
  readonly isTouch: boolean;
  readonly draws: boolean;
}

export type State =
  | { readonly name: "idle" }
  | Pressed
  | { readonly name: "moving"; readonly id: number; readonly from: Point; readonly key: string }
  | { readonly name: "drawing"; readonly id: number; readonly from: Point }
  /** Up again where it came down: the click that follows counts, unless a finger was to stay longer. */
  | { readonly name: "released"; readonly isTouch: boolean }
  /** Over, with the pointer still down, or its click still to come: neither has an effect. */
  | { readonly name: "spent"; readonly id: number; readonly isUp: boolean };

export type Effect =
  | { readonly do: "pin"; readonly at: Point }
  | { readonly do: "open"; readonly key: string }
  | { readonly do: "move"; readonly key: string; readonly by: Point }
  | { readonly do: "drop"; readonly key: string; readonly by: Point }
  | { readonly do: "draw" | "region"; readonly from: Point; readonly to: Point }
  /** What `move` or `draw` showed goes back. */
  | { readonly do: "put-back" };

export interface Step {
  readonly state: State;
  readonly effect: Effect | null;
}

export interface GestureSettings {
  /** A finger pins by staying, not by a tap. */
  readonly longPress: boolean;
}

type Named<Name extends State["name"]> = Extract<State, { readonly name: Name }>;
type Typed<Type extends Input["type"]> = Extract<Input, { readonly type: Type }>;
type Row<Name extends State["name"]> = {
  readonly [Type in Input["type"]]?: (state: Named<Name>, input: Typed<Type>, settings: GestureSettings) => Step;
};

/** A pointer that moved farther than this was dragging. */
export const dragDistance = 6;
/** How long a long press takes, in ms. */
export const holdTime = 500;

export const idle: State = { name: "idle" };

const quietly = (state: State): Step => ({ state, effect: null });
const between = (from: Point, to: Point): Point => ({ x: to.x - from.x, y: to.y - from.y });

const press = (_: State, { id, at: from, on, isTouch, draws }: Typed<"down">): Step =>
  quietly({ name: "pressed", id, from, on, isTouch, draws });

interface Down {
  readonly id: number;
}
const spent = ({ id }: Down, isUp = false): State => ({ name: "spent", id, isUp });
/** By Escape or by a second finger, which makes a pinch of it. */
const ended = (state: Down): Step => ({ state: spent(state), effect: { do: "put-back" } });
const taken = (state: Down): Step => ({ state: spent(state, true), effect: { do: "put-back" } });

const clicked = ({ at, on }: Typed<"click">): Effect =>
  on.kind === "surface" ? { do: "pin", at } : { do: "open", key: on.key };

const table: { readonly [Name in State["name"]]: Row<Name> } = {
  idle: {
    down: press,
    click: (_, input) => ({ state: idle, effect: clicked(input) }),
  },
  pressed: {
    down: (state) => quietly(spent(state)),
    move: (state, { at }) => {
      const { id, from, on, draws } = state;
      const by = between(from, at);
      if (Math.hypot(by.x, by.y) <= dragDistance) {
        return quietly(state);
      }
      if (on.kind === "marker" && on.isMovable) {
        return { state: { name: "moving", id, from, key: on.key }, effect: { do: "move", key: on.key, by } };
      }
      if (on.kind === "surface" && draws) {
        return { state: { name: "drawing", id, from }, effect: { do: "draw", from, to: at } };
      }
      return quietly(spent(state));
    },
    held: (state, _, { longPress }) =>
      longPress && state.isTouch && state.on.kind === "surface"
        ? { state: spent(state), effect: { do: "pin", at: state.from } }
        : quietly(state),
    up: ({ isTouch }) => quietly({ name: "released", isTouch }),
    escape: (state) => quietly(spent(state)),
    gone: (state) => quietly(spent(state, true)),
  },
  moving: {
    down: ended,
    move: (state, { at }) => ({ state, effect: { do: "move", key: state.key, by: between(state.from, at) } }),
    up: (state, { at }) => ({
      state: spent(state, true),
      effect: { do: "drop", key: state.key, by: between(state.from, at) },
    }),
    escape: ended,
    gone: taken,
  },
  drawing: {
    down: ended,
    move: (state, { at }) => ({ state, effect: { do: "draw", from: state.from, to: at } }),
    up: (state, { at }) => ({ state: spent(state, true), effect: { do: "region", from: state.from, to: at } }),
    escape: ended,
    gone: taken,
  },
  released: {
    down: press,
    click: ({ isTouch }, input, { longPress }) => ({
      state: idle,
      effect: longPress && isTouch && input.on.kind === "surface" ? null : clicked(input),
    }),
  },
  spent: {
    // Only once the pointer that was down is up does another one begin something: until then it is a second finger. One
    // that comes down again was lifted somewhere else.
    down: (state, input) => (state.isUp || input.id === state.id ? press(state, input) : quietly(state)),
    up: (state) => quietly(spent(state, true)),
    gone: (state) => quietly(spent(state, true)),
    click: () => quietly(idle),
  },
};

/** The next state, and what has to be done. An input that means nothing in a state changes nothing. */
export function step(state: State, input: Input, settings: GestureSettings): Step {
  if (input.type === "click" && !input.byPointer) {
    return { state, effect: clicked(input) };
  }
  const isOther = "id" in input && "id" in state && state.id !== input.id;
  if (isOther && input.type !== "down") {
    return quietly(state);
  }
  const row = table[state.name] as Partial<
    Record<Input["type"], (state: State, input: Input, settings: GestureSettings) => Step>
  >;
  return row[input.type]?.(state, input, settings) ?? quietly(state);
}
