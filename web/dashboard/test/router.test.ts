import { describe, expect, it } from "vitest";
import { elsewhere, entryOf, hrefOf, pageNames, pagesFor, routeOf } from "../src/router.ts";

const parts = (href: string): ReturnType<typeof routeOf> => {
  const { pathname, search } = new URL(href, "http://localhost");
  return routeOf(pathname, search);
};

describe("an address", () => {
  it.each(["acme", "all", "a b/c", "~all"])("of the tenant %s leads back to where it was made from", (tenant) => {
    for (const page of pageNames) {
      const route = { tenant, page, query: { urlId: "a&b=ü?", skip: "50" } };
      expect(parts(hrefOf(route))).toEqual(tenant === "~all" ? { ...route, tenant: "all" } : route);
    }
  });

  it("of all tenants is another one than that of a tenant called all", () => {
    expect(hrefOf({ tenant: null, page: "usage", query: {} })).toBe("/dashboard/all/usage");
    expect(parts("/dashboard/all/usage")?.tenant).toBeNull();
    expect(hrefOf({ tenant: "all", page: "usage", query: {} })).toBe("/dashboard/~all/usage");
  });

  it("leaves out what is empty", () => {
    expect(hrefOf({ tenant: "acme", page: "people", query: { search: "", skip: "" } })).toBe("/dashboard/acme/people");
  });

  it.each(["/dashboard", "/dashboard/acme", "/dashboard/acme/nothing", "/dashboard/acme/usage/more", "/", "/docs"])(
    "that is no page's, %s, is none",
    (path) => {
      expect(routeOf(path)).toBeNull();
    },
  );

  it("that is badly encoded is taken as it is written", () => {
    expect(routeOf("/dashboard/%E0%A4/usage")?.tenant).toBe("%E0%A4");
  });
});

describe("pages", () => {
  it("of all tenants are the operator's alone", () => {
    expect(pagesFor("operator", null)).toContain("health");
    expect(pagesFor("admin", null)).toEqual([]);
    expect(pagesFor("moderator", null)).toEqual([]);
  });

  it("of a moderator are those of moderation", () => {
    expect(pagesFor("moderator", "acme")).toEqual(["moderation", "pictures", "bans"]);
  });

  it("that are reached from another one keep that one marked", () => {
    expect(entryOf("picture")).toBe("pictures");
    expect(entryOf("new-tenant")).toBe("tenants");
  });

  it("stay the same for another tenant, where it has them", () => {
    const settings = { tenant: "acme", page: "settings", query: { x: "1" } } as const;
    expect(elsewhere(settings, "operator", "beta")).toEqual({ tenant: "beta", page: "settings", query: {} });
    expect(elsewhere(settings, "operator", null)).toEqual({ tenant: null, page: "overview", query: {} });
  });
});
