/** The visitor's own changes: shown at once, sent, then confirmed or taken back with the reason (OFF1: never queued). */
import { replyTarget } from "./comment-tree.ts";
import { Attempts, textless, type AttemptsOptions, type Sentences } from "./attempts.ts";
import { MarkerChanges, type Deletion, type MarkerChangesOptions } from "./marker-changes.ts";
import { OwnOpinions } from "./own-opinions.ts";
import { Mentioned } from "./mentioned.ts";
import type { Refused } from "./calls.ts";
import type { FirstComment, Rest } from "./rest.ts";
import { newBroadcastId, type Session } from "./session.ts";
import type { Answer, Comment, Conversation, User } from "./wire.ts";
import type { Windows } from "./windows.ts";

const texted: Sentences = {
  offline: "refusedOffline",
  reconnecting: "refusedReconnecting",
  stopped: "refusedStopped",
  network: "refusedNetwork",
};

export interface OwnChangesOptions extends AttemptsOptions {
  readonly rest: Rest;
  readonly session: Session;
  readonly windows: Windows;
  readonly urlId: string;
  readonly tenantId: string;
  readonly maxReplyDepth: () => number;
  readonly pageTitle: () => string;
  readonly user: () => User | null;
  /** Something is gone, and `undo` brings it back. */
  readonly onDeleted: (deletion: Deletion, undo: () => void) => void;
  readonly onNotRestored: MarkerChangesOptions["onNotRestored"];
  /** A change that has no window to say so was refused. */
  readonly onRefused: (sentence: string) => void;
  /** Windows have changed without the room's state doing so. */
  readonly onChange: () => void;
}

export class OwnChanges {
  readonly #options: OwnChangesOptions;
  readonly #attempts: Attempts;
  readonly markers: MarkerChanges;
  readonly opinions: OwnOpinions;
  readonly mentioned = new Mentioned();
  /** Why a vote or an emoji was put back, as a window says it. */
  #told = "";

  constructor(options: OwnChangesOptions) {
    this.#options = options;
    this.#attempts = new Attempts(options);
    const beside = {
      rest: options.rest,
      attempts: this.#attempts,
      onRefused: (sentence: string) => {
        options.onRefused(sentence);
      },
    };
    this.markers = new MarkerChanges({ ...beside, onNotRestored: options.onNotRestored });
    this.opinions = new OwnOpinions({
      ...beside,
      onTried: () => {
        options.windows.retract(this.#told);
      },
      onRefused: (sentence, { urlId }) => {
        this.#tell(urlId, sentence);
      },
    });
  }

  isOwn(broadcastId: string): boolean {
    return this.#attempts.isOwn(broadcastId);
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
    const found = this.mentioned.in(text);
    const mentions = found.length === 0 ? {} : { mentions: found };
    const comment = { ...this.#draftComment(broadcastId, key, text), ...reply, ...mentions };
    windows.hasAskedName = true;
    windows.change(key, { text: "", notice: null, failed: null, replyTo: null });
    const name = session.name?.trim();
    const beside = {
      ...(name === undefined || name === "" ? {} : { commenterName: name }),
      ...(website === "" ? {} : { website }),
      ...mentions,
    };
    const giveBack = (refused: Refused): void => {
      windows.giveBack(conversation, kind, { broadcastId, text, parentId }, this.#attempts.reason(refused, texted));
    };
    if (kind === "draft") {
      await this.#createMarker(broadcastId, conversation, comment, beside, giveBack);
      return;
    }
    await this.#attempts.make(
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
    const { mentions: before = [], ...words } = comment;
    const mentions = this.mentioned.in(trimmed, before);
    const hasNew = mentions.some((each) => !before.some(({ id, tag }) => id === each.id && tag === each.tag));
    if (trimmed === "" || (trimmed === comment.comment && !hasNew)) {
      this.#options.onChange();
      return;
    }
    const broadcastId = newBroadcastId();
    const changed = { ...words, comment: trimmed, ...(mentions.length === 0 ? {} : { mentions }) };
    await this.#attempts.make(
      broadcastId,
      { kind: "edit-comment", comment: changed },
      // Left alone, they stay also where their author could not mention them any more.
      () => rest.editComment(comment._id, broadcastId, { comment: trimmed, ...(hasNew ? { mentions } : {}) }),
      (answer) => ({ kind: "edit-comment", comment: { ...changed, ...answer.comment } }),
      (refused) => {
        windows.change(key, { edit: { commentId: comment._id, text: trimmed }, notice: this.#attempts.reason(refused, texted) });
      },
    );
  }

  async deleteComment(comment: Comment): Promise<void> {
    const change: Deletion = { kind: "delete-comment", comment };
    await this.#delete(comment.urlId, change, (broadcastId) =>
      this.#options.rest.deleteComment(comment._id, broadcastId),
    );
  }

  async deleteMarker(conversation: Conversation): Promise<void> {
    const { windows } = this.#options;
    const change: Deletion = { kind: "delete-marker", conversation };
    if (this.#isBlocked(conversation.urlId, textless)) {
      return;
    }
    windows.change(conversation.urlId, { text: "" });
    windows.close();
    await this.#delete(conversation.urlId, change, (broadcastId) =>
      this.#options.rest.deleteMarker(conversation._id, broadcastId),
    );
  }

  async #delete(key: string, change: Deletion, call: (broadcastId: string) => Promise<Answer>): Promise<void> {
    const { windows, onDeleted } = this.#options;
    if (this.#isBlocked(key, textless)) {
      return;
    }
    windows.change(key, { notice: null, confirming: null });
    const broadcastId = newBroadcastId();
    const deleted = this.#attempts.make(broadcastId, change, () => call(broadcastId), () => change, (refused) => {
      // Somebody else was quicker: what was wanted is so. A marker's window stays closed: where only the answer was lost,
      // the marker goes all the same, and its author need not be told that it is gone.
      if (refused.status !== 404) {
        this.#tell(key, this.#attempts.reason(refused, textless));
      }
    });
    onDeleted(change, () => {
      // Whoever is quicker than the server has it taken back as soon as it is done.
      void deleted.then((isDone) => (isDone ? this.markers.restore(change) : undefined));
    });
    await deleted;
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
  ): Promise<boolean> {
    const { rest, urlId } = this.#options;
    const { x, y, src, region, urlId: windowUrlId } = draft;
    const conversation = { ...draft, commentCount: 1, lastCommentAt: comment.date };
    return this.#attempts.make(
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
          ...(region === undefined ? {} : { region }),
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

  /** Refuses at once when there is no connection, or the server wants none of it yet; the window says why (OFF1). */
  #isBlocked(key: string, sentences: Sentences): boolean {
    const notice = this.#attempts.obstacle(sentences);
    if (notice === null) {
      return false;
    }
    this.#options.windows.change(key, { notice, confirming: null });
    this.#options.onChange();
    return true;
  }

  /** In the window where it was tried; where that is closed, at the picture's foot. */
  #tell(key: string, sentence: string): void {
    const { windows, onRefused, onChange } = this.#options;
    if (windows.open?.key === key) {
      this.#told = sentence;
      windows.change(key, { notice: sentence });
      onChange();
    } else {
      onRefused(sentence);
    }
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
