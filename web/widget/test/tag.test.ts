// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ImageChatConfig } from "../src/config.ts";
import { optionNames, settingsOf } from "../src/config.ts";
import type { ImageChatFunction } from "../src/facade.ts";
import { tagAttributes, tagOptions } from "../src/tag-options.ts";
import { defineTag } from "../src/tag-shell.ts";
import { followTag } from "../src/tag.ts";

let done: string[] = [];
let given: ImageChatConfig[] = [];

/** Says what it is called with, but for the functions; takes no tenant called "wrong". */
const imageChat: ImageChatFunction = (target, config) => {
  const { id } = target as HTMLImageElement;
  const words = (options: object): string => JSON.stringify(options, (_name, one: unknown) => (one === undefined ? null : one));
  if (config.tenantId === "wrong") {
    throw new RangeError("wrong");
  }
  given.push(config);
  done.push(`${id} ${words(config)}`);
  return {
    update: (change) => done.push(`${id} update ${words(change)}`),
    destroy: () => done.push(`${id} destroy`),
  };
};
const load = vi.fn(() => Promise.resolve({ followTag }));
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(async () => {
  document.body.innerHTML = "";
  await turn();
  done = [];
  given = [];
});

describe("<image-chat> (M21)", () => {
  it("is defined once, and leaves the name to whoever has it", async () => {
    document.body.innerHTML = '<image-chat tenant-id="acme"><img id="early"></image-chat>';
    const early = document.querySelector("image-chat");
    Object.assign(early ?? {}, { config: { maxReplyDepth: 2 } });
    defineTag(imageChat, load);
    expect(load).toHaveBeenCalledTimes(1);
    defineTag(() => expect.unreachable(), () => expect.unreachable());
    await turn();
    expect(done).toEqual(['early {"tenantId":"acme","maxReplyDepth":2}']);
    expect(early?.config).toEqual({ maxReplyDepth: 2 });
    expect(Object.hasOwn(early ?? {}, "config")).toBe(false);
  });

  it("waits for its picture, takes another one, and follows attributes and config, once for all in a turn", async () => {
    document.body.innerHTML = '<image-chat tenant-id="acme" zoom></image-chat>';
    const tag = document.querySelector("image-chat");
    await turn();
    expect(done).toEqual([]);
    tag?.insertAdjacentHTML("beforeend", '<picture><source><img id="one"></picture>');
    await turn();
    tag?.setAttribute("zoom", "false");
    tag?.setAttribute("url-id", "plan");
    await turn();
    tag?.removeAttribute("url-id");
    if (tag !== null) {
      tag.config = { translations: {} };
    }
    await turn();
    tag?.querySelector("picture")?.replaceWith(Object.assign(document.createElement("img"), { id: "two" }));
    await turn();
    expect(done).toEqual([
      'one {"tenantId":"acme","zoom":true}',
      'one update {"zoom":false,"urlId":"plan"}',
      'one update {"urlId":null,"translations":{}}',
      "one destroy",
      'two {"tenantId":"acme","zoom":false,"translations":{}}',
    ]);
  });

  it("stays as it is when it is moved, and ends when it is taken away", async () => {
    document.body.innerHTML = '<p></p><image-chat tenant-id="acme"><img id="one"></image-chat>';
    const tag = document.querySelector("image-chat") as Element;
    await turn();
    document.querySelector("p")?.append(tag);
    await turn();
    expect(done).toEqual(['one {"tenantId":"acme"}']);
    tag.remove();
    await turn();
    document.body.append(tag);
    await turn();
    expect(done.slice(1)).toEqual(["one destroy", 'one {"tenantId":"acme"}']);
  });

  it("calls the functions of its config, and sends events that bubble out of shadow trees", async () => {
    const shadow = document.createElement("div");
    document.body.append(shadow);
    shadow.attachShadow({ mode: "open" }).innerHTML = '<image-chat tenant-id="acme"><img id="one"></image-chat>';
    const tag = shadow.shadowRoot?.querySelector("image-chat");
    const heard: string[] = [];
    for (const type of ["ready", "comment-count", "marker-open", "marker-close", "error"]) {
      document.addEventListener(`image-chat-${type}`, (event) => {
        heard.push(`${type} ${JSON.stringify((event as CustomEvent).detail)}`);
      });
    }
    if (tag) {
      tag.config = { onReady: () => heard.push("onReady"), commentCountUpdated: (count) => heard.push(`count ${count}`) };
    }
    await turn();
    given[0]?.onReady?.();
    given[0]?.commentCountUpdated?.(3);
    given[0]?.onMarkerOpen?.("m");
    given[0]?.onMarkerClose?.("m");
    tag?.setAttribute("tenant-id", "wrong");
    tag?.append(tag.querySelector("img")?.cloneNode() ?? "");
    tag?.querySelector("img")?.remove();
    await turn();
    expect(heard).toEqual([
      "onReady",
      "ready null",
      "count 3",
      'comment-count {"count":3}',
      'marker-open {"markerId":"m"}',
      'marker-close {"markerId":"m"}',
      'error {"error":{}}',
    ]);
    tag?.setAttribute("tenant-id", "acme");
    await turn();
    expect(done.at(-1)).toBe('one {"tenantId":"acme"}');
  });
});

describe("the config of <image-chat>", () => {
  it("that is no object is left out, with a sentence that says so, and the picture has its conversations all the same", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    document.body.innerHTML = '<image-chat tenant-id="acme"><img id="one"></image-chat>';
    const tag = document.querySelector("image-chat") as Element;
    for (const config of ["x", 7, ["zoom"], undefined, { zoom: true }]) {
      Object.assign(tag, { config });
      await turn();
    }
    const told = done.filter((one) => one !== "one update {}"); // but for the functions, which are made anew
    expect(told).toEqual(['one {"tenantId":"acme"}', 'one update {"zoom":true}']);
    // eslint-disable-next-line no-console -- what a page owner sees
    expect(vi.mocked(console.warn).mock.calls).toEqual([[expect.stringContaining('"config" of a tag must be an object')]]);
    warn.mockRestore();
  });
});

describe("the attributes of <image-chat>", () => {
  it("are the plain options: each is taken, and refused where it makes no sense", () => {
    const samples: Readonly<Record<string, string>> = { "max-reply-depth": "2", "chat-square-percentage": "7", "ws-host": "wss://w", "api-host": "https://a" };
    const warn = vi.fn();
    const attributes = tagAttributes.map((name) => ({ name, value: samples[name] ?? "" }));
    const options = tagOptions(attributes.map((one) => ({ ...one, value: one.value || "x" })), warn);
    expect(Object.keys(options).every((name) => optionNames.includes(name))).toBe(true);
    settingsOf({ tenantId: "acme", ...options }, null, warn);
    expect(warn).not.toHaveBeenCalled();
    expect(tagOptions([{ name: "max-reply-depth", value: "" }], warn).maxReplyDepth).toBeNaN();
  });

  it("are told of when they look like a slip; a page's and a framework's are left alone", () => {
    const warn = vi.fn();
    const attribute = (name: string) => ({ name, value: "x" });
    tagOptions(["class", "style", "data-v-1", "aria-label", "v-cloak", "ng-version", "id"].map(attribute), warn);
    expect(warn).not.toHaveBeenCalled();
    tagOptions([attribute("tenant-ids")], warn);
    expect(warn).toHaveBeenCalledWith('ImageChat does not know the attribute "tenant-ids". Did you mean "tenant-id"?');
  });
});
