import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackEntry, type Journey } from "../src/back-entry.ts";

/** A browser's history, in which going takes until `settle`. */
class Tab implements Journey {
  entries: { state: unknown; address: string }[] = [{ state: { page: 1 }, address: "/a" }];
  at = 0;
  readonly listeners: BackEntry[] = [];
  #going = 0;

  get state(): unknown {
    return this.entries[this.at]?.state;
  }
  get address(): string {
    return this.entries[this.at]?.address ?? "";
  }
  pushState(state: unknown, _title: string, address: string = this.address): void {
    this.entries = [...this.entries.slice(0, this.at + 1), { state, address }];
    this.at += 1;
  }
  replaceState(state: unknown): void {
    this.entries[this.at] = { state, address: this.address };
  }
  back(): void {
    this.#going -= 1;
  }
  forward(): void {
    this.#going += 1;
  }
  settle(): void {
    while (this.#going !== 0) {
      const step = Math.sign(this.#going);
      this.#going -= step;
      if (this.entries[this.at + step] !== undefined) {
        this.at += step;
        this.listeners.forEach((one) => { one.popped(); });
      }
    }
  }
}

interface Picture {
  readonly entry: BackEntry;
  open: string | null;
  show: (key: string | null) => void;
}

function pictureOn(tab: Tab, id: string): Picture {
  const show = (key: string | null): void => {
    picture.open = key;
    if (key === null) {
      entry.release();
    } else {
      entry.hold(key);
    }
  };
  const entry = new BackEntry({
    journey: tab,
    id,
    onBack: () => { show(null); },
    onForward: show,
  });
  const picture: Picture = { entry, open: null, show };
  tab.listeners.push(entry);
  return picture;
}

describe("going back from a window that is the whole screen", () => {
  it("closes it, and the page is where it was", () => {
    const tab = new Tab();
    const picture = pictureOn(tab, "one");
    picture.show("a");
    expect(tab.state).toMatchObject({ page: 1 });
    tab.back();
    tab.settle();
    expect([picture.open, tab.at, tab.state, tab.address]).toEqual([null, 0, { page: 1 }, "/a"]);
  });

  it("and forward again opens it again", () => {
    const tab = new Tab();
    const picture = pictureOn(tab, "one");
    picture.show("a");
    picture.show("b");
    picture.show(null);
    tab.settle();
    expect(tab.at).toBe(0);
    tab.forward();
    tab.settle();
    expect([picture.open, tab.at, tab.entries.length]).toEqual(["b", 1, 2]);
  });

  it("leaves the page's own entries alone, when it went on meanwhile", () => {
    const tab = new Tab();
    const picture = pictureOn(tab, "one");
    picture.show("a");
    tab.pushState({ page: 2 }, "", "/b");
    picture.show(null);
    tab.settle();
    expect(tab.address).toBe("/b");
    tab.back();
    tab.settle();
    expect(tab.address).toBe("/a");
  });

  it("closes the last of several pictures' windows first", () => {
    const tab = new Tab();
    const [one, two] = [pictureOn(tab, "one"), pictureOn(tab, "two")];
    one.show("a");
    two.show("b");
    tab.back();
    tab.settle();
    expect([one.open, two.open]).toEqual(["a", null]);
    tab.back();
    tab.settle();
    expect([one.open, two.open, tab.at]).toEqual([null, null, 0]);
  });

  it("holds where there is no history to write", () => {
    const tab = new Tab();
    tab.pushState = () => { throw new Error("SecurityError"); };
    const picture = pictureOn(tab, "one");
    picture.show("a");
    picture.show(null);
    tab.settle();
    expect([picture.open, tab.at]).toEqual([null, 0]);
  });

  it("leaves one entry at most, on which it is open, whatever a visitor does", () => {
    const deed = fc.constantFrom("open a", "open b", "close", "back", "forward", "settle");
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
        const tab = new Tab();
        tab.pushState({ page: 2 }, "", "/b");
        const picture = pictureOn(tab, "one");
        for (const each of deeds) {
          const [what = "", key = null] = each.split(" ");
          if (what === "open" || what === "close") {
            picture.show(key);
          } else if (what === "settle") {
            tab.settle();
          } else {
            tab.settle();
            if (what === "forward" || tab.at > 1) {
              tab[what as "back" | "forward"]();
            }
            tab.settle();
          }
        }
        tab.settle();
        expect(tab.at).toBe(picture.open === null ? 1 : 2);
        expect(tab.entries.length).toBeLessThanOrEqual(3);
        expect(tab.entries.slice(0, 2).map(({ state }) => state)).toEqual([{ page: 1 }, { page: 2 }]);
        expect(tab.entries[2]?.address ?? "/b").toBe("/b");
      }),
    );
  });
});
