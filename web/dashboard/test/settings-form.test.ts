import { describe, expect, it } from "vitest";
import { changeOf, fieldIn, problemsOf, put, sections, storedIn, type Draft, type Field } from "../src/settings-form.ts";
import type { TenantDetails } from "../src/shapes.ts";

const tenant: TenantDetails = {
  id: "acme",
  name: "Acme",
  disabled: false,
  createdAt: "2026-01-01T00:00:00.000Z",
  settings: {
    domains: ["example.com"],
    anonymous: true,
    approval: "nobody",
    log_days: null,
    spam: { max_links: 3, banned_words: [], hold_duplicates: true, honeypot: true },
  },
  defaults: {},
  keys: [],
};

const field = (path: string): Field => {
  const found = sections.flatMap(({ fields }) => fields).find((one) => one.path === path);
  if (found === undefined) {
    throw new Error(`no field ${path}`);
  }
  return found;
};
const drafted = (changes: Readonly<Record<string, string | boolean>>): Draft =>
  Object.entries(changes).reduce<Draft>((draft, [path, content]) => put(tenant, draft, field(path), content), {});

describe("settings", () => {
  it("show what is stored", () => {
    expect(storedIn(tenant, field("domains"))).toBe("example.com");
    expect(storedIn(tenant, field("spam.max_links"))).toBe("3");
    expect(storedIn(tenant, field("log_days"))).toBe("");
    expect(storedIn(tenant, field("name"))).toBe("Acme");
    expect(storedIn(tenant, field("anonymous"))).toBe(true);
  });

  it("that are set back by hand are not changed any more", () => {
    const draft = put(tenant, drafted({ name: "Other" }), field("name"), "Acme");
    expect(draft).toEqual({});
  });

  it("are sent as what was changed, groups of them whole", () => {
    const draft = drafted({ name: " Acme 2 ", domains: "a.example\n\n b.example ", "spam.max_links": "", anonymous: false });
    expect(changeOf(tenant, draft)).toEqual({
      name: "Acme 2",
      settings: {
        domains: ["a.example", "b.example"],
        anonymous: false,
        spam: { max_links: null, banned_words: [], hold_duplicates: true, honeypot: true },
      },
    });
    expect(changeOf(tenant, drafted({ log_days: "30" }))).toEqual({ settings: { log_days: 30 } });
  });

  it.each(["-1", "1.5", "many", "1001"])("do not take %s as a number of links", (content) => {
    expect(problemsOf(drafted({ "spam.max_links": content })).get("spam.max_links")).toBe("numberWrong");
  });

  it("take an empty number, and a sensible one", () => {
    expect(problemsOf(drafted({ "spam.max_links": "", log_days: "30" })).size).toBe(0);
  });

  it("find the field that a refusal speaks of", () => {
    expect(fieldIn("“ex ample” is no domain: use example.com.")).toBe("domains");
    expect(fieldIn("Expected `int` >= 1 - at `$.settings.log_days`")).toBe("log_days");
    expect(fieldIn("Expected `int` - at `$.settings.limits.comments_per_session`")).toBe("limits.comments_per_session");
    expect(fieldIn("The node cannot write now.")).toBeNull();
  });
});
