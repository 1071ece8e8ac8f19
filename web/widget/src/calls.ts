/** Calls to the server over HTTP, and who the caller is to it. What is called: rest.ts. */
import { secondsIn } from "./patience.ts";
import type { Session } from "./session.ts";
import type { Snapshot, User } from "./wire.ts";

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

export interface CallsOptions {
  readonly apiHost: string;
  readonly tenantId: string;
  readonly sso: string | null;
  readonly session: Session;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** The server is another site, and knows the caller by a token alone: no cookies, and not on which page they are. */
const toStrangers = { mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" } as const;

type Query = Readonly<Record<string, string | number>>;

/** `rest` is what follows the area and the tenant in the path. Throws Refused. */
export type Call = <T>(method: string, area: string, rest: string, query: Query, body?: object, more?: RequestInit) => Promise<T>;

/** The state of a picture, and who the caller is on it: the first question, and the one after a reset. */
export function askSnapshot(call: Call, urlId: string): Promise<Snapshot> {
  return call("GET", "comment-image-chats", "", { urlId });
}

export class Calls {
  readonly #options: CallsOptions;
  /** Who the caller is to the server, as far as it has said. */
  user: User | null = null;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /**
   * One call. A stored session that the server refuses is forgotten and the call made once more as nobody: its signature
   * was of another installation, and the visitor can do nothing about it.
   */
  readonly call: Call = async (method, area, rest, query, body, more) => {
    try {
      return await this.send(method, area, rest, query, body, more);
    } catch (error) {
      if (error instanceof Refused && error.status === 401 && this.#options.session.forget()) {
        return this.send(method, area, rest, query, body, more);
      }
      throw error;
    }
  };

  /** The same, without that. */
  readonly send: Call = async <T>(...[method, area, rest, query, body, more]: Parameters<Call>): Promise<T> => {
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
      this.user = answer.user;
    }
    return answer as T;
  };
}
