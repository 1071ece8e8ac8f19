"""What people think of comments: loaded, saved, and read for a list."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, or_, select, update

from imagechat.model.commands import Needs
from imagechat.model.entities import Opinion
from imagechat.model.ids import opinion_id
from imagechat.model.opinions import is_counted
from imagechat.model.view import View
from imagechat.model.wire import Comment
from imagechat.store import tables
from imagechat.store.rows import opinion_from, opinion_values
from imagechat.store.statements import find, insert_rows, one_of, texts, update_rows

_columns = tables.opinions.c
_OF_IDS = select(tables.opinions).where(one_of(_columns.id, "ids"))
_OPINIONS = select(tables.opinions).where(or_(one_of(_columns.id, "ids"), one_of(_columns.comment_id, "comment_ids")))


def load_opinions(connection: Connection, view: View, needs: Needs) -> None:
    """Load what commands need; most need nothing."""
    if needs.opinions or needs.opinions_of:
        found = find(connection, _OPINIONS, ids=texts(needs.opinions), comment_ids=texts(needs.opinions_of))
        for row in found:
            view.opinions[row.id] = opinion_from(row)


def save_opinions(connection: Connection, before: View, after: View) -> None:
    """Write what has changed; an opinion of which nothing is left goes, and those of deleted comments wait."""
    changed = [each for name, each in after.opinions.items() if before.opinions.get(name) is not each]
    changed.sort(key=lambda each: each.id)
    known, kept = before.opinions, [each for each in changed if not each.is_none]
    insert_rows(connection, tables.opinions, [opinion_values(each) for each in kept if each.id not in known])
    update_rows(connection, tables.opinions, [opinion_values(each) for each in kept if each.id in known])
    if withdrawn := [each.id for each in changed if each.is_none and each.id in known]:
        connection.execute(delete(tables.opinions).where(_columns.id.in_(withdrawn)))
    for name, comment in after.comments.items():
        if comment.comment.is_deleted is True and before.comments.get(name) is not comment:
            gone_at = after.rooms[comment.thread_id].last_timestamp
            waiting = (_columns.comment_id == name) & _columns.gone_at.is_(None)
            connection.execute(update(tables.opinions).where(waiting).values(gone_at=gone_at))


def own_opinions(connection: Connection, user_id: str, comments: Iterable[Comment]) -> dict[str, Opinion]:
    """Return what somebody thinks of some comments, by their ids."""
    ids = {opinion_id(comment.id, user_id) for comment in comments if is_counted(comment)}
    if not ids:
        return {}
    found = map(opinion_from, find(connection, _OF_IDS, ids=texts(ids)))
    return {each.comment_id: each for each in found if not each.is_none}
