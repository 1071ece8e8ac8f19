/** One picture with its conversations: builds every part, joins them, and takes them apart again. */
import { accessOf } from "./access.ts";
import { defaultUrlId, loginAddress } from "./addresses.ts";
import { Announcements } from "./announcements.ts";
import type { Settings } from "./config.ts";
import { linkTo } from "./deep-links.ts";
import { isDraft, newDraft } from "./drafts.ts";
import { Frames } from "./frames.ts";
import { lateFiles, quietly, type FetchLate } from "./late-files.ts";
import { LinkFollower } from "./link-follower.ts";
import type { OpeningTurns } from "./opening-turns.ts";
import { PeoplePlace } from "./people-place.ts";
import type { Persistently } from "./persistently.ts";
import { PageCalls } from "./page-calls.ts";
import { pageClock } from "./page-clock.ts";
import { attachLayer, followPicture } from "./picture-layout.ts";
import { languageAround, PictureWords } from "./picture-words.ts";
import { RoomLink } from "./room-link.ts";
import { Session, type KeyValueStorage } from "./session.ts";
import { Pace, type Part } from "./pace.ts";
import type { TextKey, Texts } from "./texts.ts";
import type { RoomEvent } from "./wire.ts";
import { chatElement, type ChatElement } from "./view/chat-element.ts";
import type { LayerActions, StatusModel } from "./view/model.ts";
import type { MakeOpenWindow } from "./view/window-place.ts";
import { isolated } from "./view/names.ts";
import { bareWindow, layerModel, statusOf, totalComments, type LayerParts } from "./layer-model.ts";
import { layerActions } from "./layer-actions.ts";
import type { Visitor, VisitorParts } from "./visitor.ts";
import { Wakefulness } from "./wakefulness.ts";
import { followTheme } from "./theme.ts";
import { ZoomWish } from "./zoom-wish.ts";
import { Windows } from "./windows.ts";

/** What all pictures on a page share. */
export interface Page {
  readonly turns: OpeningTurns;
  readonly storage: KeyValueStorage;
  readonly persistently: Persistently;
}

