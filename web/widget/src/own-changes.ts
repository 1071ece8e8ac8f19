/** The visitor's own changes: shown at once, sent, then confirmed or taken back with the reason (OFF1: never queued). */
import { replyTarget } from "./comment-tree.ts";
import { isHeld } from "./held.ts";
import { Refused, type FirstComment, type Rest } from "./rest.ts";
import type { RoomSync } from "./room-sync.ts";
import type { Change } from "./pending-changes.ts";
import type { SendPause } from "./send-pause.ts";
import { newBroadcastId, type Session } from "./session.ts";
import { whyShutOut, type LostRight } from "./stop-reasons.ts";
import type { TextKey, Texts } from "./texts.ts";
import type { Answer, Comment, Conversation, User } from "./wire.ts";
import type { Windows } from "./windows.ts";

export interface OwnChangesOptions {
  readonly rest: Rest;
  readonly sync: RoomSync;
  readonly session: Session;
  readonly windows: Windows;
  readonly texts: () => Texts;
  readonly urlId: string;
  readonly tenantId: string;
  readonly maxReplyDepth: () => number;
  readonly pageTitle: () => string;
  readonly user: () => User | null;
  /** Why nothing can be written now, or null. */
  readonly obstacle: () => "offline" | "reconnecting" | "stopped" | null;
  readonly pause: SendPause;
  /** The server has taken something, and holds it for a moderator. */
  readonly onHeld: () => void;
  /** The server answered that this visitor has no right here any more. */
  readonly onShutOut: (stop: LostRight) => void;
  /** The server could not be reached although the connection was thought to be live. */
  readonly onUnreachable: () => void;
  /** Windows have changed without the room's state doing so. */
  readonly onChange: () => void;
}

type Sent = Readonly<Record<"offline" | "reconnecting" | "stopped" | "network", TextKey>>;

const texted: Sent = {
  offline: "refusedOffline",
  reconnecting: "refusedReconnecting",
  stopped: "refusedStopped",
  network: "refusedNetwork",
};

const textless: Sent = {
  offline: "refusedOfflineChange",
  reconnecting: "refusedReconnectingChange",
  stopped: "refusedStopped",
  network: "refusedNetworkChange",
};

export class OwnChanges {
  readonly #options: OwnChangesOptions;
  /** Sent or about to be: their events are this tab's own. */
  readonly #broadcastIds = new Set<string>();

  constructor(options: OwnChangesOptions) {
    this.#options = options;
  }

  isOwn(broadcastId: string): boolean {
    return this.#broadcastIds.has(broadcastId);
  }

  /**
   * Sends what the open window's composer holds: a new marker with its first comment, or a comment. `website` is what
   * stands in the field that no person sees.
   */
  async send(website: string): Promise<void> {
    const { windows, session } = this.#options;
    const open = windows.open;
    const text = open?.text.trim() ?? "";
    if (open === null || text === "" || open.kind === "gone" || this.#isBlocked(open.key, texted)) {
      return;
    }
    const { conversation, kind, key, failed } = open;
    const parentId = this.#parentId(key, open.replyTo);
    const isSame = failed?.text === text && failed.parentId === parentId;
    const broadcastId = isSame ? failed.broadcastId : newBroadcastId();
    const reply = parentId === null ? {} : { parentId };
    const comment = { ...this.#draftComment(broadcastId, key, text), ...reply };
    windows.hasAskedName = true;
    windows.change(key, { text: "", notice: null, failed: null, replyTo: null });
    const name = session.name?.trim();
    const beside = {
      ...(name === undefined || name === "" ? {} : { commenterName: name }),
      ...(website === "" ? {} : { website }),
    };
    const giveBack = (refused: Refused): void => {
      windows.giveBack(conversation, kind, { broadcastId, text, parentId }, this.#reason(refused, texted));
    };
    if (kind === "draft") {
      await this.#createMarker(broadcastId, conversation, comment, beside, giveBack);
      return;
    }
    await this.#attempt(
      broadcastId,
      { kind: "create-comment", comment },
      () =>
        this.#options.rest.createComment(
          { comment: text, ...beside, ...reply, url: location.href, urlId: key },
          broadcastId,
        ),
      (answer) => ({ kind: "create-comment", comment: answer.comment }),
      giveBack,
    );
  }

  async saveEdit(comment: Comment, text: string): Promise<void> {
    const { windows, rest } = this.#options;
    const { urlId: key } = comment;
    const trimmed = text.trim();
    if (this.#isBlocked(key, texted)) {
      return;
    }
    windows.change(key, { edit: null, notice: null });
    if (trimmed === "" || trimmed === comment.comment) {
      this.#options.onChange();
      return;
    }
    const broadcastId = newBroadcastId();
    const changed = { ...comment, comment: trimmed };
    await this.#attempt(
      broadcastId,
      { kind: "edit-comment", comment: changed },
      () => rest.editComment(comment._id, trimmed, broadcastId),
      (answer) => ({ kind: "edit-comment", comment: { ...changed, ...answer.comment } }),
      (refused) => {
        windows.change(key, { edit: { commentId: comment._id, text: trimmed }, notice: this.#reason(refused, texted) });
      },
    );
  }

  async deleteComment(comment: Comment): Promise<void> {
    const change: Change = { kind: "delete-comment", comment };
    await this.#delete(comment.urlId, change, (broadcastId) =>
      this.#options.rest.deleteComment(comment._id, broadcastId),
    );
  }

