import { describe, expect, it } from "vitest";
import { Mentioned } from "../src/mentioned.ts";
import { MentionSearch } from "../src/mention-search.ts";
import type { Face } from "../src/presence.ts";
import { FakeClock } from "./fake-clock.ts";

const face = (displayName: string, id = displayName): Face => ({ id, displayName, avatarSrc: null });

class Scene {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  readonly ended: string[] = [];
  found = 0;
  answer: readonly Face[] | "fails" | "never" = [face("Mia"), face("Mira")];
  readonly search = new MentionSearch({
    clock: this.clock,
    find: (search, signal) => {
      this.asked.push(search);
      signal.addEventListener("abort", () => this.ended.push(search));
      const { answer } = this;
      return answer === "never" ? new Promise(() => undefined) : answer === "fails" ? Promise.reject(new Error()) : Promise.resolve(answer);
    },
    onFound: () => {
      this.found += 1;
    },
  });

  async pass(milliseconds: number): Promise<void> {
    this.clock.pass(milliseconds);
    await Promise.resolve();
    await Promise.resolve();
  }

  names(search: string): string[] {
    return this.search.people(search).map(({ displayName }) => displayName);
  }
}

describe("whom one may mention", () => {
  it("is asked for once, when the typing pauses", async () => {
    const at = new Scene();
    for (const typed of ["m", "mi"]) {
      at.search.ask(typed);
      await at.pass(100);
    }
    at.search.ask("mi");
    expect(at.asked).toEqual([]);
    await at.pass(50);
    expect(at.asked).toEqual(["mi"]);
    expect(at.found).toBe(1);
    expect(at.names("mi")).toEqual(["Mia", "Mira"]);
  });

  it("is not asked for again where all are known who begin so", async () => {
    const at = new Scene();
    at.search.ask("m");
    await at.pass(150);
    at.search.ask("MIR");
    await at.pass(1000);
    expect(at.asked).toEqual(["m"]);
    expect(at.names("MIR")).toEqual(["Mira"]);
    expect(at.clock.isIdle).toBe(true);
  });

  it("is asked for again where there were too many to name, and after nothing but the @", async () => {
    const at = new Scene();
    at.search.ask("");
    await at.pass(150);
    at.answer = Array.from({ length: 10 }, (_, number) => face(`Mia ${number}`));
    at.search.ask("m");
    await at.pass(150);
    at.search.ask("mi");
    await at.pass(150);
    expect(at.asked).toEqual(["", "m", "mi"]);
  });

  it("ends the question before, whose answer comes too late then", async () => {
    const at = new Scene();
    at.answer = "never";
    at.search.ask("m");
    await at.pass(150);
    at.search.ask("x");
    expect(at.ended).toEqual(["m"]);
    at.search.end();
    expect(at.clock.isIdle).toBe(true);
    expect(at.asked).toEqual(["m"]);
  });

  it("is nobody where the server does not say, and is asked for anew with the next name", async () => {
    const at = new Scene();
    at.answer = "fails";
    at.search.ask("m");
    await at.pass(150);
    expect(at.names("m")).toEqual([]);
    at.search.end();
    at.answer = [face("Mia")];
    at.search.ask("m");
    await at.pass(150);
    expect(at.names("m")).toEqual(["Mia"]);
    at.search.end();
    expect(at.names("m")).toEqual([]);
  });
});

describe("who was chosen", () => {
  const [mia, other, berg] = [{ id: "u1", tag: "@Mia" }, { id: "u2", tag: "@Mia" }, { id: "u3", tag: "@Mia Berg" }];

  it("is mentioned where the name stands, also after the text was refused and came back", () => {
    const mentioned = new Mentioned();
    mentioned.choose(mia);
    expect(mentioned.has("@Mia")).toBe(true);
    expect(mentioned.in("Hi @Mia")).toEqual([mia]);
    expect(mentioned.in("Hi Mia")).toEqual([]);
    expect(mentioned.in("Hi @Mia")).toEqual([mia]);
  });

  it("of a name that two have, is the one who was chosen last", () => {
    const mentioned = new Mentioned();
    mentioned.choose(mia);
    mentioned.choose(other);
    expect(mentioned.in("@Mia")).toEqual([other]);
    expect(mentioned.in("@Mia", [mia])).toEqual([other]);
  });

  it("is not mentioned by the beginning of a longer name", () => {
    const mentioned = new Mentioned();
    mentioned.choose(mia);
    mentioned.choose(berg);
    expect(mentioned.in("@Mia Berg")).toEqual([berg]);
  });

  it("joins those of the comment that is changed, of whom those stay whose names do", () => {
    const mentioned = new Mentioned();
    mentioned.choose(mia);
    const ben = { id: "u4", tag: "@Ben" };
    expect(mentioned.in("@Ben and @Mia", [ben, { id: "u5", tag: "@Zoe" }])).toEqual([mia, ben]);
  });
});
