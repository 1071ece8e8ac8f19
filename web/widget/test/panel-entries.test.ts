// @vitest-environment jsdom
import { beforeAll, describe, expect, it, vi } from "vitest";
import { everything, panelEntries } from "../src/panel-model.ts";
import { textsOf } from "../src/texts.ts";
import type { LayerModel } from "../src/view/model.ts";
import { PanelEntries } from "../src/view/panel-entries.ts";
import type { PanelHost } from "../src/view/panel-place.ts";
import { ModelServer } from "./model-server.ts";

/** What a screen reader says of the only entry: its parts, which are boxes of their own. */
function said(isLoaded: boolean, count = 1): string[] {
  const server = new ModelServer();
  const { conversation } = server.createMarker("b", "win-1", null);
  const comment = { ...server.createComment("c", "win-1", "**Look**\nhere"), commentHTML: "<p><strong>Look</strong><br>\nhere</p>" };
  const parts = {
    markers: [{ conversation: { ...conversation, commentCount: count }, pending: false }],
    isUnread: () => false,
    commentsOf: () => (isLoaded ? [{ comment, pending: null }] : []),
  };
  const entries = new PanelEntries({} as PanelHost);
  entries.show(panelEntries(parts, everything), { texts: textsOf({}), window: null } as LayerModel);
  const button = entries.element.querySelector("[data-entry]");
  return [...(button?.children ?? [])].map((part) => part.textContent);
}

describe("an entry of the list", () => {
  beforeAll(() => {
    vi.stubGlobal("IntersectionObserver", class { readonly observe = (): void => undefined; });
  });

  it("shows the first line of what was said, as plain words", () => {
    expect(said(true)).toEqual(["1", "Look", "Me · 1 comment"]);
  });

  it("says once how much was said, before it is there", () => {
    expect(said(false)).toEqual(["1", "Conversation", "1 comment"]);
    expect(said(false, 0)).toEqual(["1", "Conversation", "no comments yet"]);
  });
});
