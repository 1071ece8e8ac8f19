"""Many markers and comments deleted at once: what would go, what went, and how it comes back."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, insert, select, update

from imagechat.model.errors import CONFLICT, NOT_FOUND, Refusal
from imagechat.model.ids import RoomId, inbox_of, room_id
from imagechat.model.principal import Principal
from imagechat.model.wire import Comment
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.holding import wait_again
from imagechat.store.notices import Notice, note
from imagechat.store.read_rooms import May, enter, passes, read_access
from imagechat.store.rows import comment_from
from imagechat.store.spam_texts import lift_texts, thing_of
from imagechat.store.statements import find, one_of, texts
from imagechat.store.tenant_rows import in_tenant, names_user

MOST_AT_ONCE = 10_000
"""Things that one mass deletion takes at most: they are one row, so that they can be undone together."""
UNDONE_WITHIN_MS = 24 * 3_600_000
DONE, UNDONE, OWN = "done", "undone", "own"
"""What a row's `state` says; `own` is of a single thing (see `own_undos`), and no mass deletion."""
_MOST_SAID = 200
"""Characters of ids in the audit log."""

_ROOMS_OF_MARKERS = select(tables.markers.c.id, tables.markers.c.room_id).where(one_of(tables.markers.c.id, "ids"))
_ROOMS_OF_HELD = select(tables.held.c.id, tables.held.c.room_id).where(one_of(tables.held.c.id, "ids"))


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """What a mass deletion takes: whole markers, and comments as they were, oldest first.

    It is of a user, on a picture, or of things that were chosen by their `ids`. Where those were spam, `texts` are the
    bans of their words, and `turned_down` is what had waited.
    """

    id: str
    by: str
    user_id: str | None = None
    url_id: str | None = None
    ids: list[str] | None = None
    is_spam: bool = False
    texts: list[str] = []
    turned_down: list[str] = []
    created_at: int
    until: int
    markers: list[str]
    comments: list[Comment]

    @property
    def size(self) -> int:
        """How many things it takes; a marker is one, whatever its thread holds."""
        return len(self.markers) + len(self.comments)

    @property
    def of(self) -> str:
        """Whose things, or on which picture."""
        return self.user_id or self.url_id or ", ".join(self.ids or [])[:_MOST_SAID]

    @property
    def in_words(self) -> str:
        """What it takes, for the audit log."""
        how = "of a user" if self.user_id is not None else "on a picture" if self.url_id is not None else "one by one"
        count = self.size + len(self.turned_down)
        return f"{count:,} things {how}{' as spam' if self.is_spam else ''}"

    def is_of_the_same(self, other: "Deletion") -> bool:
        """Tell whether another one was asked for in the same words."""
        mine, theirs = ((each.user_id, each.url_id, each.ids, each.is_spam) for each in (self, other))
        return mine == theirs


_deletion = msgspec.json.Decoder(Deletion)
_encoder = msgspec.json.Encoder()


def deletion_from(body: str) -> Deletion:
    """Return the mass deletion of a row's `body`."""
    return _deletion.decode(body)


def of_user(connection: Connection, tenant_id: str, user_id: str, may: May) -> tuple[list[str], list[Comment]]:
    """Return the markers and comments of a user that are there and that the caller may know of."""
    allowed = _Allowed(connection, may)
    markers, comments = tables.markers.c, tables.comments.c
    made = select(markers.id, markers.room_id, markers.thread_id).where(
        in_tenant(markers.room_id, tenant_id), markers.user_id == user_id, markers.deleted.is_(False)
    )
    rows = [row for row in connection.execute(made.order_by(markers.id)) if allowed.to(row.room_id)]
    gone = {row.thread_id for row in rows}
    deleted = select(markers.thread_id).where(markers.thread_id == comments.thread_id, markers.deleted.is_(True))
    written = select(tables.comments).where(
        in_tenant(comments.thread_id, tenant_id),
        comments.removed.is_(False),
        names_user(comments.body, user_id),
        ~deleted.exists(),
    )
    found = [comment_from(row) for row in connection.execute(written.order_by(comments.position, comments.id))]
    return [row.id for row in rows], [
        each.comment
        for each in found
        if each.comment.user_id == user_id
        and each.comment.is_deleted is not True
        and each.thread_id not in gone
        and allowed.to(each.thread_id)
    ]


def on_picture(connection: Connection, room_id: RoomId, may: May) -> list[str]:
    """Return the markers of a picture. Raises `Refusal` where the caller may not know of it."""
    enter(connection, room_id, may)
    markers = tables.markers.c
    query = select(markers.id).where(markers.room_id == room_id, markers.deleted.is_(False)).order_by(markers.id)
    return list(connection.execute(query).scalars())


def of_ids(connection: Connection, tenant_id: str, ids: Collection[str], may: May) -> tuple[list[str], list[Comment]]:
    """Return those of some markers and comments that are there and that the caller may know of."""
    allowed, table, columns = _Allowed(connection, may), tables.markers, tables.markers.c
    chosen = select(columns.id, columns.room_id, columns.thread_id).where(
        columns.id.in_(ids), columns.deleted.is_(False), in_tenant(columns.room_id, tenant_id)
    )
    rows = [row for row in connection.execute(chosen) if allowed.to(row.room_id)]
    comments = tables.comments.c
    query = select(tables.comments).where(
        comments.id.in_(ids), comments.removed.is_(False), in_tenant(comments.thread_id, tenant_id)
    )
    found = sorted(map(comment_from, connection.execute(query)), key=lambda each: (each.position, each.comment.id))
    threads = {each.thread_id for each in found}
    deleted = select(columns.thread_id).where(columns.thread_id.in_(threads), columns.deleted.is_(True))
    gone = {row.thread_id for row in rows} | set(connection.execute(deleted.select_from(table)).scalars())
    return sorted(row.id for row in rows), [
        each.comment
        for each in found
        if each.thread_id not in gone and each.comment.is_deleted is not True and allowed.to(each.thread_id)
    ]


