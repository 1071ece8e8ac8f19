import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "../src/wire.ts";
import { decodeSignal } from "../src/signals.ts";

interface Golden {
  readonly signals: readonly { readonly name: string; readonly json: { readonly type: string } }[];
}

const golden = JSON.parse(readFileSync(new URL("../../../contract/wire.json", import.meta.url), "utf8")) as Golden;
const known = new Set(["read", "typing", "p-u"]);

describe("signals", () => {
  it.each(golden.signals.filter(({ json }) => known.has(json.type)))("as the server writes it: $name", ({ json }) => {
    const [frame] = decodeFrame(JSON.stringify([json]));
    expect(frame?.type === "signal" && decodeSignal(frame.signal)).toMatchObject({ type: json.type });
  });

  it("that make no sense are none, whatever they are", () => {
    fc.assert(
      fc.property(fc.constantFrom(...known, "unheard-of"), fc.dictionary(fc.string(), fc.anything()), (type, fields) => {
        expect(() => decodeSignal({ ...fields, type })).not.toThrow();
      }),
    );
    expect(decodeSignal({ type: "typing", userId: 5, urlId: "a", timestamp: 1 })).toBeNull();
    expect(decodeSignal({ type: "typing", userId: "u", urlId: "a", timestamp: 1, name: "" })).toMatchObject({ name: null });
  });
});
