import { describe, expect, it } from "vitest";
import { Calls, Refused } from "../src/calls.ts";
import { Rest } from "../src/rest.ts";
import { Session, type KeyValueStorage } from "../src/session.ts";

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

class MapStorage extends Map<string, string> implements KeyValueStorage {
  getItem(key: string): string | null {
    return this.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.set(key, value);
  }
  removeItem(key: string): void {
    this.delete(key);
  }
}

const blocked: KeyValueStorage = {
  getItem: () => {
    throw new Error("blocked");
  },
  setItem: () => {
    throw new Error("blocked");
  },
  removeItem: () => {
    throw new Error("blocked");
  },
};

function restOf(
  answers: (Response | Error)[],
  { storage = new MapStorage(), given = null, sso = null }: { storage?: KeyValueStorage; given?: string | null; sso?: string | null } = {},
): { rest: Rest; calls: Call[]; session: Session } {
  const calls: Call[] = [];
  const session = new Session(storage, "https://api", "demo", given);
  const rest = new Rest(new Calls({
    apiHost: "https://api",
    tenantId: "de mo",
    sso,
    session,
    fetch: (input, init = {}) => {
      calls.push({ url: input as string, init });
      const answer = answers.shift() ?? new Error("no more answers");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    signal: new AbortController().signal,
  }));
  return { rest, calls, session };
}

const answer = (body: object, status = 200): Response => Response.json(body, { status });
const authorization = ({ init }: Call): string | undefined =>
  (init.headers as Record<string, string>).Authorization;
const user = { id: "u", sessionId: "token-1" };

describe("REST", () => {
  it("remembers the session of nobody, and names the caller with it from then on", async () => {
    const storage = new MapStorage();
    const { rest, calls } = restOf([answer({ user }), answer({})], { storage });
    await rest.snapshot("a&b");
    await rest.deleteMarker("c/d", "b-1");
    expect(calls[0]?.url).toBe("https://api/comment-image-chats/de%20mo?urlId=a%26b");
    expect(calls.map(authorization)).toEqual([undefined, "Bearer token-1"]);
    expect(calls[1]?.init.body).toBe('{"broadcastId":"b-1"}');
    expect([...storage.values()]).toEqual(["token-1"]);
  });

  it("M10 is one person when two pictures ask as nobody at once: the first session counts, and the second asks again", async () => {
    const storage = new MapStorage();
    const first = restOf([answer({ user })], { storage });
    const second = restOf([answer({ user: { id: "v", sessionId: "token-2" } }), answer({ user })], { storage });
    await Promise.all([first.rest.snapshot("one"), second.rest.snapshot("two")]);
    expect(second.calls.map(authorization)).toEqual([undefined, "Bearer token-1"]);
    expect([first.session.sessionId, second.session.sessionId]).toEqual(["token-1", "token-1"]);
    expect([...storage.values()]).toEqual(["token-1"]);
  });

  it("M10 goes over to the session that another picture was given when the old one is refused for both", async () => {
    const storage = new MapStorage([["imagechat:https://api:demo:session", "old"]]);
    const refused = (): Response => answer({ code: "unauthorized" }, 401);
    const first = restOf([refused(), answer({ user })], { storage });
    const second = restOf([refused(), answer({ user })], { storage });
    await first.rest.snapshot("one");
    await second.rest.snapshot("two");
    expect(second.calls.map(authorization)).toEqual(["Bearer old", "Bearer token-1"]);
  });

  it("forgets a stored session that is refused, and asks once more as nobody", async () => {
    const storage = new MapStorage([["imagechat:https://api:demo:session", "old"]]);
    const { rest, calls } = restOf([answer({ code: "unauthorized" }, 401), answer({ user })], { storage });
    await rest.snapshot("room");
    expect(calls.map(authorization)).toEqual(["Bearer old", undefined]);
    expect([...storage.values()]).toEqual(["token-1"]);
  });

  it("a session that the page gave is neither forgotten nor stored", async () => {
    const storage = new MapStorage();
    const { rest, calls } = restOf([answer({ code: "unauthorized" }, 401)], { storage, given: "page" });
    await expect(rest.snapshot("room")).rejects.toMatchObject({ code: "unauthorized", status: 401 });
    expect(calls).toHaveLength(1);
    expect(storage.size).toBe(0);
  });

  it("works where storage is blocked", async () => {
    const { rest, calls } = restOf([answer({ user }), answer({})], { storage: blocked });
    await rest.snapshot("room");
    await rest.snapshot("room");
    expect(authorization(calls[1] ?? { url: "", init: {} })).toBe("Bearer token-1");
  });

  it("M14 sends no cookies and no referrer, whatever the call", async () => {
    const { rest, calls } = restOf([answer({}), answer({})]);
    await rest.snapshot("room");
    await rest.deleteMarker("chat", "b-1");
    for (const { init } of calls) {
      expect(init).toMatchObject({ mode: "cors", credentials: "omit", referrerPolicy: "no-referrer" });
    }
  });

  it("passes SSO on", async () => {
    const { rest, calls } = restOf([answer({})], { sso: '{"username":"ada"}' });
    await rest.snapshot("room");
    expect(new URL(calls[0]?.url ?? "").searchParams.get("sso")).toBe('{"username":"ada"}');
  });

  it.each<[string, Response | Error, Partial<Refused>]>([
    ["no network", new TypeError("fetch failed"), { status: 0, isPassing: true }],
    ["a proxy's page", new Response("<h1>Bad gateway</h1>", { status: 502 }), { status: 502, isPassing: true }],
    ["a success that is no JSON", new Response("hello"), { status: 0, isPassing: true }],
    ["a fault", answer({ code: "internal", message: "Sorry." }, 500), { code: "internal", message: "Sorry.", isPassing: true }],
    ["too many", answer({ code: "rate-limited", message: "Later." }, 429), { isPassing: true }],
    ["forbidden", answer({ code: "forbidden", message: "No." }, 403), { message: "No.", isPassing: false }],
  ])("%s is a refusal", async (_name, response, wanted) => {
    const { rest } = restOf([response]);
    const error: unknown = await rest.snapshot("room").catch((one: unknown) => one);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject(wanted);
  });

  it.each<[string, Response, number | null]>([
    ["too many", new Response("{}", { status: 429, headers: { "Retry-After": "7" } }), 7],
    ["too many, for how long is not told", answer({ code: "rate-limited" }, 429), 10],
    ["too many, says a proxy", new Response("<h1>Slow down</h1>", { status: 429, headers: { "Retry-After": "5" } }), 5],
    ["a node that stops", new Response("{}", { status: 503, headers: { "Retry-After": "1" } }), 1],
    ["a fault", answer({}, 500), null],
  ])("%s: the same call may succeed later", async (_name, response, seconds) => {
    const { rest } = restOf([response]);
    await expect(rest.snapshot("room")).rejects.toMatchObject({ retryAfter: seconds, isPassing: true });
  });

  it("reads a long thread page by page, at the position of its first page", async () => {
    const { rest, calls } = restOf([
      answer({ comments: [{ _id: "1" }, { _id: "2" }], hasMore: true, pictureSeq: 7 }),
      answer({ comments: [{ _id: "3" }], hasMore: false, pictureSeq: 9 }),
    ]);
    const list = await rest.comments("win");
    expect(list).toEqual({ comments: [{ _id: "1" }, { _id: "2" }, { _id: "3" }], hasMore: false, pictureSeq: 7 });
    expect(new URL(calls[1]?.url ?? "").searchParams.get("afterCommentId")).toBe("2");
  });
});
