/** Under a comment: its votes and its emoji. Buttons for whoever may give some, and for others what there is. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { ownDirection } from "../opinion-changes.ts";
import type { ShownComment } from "../pending-changes.ts";
import type { Texts } from "../texts.ts";
import type { Comment } from "../wire.ts";
import { icon } from "./icon-template.ts";
import { downIcon, smileIcon, upIcon } from "./icons.ts";
import { canJudge, isSettled, type Actions, type LayerModel } from "./model.ts";
import { given, reactionName } from "./reactions.ts";

export function opinionRow(model: LayerModel, shown: ShownComment, actions: Actions): TemplateResult | typeof nothing {
  const { texts } = model;
  const { comment } = shown;
  if (canJudge(model, shown)) {
    return html`<div class="opinions" part="opinions" data-opinions>
      ${voting(texts, comment, actions)}
      ${repeat(
        given(comment.reactions),
        ([emoji]) => emoji,
        ([emoji, count]) => reaction(texts, comment, emoji, count, actions),
      )}
      <button
        type="button"
        class="opinion add"
        part="add-reaction"
        data-add-reaction=${comment._id}
        aria-label=${texts("addReaction")}
        title=${texts("addReaction")}
        aria-haspopup="menu"
        aria-expanded="false"
      >
        ${icon(smileIcon)}
      </button>
    </div>`;
  }
  const isCounted = comment.votes !== undefined || comment.reactions !== undefined;
  return isSettled(shown) && isCounted
    ? html`<div class="opinions" part="opinions" data-opinions="counts">${counts(texts, comment)}</div>`
    : nothing;
}

function voting(texts: Texts, comment: Comment, actions: Actions): TemplateResult {
  const { votes, votesUp = 0, votesDown = 0 } = comment;
  const own = ownDirection(comment);
  const button = (direction: 1 | -1, count: number): TemplateResult => {
    const name = texts(direction === 1 ? "voteUp" : "voteDown");
    return html`<button
      type="button"
      class="opinion vote"
      part="vote"
      data-vote=${direction === 1 ? "up" : "down"}
      aria-pressed=${own === direction}
      aria-label=${counted(texts, name, count, own === direction)}
      title=${own === direction ? texts("removeVote") : name}
      @click=${() => {
        actions.vote(comment, direction);
      }}
    >
      ${icon(direction === 1 ? upIcon : downIcon)}
    </button>`;
  };
  return html`<span class="votes" part="votes"
    >${button(1, votesUp)}<span class="score" data-score aria-hidden="true">${votes === undefined ? nothing : texts.number(votes)}</span
    >${button(-1, votesDown)}</span
  >`;
}

function reaction(texts: Texts, comment: Comment, emoji: string, count: number, actions: Actions): TemplateResult {
  const isOwn = comment.myReactions?.includes(emoji) === true;
  const name = reactionName(texts, emoji);
  return html`<button
    type="button"
    class="opinion given"
    part="reaction"
    data-reaction=${emoji}
    aria-pressed=${isOwn}
    aria-label=${counted(texts, name, count, isOwn)}
    title=${isOwn ? texts("removeReaction") : name}
    @click=${() => {
      actions.react(comment, emoji);
    }}
  >
    <span class="emoji" aria-hidden="true">${emoji}</span><span aria-hidden="true">${texts.number(count)}</span>
  </button>`;
}

function counts(texts: Texts, { votes, reactions, isVotedUp, isVotedDown, myReactions }: Comment): TemplateResult[] {
  const count = (seen: TemplateResult, spoken: string): TemplateResult =>
    html`<span class="opinion given" part="reaction"><span class="seen" aria-hidden="true">${seen}</span><span class="spoken">${spoken}</span></span>`;
  const isVoted = isVotedUp === true || isVotedDown === true;
  return [
    ...(votes === undefined
      ? []
      : [count(html`${icon(votes < 0 ? downIcon : upIcon)} ${texts.number(votes)}`, withYou(texts, texts("votes", { count: votes }), isVoted))]),
    ...given(reactions).map(([emoji, number]) =>
      count(
        html`<span class="emoji">${emoji}</span>${texts.number(number)}`,
        counted(texts, reactionName(texts, emoji), number, myReactions?.includes(emoji) === true),
      ),
    ),
  ];
}

/** As it is read out: what it is, how many gave it, and whether the visitor is one of them. */
function counted(texts: Texts, name: string, count: number, isOwn: boolean): string {
  return withYou(texts, count === 0 ? name : `${name}, ${texts.number(count)}`, isOwn);
}

function withYou(texts: Texts, words: string, isOwn: boolean): string {
  return isOwn ? `${words}, ${texts("includingYou")}` : words;
}
