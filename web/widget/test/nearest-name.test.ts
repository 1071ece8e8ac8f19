import { describe, expect, it } from "vitest";
import { settingsOf, type ImageChatConfig } from "../src/config.ts";
import { nearestName } from "../src/nearest-name.ts";

const names = ["tenantId", "urlId", "readonly", "sso", "hasDarkBackground"];

describe("the nearest name", () => {
  it.each([
    ["tenantID", "tenantId"],
    ["tenatId", "tenantId"],
    ["urlid", "urlId"],
    ["raedonly", "readonly"],
    ["hasDarkBackgroud", "hasDarkBackground"],
    ["ss", "sso"],
    ["colour", null],
    ["x".repeat(100_000), null],
    ["", null],
  ])("of %s is %s", (typed, meant) => {
    expect(nearestName(typed, names)).toBe(meant);
  });

  it("is told with the warning", () => {
    const warnings: string[] = [];
    const config = { tenantId: "demo", readOnly: true, banana: 1 } as ImageChatConfig;
    settingsOf(config, "https://chat.example.com", (sentence) => warnings.push(sentence));
    expect(warnings).toEqual([
      'ImageChat does not know the option "readOnly"; it is ignored. Did you mean "readonly"?',
      'ImageChat does not know the option "banana"; it is ignored.',
    ]);
  });
});
