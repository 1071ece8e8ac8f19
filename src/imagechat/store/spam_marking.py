"""What a moderator marks as spam: it is deleted, or turned down where it waits, and its words wait from then on."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from imagechat.model.held import Held
from imagechat.model.ids import inbox_of
from imagechat.model.principal import Principal
from imagechat.store.holding import end_waiting
from imagechat.store.mass_deletion import Deletion, begin, read_begun
from imagechat.store.notices import Notice, note
from imagechat.store.spam_texts import ban_texts


def begin_spam(connection: Connection, by: Principal, plan: Deletion, waiting: Sequence[Held]) -> Deletion:
    """Ban the words of what a plan takes and of what waits, turn that down, and begin the deletion.

    One that was begun under the same id goes on as it is. Raises `Refusal` where that id is another one's.
    """
    begun = read_begun(connection, plan)
    if begun is not None:
        return begun
    now, comments = plan.created_at, {comment.id: comment.comment for comment in plan.comments}
    held = {each.id: each.comment.comment for each in waiting if each.comment is not None}
    texts = ban_texts(connection, by, comments | held, comments, now)
    turned_down = [each.id for each in waiting]
    end_waiting(connection, turned_down)
    deletion = msgspec.structs.replace(plan, texts=texts, turned_down=turned_down)
    begin(connection, by, deletion, deletion.size)
    note(connection, Notice(by.tenant_id), now)
    note(connection, Notice(by.tenant_id, room_id=inbox_of(by.tenant_id)), now)
    return deletion
