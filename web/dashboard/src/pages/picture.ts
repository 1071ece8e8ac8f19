/** One picture as its visitors see it, with all of its markers; where it cannot be loaded, its conversations as a list. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ImageChatHandle } from "../../../widget/src/facade.ts";
import { backIcon, pictureIcon } from "../elements/icons.ts";
import { pageHead, pictureAddress } from "../elements/parts.ts";
import { conversationList } from "../elements/conversations.ts";
import { empty, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import { hrefOf } from "../router.ts";
import type { Entry, InboxPage, Picture } from "../shapes.ts";
import { named } from "../names.ts";

const size = 100;

interface Found {
  readonly picture: Picture | null;
  readonly src: string | null;
}

class PicturePage extends Page {
  #chat: ImageChatHandle | null = null;
  #isBroken = false;
  #shownFor = "";
  readonly #found = new Resource<Found>(this, async (signal) => {
    const search = this.#urlId;
    let picture: Picture | null = null;
    // Others may have its name within theirs.
    for (let skip = 0, isMore = true; picture === null && isMore; skip += size) {
      const { pictures, hasMore } = await this.app.api.pictures({ tenantId: this.tenant, search, skip, limit: size }, signal);
      picture = pictures.find(({ urlId }) => urlId === search) ?? null;
      isMore = hasMore;
    }
    return { picture, src: pictureAddress(picture?.src ?? null) };
  });
  readonly #entries = new Resource<readonly Entry[]>(this, async (signal) => {
    const entries: Entry[] = [];
    let before: string | null = null;
    do {
      const page: InboxPage = await this.app.api.inbox(this.tenant, { state: "all", urlId: this.#urlId, before, limit: 200 }, signal);
      entries.push(...page.entries);
      before = page.nextBefore;
    } while (before !== null);
    return entries;
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  get #urlId(): string {
    return this.route.query.urlId ?? "";
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#shownFor !== this.#urlId) {
      this.#shownFor = this.#urlId;
      this.#leave();
      this.#isBroken = false;
      this.#found.clear();
      void this.#found.load().then((isThere) => {
        if (isThere && this.#found.value?.src === null) {
          this.#break();
        }
      });
    }
    const image = this.querySelector<HTMLImageElement>("[data-image]");
    if (image !== null && this.#chat === null) {
      void this.#mount(image);
    }
    this.#chat?.update({ hasDarkBackground: this.app.isDark, locale: this.app.language });
  }

  protected override render(): TemplateResult {
    const { texts: t } = this.app;
    const picture = this.#found.value?.picture ?? null;
    const back = html`<a class="button small" href=${hrefOf({ tenant: this.tenant, page: "pictures", query: {} })}
      ><span class="flip">${backIcon}</span>${t("allPictures")}</a
    >`;
    return html`${pageHead(named(picture?.title, this.#urlId), this.#facts(picture), back)}
    ${shown(this.app, this.#found, ({ picture: there, src }) =>
      there === null
        ? empty(pictureIcon, t("pictureGone"), t("pictureGoneHint"))
        : src !== null && !this.#isBroken
          ? html`<div class="stage">
              <img data-image src=${src} alt=${named(there.title, this.#urlId)} referrerpolicy="no-referrer" @error=${this.#break} />
            </div>`
          : html`<div class="notice" role="status" data-no-image>${pictureIcon}<p>${t("pictureNotLoaded")}</p></div>
              ${shown(this.app, this.#entries, (entries) => conversationList(this.app, entries))}`,
    )}`;
  }

  #facts(picture: Picture | null): unknown {
    const { texts: t } = this.app;
    return picture === null
      ? nothing
      : [
          t("markersCount", { count: picture.markers }),
          t("commentsCount", { count: picture.comments }),
          ...(picture.readOnly ? [t("locked")] : []),
        ].join(" · ");
  }

  readonly #break = (): void => {
    this.#isBroken = true;
    this.#leave();
    this.requestUpdate();
    void this.#entries.load();
  };

  /** The widget comes when it is needed first: most pages have no picture with markers. */
  async #mount(image: HTMLImageElement): Promise<void> {
    const { ImageChat } = await import("../../../widget/src/module.ts");
    if (this.#chat !== null || !image.isConnected) {
      return;
    }
    this.#chat = ImageChat(image, {
      tenantId: this.tenant,
      urlId: this.#urlId,
      sessionId: this.app.sessionId,
      hasDarkBackground: this.app.isDark,
      locale: this.app.language,
      chatSquarePercentage: 3,
    });
  }

  #leave(): void {
    this.#chat?.destroy();
    this.#chat = null;
  }
}

customElements.define("dashboard-picture", PicturePage);
