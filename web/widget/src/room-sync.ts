/**
 * Keeps one picture's state exact: order, gaps, resets, own echoes. Does no I/O: it is told what arrived, and says what
 * it needs through its hooks.
 */
import { nothingLaid, type Overlay } from "./overlay.ts";
import type { Change, PendingChange, ShownMarker, ShownThread } from "./pending-changes.ts";
import { foldAll, openThread, stateOf, threadLoaded, withThread, type RoomState } from "./room-state.ts";
import type { Answer, Comment, Frame, Position, RoomEvent, Snapshot } from "./wire.ts";

export interface RoomSyncHooks {
  /** The stream has a gap: drop the socket and resume from the position that we have. */
  readonly onGap: () => void;
  /** The server cannot continue our history: a new snapshot is needed while the socket stays. */
  readonly onReset: () => void;
  /** Everything up to hello's position is in. */
  readonly onCaughtUp: () => void;
  /** The server is ahead of what has come: a change of the visitor's own is in its history. */
  readonly onAhead: () => void;
  /** A thread's list is needed; `loadId` goes back with it. */
  readonly onThreadNeeded: (urlId: string, loadId: number) => void;
  /** What is shown may have changed. `events` are those that were just folded. */
  readonly onChange: (events: readonly RoomEvent[]) => void;
}

interface Load {
  readonly id: number;
  readonly failed: boolean;
}

