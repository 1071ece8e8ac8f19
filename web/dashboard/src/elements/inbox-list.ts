/** The entries of the inbox, or why there are none. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { App } from "../context.ts";
import type { Inbox } from "../inbox.ts";
import type { Entry, InboxState } from "../shapes.ts";
import type { TextKey } from "../texts.ts";
import { entryView, type EntryCommand } from "./entry.ts";
import { inboxIcon } from "./icons.ts";
import { empty } from "./states.ts";

export interface InboxList {
  readonly app: App;
  readonly tenant: string;
  readonly inbox: Inbox;
  readonly isSearch: boolean;
  readonly isReadingMore: boolean;
  readonly select: (entry: Entry, event: MouseEvent) => void;
  readonly activate: (entry: Entry) => void;
  readonly act: (entry: Entry, command: EntryCommand) => void;
  readonly more: (before: string) => void;
}

const emptyWords: Readonly<Record<InboxState, readonly [TextKey, TextKey]>> = {
  new: ["inboxDone", "inboxDoneHint"],
  held: ["noneHeld", "noneHeldHint"],
  all: ["noneAtAll", "noneAtAllHint"],
  deleted: ["noneDeleted", "noneDeletedHint"],
};

export function inboxList(list: InboxList): TemplateResult {
  const { app, tenant, inbox, isSearch, select, activate, act } = list;
  const t = app.texts;
  if (inbox.entries.length === 0) {
    const [title, hint] = emptyWords[inbox.state];
    return html`${isSearch ? empty(inboxIcon, t("nothingFound")) : empty(inboxIcon, t(title), t(hint))}${earlier(list)}`;
  }
  return html`<ul class="entries card flush" aria-label=${t("navModeration")}>
      ${repeat(
        inbox.entries,
        ({ id }) => id,
        (entry) =>
          entryView({
            app,
            tenant,
            entry,
            isActive: entry.id === inbox.active,
            isSelected: inbox.selected.has(entry.id),
            isGone: inbox.gone.has(entry.id),
            select: (event) => {
              select(entry, event);
            },
            activate: () => {
              activate(entry);
            },
            act: (command) => {
              act(entry, command);
            },
          }),
      )}
    </ul>
    ${earlier(list)}`;
}

/** There may be more also where there is nothing yet: a search goes back a part at a time. */
function earlier({ app, inbox: { nextBefore }, isReadingMore, more }: InboxList): TemplateResult | typeof nothing {
  return nextBefore === null
    ? nothing
    : html`<p class="center">
        <button
          type="button"
          class="button"
          data-more
          ?disabled=${isReadingMore}
          @click=${() => {
            more(nextBefore);
          }}
        >
          ${app.texts("earlier")}
        </button>
      </p>`;
}
