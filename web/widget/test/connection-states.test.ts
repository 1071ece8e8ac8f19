import { describe, expect, it } from "vitest";
import { deadline, initial, step, type Effect, type Input, type Phase, type Status } from "../src/connection-states.ts";

const half = (): number => 0.5;
const at = (phase: Phase, change: Partial<Status> = {}): Status => ({ ...initial, phase, hasTicket: true, ...change });
const lost = (code: number, reason = "", lived = 0): Input => ({ type: "lost", code, reason, lived });
const wait = (ms: number): Effect => ({ do: "wait", ms });

describe("the connection's table", () => {
  it.each<[string, Status, Input, Phase, Effect[]]>([
    ["a first ticket opens", at("fetching"), { type: "ticket" }, "connecting", [{ do: "open", within: deadline }]],
    ["a server that is away is asked again", at("fetching"), { type: "no-ticket", stop: null, after: null }, "waiting", [wait(250)]],
    ["a server that asks for patience gets it", at("fetching"), { type: "no-ticket", stop: null, after: 8 }, "waiting", [wait(10_000)]],
    ["a refusal stops", at("fetching"), { type: "no-ticket", stop: "unavailable", after: null }, "stopped", [{ do: "drop" }, { do: "cancel-wait" }]],
    ["hello begins catching up", at("connecting"), { type: "hello" }, "catching-up", []],
    ["caught up is live, without a timer (M17)", at("catching-up"), { type: "caught-up" }, "live", [{ do: "cancel-wait" }]],
    ["a handshake that hangs is given up", at("connecting"), { type: "timer" }, "waiting", [{ do: "drop" }, wait(250)]],
    ["a gap drops and pauses", at("live"), { type: "broken" }, "waiting", [{ do: "drop" }, wait(250)]],
    ["doubt resumes at once", at("live"), { type: "doubt" }, "connecting", [{ do: "drop" }, { do: "open", within: deadline }]],
    ["the end of a pause resumes", at("waiting"), { type: "timer" }, "connecting", [{ do: "drop" }, { do: "open", within: deadline }]],
    ["waking ends a pause", at("waiting", { attempt: 9 }), { type: "wake" }, "connecting", [{ do: "drop" }, { do: "open", within: deadline }]],
    ["without a ticket, a pause ends with a fetch", at("waiting", { hasTicket: false }), { type: "timer" }, "fetching", [{ do: "drop" }, { do: "cancel-wait" }, { do: "fetch" }]],
    ["waking while live does nothing", at("live"), { type: "wake" }, "live", []],
    ["1006 resumes after a pause", at("live"), lost(1006), "waiting", [wait(250)]],
    ["4008 resumes after a pause", at("live"), lost(4008), "waiting", [wait(250)]],
    ["1001 spreads the node's clients", at("live"), lost(1001), "waiting", [wait(1000)]],
    ["1012 spreads the node's clients", at("live"), lost(1012), "waiting", [wait(1000)]],
    ["4401 takes a new ticket", at("connecting"), lost(4401), "fetching", [{ do: "cancel-wait" }, { do: "fetch" }]],
    ["4401 again, with the new ticket, pauses first", at("connecting", { attempt: 1 }), lost(4401), "waiting", [wait(500)]],
    ["4404 takes a new ticket before it is believed", at("live"), lost(4404), "fetching", [{ do: "cancel-wait" }, { do: "fetch" }]],
    ["4404 with the new ticket too stops", at("connecting", { isLastTry: true }), lost(4404), "stopped", [{ do: "drop" }, { do: "cancel-wait" }]],
    ["4429 waits as long as the reason says, and up to half as long again", at("connecting"), lost(4429, "too many: retry in 8 s"), "waiting", [wait(10_000)]],
    ["4429 without a number waits ten seconds, and so on", at("connecting"), lost(4429), "waiting", [wait(12_500)]],
    ["a right that a refused command says is lost stops", at("live"), { type: "shut-out", stop: "banned" }, "stopped", [{ do: "drop" }, { do: "cancel-wait" }]],
    ...[4400, 4403, 1003, 1007, 1009].map((code): [string, Status, Input, Phase, Effect[]] => [
      `${code} stops`,
      at("live"),
      lost(code),
      "stopped",
      [{ do: "drop" }, { do: "cancel-wait" }],
    ]),
    ["destroying closes", at("live"), { type: "destroy" }, "closed", [{ do: "drop" }, { do: "cancel-wait" }]],
    ["what comes after destroying does nothing", at("closed"), { type: "ticket" }, "closed", []],
  ])("%s", (_name, status, input, phase, effects) => {
    const result = step(status, input, half);
    expect(result.status.phase).toBe(phase);
    expect(result.effects).toEqual(effects);
  });

  it.each([
    ["banned", "banned"],
    ["tenant-disabled", "tenant-disabled"],
    ["origin-not-allowed", "origin-not-allowed"],
    ["unauthorized", "sign-in"],
    ["forbidden", "unavailable"],
    ["", "unavailable"],
  ])("4403 for %j stops as %s", (reason, stop) => {
    expect(step(at("live"), lost(4403, reason), half).status.stop).toBe(stop);
  });

  it("pauses with full jitter, doubling up to half a minute", () => {
    const longest = Array.from({ length: 9 }, (_, attempt) => step(at("live", { attempt }), lost(1006), () => 1).effects[0]);
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000].map(wait));
    expect(step(at("live", { attempt: 5 }), lost(1006), () => 0).effects).toEqual([wait(0)]);
  });

  it("begins the pauses anew after a connection that lived", () => {
    expect(step(at("live", { attempt: 6 }), lost(1006, "", 9_999), half).status.attempt).toBe(7);
    expect(step(at("live", { attempt: 6 }), lost(1006, "", 10_000), half).status.attempt).toBe(1);
  });

  it("AUTH2 a room that was there again after all gets its new ticket the next time too", () => {
    const again = step(at("catching-up", { isLastTry: true, attempt: 1 }), { type: "caught-up" }, half).status;
    expect(step(again, lost(4404, "", 10_000), half).status).toMatchObject({ phase: "fetching", isLastTry: true });
    // Not in a loop, where it comes and goes.
    expect(step(again, lost(4404, "", 9_999), half).status).toMatchObject({ phase: "waiting", hasTicket: false });
  });

  it("an input that makes no sense raises", () => {
    expect(() => step(at("live"), { type: "ticket" }, half)).toThrow("makes no sense");
    expect(() => step(at("waiting"), { type: "hello" }, half)).toThrow("makes no sense");
  });

  it("what the page and the network may say at any moment is allowed in every phase", () => {
    const phases: Phase[] = ["fetching", "connecting", "catching-up", "live", "waiting", "stopped", "closed"];
    const inputs: Input[] = [
      ...(["wake", "doubt", "broken", "destroy"] as const).map((type) => ({ type })),
      { type: "shut-out", stop: "banned" },
    ];
    for (const phase of phases) {
      for (const input of inputs) {
        expect(() => step(at(phase), input, half)).not.toThrow();
      }
    }
  });
});
