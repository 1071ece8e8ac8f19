/** The REST calls of SPEC.md, typed. */
import { askSnapshot, type Call, type Calls } from "./calls.ts";
import type { Mention } from "./mentions.ts";
import type { Face } from "./presence.ts";
import { facesIn } from "./signals.ts";
import type { MarkerChange } from "./pending-changes.ts";
import type { Answer, Comment, CommentList, Conversation, Region, Snapshot } from "./wire.ts";

export interface NewMarker {
  readonly urlId: string;
  readonly windowUrlId: string;
  readonly broadcastId: string;
  readonly x: number;
  readonly y: number;
  readonly pageTitle: string;
  readonly src: string;
  readonly region?: Region;
  readonly comment: FirstComment;
}

export interface FirstComment {
  readonly comment: string;
  readonly commenterName?: string;
  /** The server keeps those whom the author may mention. */
  readonly mentions?: readonly Mention[];
  /** A field that no person sees: whoever fills it in is a program. */
  readonly website?: string;
}

export interface NewComment extends FirstComment {
  readonly url: string;
  readonly urlId: string;
  readonly parentId?: string;
}

export type MarkerCreatedAnswer = Answer & {
  readonly conversation: Conversation;
  readonly comment?: Comment;
  /** For a moderator. */
  readonly held?: boolean;
};
export type MarkerAnswer = Answer & { readonly conversation: Conversation };
export type CommentCreatedAnswer = Answer & { readonly comment: Comment };
export type VotedAnswer = Answer & { readonly voteId: string };
export type CommentEditedAnswer = Answer & { readonly comment: Pick<Comment, "commentHTML" | "approved"> };

/** A list is asked for in pages of the server's largest size; a thread longer than this many is cut. */
const maxPages = 100;

export class Rest {
  /** Calls that only a late file makes are made by these. */
  readonly call: Call;
  readonly send: Call;

  constructor({ call, send }: Calls) {
    this.call = call;
    this.send = send;
  }

  snapshot(urlId: string): Promise<Snapshot> {
    return askSnapshot(this.call, urlId);
  }

  createMarker(marker: NewMarker): Promise<MarkerCreatedAnswer> {
    return this.call("POST", "comment-image-chats", "", {}, marker);
  }

  updateMarker(id: string, change: MarkerChange, broadcastId: string): Promise<MarkerAnswer> {
    return this.call("PATCH", "comment-image-chats", encodeURIComponent(id), {}, { broadcastId, ...change });
  }

  /** Brings back what the caller has just deleted. */
  restoreMarker(id: string, broadcastId: string): Promise<MarkerAnswer> {
    return this.call("POST", "comment-image-chats", `${encodeURIComponent(id)}/restore`, {}, { broadcastId });
  }

  restoreComment(id: string, broadcastId: string): Promise<CommentCreatedAnswer> {
    return this.call("POST", "comments", `${encodeURIComponent(id)}/restore`, { broadcastId });
  }

  vote(id: string, voteDir: "up" | "down", broadcastId: string): Promise<VotedAnswer> {
    return this.call("POST", "comments", `${encodeURIComponent(id)}/vote`, { broadcastId }, { voteDir });
  }

  takeVoteBack(id: string, voteId: string, broadcastId: string): Promise<Answer> {
    const path = `${encodeURIComponent(id)}/vote/${encodeURIComponent(voteId)}`;
    return this.call("DELETE", "comments", path, { broadcastId });
  }

  react(id: string, emoji: string, broadcastId: string): Promise<Answer> {
    return this.call("POST", "comments", `${encodeURIComponent(id)}/reactions`, { broadcastId }, { emoji });
  }

  takeReactionBack(id: string, emoji: string, broadcastId: string): Promise<Answer> {
    const path = `${encodeURIComponent(id)}/reactions/${encodeURIComponent(emoji)}`;
    return this.call("DELETE", "comments", path, { broadcastId });
  }

  /** Whom one may mention: up to ten, a word of whose name begins so. */
  async mentionable(urlId: string, search: string, signal: AbortSignal): Promise<Face[]> {
    const path = "users/mentionable";
    const found: { readonly users?: unknown } = await this.call("GET", "pages", path, { urlId, search }, undefined, { signal });
    return facesIn(found.users);
  }

  deleteMarker(id: string, broadcastId: string): Promise<Answer> {
    return this.call("DELETE", "comment-image-chats", id, {}, { broadcastId });
  }

  /** A whole thread, oldest first, with the picture's position of its first page: later events mend the rest. */
  async comments(urlId: string): Promise<CommentList> {
    const path = { urlId, limit: 200 };
    const first: CommentList = await this.call("GET", "comments", "", path);
    const comments = [...first.comments];
    let page = first;
    for (let count = 1; page.hasMore && count < maxPages; count += 1) {
      const last = comments.at(-1);
      if (last === undefined) {
        break;
      }
      page = await this.call("GET", "comments", "", { ...path, afterCommentId: last._id });
      comments.push(...page.comments);
    }
    return { comments, hasMore: page.hasMore, pictureSeq: first.pictureSeq };
  }

  createComment(comment: NewComment, broadcastId: string): Promise<CommentCreatedAnswer> {
    return this.call("POST", "comments", "", { urlId: comment.urlId, broadcastId }, comment);
  }

  /** Without `mentions`, those of before stay that stand in the new words. */
  editComment(id: string, broadcastId: string, words: Pick<FirstComment, "comment" | "mentions">): Promise<CommentEditedAnswer> {
    return this.call("POST", "comments", `${encodeURIComponent(id)}/update-text`, { broadcastId }, words);
  }

  deleteComment(id: string, broadcastId: string): Promise<Answer> {
    return this.call("DELETE", "comments", id, { broadcastId });
  }
}
