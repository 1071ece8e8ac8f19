// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { loaders } from "../src/languages.ts";
import { textsOf, type Texts } from "../src/texts.ts";
import { ClusterButtons } from "../src/view/cluster-buttons.ts";
import { MarkerButton } from "../src/view/marker-button.ts";
import type { MarkerModel } from "../src/view/model.ts";
import { ModelServer } from "./model-server.ts";

const counts = [1, 2, 3, 11, 100];
const languages: [string, Texts][] = [["en", textsOf({})]];
for (const [locale, load] of Object.entries(loaders)) {
  languages.push([locale, textsOf({}, { locale, direction: "ltr", catalogue: (await load(0)).default })]);
}

function markerWith(commentCount: number): MarkerModel {
  const { conversation } = new ModelServer().createMarker("b", "win-1", "Hi");
  return {
    key: "win-1", number: 7, kind: "shown", conversation: { ...conversation, commentCount }, pending: false,
    isOpen: false, isUnread: false, hasNotice: false, isOwn: false,
  };
}

const faceAndName = (button: Element | null): [string, string] => [button?.textContent ?? "", button?.getAttribute("aria-label") ?? ""];

describe("who says what they see is understood (WCAG 2.5.3): the number on it is in the name of", () => {
  it.each(languages)("a marker, in %s", (_locale, texts) => {
    for (const count of counts) {
      const marker = new MarkerButton();
      marker.show(markerWith(count), texts, true);
      const [face, name] = faceAndName(marker.button);
      expect(face).toBe(texts.number(count));
      // But for the number that the marker itself has.
      expect(name.replace(texts.number(7), "")).toContain(face);
    }
  });

  it.each(languages)("a cluster, in %s", (_locale, texts) => {
    for (const count of counts) {
      const content = document.createElement("div");
      const keys = Array.from({ length: count }, (_one, index) => `win-${index + 1}`);
      new ClusterButtons(content).show([{ key: "win-1", keys, x: 0, y: 0 }], new Map([["win-1", markerWith(1)]]), texts);
      const [face, name] = faceAndName(content.querySelector("[data-cluster]"));
      expect(face).toBe(texts.number(count));
      expect(name).toContain(face);
    }
  });

  it.each(languages)("who is there, and a comment's votes, in %s", (_locale, texts) => {
    for (const count of counts) {
      expect(texts("presence", { count })).toContain(texts.number(count));
      expect(texts("votes", { count })).toContain(texts.number(count));
    }
  });
});
