/**
 * Lets the view follow the room at a pace that leaves the page to its visitor: a burst of events, or a picture with
 * thousands of markers, is shown a part each frame. What the visitor does is never held back. No DOM.
 */
import type { PlacedComment } from "./comment-tree.ts";
import type { LayerModel, MarkerModel, ThreadModel } from "./view/model.ts";

/** Markers and comments that may appear or change in one frame: some 10 ms of work each on a slow machine. */
const markersAtOnce: Readonly<Record<Part, number>> = { own: 0, some: 50, all: Infinity };
const commentsAtOnce: Readonly<Record<Part, number>> = { own: 8, some: 8, all: Infinity };
/** A thread's latest comments; earlier ones on request, as many again each time. */
export const commentsShown = 100;

/**
 * How much of what has changed is shown: what the visitor does, and needs an answer to at once; that, and what a frame
 * has room for; or all of it, in a page that nobody sees or that somebody comes back to.
 */
export type Part = "own" | "some" | "all";

/** Which of a thread's comments its reader wants to see. */
export interface Reading {
  /** How many of the latest. */
  readonly most: number;
  /** Whether new comments may push the earliest out: not for somebody who has scrolled up to it. */
  readonly isAtEnd: boolean;
}

export class Pace {
  #markers: ReadonlyMap<string, MarkerModel> = new Map();
  #comments: ReadonlyMap<string, PlacedComment> = new Map();
  #thread: string | null = null;
  #isBehind = false;

  /** Whether the last model does not hold everything yet, so that another frame must follow. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** What is shown already. */
  begin(markers: readonly MarkerModel[]): void {
    this.#markers = new Map(markers.map((one) => [one.key, one]));
  }

  /** The model to show in this frame. */
  next(wanted: LayerModel, reading: Reading, part: Part): LayerModel {
    this.#isBehind = false;
    const markers = this.#towards(this.#markers, wanted.markers, markersAtOnce[part], markerKind);
    this.begin(markers);
    const { window } = wanted;
    if (window?.thread == null) {
      this.#thread = null;
      return { ...wanted, markers };
    }
    if (window.key !== this.#thread) {
      this.#thread = window.key;
      this.#comments = new Map();
    }
    const thread = this.#read(window.thread, reading, commentsAtOnce[part]);
    return { ...wanted, markers, window: { ...window, thread } };
  }

  #read(thread: ThreadModel, { most, isAtEnd }: Reading, atOnce: number): ThreadModel {
    const { comments } = thread;
    const latest = Math.max(0, comments.length - most);
    const [first] = this.#comments.keys();
    const kept = isAtEnd ? -1 : comments.findIndex(({ comment }) => comment._id === first);
    const from = kept === -1 ? latest : Math.min(kept, latest);
    // From the last one, which is where a reader looks first.
    const wanted = comments.slice(from).reverse();
    const shown = this.#towards(this.#comments, wanted, atOnce, commentKind).reverse();
    this.#comments = new Map(shown.map((one) => [one.comment._id, one]));
    return { ...thread, comments: shown, earlier: from };
  }

  /** What is wanted, with what is shown already in place of what has to wait. What is as it was keeps its identity. */
  #towards<T>(shown: ReadonlyMap<string, T>, wanted: readonly T[], atOnce: number, kind: Kind<T>): T[] {
    const next: T[] = [];
    let left = atOnce;
    for (const one of wanted) {
      const before = shown.get(kind.key(one));
      if (before !== undefined && kind.isSame(before, one)) {
        next.push(before);
      } else if (kind.isOwn(one) || left > 0) {
        next.push(one);
        left -= 1;
      } else {
        this.#isBehind = true;
        if (before !== undefined) {
          next.push(before);
        }
      }
    }
    return next;
  }
}

interface Kind<T> {
  readonly key: (one: T) => string;
  readonly isSame: (one: T, other: T) => boolean;
  /** Whether the visitor has just made it, or works with it. */
  readonly isOwn: (one: T) => boolean;
}

const markerKind: Kind<MarkerModel> = {
  key: ({ key }) => key,
  isSame: (one, other) =>
    one.conversation === other.conversation &&
    one.number === other.number &&
    one.pending === other.pending &&
    one.kind === other.kind &&
    one.isOpen === other.isOpen &&
    one.isUnread === other.isUnread &&
    one.hasNotice === other.hasNotice &&
    one.isOwn === other.isOwn,
  isOwn: ({ kind, pending, isOpen, hasNotice }) => kind !== "shown" || pending || isOpen || hasNotice,
};

const commentKind: Kind<PlacedComment> = {
  key: ({ comment }) => comment._id,
  isSame: (one, other) =>
    one.comment === other.comment &&
    one.pending === other.pending &&
    one.depth === other.depth,
  isOwn: ({ pending }) => pending !== null,
};
