"""A person, erased beside nodes that run, in steps: each is a transaction, and another run goes on where one ended."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection

from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal
from imagechat.model.view import By
from imagechat.store.database import Direct
from imagechat.store.person_data import (
    CHUNK,
    Subject,
    comments_of,
    deletions_of,
    erase_comments,
    erase_events,
    erase_rows,
    events_of,
    note_rooms,
)
from imagechat.store.tenants import existing
from imagechat.store.write_events import Submitted, write_batch

Clock = Callable[[Connection], int]
"""The time in ms since 1970, by the clock that the nodes on a database go by."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many things were deleted, how many histories rewritten, and whether nothing is left in the files."""

    deleted: int
    histories: int
    is_gone: bool


def erase_person(file: Direct, subject: Subject, by: Principal, kept_ms: int, now: Clock) -> Erased:
    """Delete what a person wrote, as `by`, and take the person out of everything.

    Sessions that the person has begun end; they would have lasted for `kept_ms` at most. Raises `ValueError` where
    there is no such tenant.
    """
    pseudonym = f"erased-{token_hex(6)}"
    file.read(partial(existing, tenant_id=subject.tenant_id))
    commands = file.read(partial(deletions_of, subject=subject))
    for start in range(0, len(commands), CHUNK):
        batch = [Submitted(By(by), command) for command in commands[start : start + CHUNK]]
        file.write(partial(_write, batch=batch, now=now), locking=True)

    def erasing_rows(connection: Connection) -> set[RoomId]:
        at = now(connection)
        return erase_rows(connection, subject, pseudonym, by, at, at + kept_ms)

    rooms: set[RoomId] = file.write(erasing_rows)
    while comments := file.read(partial(comments_of, subject=subject)):
        for start in range(0, len(comments), CHUNK):
            chunk = comments[start : start + CHUNK]
            rooms |= file.write(partial(erase_comments, subject=subject, pseudonym=pseudonym, comment_ids=chunk))
    noted = _erase_events(file, subject, pseudonym, now)
    file.write(lambda connection: note_rooms(connection, subject.tenant_id, rooms - noted, now(connection)))
    return Erased(len(commands), len(rooms | noted), file.scrub())


def _write(connection: Connection, batch: list[Submitted], now: Clock) -> None:
    write_batch(connection, batch, partial(now, connection))


def _erase_events(file: Direct, subject: Subject, pseudonym: str, now: Clock) -> set[RoomId]:
    """Take a person out of the event log, and return the rooms whose history was changed.

    Each room is noted together with the last change of it: whatever ends this in between, another run goes on. What
    other nodes were writing meanwhile may be anywhere in the log, so that is read until nothing is found.
    """
    noted: set[RoomId] = set()
    while found := file.read(partial(events_of, subject=subject)):
        last_of = {room: number for number, room in found}
        for start in range(0, len(found), CHUNK):
            rows = [number for number, _ in found[start : start + CHUNK]]
            done = [room for room, last in last_of.items() if rows[0] <= last <= rows[-1]]

            def erasing(connection: Connection, rows: list[int] = rows, done: list[RoomId] = done) -> None:
                erase_events(connection, subject, pseudonym, rows)
                note_rooms(connection, subject.tenant_id, done, now(connection))

            file.write(erasing)
        noted |= last_of.keys()
    return noted