def begin(connection: Connection, by: Principal, deletion: Deletion, confirm: int) -> Deletion:
    """Write down what is going to be taken, before it is; one that was begun under the same id goes on.

    Raises `Refusal` when `confirm` is not how much it is, or the id is that of another one.
    """
    table = tables.deletions
    begun = read_begun(connection, deletion)
    if begun is not None:
        return begun
    if confirm != deletion.size:
        raise Refusal(CONFLICT, f"This would delete {deletion.size:,} things: confirm with that number.")
    connection.execute(
        insert(table).values(
            id=deletion.id,
            tenant_id=by.tenant_id,
            created_at=deletion.created_at,
            until=deletion.until,
            state=DONE,
            body=_encoder.encode(deletion).decode(),
        )
    )
    act = f"delete {deletion.in_words}"
    write_act(connection, Act(by.tenant_id, deletion.created_at, by.user_id, act, deletion.of, by.address))
    return deletion


def read_begun(connection: Connection, deletion: Deletion) -> Deletion | None:
    """Return the one that was begun under the same id, if so. Raises `Refusal` when that was another one."""
    table = tables.deletions
    body = connection.execute(select(table.c.body).where(table.c.id == deletion.id)).scalar()
    if body is None:
        return None
    begun = deletion_from(body)
    if not begun.is_of_the_same(deletion):
        raise Refusal(CONFLICT, "This broadcastId was used for another operation: make a new one for each.")
    return begun


def undo(connection: Connection, by: Principal, deletion_id: str, may: May, now: int) -> Deletion:
    """Return what a mass deletion took, to be brought back, as far as the caller may know of it.

    Raises `Refusal` when it is too late, or not there.
    """
    table = tables.deletions
    row = connection.execute(
        select(table).where(table.c.id == deletion_id, table.c.tenant_id == by.tenant_id, table.c.state != OWN)
    ).one_or_none()
    taken = None if row is None else deletion_from(row.body)
    deletion = None if taken is None else _known_part(connection, by.tenant_id, taken, may)
    if row is None or deletion is None:
        raise Refusal(NOT_FOUND, "There is no mass deletion by that name.")
    if row.until <= now:
        raise Refusal(CONFLICT, "It is too late: a mass deletion can be undone for a day.")
    if row.state != UNDONE:
        if deletion is taken:  # else the rest is for others to bring back
            connection.execute(update(table).where(table.c.id == deletion_id).values(state=UNDONE))
        write_act(
            connection,
            Act(by.tenant_id, now, by.user_id, f"undo the deletion of {deletion.in_words}", deletion.of, by.address),
        )
        if deletion.is_spam:
            lift_texts(connection, by.tenant_id, deletion.texts)
            wait_again(connection, deletion.turned_down)
            note(connection, Notice(by.tenant_id), now)
            note(connection, Notice(by.tenant_id, room_id=inbox_of(by.tenant_id)), now)
    return deletion


def list_deletions(connection: Connection, tenant_id: str, may: May, now: int) -> Sequence[tuple[Deletion, bool]]:
    """Return the mass deletions of a tenant that can be undone, or were, the newest first, as the caller may see them.

    What they took from pictures that are not the caller's is left out, and so is one that took nothing else.
    """
    table = tables.deletions
    query = select(table).where(table.c.tenant_id == tenant_id, table.c.until > now, table.c.state != OWN)
    found = [
        (_known_part(connection, tenant_id, deletion_from(row.body), may), row.state == UNDONE)
        for row in connection.execute(query.order_by(table.c.created_at.desc())).all()
    ]
    return [(deletion, is_undone) for deletion, is_undone in found if deletion is not None]


def _known_part(connection: Connection, tenant_id: str, taken: Deletion, may: May) -> Deletion | None:
    """Return a mass deletion without what it took from pictures that the caller may not see; None if that was all."""
    rooms: dict[str, str] = {each.id: room_id(tenant_id, each.url_id) for each in taken.comments}
    for query, ids in ((_ROOMS_OF_MARKERS, taken.markers), (_ROOMS_OF_HELD, taken.turned_down)):
        rooms |= {row.id: row.room_id for row in find(connection, query, ids=texts(ids))} if ids else {}
    access = read_access(connection, {RoomId(room) for room in rooms.values()})
    hidden = {thing for thing, room in rooms.items() if not passes(may, access[RoomId(room)])}
    if not hidden:
        return taken
    known = msgspec.structs.replace(
        taken,
        markers=[each for each in taken.markers if each not in hidden],
        comments=[each for each in taken.comments if each.id not in hidden],
        texts=[each for each in taken.texts if thing_of(each) not in hidden],
        turned_down=[each for each in taken.turned_down if each not in hidden],
    )
    return known if known.size or known.turned_down else None


class _Allowed:
    """The rooms that the caller may know of, each looked at once."""

    def __init__(self, connection: Connection, may: May) -> None:
        self._connection = connection
        self._may = may
        self._known: dict[str, bool] = {}

    def to(self, room_id: str) -> bool:
        if room_id not in self._known:
            try:
                enter(self._connection, RoomId(room_id), self._may)
            except Refusal:
                self._known[room_id] = False
            else:
                self._known[room_id] = True
        return self._known[room_id]
