/** What of one picture is unread, joined to what its page and its visitor do: the shell around read-keeper.ts. */
import { keepRead } from "./people-calls.ts";
import type { PeopleHost } from "./people.ts";
import { ReadKeeper } from "./read-keeper.ts";
import { newestIn } from "./unread.ts";
import type { Conversation, RoomEvent } from "./wire.ts";

export class Reading {
  readonly #host: PeopleHost;
  readonly #keeper: ReadKeeper;
  /** When something was said last in each conversation, before the events that are being folded. */
  readonly #newest = new Map<string, string>();

  constructor(host: PeopleHost) {
    this.#host = host;
    const { storage, apiHost, tenantId, urlId, room, clock, signal, onChange } = host;
    const keeper = new ReadKeeper({
      storage,
      storageKey: `imagechat:${apiHost}:${tenantId}:read:${urlId}`,
      send: (read) => keepRead(room.rest, urlId, read),
      after: clock.after,
      onChange,
    });
    this.#keeper = keeper;
    const flush = (): void => {
      keeper.flush();
    };
    window.addEventListener("pagehide", flush, { signal });
    document.addEventListener(
      "visibilitychange",
      () => {
        // A page on a phone often gets no other goodbye.
        if (document.hidden) {
          flush();
        }
      },
      { signal },
    );
    signal.addEventListener("abort", flush);
    window.addEventListener(
      "storage",
      ({ key, newValue }) => {
        keeper.heardStorage(key, newValue);
      },
      { signal },
    );
    // Scrolling does not rise, but it can be caught on the way down: whoever comes to the end has read it.
    host.element.shadow.addEventListener(
      "scroll",
      () => {
        const { open } = host.windows;
        if (open !== null && host.view.isAtEnd && this.isUnread(open.key)) {
          onChange();
        }
      },
      { capture: true, passive: true, signal },
    );
  }

  get #conversations(): ReadonlyMap<string, Conversation> {
    return this.#host.room.sync.state?.conversations ?? new Map<string, Conversation>();
  }

  /** A snapshot came, or this did after it. */
  entered(): void {
    const { ticket } = this.#host.room;
    if (ticket !== null) {
      this.#keeper.entered(ticket);
      for (const conversation of ticket.conversations) {
        this.#heardOf(conversation.urlId, newestIn(conversation));
      }
    }
  }

  /** The same person has read on another device. */
  heard(read: Parameters<ReadKeeper["heard"]>[0]): void {
    this.#keeper.heard(read);
  }

  /** What the visitor has said themselves, here or elsewhere, is not news to them, unless something before it is. */
  folded(events: readonly RoomEvent[]): void {
    for (const event of events) {
      const comment = event.type === "new-comment" || event.type === "new-image-chat" ? event.comment : undefined;
      const conversation = comment && this.#conversations.get(comment.urlId);
      if (comment === undefined || conversation === undefined) {
        continue;
      }
      const before = this.#newest.get(comment.urlId);
      const wasRead = before === undefined || !this.#keeper.isUnread({ ...conversation, lastCommentAt: before });
      if (comment.userId === this.#host.room.user?.id && wasRead) {
        this.#keeper.saw({ ...conversation, lastCommentAt: comment.date }, [...this.#conversations.values()]);
      }
      this.#heardOf(comment.urlId, comment.date);
    }
  }

  #heardOf(urlId: string, at: string): void {
    if (at > (this.#newest.get(urlId) ?? "")) {
      this.#newest.set(urlId, at);
    }
  }

  isUnread(urlId: string): boolean {
    const conversation = this.#conversations.get(urlId);
    return conversation !== undefined && this.#keeper.isUnread(conversation);
  }

  /** The layer is about to be shown: to the end of what an open window shows, the visitor has read then. */
  look(): void {
    const { windows, view, room } = this.#host;
    const { open } = windows;
    const conversation = open?.kind === "shown" ? this.#conversations.get(open.key) : undefined;
    if (conversation === undefined || document.hidden || !view.isAtEnd || !this.#keeper.isUnread(conversation)) {
      return;
    }
    if (room.sync.thread(conversation.urlId).status === "loaded") {
      this.#keeper.saw(conversation, [...this.#conversations.values()]);
    }
  }

  /** The visitor has seen enough of everything. */
  readAll(): void {
    const all = [...this.#conversations.values()];
    for (const conversation of all.filter((one) => this.#keeper.isUnread(one))) {
      this.#keeper.saw(conversation, all);
    }
    this.#host.onChange();
  }
}
