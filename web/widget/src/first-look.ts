/**
 * A picture as it is seen first: its markers, from one answer of the server. Meanwhile comes what keeps them live and takes
 * what visitors do (live.ts), and goes on from here.
 */
import { defaultUrlId } from "./addresses.ts";
import { askSnapshot, Calls } from "./calls.ts";
import type { Settings } from "./config.ts";
import { firstMarkers } from "./first-markers.ts";
import { lateFiles, type FetchLate } from "./late-files.ts";
import type { Live } from "./live-picture.ts";
import type { OpeningTurns } from "./opening-turns.ts";
import type { Persistently } from "./persistently.ts";
import { attachLayer, followPicture } from "./picture-layout.ts";
import { languageAround, PictureWords } from "./picture-words.ts";
import { Session, type KeyValueStorage } from "./session.ts";
import { followTheme } from "./theme.ts";
import { chatElement, type ChatElement } from "./view/chat-element.ts";
import { Clicked } from "./view/clicked.ts";
import type { MarkerModel } from "./view/model.ts";
import type { Conversation, Snapshot } from "./wire.ts";

/** What all pictures on a page share. */
export interface Page {
  readonly storage: KeyValueStorage;
  readonly persistently: Persistently;
  /** Whose turn it is to open a channel; made by the first picture that is live. */
  turns: OpeningTurns | null;
}

const nothing = (): void => undefined;

/** Options that a picture cannot change while it runs. */
const fixed = ["tenantId", "urlId", "sso", "apiHost", "wsHost", "sessionId", "usePolling", "disableLiveCommenting"] as const;

export class FirstLook {
  readonly page: Page;
  readonly image: HTMLImageElement;
  readonly element: ChatElement = chatElement();
  readonly fetch: FetchLate;
  readonly session: Session;
  readonly calls: Calls;
  readonly words: PictureWords;
  readonly urlId: string;
  /** The server's first answer; whoever goes on from here handles its failure, and one that makes no sense. */
  readonly snapshot: Promise<Snapshot>;
  readonly #ending = new AbortController();
  readonly #stopFollowing: () => void;
  readonly #checkTheme: () => void;
  settings: Settings;
  isDark = false;
  /** What the visitor has clicked on meanwhile. */
  readonly clicked = new Clicked();
  #conversations: readonly Conversation[] = [];
  #live: Live | null = null;

  constructor(image: HTMLImageElement, settings: Settings, page: Page) {
    const { signal, element } = this;
    this.page = page;
    this.image = image;
    this.settings = settings;
    this.fetch = lateFiles(page.persistently, signal);
    this.urlId = settings.urlId ?? defaultUrlId(location.href, image.src || image.currentSrc);
    this.session = new Session(page.storage, settings.apiHost, settings.tenantId, settings.sessionId);
    this.calls = new Calls({ ...settings, session: this.session, fetch: window.fetch.bind(window), signal });
    this.snapshot = askSnapshot(this.calls.call, this.urlId);
    this.words = new PictureWords(this.#wish(), {
      fetch: this.fetch,
      onMissing: this.tellMissing,
      onChange: () => {
        this.#show();
      },
    });
    element.actions = { open: nothing, close: nothing };
    element.root.addEventListener("click", (event) => {
      if (this.#live === null) {
        this.clicked.remember(event, "button");
      }
    });
    element.root.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        this.clicked.forget();
      }
    });
    attachLayer(image, element);
    this.#stopFollowing = followPicture(image, element, (geometry, onScreen) => {
      element.place(geometry, onScreen);
    });
    element.markerPercentage = settings.chatSquarePercentage;
    this.#checkTheme = followTheme(signal, () => this.settings.hasDarkBackground, (isDark) => {
      this.isDark = isDark;
      this.#show();
    });
    this.snapshot
      .then(({ conversations }) => {
        this.#conversations = conversations;
        this.#show();
      })
      .catch(nothing);
    void this.#goLive();
  }

  /** Aborted when the picture has no conversations any more. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** What is drawn until it is live. */
  get markers(): readonly MarkerModel[] {
    return firstMarkers(this.#conversations, this.settings.hideResolved);
  }

  readonly tellMissing = (cause: unknown): void => {
    this.settings.onError?.(new Error("ImageChat: a file of the widget could not be loaded.", { cause }));
  };

  /** Takes settings that can change while it runs. True when only a new instance can honour them. */
  update(settings: Settings): boolean {
    const before = this.settings;
    if (fixed.some((name) => settings[name] !== before[name])) {
      return true;
    }
    this.settings = settings;
    this.words.change(this.#wish());
    this.element.markerPercentage = settings.chatSquarePercentage;
    this.#live?.update(before);
    this.#checkTheme();
    this.#show();
    return false;
  }

  destroy(): void {
    this.#ending.abort();
    this.#stopFollowing();
    this.element.remove();
  }

  #wish(): ConstructorParameters<typeof PictureWords>[0] {
    return { ...this.settings, ...languageAround(this.image) };
  }

  async #goLive(): Promise<void> {
    const late = await this.fetch((_attempt) => import("./live.ts"), this.tellMissing);
    if (late !== null) {
      this.words.addEnglish(late.english);
      this.#live = late.live(this);
    }
  }

  #show(): void {
    if (this.#live !== null) {
      this.#live.show();
    } else {
      this.element.model = { texts: this.words.texts, isDark: this.isDark, markers: this.markers };
    }
  }
}
