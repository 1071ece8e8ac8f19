/** One picture while it is live: builds every part beside the markers, and joins them. */
import { accessOf } from "./access.ts";
import { loginAddress } from "./addresses.ts";
import { Announcements } from "./announcements.ts";
import type { Settings } from "./config.ts";
import { linkTo } from "./deep-links.ts";
import { isDraft, newDraft } from "./drafts.ts";
import type { FirstLook } from "./first-look.ts";
import { Frames } from "./frames.ts";
import { quietly } from "./late-files.ts";
import { layerActions } from "./layer-actions.ts";
import { bareWindow, layerModel, statusOf, totalComments, type LayerParts } from "./layer-model.ts";
import { LinkFollower } from "./link-follower.ts";
import { OpeningTurns } from "./opening-turns.ts";
import { Pace, type Part } from "./pace.ts";
import { PageCalls } from "./page-calls.ts";
import { pageClock } from "./page-clock.ts";
import { people, type People } from "./people.ts";
import { RoomLink } from "./room-link.ts";
import type { TextKey, Texts } from "./texts.ts";
import { LiveView } from "./view/live-view.ts";
import type { LayerActions, StatusModel } from "./view/model.ts";
import { isolated, nameOf } from "./view/names.ts";
import type { MakeOpenWindow } from "./view/window-place.ts";
import type { Visitor, VisitorParts } from "./visitor.ts";
import { Wakefulness } from "./wakefulness.ts";
import { Windows } from "./windows.ts";
import type { RoomEvent } from "./wire.ts";
import { ZoomWish } from "./zoom-wish.ts";

/** What the first look goes on with. */
export interface Live {
  /** Shows what is now so: words, colours, settings. */
  show(): void;
  /** The first look's settings are others now. */
  update(before: Settings): void;
}