export class RoomSync {
  readonly #hooks: RoomSyncHooks;
  #overlay: Overlay;
  #state: RoomState | null = null;
  #pending: readonly PendingChange[] = [];
  #loads = new Map<string, Load>();
  #lastLoadId = 0;
  /** After a reset: the position that the snapshot must have reached, and what arrived meanwhile. */
  #reset: {
    readonly to: Position;
    readonly events: RoomEvent[];
    readonly settled: (readonly [began: Change, confirmed: Change])[];
  } | null = null;
  /** Hello's position while it is still ahead of ours. */
  #catchUpTo: number | null = null;
  /** Comments as they were before a reset, shown until their thread's list has come again. */
  #stale = new Map<string, readonly Comment[]>();

  constructor(hooks: RoomSyncHooks, overlay: Overlay = nothingLaid) {
    this.#hooks = hooks;
    this.#overlay = overlay;
  }

  /** From now on there can be changes of the visitor's own. */
  lay(overlay: Overlay): void {
    this.#overlay = overlay;
  }

  get state(): RoomState | null {
    return this.#state;
  }

  get pending(): readonly PendingChange[] {
    return this.#pending;
  }

  /** Where to resume from. */
  get position(): Position | null {
    return this.#state;
  }

  get isResetting(): boolean {
    return this.#reset !== null;
  }

  /** A snapshot arrived. When there is a state already, it counts only after a reset: the stream is exact by itself. */
  snapshot(snapshot: Snapshot): void {
    if (this.#state !== null && this.#reset === null) {
      if (snapshot.seq >= this.#state.seq) {
        // Who the caller is may have changed with the ticket, and with it what is locked.
        this.#state = { ...this.#state, readOnly: snapshot.readOnly === true, viewer: snapshot.user.id };
        this.#hooks.onChange([]);
      }
      return;
    }
    const reset = this.#reset;
    const before = this.#state;
    const { to } = reset ?? { to: snapshot };
    if (snapshot.seq < to.seq || (snapshot.epoch !== to.epoch && to.seq > 0)) {
      // It was read before the reset, or of a history that has ended again: only a new connection can tell.
      this.#reset = null;
      this.#hooks.onGap();
      return;
    }
    this.#state = stateOf(snapshot, snapshot.conversations, snapshot.readOnly, snapshot.user.id);
    for (const [began, confirmed] of reset?.settled ?? []) {
      // It may have been read before them.
      this.#state = this.#overlay.settled(this.#state, began, confirmed);
    }
    this.#pending = this.#overlay.afterSnapshot(this.#pending, snapshot.seq, before?.epoch === snapshot.epoch);
    this.#reset = null;
    this.#keepThreads(before);
    this.#hooks.onChange([]);
    if (reset !== null && this.#apply(reset.events)) {
      this.#checkCaughtUp();
    }
  }

  /** A new connection begins: what an old one left half done is void. */
  connecting(): void {
    this.#catchUpTo = null;
    this.#reset = null;
  }

  /** One frame's content, in the order it came. */
  receive(frames: readonly Frame[]): void {
    let events: RoomEvent[] = [];
    for (const frame of frames) {
      switch (frame.type) {
        case "hello":
          this.#hello(frame);
          break;
        case "reset":
          this.#reset = { to: frame, events: [], settled: [] };
          events = [];
          this.#hooks.onReset();
          break;
        case "event":
          events.push(frame.event);
          break;
        case "signal":
          break; // of no history: people.ts takes it
      }
    }
    if (this.#reset !== null) {
      this.#reset.events.push(...events);
    } else if (events.length > 0 && this.#apply(events)) {
      this.#checkCaughtUp();
    }
  }

  /** The visitor opened a marker: its thread is needed, unless it is here or on its way. */
  open(urlId: string): void {
    if (this.#state !== null && !this.#state.threads.has(urlId)) {
      this.#state = openThread(this.#state, urlId);
      this.#load(urlId);
      this.#hooks.onChange([]);
    }
  }

  /** Asks again for a thread whose list could not be had. */
  retry(urlId: string): void {
    if (this.#loads.get(urlId)?.failed === true) {
      this.#load(urlId);
      this.#hooks.onChange([]);
    }
  }

  threadLoaded(urlId: string, loadId: number, comments: readonly Comment[], pictureSeq: number): void {
    if (this.#state === null || this.#loads.get(urlId)?.id !== loadId) {
      return;
    }
    this.#loads.delete(urlId);
    this.#stale.delete(urlId);
    this.#state = threadLoaded(this.#state, urlId, comments, pictureSeq);
    this.#hooks.onChange([]);
  }

  threadFailed(urlId: string, loadId: number): void {
    if (this.#loads.get(urlId)?.id === loadId) {
      this.#loads.set(urlId, { id: loadId, failed: true });
      this.#hooks.onChange([]);
    }
  }

  /** Lays a change of the visitor's own over the state, at once. */
  begin(broadcastId: string, change: Change): void {
    this.#pending = [...this.#pending.filter((one) => one.broadcastId !== broadcastId), { broadcastId, change, answeredAt: null }];
    if (change.kind === "create-marker" && this.#state !== null && !this.#isMarker(change.conversation.urlId)) {
      // Its thread cannot have comments yet, so there is nothing to load: the event brings the first one.
      this.#state = withThread(this.#state, change.conversation.urlId, { status: "loaded", comments: [] });
    }
    this.#hooks.onChange([]);
  }

  /** The server accepted a change; `confirmed` is it in the server's words. */
  accepted(broadcastId: string, answer: Answer, confirmed: Change): void {
    const own = this.#pending.find((one) => one.broadcastId === broadcastId);
    if (own === undefined) {
      return;
    }
    if (answer.seq === undefined || this.#overlay.isHeld(confirmed)) {
      this.#settle(own, confirmed);
      return;
    }
    const answeredAt = answer.pictureSeq ?? ("conversation" in confirmed ? answer.seq : null);
    // A position that we are past means that its event came, or that a snapshot has it. Without one, only its event
    // could tell; dropping it may flicker, but what is confirmed is exact.
    const isIn = answeredAt === null || (this.#state !== null && answeredAt <= this.#state.seq);
    this.#pending = this.#pending.flatMap((one) =>
      one !== own ? [one] : isIn ? [] : [{ broadcastId, change: confirmed, answeredAt }],
    );
    if (!isIn) {
      this.#hooks.onAhead();
    }
    this.#hooks.onChange([]);
  }

  /** The server refused a change, or was not reached: it is taken back. */
  refused(broadcastId: string): void {
    const own = this.#pending.find((one) => one.broadcastId === broadcastId);
    if (own === undefined) {
      return;
    }
    this.#pending = this.#pending.filter((one) => one !== own);
    if (own.change.kind === "create-marker" && this.#state !== null) {
      const { urlId } = own.change.conversation;
      this.#state = this.#isMarker(urlId) ? this.#state : withThread(this.#state, urlId, undefined);
    }
    this.#hooks.onChange([]);
  }

  /** The picture is locked: an event says so, or a refusal did. */
  lock(): void {
    this.#state = this.#state && { ...this.#state, readOnly: true };
    this.#hooks.onChange([]);
  }

  /** Forgets all that is on the picture: the visitor has no right to it any more. */
  clear(): void {
    this.#state = this.#state && stateOf(this.#state, []);
    this.#pending = [];
    this.#reset = null;
    this.#loads.clear();
    this.#stale.clear();
    this.#hooks.onChange([]);
  }

  markers(): ShownMarker[] {
    return this.#state === null ? [] : this.#overlay.shownMarkers(this.#state, this.#pending);
  }

  comment(urlId: string, id: string): Comment | undefined {
    return this.thread(urlId).comments.find(({ comment }) => comment._id === id)?.comment;
  }

  thread(urlId: string): ShownThread {
    const thread = this.#state?.threads.get(urlId);
    const confirmed = thread?.status === "loaded" ? thread.comments : this.#stale.get(urlId);
    const failed = this.#loads.get(urlId)?.failed === true;
    return {
      status: confirmed === undefined ? (failed ? "failed" : "loading") : "loaded",
      comments: this.#overlay.shownComments(confirmed ?? [], urlId, this.#pending),
    };
  }

  #settle(own: PendingChange, confirmed: Change): void {
    this.#pending = this.#pending.filter((one) => one !== own);
    this.#reset?.settled.push([own.change, confirmed]);
    const { urlId } = "conversation" in confirmed ? confirmed.conversation : confirmed.comment;
    this.#state = this.#state && this.#overlay.settled(this.#state, own.change, confirmed);
    if (this.#state?.threads.get(urlId)?.status === "loading") {
      // The list that is on its way may have been read before it.
      this.#load(urlId);
    }
    this.#hooks.onChange([]);
  }

  #isMarker(urlId: string): boolean {
    return this.#state?.conversations.has(urlId) === true;
  }

  #hello(hello: Position): void {
    if (this.#state?.seq === 0) {
      // The beginning of every history: the room may have been founded since (SEQ3).
      this.#state = { ...this.#state, epoch: hello.epoch };
    }
    this.#catchUpTo = hello.seq;
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    if (this.#catchUpTo !== null && this.#reset === null && this.#state !== null && this.#state.seq >= this.#catchUpTo) {
      this.#catchUpTo = null;
      this.#hooks.onCaughtUp();
    }
  }

  /** False when there was a gap; then nothing of the batch is in. */
  #apply(events: readonly RoomEvent[]): boolean {
    if (this.#state === null) {
      return false;
    }
    const before = this.#state;
    try {
      this.#state = foldAll(before, events);
    } catch (error) {
      if (error instanceof RangeError) {
        this.#hooks.onGap();
        return false;
      }
      throw error;
    }
    this.#pending = this.#overlay.afterEvents(this.#pending, events);
    for (const urlId of this.#loads.keys()) {
      if (!this.#state.threads.has(urlId)) {
        this.#loads.delete(urlId);
        this.#stale.delete(urlId);
      }
    }
    this.#hooks.onChange(events.filter((event) => event.seq > before.seq));
    return true;
  }

  /** After a reset, threads that were open are asked for again; meanwhile their old comments stay readable. */
  #keepThreads(before: RoomState | null): void {
    const state = this.#state;
    if (before === null || state === null) {
      return;
    }
    const creating = new Set(
      this.#pending.flatMap(({ change }) => (change.kind === "create-marker" ? [change.conversation.urlId] : [])),
    );
    this.#loads.clear();
    for (const [urlId, thread] of before.threads) {
      if (state.conversations.has(urlId)) {
        if (thread.status === "loaded") {
          this.#stale.set(urlId, thread.comments);
        }
        this.#state = openThread(this.#state ?? state, urlId);
        this.#load(urlId);
      } else if (creating.has(urlId)) {
        this.#state = withThread(this.#state ?? state, urlId, thread);
      } else {
        this.#stale.delete(urlId);
      }
    }
  }

  #load(urlId: string): void {
    this.#lastLoadId += 1;
    this.#loads.set(urlId, { id: this.#lastLoadId, failed: false });
    this.#hooks.onThreadNeeded(urlId, this.#lastLoadId);
  }
}
