/** Who else is on a picture, what they write, and what is unread. */
import type { Clock } from "./page-clock.ts";
import { online } from "./people-calls.ts";
import { Reading } from "./reading.ts";
import type { RoomLink } from "./room-link.ts";
import type { KeyValueStorage } from "./session.ts";
import { decodeSignal } from "./signals.ts";
import { OwnTyping, Typing, typingFrame } from "./typing.ts";
import type { ChatElement } from "./view/chat-element.ts";
import type { LiveView } from "./view/live-view.ts";
import type { LayerModel } from "./view/model.ts";
import { isolated } from "./view/names.ts";
import { OthersButton } from "./view/people/others-button.ts";
import { WritingSigns } from "./view/people/writing-signs.ts";
import { WhoIsThere } from "./who-is-there.ts";
import type { Windows } from "./windows.ts";
import type { Frame, RoomEvent } from "./wire.ts";

/** The parts of a picture that people are shown with. */
export interface PeopleHost {
  readonly element: ChatElement;
  readonly view: Pick<LiveView, "under" | "isAtEnd">;
  readonly room: RoomLink;
  readonly windows: Windows;
  readonly storage: KeyValueStorage;
  readonly clock: Clock;
  readonly urlId: string;
  readonly apiHost: string;
  readonly tenantId: string;
  /** Whether the page wants to show who is there and who writes. */
  readonly wantsPresence: () => boolean;
  /** The layer is to be shown anew. */
  readonly onChange: () => void;
  /** The picture's end. */
  readonly signal: AbortSignal;
}

export interface People {
  /** A snapshot came. */
  entered(): void;
  /** Of the live channel, hello and signals. */
  heard(frame: Frame): void;
  folded(events: readonly RoomEvent[]): void;
  isUnread(urlId: string): boolean;
  readAll(): void;
  /** The visitor has changed what they are writing in a conversation. */
  typed(urlId: string, text: string): void;
  /** Who else writes in it, in words; null when nobody does. */
  writingIn(urlId: string): string | null;
  /** The layer is about to be shown: what the visitor sees then, they have read. */
  look(): void;
  /** It is shown. */
  show(model: LayerModel): void;
}

export function people(host: PeopleHost): People {
  const { room, clock, onChange, signal } = host;
  const reading = new Reading(host);
  const typing = new Typing();
  const own = new OwnTyping();
  const whoIsThere = new WhoIsThere({ list: () => online(room.rest, host.urlId), clock, onChange });
  const button = new OthersButton(host.element.shadow, host.view.under);
  const signs = new WritingSigns(host.element);
  let model: LayerModel | null = null;
  let cancel: (() => void) | null = null;
  signal.addEventListener("abort", () => {
    whoIsThere.stop();
    cancel?.();
  });

  /** Looks again when the next of those who write has stopped; while nobody writes, no clock runs. */
  const writing = (): void => {
    cancel?.();
    const left = typing.nextEnd(clock.now());
    cancel = left === null || signal.aborted ? null : clock.after(left, writing);
    onChange();
  };
  return {
    entered() {
      reading.entered();
      whoIsThere.want(host.wantsPresence());
      onChange();
    },
    heard(frame) {
      if (frame.type === "hello") {
        typing.clear();
        whoIsThere.hello(frame.sc);
      }
      const heard = frame.type === "signal" ? decodeSignal(frame.signal) : null;
      if (heard?.type === "read") {
        reading.heard(heard.readUpTo);
      } else if (heard?.type === "p-u") {
        whoIsThere.heard(heard);
      } else if (heard?.type === "typing" && heard.userId !== room.user?.id && typing.heard(heard, clock.now())) {
        writing();
      }
    },
    folded(events) {
      typing.folded(events);
      reading.folded(events);
      if (events.some(({ type, userId }) => type === "new-comment" && userId === room.user?.id)) {
        own.sent();
      }
    },
    isUnread: (urlId) => reading.isUnread(urlId),
    readAll() {
      reading.readAll();
    },
    typed(urlId, text) {
      // Of a marker that is still a draft nobody knows.
      if (host.wantsPresence() && room.sync.state?.conversations.has(urlId) === true && own.typed(urlId, text, clock.now())) {
        room.connection.say(typingFrame(urlId));
      }
    },
    writingIn(urlId) {
      const [first, ...more] = host.wantsPresence() && model?.status.kind === "live" ? typing.in(urlId, clock.now()) : [];
      if (first === undefined || model === null) {
        return null;
      }
      const { texts } = model;
      return more.length > 0
        ? texts("typingMany", { count: more.length + 1 })
        : texts("typing", { name: isolated(first.name ?? texts("anonymous")) });
    },
    look() {
      reading.look();
    },
    show(next) {
      model = next;
      const isLive = next.status.kind === "live";
      whoIsThere.want(host.wantsPresence());
      button.show(next, isLive ? whoIsThere.others(room.user?.id ?? null) : null);
      signs.show(isLive && host.wantsPresence() ? typing.threads(clock.now()) : new Set());
    },
  };
}
