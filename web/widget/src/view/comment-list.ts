/** A thread's comments, and the states it can be in instead. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { PlacedComment } from "../comment-tree.ts";
import type { ShownComment } from "../pending-changes.ts";
import type { Texts } from "../texts.ts";
import type { Comment } from "../wire.ts";
import { avatar } from "./avatar.ts";
import { commentHtml } from "./comment-html.ts";
import { keysHint, maxLength, onKey } from "./composer.ts";
import { cssProperties } from "./css-properties.ts";
import { icon } from "./icon-template.ts";
import { pencilIcon, replyIcon, trashIcon, turningIcon } from "./icons.ts";
import { canChange, canRemove, canReply, type Actions, type LayerModel, type WindowModel } from "./model.ts";
import { mentionNodes } from "./mention-nodes.ts";
import { opinionRow } from "./opinion-row.ts";
import { fullTime } from "./times.ts";
import { nameOf } from "./names.ts";

/** Deeper replies are indented no further: the window is 300 px wide. */
const deepestIndent = 3;

export function commentList(model: LayerModel, window: WindowModel, actions: Actions): TemplateResult {
  const { thread } = window;
  const { texts } = model;
  if (thread === null) {
    return html``;
  }
  if (thread.status === "failed" && thread.comments.length === 0) {
    return html`<div class="empty" data-thread="failed">
      <p>${texts("loadFailed")}</p>
      <button type="button" class="quiet" data-retry @click=${actions.retryLoad}>${texts("retry")}</button>
    </div>`;
  }
  if (thread.status === "loading" && thread.comments.length === 0) {
    return html`<div class="empty" data-thread="loading"><p class="turning">${icon(turningIcon)} ${texts("loadingComments")}</p></div>`;
  }
  if (thread.comments.length === 0) {
    return html`<div class="empty" data-thread="empty"><p>${texts("empty")}</p></div>`;
  }
  const { canWrite, edit, confirming } = window;
  const { userId, isSiteAdmin, maxReplyDepth } = model;
  return html`${thread.earlier === 0
      ? nothing
      : html`<p class="earlier">
          <button type="button" class="quiet" data-earlier @click=${actions.showEarlier}>${texts("showEarlier")}</button>
        </p>`}
    <ol class="comments" part="comments" data-thread="loaded">
      ${repeat(
        thread.comments,
        ({ comment }) => comment._id,
        (shown) => {
          const id = shown.comment._id;
          const isConfirming = typeof confirming === "object" && confirming?.commentId === id;
          return guard(
            [shown, edit?.commentId === id && edit, isConfirming, canWrite, texts, userId, isSiteAdmin, maxReplyDepth],
            () => commentItem(model, window, shown, actions),
          );
        },
      )}
    </ol>`;
}

function commentItem(model: LayerModel, window: WindowModel, shown: PlacedComment, actions: Actions): TemplateResult {
  const { texts, userId } = model;
  const { locale } = texts;
  const { comment, pending, depth } = shown;
  const isEditing = window.edit?.commentId === comment._id;
  const isConfirming = typeof window.confirming === "object" && window.confirming?.commentId === comment._id;
  return html`<li
    part="comment"
    class="comment"
    aria-level=${depth + 1}
    data-comment=${comment._id}
    data-depth=${depth}
    data-state=${pending ?? (comment.approved ? "settled" : "held")}
    ${cssProperties({ "--depth": String(Math.min(depth, deepestIndent)) })}
  >
    <div class="head">
      ${avatar(comment.userId, comment.commenterName, comment.avatarSrc)}
      <bdi class="name" part="name">${nameOf(comment, texts)}</bdi>
      ${comment.userId !== userId
        ? role(comment, texts)
        : comment.approved
          ? html`<span class="tag">${texts("you")}</span>`
          : nothing}
      <span class="when" part="time">
        ${pending !== null
          ? texts(pending)
          : comment.approved
            ? html`<time datetime=${comment.date} title=${fullTime(comment.date, locale)}></time>${comment.editedAt === undefined ? nothing : html` · ${texts("edited")}`}`
            : html`<span data-held title=${fullTime(comment.date, locale)}>${texts("held")}</span>`}
      </span>
    </div>
    ${isEditing ? editor(window, texts, actions) : html`${body(shown, texts, userId)}${opinionRow(model, shown, actions)}${tools(model, shown, actions)}`}
    ${isConfirming ? confirmation(texts, actions, { commentId: comment._id }) : nothing}
  </li>`;
}

