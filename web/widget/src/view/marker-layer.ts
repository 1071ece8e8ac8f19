/** The markers on the picture, and the cross-hair for pinning by keyboard. */
import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { isVisible, type PictureGeometry, type Point } from "../geometry.ts";
import { cssProperties } from "./css-properties.ts";
import { alertIcon, checkIcon, clockIcon, plusIcon } from "./icons.ts";
import type { Texts } from "../texts.ts";
import type { Actions, LayerModel, MarkerModel } from "./model.ts";

/** How far an arrow key moves the cross-hair, in percent; with Shift it is finer. */
const stride = 5;
const fineStride = 0.5;

export function markerLayer(
  model: LayerModel,
  panes: readonly (readonly MarkerModel[])[],
  actions: Actions,
  geometry: PictureGeometry,
): TemplateResult {
  const { texts } = model;
  return html`
    ${model.canCreate ? crosshair(model, actions) : nothing}
    ${panes.map((markers) =>
      guard([texts, geometry, ...markers], () => {
        const classes = { pane: true, layer: panes.length > 1, open: markers.some(({ isOpen }) => isOpen) };
        return html`<div class=${classMap(classes)}>${repeat(
          markers,
          ({ key }) => key,
          (marker) =>
            guard([texts, geometry, marker], () =>
              markerButton(texts, actions, marker, isVisible(geometry, marker.conversation)),
            ),
        )}</div>`;
      }),
    )}
  `;
}

function markerButton(
  texts: Texts,
  actions: Actions,
  marker: MarkerModel,
  isShown: boolean,
): TemplateResult {
  const { conversation, kind, key } = marker;
  const { x, y, region } = conversation;
  const classes = {
    marker: true,
    draft: kind === "draft",
    gone: kind === "gone",
    pending: marker.pending,
    open: marker.isOpen,
    resolved: conversation.resolved,
    held: conversation.approved === false,
  };
  // No white space between the elements: for each, a browser asks all markers before it whether it is a text.
  return html`${region === undefined
      ? nothing
      : html`<div
          class="region"
          ${cssProperties({ left: `${x}%`, top: `${y}%`, width: `${region.w}%`, height: `${region.h}%` })}
        ></div>`}<button
      type="button"
      part="marker"
      class=${classMap(classes)}
      ${cssProperties({ left: `${x}%`, top: `${y}%` })}
      ?hidden=${!isShown}
      data-marker=${kind === "draft" ? "draft" : conversation._id}
      data-key=${key}
      data-state=${kind === "shown" && marker.pending ? "pending" : kind}
      aria-label=${markerName(texts, marker)}
      aria-haspopup="dialog"
      aria-expanded=${marker.isOpen ? "true" : "false"}
      @click=${() => {
        if (marker.isOpen) {
          actions.close();
        } else {
          actions.open(key);
        }
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Escape" && marker.isOpen) {
          event.preventDefault();
          actions.close();
        }
      }}
      ><span class="face">${face(marker)}</span
      >${marker.isUnread ? html`<span class="dot" data-unread></span>` : nothing}${marker.hasNotice
        ? html`<span class="badge" data-failed>${alertIcon}</span>`
        : nothing}</button
    >`;
}

function face({ kind, conversation }: MarkerModel): unknown {
  if (conversation.approved === false) {
    return clockIcon;
  }
  if (kind === "draft" || conversation.commentCount <= 0) {
    return plusIcon;
  }
  if (conversation.resolved) {
    return checkIcon;
  }
  return conversation.commentCount > 99 ? "99+" : conversation.commentCount;
}

function markerName(texts: Texts, marker: MarkerModel): string {
  if (marker.kind === "draft") {
    return texts("markerDraft");
  }
  const { commentCount, resolved, approved } = marker.conversation;
  const comments = commentCount > 0 ? texts("comments", { count: commentCount }) : texts("commentsNone");
  const name = texts("markerLabel", { number: marker.number, comments });
  const notes = [
    ...(marker.isUnread ? [texts("markerUnread")] : []),
    ...(resolved ? [texts("markerResolved")] : []),
    ...(approved === false ? [texts("held")] : []),
  ];
  return [name, ...notes].join(", ");
}

function crosshair({ texts, crosshair: at }: LayerModel, actions: Actions): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? fineStride : stride;
    const steps: Readonly<Partial<Record<string, Point>>> = {
      ArrowLeft: { x: -step, y: 0 },
      ArrowRight: { x: step, y: 0 },
      ArrowUp: { x: 0, y: -step },
      ArrowDown: { x: 0, y: step },
    };
    const by = steps[event.key];
    if (by !== undefined) {
      event.preventDefault();
      actions.moveCrosshair({ x: clampPercent(at.x + by.x), y: clampPercent(at.y + by.y) });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      actions.pin(at);
    }
  };
  return html`<div
    class="crosshair"
    role="button"
    tabindex="0"
    data-crosshair
    aria-label=${texts("pinHere")}
    ${cssProperties({ "--x": `${at.x}%`, "--y": `${at.y}%` })}
    @keydown=${move}
  >
    <span class="crosshair-mark"></span>
    <span class="crosshair-hint" aria-hidden="true">${texts("pinHint")}</span>
  </div>`;
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
