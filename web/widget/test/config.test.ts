import { describe, expect, it } from "vitest";
import { defaultUrlId, loginAddress } from "../src/addresses.ts";
import { ConfigError, settingsOf, type ImageChatConfig } from "../src/config.ts";

const origin = "https://chat.example.com";
const silent = (): void => undefined;
const settings = (config: unknown): ReturnType<typeof settingsOf> =>
  settingsOf(config as ImageChatConfig, origin, silent);

describe("configuration (M21)", () => {
  it("has the documented defaults", () => {
    expect(settings({ tenantId: "demo" })).toEqual({
      tenantId: "demo",
      urlId: null,
      pageTitle: null,
      chatSquarePercentage: 5,
      hasDarkBackground: null,
      commentCountUpdated: null,
      onError: null,
      locale: null,
      readonly: false,
      sso: null,
      zoom: false,
      presence: true,
      usePolling: false,
      disableLiveCommenting: false,
      maxReplyDepth: 0,
      longPress: false,
      regions: true,
      hideResolved: false,
      preview: true,
      deepLinks: true,
      panel: true,
      printable: false,
      onReady: null,
      onMarkerOpen: null,
      onMarkerClose: null,
      apiHost: origin,
      wsHost: "wss://chat.example.com",
      translations: {},
      sessionId: null,
    });
  });

  it("M12 takes the live channel's scheme from the API's", () => {
    expect(settings({ tenantId: "demo", apiHost: "http://localhost:8000/" }).wsHost).toBe("ws://localhost:8000");
    expect(settings({ tenantId: "demo", wsHost: "wss://live.example.com" }).wsHost).toBe("wss://live.example.com");
  });

  it.each([
    ["https://chat.example.org/", "https://chat.example.org", "wss://chat.example.org"],
    ["HTTP://localhost:8000", "HTTP://localhost:8000", null],
    ["//chat.example.org", "//chat.example.org", "//chat.example.org"],
    ["/chat", "/chat", "/chat"],
    ["", "", ""],
  ])("takes an address, or a path of the page's server: %j", (apiHost, api, ws) => {
    const { apiHost: taken, wsHost } = settings({ tenantId: "demo", apiHost });
    expect(taken).toBe(api);
    expect(ws ?? wsHost).toBe(wsHost);
  });

  it.each(["wss://live.example.org", "ws://localhost:8000", "https://live.example.org", "/live", ""])("takes a wsHost of %j", (wsHost) => {
    expect(settings({ tenantId: "demo", wsHost }).wsHost).toBe(wsHost.replace("https", "wss"));
  });

  it.each(["apiHost", "wsHost"])("says what to write for %s", (name) => {
    expect(() => settings({ tenantId: "demo", [name]: "chat.example.org" })).toThrow(
      `ImageChat: the option "${name}" must be an address such as https://chat.example.com.`,
    );
  });

  it("sends simple SSO as JSON", () => {
    const simpleSSO = { username: "ada", email: "ada@example.com" };
    expect(settings({ tenantId: "demo", simpleSSO }).sso).toBe(JSON.stringify(simpleSSO));
  });

  it.each<[string, unknown]>([
    ["tenantId", {}],
    ["tenantId", { tenantId: "" }],
    ["tenantId", { tenantId: 5 }],
    ["urlId", { tenantId: "demo", urlId: "x".repeat(2049) }],
    ["chatSquarePercentage", { tenantId: "demo", chatSquarePercentage: "5" }],
    ["chatSquarePercentage", { tenantId: "demo", chatSquarePercentage: Number.NaN }],
    ["maxReplyDepth", { tenantId: "demo", maxReplyDepth: 11 }],
    ["commentCountUpdated", { tenantId: "demo", commentCountUpdated: "count" }],
    ["readonly", { tenantId: "demo", readonly: "no" }],
    ["apiHost", { tenantId: "demo", apiHost: "chat.example.org" }],
    ["apiHost", { tenantId: "demo", apiHost: "chat.example.org:8000" }],
    ["apiHost", { tenantId: "demo", apiHost: "javascript:alert(1)" }],
    ["apiHost", { tenantId: "demo", apiHost: "ws://chat.example.org" }],
    ["apiHost", { tenantId: "demo", apiHost: "https://" }],
    ["apiHost", { tenantId: "demo", apiHost: 7 }],
    ["wsHost", { tenantId: "demo", wsHost: "live.example.org" }],
    ["wsHost", { tenantId: "demo", wsHost: "data:text/html,x" }],
    ["configuration", undefined],
    ["configuration", "demo"],
  ])("says what is wrong with %s in %j", (name, config) => {
    expect(() => settings(config)).toThrow(ConfigError);
    expect(() => settings(config)).toThrow(new RegExp(`${name}.*\\.$`));
  });

  it("warns of an option that it does not know, and goes on", () => {
    const warnings: string[] = [];
    const config = { tenantId: "demo", tenantID: "demo", toString: 1 };
    settingsOf(config, origin, (sentence) => warnings.push(sentence));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('"tenantID"');
  });

  it("null means the default", () => {
    expect(settings({ tenantId: "demo", urlId: null, readonly: null })).toEqual(settings({ tenantId: "demo" }));
  });
});

describe("where to sign in", () => {
  it.each([
    ['{"loginURL":"https://example.org/login?next=1"}', "https://example.org/login?next=1"],
    ['{"loginURL":"/login"}', "https://example.com/login"],
    ['{"loginURL":"javascript:alert(1)"}', null],
    ['{"loginURL":" javascript:alert(1)"}', null],
    ['{"loginURL":"data:text/html,x"}', null],
    ['{"loginURL":"https://"}', null],
    ['{"loginURL":""}', null],
    ['{"loginURL":7}', null],
    ['{"username":"ada"}', null],
    ["null", null],
    ["signed", null],
    [null, null],
  ])("of %s is %s", (sso, address) => {
    expect(loginAddress(sso, "https://example.com/plans/")).toBe(address);
  });
});

describe("the default urlId", () => {
  const page = "https://example.com/plans/?utm=1#top";

  it.each([
    ["/kitchen.jpg?v=2", "https://example.com/plans/#/kitchen.jpg"],
    ["kitchen.jpg", "https://example.com/plans/#/plans/kitchen.jpg"],
    ["https://cdn.example.com/k.jpg?w=300", "https://example.com/plans/#https://cdn.example.com/k.jpg"],
  ])("of %s leaves queries out", (src, urlId) => {
    expect(defaultUrlId(page, src)).toBe(urlId);
  });

  it("of a picture inside an address is short, and differs with the picture", () => {
    const one = defaultUrlId(page, `data:image/png;base64,${"A".repeat(5000)}`);
    const other = defaultUrlId(page, `data:image/png;base64,${"A".repeat(4999)}B`);
    expect(one.length).toBeLessThan(100);
    expect(one).not.toBe(other);
  });
});
