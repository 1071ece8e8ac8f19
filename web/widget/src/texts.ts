/** Every word that the widget shows, in one catalogue. `{name}` is filled in; `translations` in the config override. */
export const english = {
  markerLabel: "Conversation {number} of {total}: {comments}",
  commentsOne: "1 comment",
  commentsOther: "{count} comments",
  commentsNone: "no comments yet",
  markerUnread: "new comments",
  markerResolved: "resolved",
  markerDraft: "Your new conversation",
  pinHere: "Pin a comment by keyboard: arrow keys move the cross-hair, Enter pins",
  pinHint: "Arrows move · Enter pins",
  windowTitle: "Conversation",
  windowTitleDraft: "New conversation",
  close: "Close",
  more: "More",
  deleteMarker: "Delete conversation",
  deleteMarkerConfirm: "Delete this conversation and all its comments?",
  confirmDelete: "Delete",
  keep: "Keep",
  edit: "Edit",
  delete: "Delete",
  save: "Save",
  cancel: "Cancel",
  send: "Send",
  sending: "Sending…",
  saving: "Saving…",
  deleting: "Deleting…",
  edited: "edited",
  deletedComment: "This comment was deleted.",
  anonymous: "Anonymous",
  you: "you",
  moderator: "Moderator",
  admin: "Admin",
  commentPlaceholder: "Write a comment…",
  replyPlaceholder: "Reply…",
  commentLabel: "Comment",
  namePlaceholder: "Your name (optional)",
  nameLabel: "Your name",
  hintKeys: "Enter sends · Shift+Enter new line · Esc closes",
  hintEditKeys: "Enter saves · Esc cancels",
  charactersLeft: "{count} characters left",
  loadingComments: "Loading comments…",
  loadFailed: "The comments could not be loaded.",
  retry: "Try again",
  empty: "No comments yet.",
  emptyDraft: "What do you see here?",
  gone: "This conversation has been deleted.",
  goneWithText: "Your text is below, so that you can copy it.",
  newCommentBy: "New comment by {name}",
  readonly: "This picture is read-only.",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "Offline: you can read, but not write",
  stopped: "Live updates stopped",
  refusedOffline: "You are offline, so this was not sent. Your text is kept: send it again when you are back.",
  refusedReconnecting: "The connection is being restored, so this was not sent. Your text is kept: try again in a moment.",
  refusedStopped: "The live connection has ended, so this was not sent. Reload the page to go on.",
  refusedNetwork: "The server could not be reached. Your text is kept: try again.",
  refusedUnknown: "The server refused this.",
  refusedOfflineChange: "You are offline, so nothing was changed. Try again when you are back.",
  refusedReconnectingChange: "The connection is being restored, so nothing was changed. Try again in a moment.",
  refusedNetworkChange: "The server could not be reached, so nothing was changed. Try again.",
  stoppedBadRequest: "The server did not understand this page's settings.",
  stoppedForbidden: "You may not see the conversations on this picture.",
  stoppedNotFound: "The server does not know this picture's room.",
  stoppedFault: "The live connection ended because of a fault. Reload the page to go on.",
  snapshotFailed: "The conversations could not be loaded: {reason}",
} as const;

export type TextKey = keyof typeof english;

export type Texts = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

/** Looks words up in a catalogue; what it lacks is shown in English. */
export function textsOf(translations: Readonly<Partial<Record<string, string>>>): Texts {
  return (key, values = {}) =>
    (translations[key] ?? english[key]).replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      return value === undefined ? placeholder : String(value);
    });
}
