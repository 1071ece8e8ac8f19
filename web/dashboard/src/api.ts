/** The calls of SPEC.md that the dashboard makes, with the session that is signed in. */
import { Refused } from "../../widget/src/calls.ts";
import { newBroadcastId } from "../../widget/src/session.ts";
import type * as is from "./shapes.ts";

type Query = Readonly<Record<string, string | number | null | undefined>>;

export interface ApiOptions {
  readonly fetch: typeof fetch;
  readonly sessionId: () => string | null;
  /** The server does not know this session any more. */
  readonly onEnded: () => void;
}

export interface Banning {
  readonly userId?: string;
  readonly authorOf?: string;
  readonly kinds: readonly ("user" | "address")[];
  readonly hours?: number;
  readonly reason?: string;
}

export type Signal = AbortSignal | undefined;

/** What is deleted: things by their ids, all of a person, or all on a picture. */
export type Doomed = { readonly ids: readonly string[] } | { readonly userId: string } | { readonly urlId: string };

const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join("/")}`;

export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  signIn(link: string): Promise<{ readonly sessionId: string }> {
    return this.#send("POST", "/dashboard/sign-in", {}, { link });
  }

  signOut(): Promise<unknown> {
    return this.#send("DELETE", "/dashboard/session");
  }

  endSession(tenant: string): Promise<unknown> {
    return this.#send("DELETE", path("sessions", tenant));
  }

  me(tenantId: string | null, sso?: string): Promise<is.Me> {
    return this.#send("GET", "/api/v1/me", { tenantId, sso });
  }

  tenants(signal?: Signal): Promise<{ readonly tenants: readonly is.TenantRow[] }> {
    return this.#send("GET", "/api/v1/tenants", {}, undefined, signal);
  }

  createTenant(tenant: {
    readonly id: string;
    readonly name?: string;
    readonly domains?: readonly string[];
  }): Promise<{ readonly apiKey: string }> {
    return this.#send("POST", "/api/v1/tenants", {}, tenant);
  }

  tenant(id: string, signal?: Signal): Promise<{ readonly tenant: is.TenantDetails }> {
    return this.#send("GET", path("api", "v1", "tenants", id), {}, undefined, signal);
  }

  updateTenant(
    id: string,
    change: { readonly name?: string; readonly disabled?: boolean; readonly settings?: is.Settings },
  ): Promise<{ readonly tenant: is.TenantDetails }> {
    return this.#send("PATCH", path("api", "v1", "tenants", id), {}, change);
  }

  newKey(tenant: string, keepHours: number): Promise<{ readonly apiKey: string; readonly keys: readonly is.Key[] }> {
    return this.#send("POST", path("api", "v1", "tenants", tenant, "keys"), {}, { keepHours });
  }

  overview(tenantId: string | null, signal?: Signal): Promise<is.Overview> {
    return this.#send("GET", "/api/v1/overview", { tenantId }, undefined, signal);
  }

  usage(query: Query, signal?: Signal): Promise<is.Usage> {
    return this.#send("GET", "/api/v1/usage", query, undefined, signal);
  }

  async usageCsv(query: Query): Promise<Blob> {
    return (await this.#ask("GET", "/api/v1/usage", { ...query, format: "csv" })).blob();
  }

  health(signal?: Signal): Promise<is.Health> {
    return this.#send("GET", "/api/v1/health", {}, undefined, signal);
  }

  pictures(query: Query, signal?: Signal): Promise<is.PicturePage> {
    return this.#send("GET", "/api/v1/pictures", query, undefined, signal);
  }

  updatePicture(
    tenant: string,
    urlId: string,
    change: { readonly readOnly?: boolean; readonly groupIds?: readonly string[] | null },
  ): Promise<{ readonly readOnly: boolean }> {
    return this.#send("PATCH", path("pictures", tenant), { urlId }, { ...change, broadcastId: newBroadcastId() });
  }

  inbox(tenant: string, query: Query, signal?: Signal): Promise<is.InboxPage> {
    return this.#send("GET", path("moderation", tenant, "inbox"), query, undefined, signal);
  }

  live(tenant: string): Promise<{ readonly urlIdWS: string; readonly userIdWS: string }> {
    return this.#send("GET", path("moderation", tenant, "live"));
  }

  review(tenant: string, ids: readonly string[], reviewed: boolean): Promise<unknown> {
    return this.#send("POST", path("moderation", tenant, "reviews"), {}, { ids, reviewed });
  }

  approve(tenant: string, heldId: string): Promise<unknown> {
    return this.#command(path("moderation", tenant, "held", heldId, "approve"));
  }

  reject(tenant: string, heldId: string): Promise<unknown> {
    return this.#command(path("moderation", tenant, "held", heldId, "reject"));
  }

  spam(tenant: string, ids: readonly string[]): Promise<is.Deletion> {
    return this.#command(path("moderation", tenant, "spam"), { ids });
  }

  /** How much it would be. */
  async countOf(tenant: string, what: Doomed): Promise<number> {
    return (await this.#command<is.Deletion>(path("moderation", tenant, "mass-deletions"), what)).count;
  }

  /** `confirm`: how much it is, as `countOf` has said; nothing is deleted if that has changed. */
  massDelete(tenant: string, what: Doomed, confirm: number): Promise<is.Deletion> {
    return this.#command(path("moderation", tenant, "mass-deletions"), { ...what, confirm });
  }

  undo(tenant: string, undoId: string): Promise<unknown> {
    return this.#command(path("moderation", tenant, "mass-deletions", undoId, "undo"));
  }

  resolve(tenant: string, markerId: string, resolved: boolean): Promise<unknown> {
    const body = { resolved, broadcastId: newBroadcastId() };
    return this.#send("PATCH", path("comment-image-chats", tenant, markerId), {}, body);
  }

  bans(tenant: string, signal?: Signal): Promise<{ readonly bans: readonly is.Ban[] }> {
    return this.#send("GET", path("moderation", tenant, "bans"), {}, undefined, signal);
  }

  ban(tenant: string, ban: Banning): Promise<{ readonly bans: readonly is.Ban[] }> {
    return this.#send("POST", path("moderation", tenant, "bans"), {}, ban);
  }

  liftBan(tenant: string, banId: string): Promise<unknown> {
    return this.#send("DELETE", path("moderation", tenant, "bans", banId));
  }

  people(query: Query, signal?: Signal): Promise<is.PeoplePage> {
    return this.#send("GET", "/api/v1/people", query, undefined, signal);
  }

  personData(tenantId: string, userId: string): Promise<{ readonly data: unknown }> {
    return this.#send("GET", "/api/v1/people/data", { tenantId, userId });
  }

  erase(tenantId: string, userId: string): Promise<unknown> {
    return this.#send("POST", "/api/v1/people/erase", {}, { tenantId, userId, confirm: userId });
  }

  audit(tenant: string, before: string | null, signal?: Signal): Promise<{
    readonly entries: readonly is.Act[];
    readonly nextBefore: number | null;
  }> {
    return this.#send("GET", path("moderation", tenant, "audit"), { before }, undefined, signal);
  }

  #command<T>(where: string, body: object = {}): Promise<T> {
    return this.#send("POST", where, {}, { ...body, broadcastId: newBroadcastId() });
  }

  async #send<T>(method: string, where: string, query: Query = {}, body?: object, signal?: Signal): Promise<T> {
    const response = await this.#ask(method, where, query, body, signal);
    try {
      return (await response.json()) as T;
    } catch {
      throw new Refused("unreachable", 0, "");
    }
  }

  /** Raises `Refused`, also where the server was not reached (status 0); what was aborted raises the abort. */
  async #ask(method: string, where: string, query: Query = {}, body?: object, signal?: Signal): Promise<Response> {
    const given = Object.entries(query).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]]));
    const suffix = given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
    const session = this.#options.sessionId();
    const headers: Record<string, string> = {};
    if (session !== null) {
      headers.Authorization = `Bearer ${session}`;
    }
    const request: RequestInit = { method, headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    if (signal !== undefined) {
      request.signal = signal;
    }
    let response: Response;
    try {
      response = await this.#options.fetch(`${where}${suffix}`, request);
    } catch (error) {
      if (signal?.aborted === true) {
        throw error;
      }
      throw new Refused("unreachable", 0, "");
    }
    if (response.ok) {
      return response;
    }
    const said = (await response.json().catch(() => ({}))) as { code?: string; reason?: string; message?: string };
    if (response.status === 401 && session !== null && session === this.#options.sessionId()) {
      this.#options.onEnded();
    }
    throw new Refused(
      said.code ?? "unknown",
      response.status,
      said.message ?? said.reason ?? "",
      response.headers.get("Retry-After"),
    );
  }
}

export { Refused };
