// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "../src/config.ts";
import { facade } from "../src/facade.ts";
import type { ChatOnPicture, PictureChats } from "../src/picture-chats.ts";

/** What the facade did with what does the work. */
class Recorder {
  readonly done: string[] = [];

  readonly chats: PictureChats = {
    onPage: () => (image, settings): ChatOnPicture => {
      this.done.push(`mount ${image.id} ${this.#of(settings)}`);
      return {
        update: (changed) => this.done.push(`update ${image.id} ${this.#of(changed)}`),
        destroy: () => this.done.push(`destroy ${image.id}`),
      };
    },
  };

  #of({ chatSquarePercentage, apiHost }: Settings): string {
    return `${chatSquarePercentage}% ${apiHost}`;
  }
}

const address = "https://chat.example.org/image-chat/image-chat.js";
const config = { tenantId: "demo" };

beforeEach(() => {
  document.body.innerHTML = '<p id="text"></p><img id="one"><div id="around"><img id="two"></div><img id="three">';
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the facade (M21)", () => {
  it("refuses at once what cannot work, before anything has been loaded", () => {
    const load = vi.fn<() => Promise<PictureChats>>();
    const ImageChat = facade(load, address);
    expect(() => ImageChat("#text", config)).toThrow("must be an <img>");
    expect(() => ImageChat("#nowhere", config)).toThrow("must be an <img>");
    expect(() => ImageChat("[", config)).toThrow("must be an <img>");
    expect(() => ImageChat("one", { tenantId: "" })).toThrow('"tenantId"');
    expect(load).not.toHaveBeenCalled();
  });

  it("loads once for all pictures, and mounts with what they were told meanwhile", async () => {
    const { chats, done } = new Recorder();
    const load = vi.fn(() => Promise.resolve(chats));
    const ImageChat = facade(load, address);
    const one = ImageChat("one", config);
    const two = ImageChat(document.querySelector("#around") ?? "nowhere", config);
    const gone = ImageChat("three", config);
    one.update({ chatSquarePercentage: 9 });
    expect(() => {
      one.update({ chatSquarePercentage: 900 });
    }).toThrow("chatSquarePercentage");
    gone.destroy();
    await vi.waitFor(() => {
      expect(done).toEqual(["mount one 9% https://chat.example.org", "mount two 5% https://chat.example.org"]);
    });
    ImageChat("three", config).destroy();
    two.update({ chatSquarePercentage: 8 });
    one.destroy();
    one.destroy();
    one.update({ chatSquarePercentage: 7 });
    expect(done.slice(2)).toEqual([
      "mount three 5% https://chat.example.org",
      "destroy three",
      "update two 8% https://chat.example.org",
      "destroy one",
    ]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("says once that it could not be loaded, tells each page's `onError`, and tries again", async () => {
    vi.useFakeTimers();
    const { chats, done } = new Recorder();
    const load = vi.fn((attempt: number) => (attempt < 2 ? Promise.reject(new TypeError("404")) : Promise.resolve(chats)));
    const errors: string[] = [];
    const ImageChat = facade(load, address);
    ImageChat("one", { ...config, onError: (error) => errors.push(`one: ${error.message}`) });
    ImageChat("two", config);
    await vi.advanceTimersByTimeAsync(0);
    ImageChat("three", { ...config, onError: (error) => errors.push(`three: ${error.message}`) });
    await vi.runAllTimersAsync();
    expect(done).toHaveLength(3);
    const sentence = expect.stringContaining("could not be loaded from https://chat.example.org") as string;
    expect(errors).toHaveLength(2);
    expect(errors[0]).toEqual(sentence);
    // eslint-disable-next-line no-console -- what a page owner sees
    expect(vi.mocked(console.error).mock.calls).toEqual([[sentence, expect.any(TypeError)]]);
  });

  it("gives a picture to the last call, whichever version of the widget it is of, and says so", async () => {
    const { chats, done } = new Recorder();
    const first = facade(() => Promise.resolve(chats), address)("one", config);
    await vi.waitFor(() => {
      expect(done).toHaveLength(1);
    });
    const other = facade(() => Promise.resolve(chats), "https://other.example/image-chat/image-chat.js");
    expect(() => other("one", { tenantId: "" })).toThrow('"tenantId"');
    const second = other("one", config);
    await vi.waitFor(() => {
      expect(done).toEqual(["mount one 5% https://chat.example.org", "destroy one", "mount one 5% https://other.example"]);
    });
    expect(console.warn).toHaveBeenCalledTimes(1); // eslint-disable-line no-console -- what a page owner sees
    first.destroy();
    first.update({ chatSquarePercentage: 9 });
    second.destroy();
    other("one", config).destroy();
    expect(done.slice(3)).toEqual(["destroy one", "mount one 5% https://other.example", "destroy one"]);
    expect(console.warn).toHaveBeenCalledTimes(1); // eslint-disable-line no-console -- see above
    expect(Object.getOwnPropertySymbols(document.querySelector("#one"))).not.toContain(Symbol.for("image-chat"));
  });

  it("leaves the others alone when one picture's conversations cannot begin", async () => {
    const { chats, done } = new Recorder();
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    const mount = chats.onPage(() => Promise.resolve(null));
    const faulty: PictureChats = {
      onPage: () => (image, settings) => {
        if (image.id === "one") {
          throw new RangeError("a fault");
        }
        return mount(image, settings);
      },
    };
    const ImageChat = facade(() => Promise.resolve(faulty), address);
    ImageChat("one", config);
    ImageChat("two", config);
    await vi.waitFor(() => {
      expect(done).toHaveLength(1);
    });
    expect(reported).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });
});
