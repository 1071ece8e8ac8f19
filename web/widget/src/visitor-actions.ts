/** What each thing that a visitor does in an open window does to the windows, the room and the server. */
import type { OwnChanges } from "./own-changes.ts";
import { commentsShown } from "./pace.ts";
import type { RoomSync } from "./room-sync.ts";
import type { Session } from "./session.ts";
import type { MarkerChange } from "./pending-changes.ts";
import type { TextKey } from "./texts.ts";
import type { Actions, LayerActions } from "./view/model.ts";
import type { Windows } from "./windows.ts";
import type { Comment, Conversation } from "./wire.ts";

export interface VisitorActionsParts {
  readonly sync: RoomSync;
  readonly windows: Windows;
  readonly changes: OwnChanges;
  readonly session: Session;
  readonly layer: LayerActions;
  readonly announce: (key: TextKey) => void;
  readonly tell: (key: TextKey) => void;
  readonly findPeople: Actions["findPeople"];
  readonly onTyped: (key: string, text: string) => void;
  readonly render: () => void;
}

export function visitorActions(parts: VisitorActionsParts): Actions {
  const { sync, windows, changes, session, layer } = parts;
  const commentInOpenWindow = (id: string | undefined): Comment | undefined => {
    const { open } = windows;
    return open === null || id === undefined ? undefined : sync.comment(open.key, id);
  };

  const confirmDelete = (what: Parameters<Actions["confirmDelete"]>[0]): Promise<void> | undefined => {
    const { open } = windows;
    if (what === "marker") {
      return open === null ? undefined : changes.deleteMarker(open.conversation);
    }
    const comment = commentInOpenWindow(what.commentId);
    return comment && changes.deleteComment(comment);
  };
  const changeMarker = async (conversation: Conversation, what: MarkerChange): Promise<void> => {
    if (await changes.markers.change(conversation, what)) {
      parts.announce(what.resolved === undefined ? "moved" : what.resolved ? "resolved" : "reopened");
    }
  };
  const then =
    <A extends readonly unknown[]>(act: (...given: A) => unknown) =>
    (...given: A): void => {
      act(...given);
      parts.render();
    };
  const change = (part: Parameters<Windows["change"]>[1]): void => {
    const { open } = windows;
    if (open !== null) {
      windows.change(open.key, part);
    }
  };
  return {
    ...layer,
    type: (text) => {
      layer.type(text);
      if (windows.open !== null) {
        parts.onTyped(windows.open.key, text);
      }
    },
    change: then((key, what) => {
      const marker = sync.markers().find(({ conversation }) => conversation.urlId === key);
      if (marker !== undefined) {
        void changeMarker(marker.conversation, what);
      }
    }),
    tell: parts.tell,
    typeName: then((name) => {
      session.rename(name);
    }),
    send: then((website) => changes.send(website)),
    retryLoad: then(() => {
      const { open } = windows;
      if (open !== null) {
        sync.retry(open.key);
      }
    }),
    showEarlier: then(() => {
      change({ shown: (windows.open?.shown ?? 0) + commentsShown });
    }),
    startReply: then((comment) => {
      change({ replyTo: comment._id, edit: null, confirming: null });
    }),
    cancelReply: then(() => {
      change({ replyTo: null });
    }),
    startEdit: then((comment) => {
      change({ edit: { commentId: comment._id, text: comment.comment }, confirming: null });
    }),
    typeEdit: then((text) => {
      const edit = windows.open?.edit;
      if (edit) {
        change({ edit: { ...edit, text } });
      }
    }),
    saveEdit: then(() => {
      const comment = commentInOpenWindow(windows.open?.edit?.commentId);
      return comment && changes.saveEdit(comment, windows.open?.edit?.text ?? "");
    }),
    cancelEdit: then(() => {
      change({ edit: null });
    }),
    vote: then((comment, pressed) => changes.opinions.vote(comment, pressed)),
    react: then((comment, emoji) => changes.opinions.react(comment, emoji)),
    findPeople: parts.findPeople,
    mention: (mention) => {
      changes.mentioned.choose(mention);
    },
    isMentioned: (tag) => changes.mentioned.has(tag),
    askDelete: then((confirming) => {
      change({ confirming });
    }),
    confirmDelete: then((what) => confirmDelete(what)),
    keep: then(() => {
      change({ confirming: null });
    }),
  };
}
