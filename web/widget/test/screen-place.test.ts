import { describe, expect, it } from "vitest";
import { screenPlace } from "../src/screen-place.ts";

describe("a window that is the whole screen (M22)", () => {
  it.each([
    ["is all of it", { height: 844, offsetTop: 0, scale: 1 }, { top: 0, height: 844, isCovered: false }],
    ["leaves out an address bar", { height: 790, offsetTop: 0, scale: 1 }, { top: 0, height: 790, isCovered: false }],
    ["ends above the keyboard", { height: 508, offsetTop: 0, scale: 1 }, { top: 0, height: 508, isCovered: true }],
    ["follows what the keyboard pushed up", { height: 508, offsetTop: 120, scale: 1 }, { top: 120, height: 508, isCovered: true }],
    ["is not pulled below its top", { height: 844, offsetTop: -30, scale: 1 }, { top: 0, height: 844, isCovered: false }],
    ["stays as large when looked at closer", { height: 422, offsetTop: 200, scale: 2 }, { top: 0, height: 844, isCovered: false }],
    ["ends above the keyboard then, too", { height: 254, offsetTop: 200, scale: 2 }, { top: 0, height: 508, isCovered: true }],
  ])("%s", (_name, seen, place) => {
    expect(screenPlace(seen, 844)).toEqual(place);
  });
});
