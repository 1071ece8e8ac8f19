/** All pictures that people have marked: found, sorted, locked, and given to groups. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { groupsDialog } from "../elements/groups-dialog.ts";
import { groupIcon, lockIcon, pictureIcon, searchIcon, unlockIcon } from "../elements/icons.ts";
import { pageHead, pager, searchField, thumbnail, time } from "../elements/parts.ts";
import { empty, sentenceOf, shown } from "../elements/states.ts";
import { Page } from "../page.ts";
import { Resource } from "../resource.ts";
import { hrefOf } from "../router.ts";
import type { Picture, PicturePage } from "../shapes.ts";
import type { TextKey } from "../texts.ts";
import { named } from "../names.ts";

const size = 50;
const sorts: readonly (readonly [string, TextKey])[] = [
  ["activity", "sortActivity"],
  ["comments", "sortComments"],
  ["markers", "sortMarkers"],
  ["title", "sortTitle"],
];

class PicturesPage extends Page {
  #asked = "";
  #sharing: { readonly picture: Picture; readonly trouble: string | null } | null = null;
  readonly #pictures = new Resource<PicturePage>(this, (signal) => this.app.api.pictures(this.#query, signal));

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const asked = JSON.stringify(this.#query);
    if (asked !== this.#asked) {
      this.#asked = asked;
      void this.#pictures.load();
    }
  }

  get #skip(): number {
    return Math.max(0, Math.trunc(Number(this.route.query.skip ?? "0")) || 0);
  }

  get #query(): Record<string, string | number | null> {
    const { search = "", sort = "activity" } = this.route.query;
    return { tenantId: this.tenant, search: search === "" ? null : search, sort, skip: this.#skip, limit: size };
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const t = app.texts;
    const { search = "", sort = "activity" } = this.route.query;
    return html`${pageHead(t("navPictures"), t("picturesAbout"))}
      <div class="bar">
        ${searchField(t("searchPictures"), search, (text) => { this.ask({ search: text, skip: "" }); }, searchIcon)}
        <label class="inline"
          >${t("sortBy")}
          <select
            data-sort
            @change=${({ target }: Event) => {
              this.ask({ sort: (target as HTMLSelectElement).value, skip: "" });
            }}
          >
            ${sorts.map(([value, key]) => html`<option value=${value} ?selected=${value === sort}>${t(key)}</option>`)}
          </select></label
        >
      </div>
      ${shown(app, this.#pictures, (page) => this.#list(page), 6)}
      ${this.#sharing === null
        ? nothing
        : groupsDialog({
            app,
            picture: this.#sharing.picture,
            trouble: this.#sharing.trouble,
            share: (groupIds) => void this.#share(groupIds),
            close: this.#close,
          })}`;
  }

  #list({ pictures, total }: PicturePage): TemplateResult {
    const t = this.app.texts;
    if (pictures.length === 0) {
      return this.route.query.search
        ? empty(searchIcon, t("nothingFound"))
        : empty(pictureIcon, t("noPictures"), t("noPicturesHint"));
    }
    return html`<ul class="card flush pictures" aria-label=${t("navPictures")}>
        ${pictures.map((picture) => this.#row(picture))}
      </ul>
      ${pager(this.app, this.#skip, size, total, (skip) => {
        this.ask({ skip: skip === 0 ? "" : String(skip) }, "push");
        window.scrollTo(0, 0);
      })}`;
  }

  #row(picture: Picture): TemplateResult {
    const { app } = this;
    const { texts: t } = app;
    const title = named(picture.title, picture.urlId);
    const href = hrefOf({ tenant: this.tenant, page: "picture", query: { urlId: picture.urlId } });
    const isAdmin = app.role !== "moderator";
    const locking = t(picture.readOnly ? "unlock" : "lock");
    return html`<li class="picture" data-picture=${picture.urlId}>
      <a class="thumb-link" href=${href} tabindex="-1" aria-hidden="true">${thumbnail(picture.src)}</a>
      <div class="picture-body">
        <h2><a href=${href}><bdi>${title}</bdi></a></h2>
        <p class="quiet facts">
          <span>${t("markersCount", { count: picture.markers })}</span>
          <span>${t("openCount", { count: picture.open })}</span>
          <span>${t("commentsCount", { count: picture.comments })}</span>
          ${picture.lastActivity === null ? nothing : html`<span>${time(app, picture.lastActivity)}</span>`}
        </p>
        <p class="chips">
          ${picture.watching > 0 ? html`<span class="chip good">${t("watching", { count: picture.watching })}</span>` : nothing}
          ${picture.readOnly ? html`<span class="chip warn" data-locked>${t("locked")}</span>` : nothing}
          ${picture.groupIds === null
            ? nothing
            : html`<span class="chip" data-private
                >${picture.groupIds.length === 0 ? t("onlyAdmins") : t("onlyGroups", { groups: picture.groupIds.join(", ") })}</span
              >`}
        </p>
      </div>
      <div class="entry-tools">
        ${isAdmin
          ? html`<button
              type="button"
              class="icon-button"
              data-groups
              aria-label="${t("whoSees")}: ${title}"
              title=${t("whoSees")}
              @click=${() => {
                this.#sharing = { picture, trouble: null };
                this.requestUpdate();
              }}
            >
              ${groupIcon}
            </button>`
          : nothing}
        <button
          type="button"
          class="icon-button"
          data-lock
          aria-pressed=${picture.readOnly ? "true" : "false"}
          aria-label="${t("lockedState")}: ${title}"
          title=${locking}
          @click=${() => void this.#lock(picture)}
        >
          ${picture.readOnly ? lockIcon : unlockIcon}
        </button>
      </div>
    </li>`;
  }

  async #lock(picture: Picture): Promise<void> {
    const { app } = this;
    const readOnly = !picture.readOnly;
    this.#replace({ ...picture, readOnly });
    try {
      await app.api.updatePicture(this.tenant, picture.urlId, { readOnly });
      app.toast({
        text: app.texts(readOnly ? "doneLocked" : "doneUnlocked", { title: named(picture.title, picture.urlId) }),
        undo: () => this.#lock({ ...picture, readOnly }),
      });
    } catch (error) {
      this.#replace(picture);
      app.toast({ text: sentenceOf(app.texts, error), kind: "failed" });
    }
  }

  async #share(groupIds: readonly string[] | null): Promise<void> {
    const sharing = this.#sharing;
    if (sharing === null) {
      return;
    }
    try {
      await this.app.api.updatePicture(this.tenant, sharing.picture.urlId, { groupIds });
      this.#replace({ ...sharing.picture, groupIds });
      this.app.toast({ text: this.app.texts("doneShared") });
      this.#close();
    } catch (error) {
      this.#sharing = { ...sharing, trouble: sentenceOf(this.app.texts, error) };
      this.requestUpdate();
    }
  }

  readonly #close = (): void => {
    this.#sharing = null;
    this.requestUpdate();
  };

  #replace(picture: Picture): void {
    const page = this.#pictures.value;
    if (page !== null) {
      this.#pictures.value = { ...page, pictures: page.pictures.map((one) => (one.urlId === picture.urlId ? picture : one)) };
      this.requestUpdate();
    }
  }
}

customElements.define("dashboard-pictures", PicturesPage);
