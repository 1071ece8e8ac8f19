import { describe, expect, it } from "vitest";
import { ModelServer } from "./model-server.ts";
import { Windows } from "../src/windows.ts";
import type { Conversation } from "../src/wire.ts";

const template = new ModelServer().createMarker("none", "none", null).conversation;
const marker = (key: string): Conversation => ({ ...template, _id: `id-${key}`, urlId: key });
const markers = (...keys: string[]): Map<string, Conversation> => new Map(keys.map((key) => [key, marker(key)]));
const failed = { broadcastId: "b-1", text: "Hello", parentId: "c-1" };

describe("windows", () => {
  it("a draft without a text leaves nothing when another is opened, one with a text stays", () => {
    const windows = new Windows();
    windows.pin(marker("one"));
    windows.pin(marker("two"));
    expect(windows.drafts().map(({ key }) => key)).toEqual(["two"]);
    windows.change("two", { text: "Hello" });
    windows.pin(marker("three"));
    expect(windows.drafts().map(({ key }) => key)).toEqual(["two", "three"]);
  });

  it("OFF1 a refused text goes back into the composer, before what was typed since, and is never sent by itself", () => {
    const windows = new Windows();
    windows.show(marker("one"));
    windows.change("one", { text: "and more" });
    windows.giveBack(marker("one"), "shown", failed, "No network.");
    expect(windows.open).toMatchObject({ text: "Hello\nand more", notice: "No network.", failed, replyTo: "c-1" });
  });

  it("IDEM1 a text whose event arrives after all is taken out of the composer", () => {
    const windows = new Windows();
    windows.pin(marker("one"));
    windows.giveBack(marker("one"), "draft", failed, "No network.");
    windows.arrived("b-1");
    expect(windows.open).toMatchObject({ text: "", notice: null, failed: null, kind: "shown", replyTo: null });
  });

  it("a draft becomes the marker that it was sent as, and stays open", () => {
    const windows = new Windows();
    windows.pin(marker("one"));
    windows.follow(markers("one"));
    expect(windows.open).toMatchObject({ key: "one", kind: "shown" });
  });

  it("IDEM1 a draft whose marker a snapshot brings has been sent, and its text is not sent as a second comment", () => {
    const windows = new Windows();
    windows.pin(marker("one"));
    windows.giveBack(marker("one"), "draft", failed, "No network.");
    windows.follow(markers("one"));
    expect(windows.open).toMatchObject({ kind: "shown", text: "", failed: null, notice: null });
  });

  it("an open window says that its marker is gone, with the text kept; a closed one goes", () => {
    const windows = new Windows();
    windows.show(marker("one"));
    windows.change("one", { text: "half a thought" });
    windows.show(marker("two"));
    windows.change("two", { text: "another" });
    windows.follow(markers());
    expect(windows.get("one")).toBeNull();
    expect(windows.open).toMatchObject({ kind: "gone", text: "another" });
    windows.close();
    expect(windows.get("two")).toBeNull();
  });

  it("the text of a change to a comment that is gone moves to the composer, and the window says why", () => {
    const windows = new Windows();
    const template = new ModelServer().createMarker("none", "none", "Hi").comment;
    const comments = template === undefined ? [] : [{ comment: template, pending: null }];
    windows.show(marker("one"));
    windows.change("one", { text: "and more", edit: { commentId: template?._id ?? "", text: "changed" } });
    windows.followComments("one", { status: "loading", comments: [] }, "Gone.");
    windows.followComments("one", { status: "loaded", comments }, "Gone.");
    expect(windows.open).toMatchObject({ text: "and more", edit: { text: "changed" }, notice: null });
    windows.followComments("one", { status: "loaded", comments: [] }, "Gone.");
    expect(windows.open).toMatchObject({ text: "changed\nand more", edit: null, notice: "Gone." });
  });
});
