"""What people have just deleted and may bring back: rows beside the mass deletions, each of one thing."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from imagechat.model.commands import Command, UndoCommentDeletion, UndoMarkerDeletion
from imagechat.model.entities import Undo
from imagechat.model.view import View
from imagechat.store import tables
from imagechat.store.mass_deletion import OWN, Deletion, deletion_from
from imagechat.store.rows import Values
from imagechat.store.statements import find, insert_rows, one_of, texts

_UNDOS = select(tables.deletions.c.body, tables.deletions.c.until, tables.deletions.c.tenant_id).where(
    one_of(tables.deletions.c.id, "ids")
)


def load_undos(connection: Connection, commands: Sequence[Command]) -> dict[str, Undo | None]:
    """Return what may be brought back of what commands want back, to be read under the locks of its rooms."""
    things = {command.marker_id for command in commands if isinstance(command, UndoMarkerDeletion)}
    things |= {command.comment_id for command in commands if isinstance(command, UndoCommentDeletion)}
    if not things:
        return {}
    found = [
        _undo(row.body, row.until, row.tenant_id)
        for row in find(connection, _UNDOS, ids=texts({_name(thing) for thing in things}))
    ]
    return {undo.thing_id: undo for undo in found}


def save_undos(connection: Connection, loaded: View, view: View) -> None:
    """Write what may be brought back from now on, in the place of what was deleted before, and by whomever."""
    known = loaded.undos
    changed = {thing: undo for thing, undo in view.undos.items() if thing not in known or known[thing] is not undo}
    if not changed:
        return
    table = tables.deletions
    connection.execute(delete(table).where(table.c.id.in_([_name(thing) for thing in sorted(changed)])))
    insert_rows(connection, table, [_values(undo) for _, undo in sorted(changed.items()) if undo is not None])


def _name(thing_id: str) -> str:
    return f"own-{thing_id}"


def _undo(body: str, until: int, tenant_id: str) -> Undo:
    taken = deletion_from(body)
    [thing_id] = taken.ids or []
    comment = taken.comments[0] if taken.comments else None
    return Undo(
        thing_id=thing_id, tenant_id=tenant_id, user_id=taken.by, at=taken.created_at, until=until, comment=comment
    )


def _values(undo: Undo) -> Values:
    deletion = Deletion(
        id=_name(undo.thing_id),
        by=undo.user_id,
        ids=[undo.thing_id],
        created_at=undo.at,
        until=undo.until,
        markers=[] if undo.comment is not None else [undo.thing_id],
        comments=[] if undo.comment is None else [undo.comment],
    )
    return {
        "id": deletion.id,
        "tenant_id": undo.tenant_id,
        "created_at": undo.at,
        "until": undo.until,
        "state": OWN,
        "body": msgspec.json.encode(deletion).decode(),
    }