export class PictureChat {
  readonly #image: HTMLImageElement;
  readonly #element: ChatElement = chatElement();
  readonly #ending = new AbortController();
  readonly #fetch: FetchLate;
  readonly #session: Session;
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
      this.#show();
    },
  );
  readonly #links: LinkFollower;
  readonly #actions: LayerActions;
  readonly #urlId: string;
  readonly #zoom: ZoomWish;
  readonly #wakefulness: Wakefulness;
  readonly #stopFollowing: () => void;
  readonly #checkTheme: () => void;
  readonly #words: PictureWords;
  readonly #people: PeoplePlace;

  readonly #tellMissing = (cause: unknown): void => {
    this.#settings.onError?.(new Error("ImageChat: a file of the widget could not be loaded.", { cause }));
  };

  #settings: Settings;
  /** What comes with the first window. */
  #visitor: Visitor | null = null;
  #windowModel: LayerParts["windowModel"] = bareWindow;
  #isDark = false;
  #crosshair = { x: 50, y: 50 };

  constructor(image: HTMLImageElement, settings: Settings, page: Page) {
    this.#image = image;
    this.#fetch = lateFiles(page.persistently, this.#ending.signal);
    this.#settings = settings;
    this.#words = new PictureWords(
      { ...settings, ...languageAround(image) },
      {
        fetch: this.#fetch,
        onMissing: this.#tellMissing,
        onChange: () => {
          this.#show();
        },
      },
    );
    this.#urlId = settings.urlId ?? defaultUrlId(location.href, image.src || image.currentSrc);
    this.#session = new Session(page.storage, settings.apiHost, settings.tenantId, settings.sessionId);
    this.#windows.hidesResolved = settings.hideResolved;
    this.#windows.hasAskedName = (this.#session.name ?? "") !== "";
    this.#links = new LinkFollower(this.#ending.signal, () => this.#settings.deepLinks, () => {
      this.#show();
    });
    this.#room = new RoomLink({
      urlId: this.#urlId,
      settings,
      session: this.#session,
      turns: page.turns,
      signal: this.#ending.signal,
      loadPolling: settings.usePolling || settings.disableLiveCommenting ? async () => {
        const loaded = await this.#fetch((_attempt) => import("./polling.ts"), this.#tellMissing);
        return loaded?.polling ?? null;
      } : null,
      onSnapshot: () => {
        this.#people.entered();
      },
      onFrame: (frame) => {
        this.#people.heard(frame);
      },
      onChange: (events) => {
        this.#noticeEvents(events);
        this.#show();
      },
      onRightLost: () => {
        this.#windows.leave();
      },
    });
    this.#people = new PeoplePlace({
      element: this.#element,
      room: this.#room,
      windows: this.#windows,
      storage: page.storage,
      clock: pageClock,
      urlId: this.#urlId,
      apiHost: settings.apiHost,
      tenantId: settings.tenantId,
      wantsPresence: () => this.#settings.presence,
      onChange: () => {
        this.#show();
      },
      signal: this.#ending.signal,
      fetch: this.#fetch,
      addEnglish: (words) => {
        this.#words.addEnglish(words);
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
    this.#element.actions = this.#actions;
    this.#element.loadOpened = (onMissing) => this.#loadOpened(onMissing);
    this.#element.loadTools = async () => {
      // The window's file tells.
      const loaded = await this.#fetch((_attempt) => import("./tools.ts"), quietly);
      return loaded?.pictureTools ?? null;
    };
    this.#element.list = {
      parts: () => ({
        markers: this.#room.sync.markers(),
        isUnread: (key) => this.#isUnread(key),
        commentsOf: (key) => this.#room.sync.thread(key).comments,
      }),
      readAll: () => {
        this.#people.here?.readAll();
      },
      loadPanel: async () => {
        const loaded = await this.#fetch((_attempt) => import("./panel.ts"), () => {
          this.#element.toast({ text: this.#texts("partFailed"), undo: null });
        });
        return loaded?.listPanel ?? null;
      },
      loadPrinting: async () => {
        // The page prints as it is.
        const loaded = await this.#fetch((_attempt) => import("./printing.ts"), quietly);
        return loaded?.printing ?? null;
      },
      image: () => image,
    };
    attachLayer(image, this.#element);
    this.#stopFollowing = followPicture(image, this.#element, (geometry, onScreen) => {
      this.#element.place(geometry, onScreen);
    });
    this.#zoom = new ZoomWish({
      fetch: this.#fetch,
      onMissing: this.#tellMissing,
      onChange: (zooming) => {
        this.#element.setZooming(zooming?.makeZooming ?? null, image);
        if (zooming !== null) {
          this.#words.addEnglish(zooming.english);
          this.#render("own");
        }
      },
    });
    this.#setLayer(settings);
    const { signal } = this.#ending;
    this.#checkTheme = followTheme(signal, () => this.#settings.hasDarkBackground, (isDark) => {
      this.#isDark = isDark;
      this.#show();
    });
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
        this.#show();
      },
    });
    this.#room.connection.start();
    this.#show();
  }

  /** Takes settings that can change while it runs. True when only a new instance can honour them. */
  update(settings: Settings): boolean {
    const before = this.#settings;
    const fixed = ["tenantId", "urlId", "sso", "apiHost", "wsHost", "sessionId", "usePolling", "disableLiveCommenting"] as const;
    if (fixed.some((name) => settings[name] !== before[name])) {
      return true;
    }
    this.#settings = settings;
    this.#words.change({ ...settings, ...languageAround(this.#image) });
    this.#setLayer(settings);
    if (settings.commentCountUpdated !== before.commentCountUpdated) {
      this.#calls.forgetCount();
    }
    if (settings.hideResolved !== before.hideResolved) {
      this.#windows.hidesResolved = settings.hideResolved;
    }
    this.#checkTheme();
    this.#show();
    return false;
  }

  destroy(): void {
    this.#ending.abort();
    this.#room.connection.tell({ type: "destroy" });
    this.#stopFollowing();
    this.#frames.cancel();
    this.#announcements.destroy();
    void this.#zoom.change(false);
    this.#element.destroy();
  }

  #setLayer({ chatSquarePercentage, longPress, regions, preview, panel, printable, zoom }: Settings): void {
    this.#element.markerPercentage = chatSquarePercentage;
    this.#element.toolSettings = { longPress, regions, preview, panel, printable };
    void this.#zoom.change(zoom);
  }

  #isUnread(key: string): boolean {
    return this.#people.here?.isUnread(key) === true;
  }

  get #texts(): Texts {
    return this.#words.texts;
  }


  /** What an open window needs: it comes with the first one. */
  async #loadOpened(onMissing: () => void): Promise<MakeOpenWindow | null> {
    const opened = await this.#fetch((_attempt) => import("./opened.ts"), (error) => {
      onMissing();
      this.#tellMissing(error);
    });
    if (opened === null) {
      return null;
    }
    this.#words.addEnglish(opened.english);
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
      session: this.#session,
      windows: this.#windows,
      texts: () => this.#texts,
      urlId: this.#urlId,
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
        this.#element.toast(toast);
      },
      onShutOut: (stop) => {
        this.#room.connection.tell({ type: "shut-out", stop });
      },
      onUnreachable: () => {
        this.#room.connection.tell({ type: "doubt" });
      },
      onChange: () => {
        this.#show();
      },
      onTyped: (key, text) => {
        this.#people.here?.typed(key, text);
      },
      signal: this.#ending.signal,
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
    this.#people.here?.folded(events);
    for (const event of events) {
      this.#windows.arrived(event.broadcastId);
      const comment = event.type === "new-comment" || event.type === "new-image-chat" ? event.comment : undefined;
      // Who wrote it, not whose deed it is: a moderator may have approved the visitor's own.
      const isOthers = this.#visitor?.isOwn(event.broadcastId) !== true && comment?.userId !== this.#room.user?.id;
      if (comment !== undefined && isOthers) {
        this.#announcements.comment(
          this.#texts("newCommentBy", { name: isolated(comment.commenterName || this.#texts("anonymous")) }),
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
  #show(): void {
    if (!this.#ending.signal.aborted) {
      this.#frames.ask();
    }
  }

  #render(part: Part): void {
    this.#frames.cancel();
    const markers = this.#room.sync.markers();
    if (this.#room.sync.state !== null) {
      this.#windows.follow(new Map(markers.map(({ conversation }) => [conversation.urlId, conversation])));
    }
    const linked = this.#links.find(markers);
    if (linked !== null) {
      this.#windows.show(linked);
      this.#image.scrollIntoView({ block: "nearest" });
    }
    const open = this.#windows.open;
    if (open?.kind === "shown" && markers.some((one) => one.conversation.urlId === open.key && !one.pending)) {
      this.#room.sync.open(open.key);
    }
    if (open !== null && open.edit !== null) {
      this.#windows.followComments(open.key, this.#room.sync.thread(open.key), this.#texts("editGone"));
    }
    if (this.#visitor !== null) {
      this.#people.here?.look();
    }
    const status = this.#status;
    const model = layerModel({
      texts: this.#texts,
      isDark: this.#isDark,
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
      isUnread: (key) => this.#isUnread(key),
      writingIn: (key) => this.#people.here?.writingIn(key) ?? null,
      crosshair: this.#crosshair,
      announcement: this.#announcements.text,
      canChange: this.#visitor !== null,
      linkOf: (id) => (this.#settings.deepLinks ? linkTo(location.href, id) : null),
      user: this.#room.user,
      isSiteAdmin: this.#room.ticket?.isSiteAdmin ?? false,
      maxReplyDepth: this.#settings.maxReplyDepth,
      name: this.#session.name,
      hasState: this.#room.sync.state !== null,
    });
    const reading = { most: this.#windows.open?.shown ?? 0, isAtEnd: this.#element.isAtEnd };
    const shown = this.#pace.next(model, reading, part);
    this.#element.model = shown;
    this.#people.here?.show(shown);
    if (this.#pace.isBehind) {
      this.#show();
    }
    if (this.#room.sync.state !== null) {
      this.#calls.shown(totalComments(markers));
    }
    this.#calls.opened(open?.kind === "shown" && !isDraft(open.conversation) ? open.conversation._id : null);
  }
}