export class LivePicture implements Live {
  readonly #first: FirstLook;
  readonly #view: LiveView;
  readonly #room: RoomLink;
  readonly #windows = new Windows();
  readonly #pace = new Pace();
  readonly #frames = new Frames(() => {
    this.#render(document.hidden ? "all" : "some");
  });
  readonly #calls = new PageCalls(() => this.#settings);
  readonly #announcements = new Announcements(
    pageClock,
    (count) => this.#texts("newComments", { count }),
    () => {
      this.show();
    },
  );
  readonly #links: LinkFollower;
  readonly #actions: LayerActions;
  readonly #zoom: ZoomWish;
  readonly #wakefulness: Wakefulness;
  readonly #people: People;
  /** What comes with the first window. */
  #visitor: Visitor | null = null;
  #windowModel: LayerParts["windowModel"] = bareWindow;
  #crosshair = { x: 50, y: 50 };

  constructor(first: FirstLook) {
    const { element, image, page, session, settings, signal, urlId } = first;
    this.#first = first;
    this.#pace.begin(first.markers);
    this.#windows.hidesResolved = settings.hideResolved;
    this.#windows.hasAskedName = (session.name ?? "") !== "";
    this.#links = new LinkFollower(signal, () => this.#settings.deepLinks, () => {
      this.show();
    });
    this.#room = new RoomLink({
      urlId,
      settings,
      calls: first.calls,
      snapshot: first.snapshot,
      turns: (page.turns ??= new OpeningTurns()),
      loadPolling: settings.usePolling || settings.disableLiveCommenting ? async () => {
        const loaded = await first.fetch((_attempt) => import("./polling.ts"), first.tellMissing);
        return loaded?.polling ?? null;
      } : null,
      onSnapshot: () => {
        this.#people.entered();
        if (first.clicked.again()) {
          this.#links.forget();
        }
      },
      onFrame: (frame) => {
        this.#people.heard(frame);
      },
      onChange: (events) => {
        this.#noticeEvents(events);
        this.show();
      },
      onRightLost: () => {
        this.#windows.leave();
      },
    });
    this.#actions = layerActions({
      sync: this.#room.sync,
      windows: this.#windows,
      draftAt: (at) => newDraft(at, image.src || image.currentSrc, this.#room.user?.id ?? ""),
      change: (key, change) => {
        this.#visitor?.actions.change(key, change);
      },
      moveCrosshair: (to) => {
        this.#crosshair = to;
      },
      render: () => {
        this.#render("own");
      },
    });
    this.#view = this.#newView();
    this.#people = people({
      element,
      view: this.#view,
      room: this.#room,
      windows: this.#windows,
      storage: page.storage,
      clock: pageClock,
      urlId,
      apiHost: settings.apiHost,
      tenantId: settings.tenantId,
      wantsPresence: () => this.#settings.presence,
      onChange: () => {
        this.show();
      },
      signal,
    });
    this.#zoom = new ZoomWish({
      fetch: first.fetch,
      onMissing: first.tellMissing,
      onChange: (zooming) => {
        this.#view.setZooming(zooming?.makeZooming ?? null);
        if (zooming !== null) {
          first.words.addEnglish(zooming.english);
          this.#render("own");
        }
      },
    });
    this.#setView();
    this.#wakefulness = new Wakefulness(signal, {
      onWake: (maySleepHaveKilledIt) => {
        this.#room.connection.tell({ type: maySleepHaveKilledIt ? "doubt" : "wake" });
        this.#room.connection.tell({ type: "wake" });
        // Whoever comes back sees all of it at once.
        this.#render("all");
      },
      onHidden: () => {
        this.#render("all");
      },
      onOffline: () => {
        this.#room.connection.tell({ type: "doubt" });
        this.show();
      },
    });
    signal.addEventListener("abort", () => {
      this.#end();
    });
    this.#room.connection.start();
    this.show();
  }

  update(before: Settings): void {
    const settings = this.#settings;
    this.#setView();
    if (settings.commentCountUpdated !== before.commentCountUpdated) {
      this.#calls.forgetCount();
    }
    if (settings.hideResolved !== before.hideResolved) {
      this.#windows.hidesResolved = settings.hideResolved;
    }
  }

  #end(): void {
    this.#room.connection.tell({ type: "destroy" });
    this.#frames.cancel();
    this.#announcements.destroy();
    void this.#zoom.change(false);
    this.#view.destroy();
  }

  #newView(): LiveView {
    const { element, image, fetch } = this.#first;
    return new LiveView({
      element,
      image,
      actions: this.#actions,
      loadOpened: (onMissing) => this.#loadOpened(onMissing),
      loadTools: async () => {
        // The window's file tells.
        const loaded = await fetch((_attempt) => import("./tools.ts"), quietly);
        return loaded?.pictureTools ?? null;
      },
      loadPanel: async () => {
        const loaded = await fetch((_attempt) => import("./panel.ts"), () => {
          this.#view.toast({ text: this.#texts("partFailed"), undo: null });
        });
        return loaded?.listPanel ?? null;
      },
      loadPrinting: async () => {
        // The page prints as it is.
        const loaded = await fetch((_attempt) => import("./printing.ts"), quietly);
        return loaded?.printing ?? null;
      },
      parts: () => ({
        markers: this.#room.sync.markers(),
        isUnread: (key) => this.#people.isUnread(key),
        commentsOf: (key) => this.#room.sync.thread(key).comments,
      }),
      readAll: () => {
        this.#people.readAll();
      },
    });
  }

  #setView(): void {
    const { longPress, regions, preview, panel, printable, zoom } = this.#settings;
    this.#view.toolSettings = { longPress, regions, preview, panel, printable };
    void this.#zoom.change(zoom);
  }

  get #settings(): Settings {
    return this.#first.settings;
  }

  get #texts(): Texts {
    return this.#first.words.texts;
  }

  /** What an open window needs: it comes with the first one. */
  async #loadOpened(onMissing: () => void): Promise<MakeOpenWindow | null> {
    const opened = await this.#first.fetch((_attempt) => import("./opened.ts"), (error) => {
      onMissing();
      this.#first.tellMissing(error);
    });
    if (opened === null) {
      return null;
    }
    this.#first.words.addEnglish(opened.english);
    this.#windowModel = opened.windowModel;
    this.#room.sync.lay(opened.ownOverlay);
    this.#visitor = this.#newVisitor(opened.visitor);
    this.#render("own");
    return opened.openWindow(this.#visitor.actions);
  }

  #newVisitor(visitor: (parts: VisitorParts) => Visitor): Visitor {
    return visitor({
      rest: this.#room.rest,
      sync: this.#room.sync,
      session: this.#first.session,
      windows: this.#windows,
      texts: () => this.#texts,
      urlId: this.#first.urlId,
      tenantId: this.#settings.tenantId,
      maxReplyDepth: () => this.#settings.maxReplyDepth,
      pageTitle: () => this.#settings.pageTitle ?? document.title,
      user: () => this.#room.user,
      obstacle: () => this.#obstacle(),
      onHeld: () => {
        this.#announce("held");
      },
      announce: (key) => {
        this.#announce(key);
      },
      toast: (toast) => {
        this.#view.toast(toast);
      },
      onShutOut: (stop) => {
        this.#room.connection.tell({ type: "shut-out", stop });
      },
      onUnreachable: () => {
        this.#room.connection.tell({ type: "doubt" });
      },
      onChange: () => {
        this.show();
      },
      onTyped: (key, text) => {
        this.#people.typed(key, text);
      },
      signal: this.#first.signal,
      layer: this.#actions,
      onPauseOver: (sentence) => {
        this.#windows.retract(sentence);
        this.#announce("retryNow");
      },
      render: () => {
        this.#render("own");
      },
    });
  }

  get #status(): StatusModel {
    const { disableLiveCommenting, usePolling } = this.#settings;
    const whenWell = disableLiveCommenting ? "notLive" : usePolling ? "polling" : "live";
    return statusOf(this.#room.connection.status, this.#wakefulness.isOnline, this.#texts, this.#room.failure, whenWell);
  }

  #obstacle(): "offline" | "reconnecting" | "stopped" | null {
    const { kind } = this.#status;
    // Before the first failure, the snapshot that has just come is proof enough that the server is there.
    if (this.#room.connection.status.phase === "live" || (kind === "connecting" && this.#room.sync.state !== null)) {
      return null;
    }
    return kind === "offline" || kind === "stopped" ? kind : "reconnecting";
  }

  #noticeEvents(events: readonly RoomEvent[]): void {
    this.#people.folded(events);
    for (const event of events) {
      this.#windows.arrived(event.broadcastId);
      const comment = event.type === "new-comment" || event.type === "new-image-chat" ? event.comment : undefined;
      // Who wrote it, not whose deed it is: a moderator may have approved the visitor's own.
      const isOthers = this.#visitor?.came(event.broadcastId) !== true && comment?.userId !== this.#room.user?.id;
      if (comment !== undefined && isOthers) {
        this.#announcements.comment(
          this.#texts("newCommentBy", { name: isolated(nameOf(comment, this.#texts)) }),
        );
      }
      if (event.type === "picture-updated") {
        this.#announce(event.picture.readOnly ? "readonly" : "readonlyEnded");
      }
    }
  }

  #announce(key: TextKey): void {
    this.#announcements.say(this.#texts(key));
  }

  /** Shows the newest state in the next frame, so that a burst of events costs one rendering. */
  show(): void {
    if (!this.#first.signal.aborted) {
      this.#frames.ask();
    }
  }

  #render(part: Part): void {
    this.#frames.cancel();
    if (this.#room.sync.state === null && this.#first.markers.length > 0 && this.#room.connection.status.stop === null) {
      return; // what the first look shows stays until the room has it, which is at once
    }
    const markers = this.#room.sync.markers();
    if (this.#room.sync.state !== null) {
      this.#windows.follow(new Map(markers.map(({ conversation }) => [conversation.urlId, conversation])));
    }
    const linked = this.#links.find(markers);
    if (linked !== null) {
      this.#windows.show(linked);
      this.#first.image.scrollIntoView({ block: "nearest" });
    }
    const open = this.#windows.open;
    if (open?.kind === "shown" && markers.some((one) => one.conversation.urlId === open.key && !one.pending)) {
      this.#room.sync.open(open.key);
    }
    if (open !== null && open.edit !== null) {
      this.#windows.followComments(open.key, this.#room.sync.thread(open.key), this.#texts("editGone"));
    }
    if (this.#visitor !== null) {
      this.#people.look();
    }
    const status = this.#status;
    const model = layerModel({
      texts: this.#texts,
      isDark: this.#first.isDark,
      ...accessOf({
        texts: this.#texts,
        stop: this.#room.connection.status.stop,
        stopDetail: status.detail,
        isReadonly: this.#settings.readonly || this.#room.sync.state?.readOnly === true,
        mayComment: this.#room.ticket?.mayComment !== false,
        isAnonymous: this.#room.user?.isAnonSession === true,
        loginAddress: loginAddress(this.#settings.sso, document.baseURI),
      }),
      isPaused: this.#visitor?.isPaused() === true,
      status,
      markers,
      windows: this.#windows,
      windowModel: this.#windowModel,
      threadOf: (key) => this.#room.sync.thread(key),
      isUnread: (key) => this.#people.isUnread(key),
      writingIn: (key) => this.#people.writingIn(key),
      crosshair: this.#crosshair,
      announcement: this.#announcements.text,
      canChange: this.#visitor !== null,
      linkOf: (id) => (this.#settings.deepLinks ? linkTo(location.href, id) : null),
      user: this.#room.user,
      isSiteAdmin: this.#room.ticket?.isSiteAdmin ?? false,
      maxReplyDepth: this.#settings.maxReplyDepth,
      name: this.#first.session.name,
      hasState: this.#room.sync.state !== null,
    });
    const reading = { most: this.#windows.open?.shown ?? 0, isAtEnd: this.#view.isAtEnd };
    const shown = this.#pace.next(model, reading, part);
    this.#view.model = shown;
    this.#people.show(shown);
    if (this.#pace.isBehind) {
      this.show();
    }
    if (this.#room.sync.state !== null) {
      this.#calls.shown(totalComments(markers));
    }
    this.#calls.opened(open?.kind === "shown" && !isDraft(open.conversation) ? open.conversation._id : null);
  }
}
