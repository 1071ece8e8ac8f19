/** The REST calls of SPEC.md, typed. */
import type { Mention } from "./mentions.ts";
import { secondsIn } from "./patience.ts";
import type { Face } from "./presence.ts";
import { facesIn } from "./signals.ts";
import type { MarkerChange } from "./pending-changes.ts";
import type { Session } from "./session.ts";
import type { Answer, Comment, CommentList, Conversation, Region, Snapshot, User } from "./wire.ts";

/** A call that had no effect as far as we know. `status` 0: the server was not reached, or did not answer in JSON. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: string;
  readonly status: number;
  /** Seconds until the same call may succeed, where the server asks for patience. */
  readonly retryAfter: number | null;

  constructor(code: string, status: number, sentence: string, retryAfter: string | null = null) {
    super(sentence);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter === null && status !== 429 ? null : secondsIn(retryAfter);
  }

  /** Whether the same call may succeed later without any change to it. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** By its name: the widget's files each have their own copy of what they share, so a class says nothing about the other's. */
export function isRefused(error: unknown): error is Refused {
  return error instanceof Error && error.name === "Refused";
}

export interface RestOptions {
  readonly apiHost: string;
  readonly tenantId: string;
  readonly sso: string | null;
  readonly session: Session;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Told whenever an answer says who the caller is. */
  readonly onUser: (user: User) => void;
}

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

/** The server is another site, and knows the caller by a token alone: no cookies, and not on which page they are. */
const toStrangers = { mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" } as const;

type Query = Readonly<Record<string, string | number>>;

/** A list is asked for in pages of the server's largest size; a thread longer than this many is cut. */
const maxPages = 100;

export class Rest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  snapshot(urlId: string): Promise<Snapshot> {
    return this.call("GET", "comment-image-chats", "", { urlId });
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

  /**
   * One call; those that only a late file makes are made by this. A stored session that the server refuses is forgotten
   * and the call made once more as nobody: its signature was of another installation, and the visitor can do nothing
   * about it.
   */
  async call<T>(method: string, area: string, rest: string, query: Query, body?: object, more?: RequestInit): Promise<T> {
    try {
      return await this.send<T>(method, area, rest, query, body, more);
    } catch (error) {
      if (error instanceof Refused && error.status === 401 && this.#options.session.forget()) {
        return this.send<T>(method, area, rest, query, body, more);
      }
      throw error;
    }
  }

  /** The same, without that. */
  async send<T>(method: string, area: string, rest: string, query: Query, body?: object, more?: RequestInit): Promise<T> {
    const { apiHost, tenantId, sso, session, signal } = this.#options;
    const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    if (sso !== null) {
      parameters.set("sso", sso);
    }
    const path = [area, encodeURIComponent(tenantId), ...(rest === "" ? [] : [rest])].join("/");
    const headers: Record<string, string> = {};
    if (session.sessionId !== null) {
      headers.Authorization = `Bearer ${session.sessionId}`;
    }
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    const request: RequestInit = { ...toStrangers, ...more, method, headers };
    if (method === "GET") {
      // Only these: what somebody has sent is to arrive, also when the page takes the picture away just then.
      request.signal = more?.signal ?? signal;
    }
    if (body !== undefined) {
      request.body = JSON.stringify(body);
    }
    const suffix = parameters.size === 0 ? "" : `?${parameters.toString()}`;
    let status = 0;
    let retryAfter: string | null = null;
    let answer: { code?: string; reason?: string; message?: string; user?: User | null };
    try {
      const response = await this.#options.fetch(`${apiHost}/${path}${suffix}`, request);
      status = response.status;
      retryAfter = response.headers.get("Retry-After");
      answer = (await response.json()) as typeof answer;
    } catch {
      throw new Refused("unreachable", status >= 400 ? status : 0, "", retryAfter);
    }
    if (status >= 400) {
      throw new Refused(answer.code ?? "unknown", status, answer.message ?? answer.reason ?? "", retryAfter);
    }
    if (answer.user) {
      const isOurs = !answer.user.sessionId || session.remember(answer.user.sessionId);
      if (!isOurs && method === "GET") {
        return this.send(method, area, rest, query, body, more);
      }
      this.#options.onUser(answer.user);
    }
    return answer as T;
  }
}
