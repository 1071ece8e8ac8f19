import { describe, expect, it } from "vitest";
import { decodeFrame } from "../src/wire.ts";

describe("frames of imagechat.v1", () => {
  it("hello stands alone, everything else comes in arrays", () => {
    expect(decodeFrame('{"type":"hello","epoch":"e","seq":4,"sc":2}')).toEqual([
      { type: "hello", epoch: "e", seq: 4, sc: 2 },
    ]);
    expect(decodeFrame('[{"type":"reset","epoch":"e","seq":4}]')).toEqual([{ type: "reset", epoch: "e", seq: 4 }]);
  });

  it("an event of a later version keeps its seq, a signal has none", () => {
    expect(decodeFrame('[{"type":"starred","seq":3,"broadcastId":"b"},{"type":"later","sc":3},{"type":"p-u","sc":3}]')).toEqual([
      { type: "event", event: { type: "unknown", seq: 3, broadcastId: "b" } },
      { type: "signal", signal: { type: "later", sc: 3 } },
      { type: "signal", signal: { type: "p-u", sc: 3 } },
    ]);
  });

  it.each(["", "null", "[1]", "{}", '[{"type":1}]', '{"type":"hello"}'])("%j is refused", (text) => {
    expect(() => decodeFrame(text)).toThrow();
  });
});
