/** One marker's elements: its button, and the outline of its region. */
import type { Conversation } from "../wire.ts";
import type { Texts } from "../texts.ts";
import { draw, make, put, style } from "./elements.ts";
import { alertIcon, checkIcon, clockIcon, plusIcon } from "./icons.ts";
import type { MarkerModel } from "./model.ts";

export class MarkerButton {
  readonly button = make("button", "", { type: "button", "aria-haspopup": "dialog" });
  readonly #face = make("span", "face", { part: "marker-face" });
  #region: HTMLElement | null = null;
  #faced: string | null = null;
  #marker: MarkerModel | null = null;
  #texts: Texts | null = null;

  constructor() {
    this.button.append(this.#face);
  }

  /** In the order in which they are on the picture, without white space: a browser asks each text what it is. */
  get elements(): HTMLElement[] {
    return this.#region === null ? [this.button] : [this.#region, this.button];
  }

  remove(): void {
    this.#region?.remove();
    this.button.remove();
  }

  show(marker: MarkerModel, texts: Texts, isInView: boolean): void {
    // One that is being moved is in view where it is now; hidden, it would lose the focus.
    const isShown = isInView || this.button.hasAttribute("data-moving");
    if (this.button.hidden === isShown) {
      this.button.hidden = !isShown;
    }
    if (marker === this.#marker && texts === this.#texts) {
      return;
    }
    this.#marker = marker;
    this.#texts = texts;
    const { button } = this;
    const { conversation, kind, key, pending, isOpen } = marker;
    const name = classes(marker);
    if (button.className !== name) {
      button.className = name;
      // A page's ::part() sees no classes, so each state has a name of its own.
      put(button, { part: name.replaceAll(" ", " marker-") });
    }
    put(button, {
      "data-marker": kind === "draft" ? "draft" : conversation._id,
      "data-key": key,
      "data-state": kind === "shown" && pending ? "pending" : kind,
      "aria-label": markerName(texts, marker),
      "aria-expanded": String(isOpen),
    });
    const place = { left: `${conversation.x}%`, top: `${conversation.y}%` };
    style(button, place);
    this.#outline(conversation, place);
    this.#paint(marker, texts);
  }

  #outline({ region }: Conversation, place: Readonly<Record<string, string>>): void {
    if (region === undefined) {
      this.#region?.remove();
      this.#region = null;
      return;
    }
    if (this.#region === null) {
      this.#region = make("div", "region", { part: "region" });
      this.button.before(this.#region);
    }
    style(this.#region, { ...place, width: `${region.w}%`, height: `${region.h}%` });
  }

  #paint(marker: MarkerModel, texts: Texts): void {
    const face = faceOf(marker, texts);
    const all = [face, marker.isUnread, marker.hasNotice].join(" ");
    if (all === this.#faced) {
      return;
    }
    this.#faced = all;
    this.#face.replaceChildren(face.startsWith("M") || face.startsWith("m") ? draw(face) : face);
    const badge = make("span", "badge", { part: "marker-failed", "data-failed": "" });
    badge.append(draw(alertIcon));
    this.button.replaceChildren(
      this.#face,
      ...(marker.isUnread ? [make("span", "dot", { part: "marker-unread", "data-unread": "" })] : []),
      ...(marker.hasNotice ? [badge] : []),
    );
  }
}

function classes({ kind, pending, isOpen, isOwn, conversation }: MarkerModel): string {
  const { resolved, approved } = conversation;
  return [
    "marker",
    kind === "shown" ? "" : kind,
    pending ? "pending" : "",
    isOpen ? "open" : "",
    resolved ? "resolved" : "",
    approved === false ? "held" : "",
    isOwn ? "own" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** An icon, or a number. */
function faceOf({ kind, conversation }: MarkerModel, texts: Texts): string {
  if (conversation.approved === false) {
    return clockIcon;
  }
  if (kind === "draft" || conversation.commentCount <= 0) {
    return plusIcon;
  }
  if (conversation.resolved) {
    return checkIcon;
  }
  return conversation.commentCount > 999 ? `${texts.number(999)}+` : texts.number(conversation.commentCount);
}

function markerName(texts: Texts, marker: MarkerModel): string {
  if (marker.kind === "draft") {
    return texts("markerDraft");
  }
  const { commentCount, resolved, approved } = marker.conversation;
  const comments = commentCount > 0 ? texts("comments", { count: commentCount }) : texts("commentsNone");
  return [
    texts("markerLabel", { number: marker.number, comments }),
    ...(marker.isUnread ? [texts("markerUnread")] : []),
    ...(resolved ? [texts("markerResolved")] : []),
    ...(approved === false ? [texts("held")] : []),
  ].join(", ");
}
