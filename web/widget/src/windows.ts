/**
 * What the visitor has on the picture: drafts, the open window, texts half typed, what was refused, and what they left out.
 * No DOM.
 */
import { commentsShown } from "./pace.ts";
import type { ShownThread } from "./pending-changes.ts";
import type { Conversation } from "./wire.ts";

/** A text whose sending failed keeps its `broadcastId`: sent again unchanged, it has one effect (IDEM1). */
export interface Failed {
  readonly broadcastId: string;
  readonly text: string;
  /** What it replied to. */
  readonly parentId: string | null;
}

/** One marker's window, open or not, by the marker's `windowUrlId`. */
export interface ChatWindow {
  readonly key: string;
  /** Where the marker is, or was. */
  readonly conversation: Conversation;
  readonly kind: "draft" | "shown" | "gone";
  readonly text: string;
  readonly notice: string | null;
  readonly failed: Failed | null;
  readonly edit: { readonly commentId: string; readonly text: string } | null;
  readonly confirming: "marker" | { readonly commentId: string } | null;
  /** The comment that the text will reply to. */
  readonly replyTo: string | null;
  /** How many of the latest comments are shown. */
  readonly shown: number;
}

export class Windows {
  readonly #windows = new Map<string, ChatWindow>();
  #open: string | null = null;

  get open(): ChatWindow | null {
    return this.#open === null ? null : (this.#windows.get(this.#open) ?? null);
  }

  /** Asked for once: after the first sending the field is not shown again in this visit. */
  hasAskedName = false;
  /** Resolved conversations are left out, but for an open one. */
  hidesResolved = false;

  get(key: string): ChatWindow | null {
    return this.#windows.get(key) ?? null;
  }

  drafts(): ChatWindow[] {
    return [...this.#windows.values()].filter(({ kind }) => kind === "draft");
  }

  /** Opens a new draft; an earlier one without a text moves here, so to speak. */
  pin(conversation: Conversation): void {
    this.close();
    this.#put({
      key: conversation.urlId,
      conversation,
      kind: "draft",
      text: "",
      notice: null,
      failed: null,
      edit: null,
      confirming: null,
      replyTo: null,
      shown: commentsShown,
    });
    this.#open = conversation.urlId;
  }

  show(conversation: Conversation): void {
    const key = conversation.urlId;
    if (this.#open !== key) {
      this.close();
    }
    const known = this.#windows.get(key);
    if (known === undefined) {
      this.#put({
        key,
        conversation,
        kind: "shown",
        text: "",
        notice: null,
        failed: null,
        edit: null,
        confirming: null,
        replyTo: null,
        shown: commentsShown,
      });
    }
    this.#open = key;
  }

  /** Closes the open window. What was typed stays; a draft without a text, and a deleted marker, leave nothing. */
  close(): void {
    const open = this.open;
    this.#open = null;
    if (open === null) {
      return;
    }
    const isKept = open.kind !== "gone" && (open.text.trim() !== "" || open.notice !== null);
    if (isKept) {
      this.#put({ ...open, edit: null, confirming: null, shown: commentsShown });
    } else {
      this.#windows.delete(open.key);
    }
  }

  change(key: string, change: Partial<Omit<ChatWindow, "key">>): void {
    const known = this.#windows.get(key);
    if (known !== undefined) {
      this.#put({ ...known, ...change });
    }
  }

  /** A refused text goes back where it was typed, before anything typed since. */
  giveBack(conversation: Conversation, kind: "draft" | "shown", failed: Failed, notice: string): void {
    const key = conversation.urlId;
    const known = this.#windows.get(key);
    const typed = known?.text ?? "";
    this.#put({
      key,
      conversation,
      kind: known?.kind === "gone" ? "gone" : kind,
      text: typed === "" ? failed.text : `${failed.text}\n${typed}`,
      notice,
      failed,
      edit: known?.edit ?? null,
      confirming: null,
      replyTo: failed.parentId,
      shown: known?.shown ?? commentsShown,
    });
  }

  /** The conversations are the visitor's no more: of the open one stays what they have typed in it. */
  leave(): void {
    if (this.open?.text.trim() === "") {
      this.close();
    }
  }

  /** What was said holds no more. */
  retract(notice: string): void {
    for (const known of this.#windows.values()) {
      if (known.notice === notice) {
        this.#put({ ...known, notice: null });
      }
    }
  }

  /** A change that was thought lost has taken effect after all: its text need not be sent again. */
  arrived(broadcastId: string): void {
    for (const known of this.#windows.values()) {
      if (known.failed?.broadcastId === broadcastId) {
        const sent = known.text === known.failed.text ? { text: "", replyTo: null } : {};
        this.#put({ ...known, ...sent, failed: null, notice: null, kind: known.kind === "draft" ? "shown" : known.kind });
      }
    }
  }

  /** Follows the markers that exist: moves windows with theirs, and tells those whose marker is gone. */
  follow(markers: ReadonlyMap<string, Conversation>): void {
    for (const known of [...this.#windows.values()]) {
      const conversation = markers.get(known.key);
      if (conversation !== undefined) {
        if (known.kind === "draft" && known.failed !== null) {
          // Its thread's name is our own: this is what we sent, although neither answer nor event came, as after a reset.
          this.arrived(known.failed.broadcastId);
        }
        if (conversation !== known.conversation || known.kind !== "shown") {
          this.#put({ ...(this.#windows.get(known.key) ?? known), conversation, kind: "shown" });
        }
      } else if (known.kind === "shown") {
        this.#vanish(known);
      }
    }
  }

  /** Follows the comments of a thread: the text of one that is gone while it is being changed moves to the composer. */
  followComments(key: string, { status, comments }: ShownThread, notice: string): void {
    const known = this.#windows.get(key);
    const edit = known?.edit ?? null;
    const isThere = comments.some(({ comment }) => comment._id === edit?.commentId && comment.isDeleted !== true);
    if (known !== undefined && edit !== null && status === "loaded" && !isThere) {
      const text = known.text === "" ? edit.text : `${edit.text}\n${known.text}`;
      this.#put({ ...known, edit: null, text, notice });
    }
  }

  #vanish(known: ChatWindow): void {
    if (known.key === this.#open) {
      this.#put({ ...known, kind: "gone", edit: null, confirming: null, replyTo: null, notice: null });
    } else {
      this.#windows.delete(known.key);
    }
  }

  #put(changed: ChatWindow): void {
    this.#windows.set(changed.key, changed);
  }
}
