// @vitest-environment jsdom
import { act, createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ImageChatConfig } from "../src/index.ts";
import { ImageChatPicture } from "../src/react.ts";

const { mounted, said } = vi.hoisted(() => ({ mounted: new Set<object>(), said: [] as unknown[][] }));

vi.mock("../src/index.ts", () => ({
  ImageChat: (target: Element, config: ImageChatConfig) => {
    said.push(["mount", target.tagName, config.urlId]);
    const handle = {
      update: (change: Partial<ImageChatConfig>) => said.push(["update", change]),
      destroy: () => {
        mounted.delete(handle);
        said.push(["destroy"]);
      },
    };
    mounted.add(handle);
    return handle;
  },
}));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const chat = { tenantId: "acme", urlId: "plan", apiHost: "https://chat.example.org" };

describe("the React component", () => {
  beforeEach(() => {
    mounted.clear();
    said.length = 0;
  });

  test("renders an image on a server, with its own attributes and nothing else", () => {
    const html = renderToString(createElement(ImageChatPicture, { chat, src: "plan.png", alt: "Plan", className: "wide" }));
    expect(html).toContain('<img src="plan.png" alt="Plan" class="wide"/>');
    expect(said).toEqual([]);
  });

  test("holds one conversation under StrictMode, passes on what changed, and leaves nothing", async () => {
    const root = createRoot(document.createElement("div"));
    const show = (given: ImageChatConfig): Promise<void> =>
      act(async () => {
        root.render(createElement(StrictMode, null, createElement(ImageChatPicture, { chat: given })));
        await Promise.resolve();
      });
    await show(chat);
    expect(mounted.size).toBe(1);
    said.length = 0;
    await show({ ...chat });
    await show({ ...chat, readonly: true });
    await show(chat);
    expect(said).toEqual([
      ["update", { readonly: true }],
      ["update", { readonly: undefined }],
    ]);
    await act(async () => {
      root.unmount();
      await Promise.resolve();
    });
    expect(mounted.size).toBe(0);
  });
});
