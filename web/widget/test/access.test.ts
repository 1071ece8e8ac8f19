import { describe, expect, it } from "vitest";
import { accessOf, type AccessParts } from "../src/access.ts";
import { textsOf } from "../src/texts.ts";

const open: AccessParts = {
  texts: textsOf({ readonly: "R", mayNotComment: "M" }),
  stop: null,
  stopDetail: null,
  isReadonly: false,
  mayComment: true,
  isAnonymous: true,
  loginAddress: "/login",
};

describe("what a visitor may do on a picture (M21)", () => {
  it.each<[string, Partial<AccessParts>, ReturnType<typeof accessOf>]>([
    ["everything", {}, { closed: null, isShutOut: false, signIn: null }],
    ["look, where it is read-only; signing in changes nothing", { isReadonly: true, mayComment: false }, { closed: "R", isShutOut: false, signIn: null }],
    ["look, until they sign in", { mayComment: false }, { closed: "M", isShutOut: false, signIn: "/login" }],
    ["look, where they are signed in", { mayComment: false, isAnonymous: false }, { closed: "M", isShutOut: false, signIn: null }],
    ["nothing, and signing in helps", { stop: "sign-in", stopDetail: "S" }, { closed: "S", isShutOut: true, signIn: "/login" }],
    ["nothing at all", { stop: "banned", stopDetail: "B" }, { closed: "B", isShutOut: true, signIn: null }],
  ])("%s", (_what, parts, access) => {
    expect(accessOf({ ...open, ...parts })).toEqual(access);
  });
});
