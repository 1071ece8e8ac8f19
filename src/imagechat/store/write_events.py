"""One transaction for many commands: load what they need, decide each, write what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from imagechat.model.access import OPEN, Access, access_to
from imagechat.model.commands import Command, CreateComment, CreateMarker, UpdatePicture
from imagechat.model.decide import decide
from imagechat.model.errors import CONFLICT, Refusal
from imagechat.model.events import Event, MarkerCreated, Placed, decode_event, encode_event
from imagechat.model.held import Held
from imagechat.model.ids import RoomId
from imagechat.model.policy import Operation
from imagechat.model.principal import Principal
from imagechat.model.repeat import is_repeat, name_of
from imagechat.model.view import By, Change, View
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.holding import check_waits, held_from, held_values, read_held_by_name, release
from imagechat.store.load_view import load_view
from imagechat.store.notices import Notice, note
from imagechat.store.opinion_rows import save_opinions
from imagechat.store.own_undos import save_undos
from imagechat.store.reviewing import note_reviewed
from imagechat.store.rows import Values, comment_values, marker_values, room_values
from imagechat.store.statements import find, insert_rows, one_of, texts, update_rows

_RECEIPTS = select(tables.receipts.c.name, tables.receipts.c.places).where(one_of(tables.receipts.c.name, "names"))


@dataclass(frozen=True, slots=True)
class Release:
    """A moderator lets a held command go ahead."""

    held_id: str
    moderator: Principal


@dataclass(frozen=True, slots=True)
class Submitted:
    """A command and who gave it.

    With `hold`, the reason, it is checked and then waits for a moderator; with `release` it has waited.
    """

    by: By
    command: Command
    hold: str | None = None
    release: Release | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """What a command did. `placed` has the picture's room first; `again` marks an answer given before (IDEM1).

    `access` is who may come to those rooms after it. `found_out` marks one whose commit was lost sight of, and that was
    found there at the next try: nobody had been answered.
    """

    placed: tuple[Placed, ...]
    encoded: tuple[bytes, ...]
    epochs: tuple[str, ...]
    access: Access = OPEN
    again: bool = False
    found_out: bool = False

    @property
    def is_news(self) -> bool:
        """Whether nobody has been answered so before."""
        return not self.again or self.found_out


Places = tuple[tuple[str, int], ...]
"""Where the events of a command that was carried out are: room id, seq."""


@dataclass(slots=True)
class _Batch:
    """The working set of one transaction."""

    view: View
    loaded: View
    receipts: dict[str, Places]
    events: dict[tuple[str, int], Placed]
    waiting: dict[str, Held]
    new_events: list[Values] = field(default_factory=list)
    new_receipts: list[Values] = field(default_factory=list)
    new_held: list[Values] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    """Tenants of which a picture is other people's now: its threads are too, and each node is to look."""


Outcome = Committed | Held | Exception


def write_batch(connection: Connection, batch: Sequence[Submitted], now: Callable[[], int]) -> list[Outcome]:
    """Carry commands out in order, each on top of the one before; a refused one changes nothing for the others.

    Returns an outcome for each. Raises what the database raises, and then nothing was written.
    """
    work = _load(connection, batch)
    outcomes = [_carry_out(connection, work, submitted, now) for submitted in batch]
    _save(connection, work)
    for tenant_id in sorted(work.shared):
        note(connection, Notice(tenant_id), now())
    return outcomes


def _carry_out(connection: Connection, work: _Batch, submitted: Submitted, now: Callable[[], int]) -> Outcome:
    command, name = submitted.command, _receipt_name(submitted)
    try:
        answered = work.receipts.get(name)
        if answered is not None:
            return _again(connection, work, submitted, answered)
        if name in work.waiting:
            return _held_again(command, work.waiting[name])
        if submitted.release is not None:
            check_waits(connection, submitted.release.held_id)
        change = decide(work.view, submitted.by, command, now())
        if submitted.release is not None:
            release(connection, submitted.release.held_id)
            made = {submitted.release.held_id, *(each.comment.id for each in change.comments)}
            note_reviewed(connection, submitted.release.moderator, made, change.placed[0].event.timestamp)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with one command is its own; the others go on
        return error
    if submitted.hold is not None:
        work.waiting[name] = held = held_from(change, submitted.by, command, submitted.hold)
        work.new_held.append(held_values(held, name))
        return held
    work.view.put(change)
    if isinstance(command, UpdatePicture) and command.shares:
        work.shared.add(command.tenant_id)
    committed = Committed(
        change.placed,
        tuple(encode_event(placed.event) for placed in change.placed),
        tuple(room.epoch for room in change.rooms),
        change.access,
    )
    _note(work, submitted, committed)
    _note_act(work, submitted, change)
    return committed


def _note_act(work: _Batch, submitted: Submitted, change: Change) -> None:
    """Keep what was done by a moderator's right, for the audit log."""
    command, who = submitted.command, submitted.by.principal
    act = change.act
    if submitted.release is not None:
        act, who = f"let {'a marker' if change.markers else 'a comment'} go ahead", submitted.release.moderator
    if act is not None:
        what = change.markers[0].id if change.markers else change.comments[0].comment.id if change.comments else ""
        timestamp = change.placed[0].event.timestamp
        work.acts.append(
            Act(command.tenant_id, timestamp, who.user_id, act, what or change.rooms[0].url_id, who.address)
        )