  async deleteMarker(conversation: Conversation): Promise<void> {
    const { windows } = this.#options;
    const change: Change = { kind: "delete-marker", conversation };
    if (this.#isBlocked(conversation.urlId, textless)) {
      return;
    }
    windows.change(conversation.urlId, { text: "" });
    windows.close();
    await this.#delete(conversation.urlId, change, (broadcastId) =>
      this.#options.rest.deleteMarker(conversation._id, broadcastId),
    );
  }

  async #delete(key: string, change: Change, call: (broadcastId: string) => Promise<Answer>): Promise<void> {
    const { windows } = this.#options;
    if (this.#isBlocked(key, textless)) {
      return;
    }
    windows.change(key, { notice: null, confirming: null });
    const broadcastId = newBroadcastId();
    await this.#attempt(broadcastId, change, () => call(broadcastId), () => change, (refused) => {
      // Somebody else was quicker: what was wanted is so.
      if (refused.status === 404) {
        return;
      }
      if (change.kind === "delete-marker") {
        windows.show(change.conversation);
      }
      windows.change(key, { notice: this.#reason(refused, textless) });
    });
  }

  #parentId(key: string, replyTo: string | null): string | null {
    const { sync, maxReplyDepth } = this.#options;
    return replyTarget(sync.thread(key).comments, replyTo, maxReplyDepth())?._id ?? null;
  }

  #createMarker(
    broadcastId: string,
    draft: Conversation,
    comment: Comment,
    beside: Omit<FirstComment, "comment">,
    giveBack: (refused: Refused) => void,
  ): Promise<void> {
    const { rest, urlId } = this.#options;
    const { x, y, src, urlId: windowUrlId } = draft;
    const conversation = { ...draft, commentCount: 1, lastCommentAt: comment.date };
    return this.#attempt(
      broadcastId,
      { kind: "create-marker", conversation, comment },
      () =>
        rest.createMarker({
          urlId,
          windowUrlId,
          broadcastId,
          x,
          y,
          pageTitle: this.#options.pageTitle().slice(0, 2048),
          src,
          comment: { comment: comment.comment, ...beside },
        }),
      (answer) => {
        const held = answer.held === true ? { approved: false } : {};
        return {
          kind: "create-marker",
          conversation: { ...answer.conversation, ...held },
          comment: { ...(answer.comment ?? comment), ...held },
        };
      },
      giveBack,
    );
  }

  /** Lays a change over the state, makes the call, and confirms it or takes it back, with what it was made of. */
  async #attempt<T extends Answer>(
    broadcastId: string,
    change: Change,
    call: () => Promise<T>,
    confirmed: (answer: T) => Change,
    giveBack: (refused: Refused) => void,
  ): Promise<void> {
    const { sync } = this.#options;
    this.#broadcastIds.add(broadcastId);
    sync.begin(broadcastId, change);
    try {
      const answer = await call();
      const result = confirmed(answer);
      sync.accepted(broadcastId, answer, result);
      if (isHeld(result) && !change.kind.startsWith("delete")) {
        this.#options.onHeld();
      }
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      if (error.status === 429) {
        this.#options.pause.begin(error.retryAfter ?? 0, this.#reason(error, texted));
      }
      // The event may have arrived although the answer did not: then there is nothing to take back.
      if (sync.pending.some((one) => one.broadcastId === broadcastId)) {
        // First: a draft's window must be a draft's when its marker goes.
        giveBack(error);
      }
      sync.refused(broadcastId);
      if (error.status === 0) {
        this.#options.onUnreachable();
      }
      if (error.code === "read-only") {
        sync.lock();
      }
      const stop = whyShutOut(error);
      if (stop !== null) {
        this.#options.onShutOut(stop);
      }
    }
  }

  /** Refuses at once when there is no connection, or the server wants none of it yet; the window says why (OFF1). */
  #isBlocked(key: string, sentences: Sent): boolean {
    const obstacle = this.#options.obstacle();
    const notice = obstacle === null ? this.#options.pause.sentence : this.#options.texts()(sentences[obstacle]);
    if (notice === null) {
      return false;
    }
    this.#options.windows.change(key, { notice, confirming: null });
    this.#options.onChange();
    return true;
  }

  #reason(refused: Refused, sentences: Sent): string {
    const texts = this.#options.texts();
    return refused.status === 0 ? texts(sentences.network) : refused.message || texts("refusedUnknown");
  }

  #draftComment(broadcastId: string, urlId: string, text: string): Comment {
    const { tenantId, session } = this.#options;
    const user = this.#options.user();
    const date = new Date().toISOString();
    return {
      _id: `sending-${broadcastId}`,
      tenantId,
      urlId,
      userId: user?.id ?? "",
      commenterName: [session.name?.trim(), user?.displayName, user?.username].find(Boolean) ?? "",
      commentHTML: "",
      comment: text,
      date,
      url: location.href,
      verified: false,
      approved: true,
      locale: null,
      ...(user?.avatarSrc ? { avatarSrc: user.avatarSrc } : {}),
    };
  }
}
