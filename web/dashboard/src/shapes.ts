/** What the server says to the dashboard, as SPEC.md writes it. */
import type { Role } from "./router.ts";

export interface Me {
  readonly user: { readonly id: string; readonly name: string | null; readonly role: Role; readonly sessionId: string };
  readonly tenants: readonly TenantName[];
}

export interface TenantName {
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean;
}

export interface TenantRow extends TenantName {
  readonly createdAt: string;
  readonly pictures: number;
  readonly markers: number;
  readonly comments: number;
  readonly held: number;
}

export interface Key {
  readonly id: string;
  readonly createdAt: string;
  readonly retiresAt: number | string | null;
}

export type Settings = Readonly<Record<string, unknown>>;

export interface TenantDetails extends TenantName {
  readonly createdAt: string;
  readonly settings: Settings;
  readonly defaults: Settings;
  readonly keys: readonly Key[];
}

export interface Counts {
  readonly messages: number;
  readonly bandwidth: number;
  readonly conversations: number;
  readonly comments: number;
  readonly fetches: number;
  readonly votes: number;
}

export interface UsageRow extends Counts {
  readonly day?: string;
  readonly urlId?: string;
  readonly title?: string | null;
  readonly tenantId?: string;
}

export interface Usage {
  readonly rows: readonly UsageRow[];
  readonly totals: Counts;
  readonly from: string;
  readonly to: string;
}

export interface Moment {
  readonly at: number;
  readonly connections: number;
  readonly eventsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly latencyP99: number | null;
  readonly callsPerSecond: number;
  readonly faultsPerSecond: number;
}

export interface NodeReport {
  readonly id: string;
  readonly version: string;
  readonly startedAt: number;
  readonly at: number;
  readonly connections: number;
  readonly rooms: number;
  readonly trouble: string | null;
  readonly self: boolean;
}

export interface Overview {
  readonly at: number;
  readonly connections: number;
  readonly rooms: number;
  readonly eventsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly callsPerSecond: number;
  readonly refusalsPerSecond: number;
  readonly faultsPerSecond: number;
  readonly latency: { readonly p50: number; readonly p99: number } | null;
  readonly today: Counts;
  readonly history: readonly Moment[];
  /** A tenant's admin gets their number only. */
  readonly nodes: readonly NodeReport[] | number;
}

export interface Picture {
  readonly urlId: string;
  readonly urlIdWS: string;
  readonly title: string | null;
  readonly src: string | null;
  readonly markers: number;
  readonly open: number;
  readonly comments: number;
  readonly lastActivity: string | null;
  readonly readOnly: boolean;
  readonly groupIds: readonly string[] | null;
  readonly watching: number;
}

export interface PicturePage {
  readonly pictures: readonly Picture[];
  readonly total: number;
  readonly hasMore: boolean;
}

export type InboxState = "new" | "held" | "all" | "deleted";

export interface Entry {
  readonly id: string;
  readonly kind: "comment" | "marker";
  readonly at: string;
  readonly picture: {
    readonly urlId: string;
    readonly urlIdWS: string;
    readonly title: string | null;
    readonly src: string | null;
    readonly x: number | null;
    readonly y: number | null;
  };
  readonly markerId: string | null;
  readonly resolved: boolean;
  readonly user: {
    readonly id: string;
    readonly name: string | null;
    readonly avatarSrc: string | null;
    readonly role: "anonymous" | "member" | "moderator" | "admin";
  };
  readonly comment: string | null;
  readonly commentHTML: string | null;
  readonly held: { readonly id: string; readonly reason: string } | null;
  readonly reviewed: { readonly by: string; readonly at: string } | null;
  readonly deleted: { readonly undoId: string; readonly undoUntil: number | string; readonly by: string } | null;
  readonly parentId: string | null;
  /** Comments of its thread, this one among them. */
  readonly inThread: number;
}

export interface InboxPage {
  readonly entries: readonly Entry[];
  readonly nextBefore: string | null;
  readonly counts: { readonly new: number; readonly held: number };
}

export interface Deletion {
  readonly count: number;
  readonly deleted: number;
  readonly undoId?: string | null;
  readonly undoUntil?: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly avatarSrc: string | null;
  readonly role: "anonymous" | "member" | "moderator" | "admin";
  readonly groupIds: readonly string[] | null;
  readonly lastSeen: string | null;
  readonly banned: boolean;
}

export interface PeoplePage {
  readonly people: readonly Person[];
  readonly total: number;
  readonly hasMore: boolean;
}

export interface Ban {
  readonly _id: string;
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: string;
  readonly until: string | null;
}

export interface Act {
  readonly number: number;
  readonly at: string;
  readonly who: string;
  readonly act: string;
  readonly what: string;
  readonly address: string;
}

export interface Finding {
  readonly name: string;
  readonly state: "good" | "note" | "bad";
  readonly says: string;
  readonly advice: string | null;
}

export interface Health {
  readonly findings: readonly Finding[];
  readonly node: {
    readonly version: string;
    readonly startedAt: number;
    readonly database: string;
    readonly bus: string;
    readonly dataDirectory?: string | null;
  };
}