def _held_again(command: Command, held: Held) -> Held:
    same = type(held.command) is type(command) and held.command.url_id == getattr(command, "url_id", None)
    if not same:
        raise Refusal(CONFLICT, "This broadcastId was used for another operation: make a new one for each.")
    return held


def _receipt_name(submitted: Submitted) -> str:
    principal = submitted.by.principal if submitted.release is None else submitted.release.moderator
    return name_of(submitted.command, principal)


def _note(work: _Batch, submitted: Submitted, committed: Committed) -> None:
    """Keep what a command did, for the log and for the next command with the same broadcastId."""
    for placed, data in zip(committed.placed, committed.encoded, strict=True):
        event = placed.event
        work.events[placed.room_id, event.seq] = placed
        work.new_events.append(
            {
                "room_id": placed.room_id,
                "seq": event.seq,
                "timestamp": event.timestamp,
                "broadcast_id": event.broadcast_id,
                "data": data.decode(),
            }
        )
    name = _receipt_name(submitted)
    places = tuple((placed.room_id, placed.event.seq) for placed in committed.placed)
    work.receipts[name] = places
    work.new_receipts.append(
        {
            "timestamp": committed.placed[0].event.timestamp,
            "name": name,
            "places": msgspec.json.encode(places).decode(),
        }
    )


def _again(connection: Connection, work: _Batch, submitted: Submitted, places: Places) -> Committed:
    """Return the answer that was given before, from the log (IDEM1), if the caller may still know of that place."""
    command, room = submitted.command, work.view.rooms.get(RoomId(places[0][0]))
    if room is not None:  # else it is another command
        picture = work.view.rooms.get(RoomId(room.picture_id or room.id), room)
        submitted.by.check(Operation.READ, command, access_to(picture))
    found = tuple(work.events.get(place) or _read_event(connection, place) for place in places)
    if not is_repeat(submitted.command, found) or not _is_as_given(submitted, found[0].event):
        raise Refusal(CONFLICT, "This broadcastId was used for another operation: make a new one for each.")
    return Committed(found, (), (), again=True)


def _is_as_given(submitted: Submitted, event: Event) -> bool:
    """Tell whether what a create made is the thing that was to be let go ahead, or else the caller's own."""
    if submitted.release is None:
        is_create = isinstance(submitted.command, CreateMarker | CreateComment)
        return not is_create or event.user_id == submitted.by.principal.user_id
    made = event.conversation if isinstance(event, MarkerCreated) else getattr(event, "comment", None)
    return getattr(made, "id", None) == submitted.release.held_id


def _read_event(connection: Connection, place: tuple[str, int]) -> Placed:
    room_id, seq = place
    query = select(tables.events.c.data).where(tables.events.c.room_id == room_id, tables.events.c.seq == seq)
    data = connection.execute(query).scalar()
    if data is None:
        raise Refusal(CONFLICT, "This broadcastId was used before, and its answer is not kept any more.")
    return Placed(RoomId(room_id), decode_event(data))


def _load(connection: Connection, batch: Sequence[Submitted]) -> _Batch:
    names = {_receipt_name(submitted) for submitted in batch}
    view = load_view(connection, [(submitted.command, submitted.by) for submitted in batch])
    answered = {
        row.name: tuple((room, seq) for room, seq in msgspec.json.decode(row.places))
        for row in find(connection, _RECEIPTS, names=texts(names))
    }
    loaded = View(
        view.epoch,
        dict(view.rooms),
        dict(view.markers),
        dict(view.comments),
        dict(view.opinions),
        undos=dict(view.undos),
    )
    return _Batch(view, loaded, answered, {}, read_held_by_name(connection, names))


def _save(connection: Connection, work: _Batch) -> None:
    _save_changed(connection, tables.rooms, work.loaded.rooms, work.view.rooms, room_values)
    _save_changed(connection, tables.markers, work.loaded.markers, work.view.markers, marker_values)
    _save_changed(connection, tables.comments, work.loaded.comments, work.view.comments, comment_values)
    save_undos(connection, work.loaded, work.view)
    save_opinions(connection, work.loaded, work.view)
    insert_rows(connection, tables.events, work.new_events)
    insert_rows(connection, tables.receipts, work.new_receipts)
    insert_rows(connection, tables.held, work.new_held)
    for act in work.acts:
        write_act(connection, act)


def _save_changed(
    connection: Connection,
    table: Table,
    before: dict[Any, Any],
    after: dict[Any, Any],
    values: Callable[[Any], Values],
) -> None:
    # in the order of their ids: two nodes that make the same rooms do not wait for each other
    insert_rows(connection, table, [values(after[key]) for key in sorted(after.keys() - before.keys())])
    update_rows(
        connection,
        table,
        [values(thing) for key, thing in after.items() if key in before and before[key] is not thing],
    )
