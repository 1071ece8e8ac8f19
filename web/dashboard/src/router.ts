/** Addresses of the dashboard, read and written. Pure. */

export const pageNames = [
  "overview",
  "usage",
  "moderation",
  "pictures",
  "picture",
  "people",
  "bans",
  "settings",
  "audit",
  "tenants",
  "new-tenant",
  "health",
] as const;

export type PageName = (typeof pageNames)[number];

export interface Route {
  /** Null: all tenants. */
  readonly tenant: string | null;
  readonly page: PageName;
  readonly query: Readonly<Record<string, string>>;
}

export type Role = "operator" | "admin" | "moderator";

const root = "/dashboard";
const all = "all";
/** Of a tenant whose id is "all". */
const escaped = "~all";

/** The route of an address, or null where the address names none. */
export function routeOf(path: string, search = ""): Route | null {
  const [, first, tenant, page, ...rest] = path.split("/");
  if (first !== root.slice(1) || !tenant || rest.some((part) => part !== "") || !isPage(page)) {
    return null;
  }
  return {
    tenant: tenant === all ? null : tenant === escaped ? all : decoded(tenant),
    page,
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

export function hrefOf({ tenant, page, query }: Route): string {
  const place = tenant === null ? all : tenant === all ? escaped : encodeURIComponent(tenant);
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `${root}/${place}/${page}${parameters === "" ? "" : `?${parameters}`}`;
}

const ofAll: readonly PageName[] = ["overview", "usage", "tenants", "health"];
const ofAdmin: readonly PageName[] = ["overview", "usage", "moderation", "pictures", "people", "bans", "settings", "audit"];
const ofModerator: readonly PageName[] = ["moderation", "pictures", "bans"];

/** What stands in the navigation. */
export function pagesFor(role: Role, tenant: string | null): readonly PageName[] {
  return tenant === null ? (role === "operator" ? ofAll : []) : role === "moderator" ? ofModerator : ofAdmin;
}

/** Pages that are reached from another one, which stays marked in the navigation. */
const within: Readonly<Partial<Record<PageName, PageName>>> = { picture: "pictures", "new-tenant": "tenants" };

export function entryOf(page: PageName): PageName {
  return within[page] ?? page;
}

/** The same page of another tenant, or its first page where that one has no such page. */
export function elsewhere(route: Route, role: Role, tenant: string | null): Route {
  const pages = pagesFor(role, tenant);
  const page = entryOf(route.page);
  return { tenant, page: pages.includes(page) ? page : (pages[0] ?? "overview"), query: {} };
}

function isPage(name: string | undefined): name is PageName {
  return (pageNames as readonly (string | undefined)[]).includes(name);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
