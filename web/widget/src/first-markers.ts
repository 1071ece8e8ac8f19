/** A picture's markers as one answer of the server has them, before anything live is known of them. Pure. */
import type { MarkerModel } from "./view/model.ts";
import type { Conversation } from "./wire.ts";

/** As many as are drawn at once without keeping the page from its visitor; others follow at their pace (pace.ts). */
const atOnce = 100;

export function firstMarkers(conversations: readonly Conversation[], hidesResolved: boolean): MarkerModel[] {
  return conversations
    .map(
      (conversation, index): MarkerModel => ({
        key: conversation.urlId,
        number: index + 1,
        conversation,
        pending: false,
        kind: "shown",
        isOpen: false,
        isUnread: false,
        hasNotice: false,
        isOwn: false,
      }),
    )
    .filter(({ conversation: { resolved } }) => !(hidesResolved && resolved))
    .slice(0, atOnce);
}