function body({ comment, pending }: ShownComment, texts: Texts, userId: string | null): TemplateResult {
  if (comment.isDeleted === true) {
    return html`<p class="body removed">${texts("deletedComment")}</p>`;
  }
  // Until the server has answered there is no safe HTML, only what was typed.
  return pending === null
    ? html`<div class="body" part="text" dir="auto">${commentHtml(comment.commentHTML, comment.mentions, userId)}</div>`
    : html`<div class="body typed" dir="auto">${mentionNodes(comment.comment, comment.mentions ?? [], userId)}</div>`;
}

function editor({ edit }: WindowModel, texts: Texts, actions: Actions): TemplateResult {
  return html`<div class="field">
      <textarea
        rows="2"
        dir="auto"
        data-edit
        maxlength=${maxLength}
        aria-label=${texts("edit")}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        .value=${live(edit?.text ?? "")}
        @input=${(event: Event) => {
          actions.typeEdit((event.target as HTMLTextAreaElement).value);
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape" && !event.isComposing) {
            event.stopPropagation();
            actions.cancelEdit();
          } else {
            onKey(actions.saveEdit)(event);
          }
        }}
      ></textarea>
    </div>
    <div class="choices">
      <span class="hint keys">${keysHint(texts("hintEditKeys"))}</span>
      <button type="button" class="quiet" @click=${actions.cancelEdit}>${texts("cancel")}</button>
      <button type="button" class="strong" data-save @click=${actions.saveEdit}>${texts("save")}</button>
    </div>`;
}

function tools(model: LayerModel, shown: PlacedComment, actions: Actions): TemplateResult | typeof nothing {
  const { texts } = model;
  const { comment } = shown;
  const tool = (name: "reply" | "edit" | "delete", word: string, path: string, act: () => void): TemplateResult =>
    html`<button
      type="button"
      class="tool"
      ?data-reply-comment=${name === "reply"}
      ?data-edit-comment=${name === "edit"}
      ?data-delete-comment=${name === "delete"}
      aria-label=${word}
      title=${word}
      @click=${act}
    >
      ${icon(path)}
    </button>`;
  const all = [
    ...(canReply(model, shown)
      ? [
          tool("reply", texts("reply"), replyIcon, () => {
            actions.startReply(comment);
          }),
        ]
      : []),
    ...(canChange(model, shown)
      ? [
          tool("edit", texts("edit"), pencilIcon, () => {
            actions.startEdit(comment);
          }),
        ]
      : []),
    ...(canRemove(model, shown)
      ? [
          tool("delete", texts("delete"), trashIcon, () => {
            actions.askDelete({ commentId: comment._id });
          }),
        ]
      : []),
  ];
  return all.length === 0 ? nothing : html`<div class="tools" part="tools">${all}</div>`;
}

export function confirmation(texts: Texts, actions: Actions, what: NonNullable<WindowModel["confirming"]>): TemplateResult {
  return html`<div class="choices confirm" data-confirm>
    <span class="question">${texts(what === "marker" ? "deleteMarkerConfirm" : "deleteConfirm")}</span>
    <button type="button" class="quiet" @click=${actions.keep}>${texts("keep")}</button>
    <button
      type="button"
      class="danger"
      data-confirm-delete
      @click=${() => {
        actions.confirmDelete(what);
      }}
    >
      ${texts("confirmDelete")}
    </button>
  </div>`;
}

function role(comment: Comment, texts: Texts): TemplateResult | typeof nothing {
  if (comment.isByAdmin === true) {
    return html`<span class="tag">${texts("admin")}</span>`;
  }
  return comment.isByModerator === true ? html`<span class="tag">${texts("moderator")}</span>` : nothing;
}
