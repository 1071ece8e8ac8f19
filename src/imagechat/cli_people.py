"""`imagechat person …`: a person's data, given out or erased."""

from contextlib import closing
from functools import partial
from secrets import token_hex
from typing import Any

import click
from sqlalchemy import Connection

from imagechat.cli_plain import as_text, data_option, from_database, now_in, plainly
from imagechat.model.ids import RoomId
from imagechat.model.view import By
from imagechat.opening import open_beside_node
from imagechat.settings import load_settings
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
    export,
    note_rooms,
    operator_of,
)
from imagechat.store.tenants import existing
from imagechat.store.write_events import Submitted, write_batch

_tenant = click.argument("tenant_id", metavar="TENANT")
_user = click.argument("user_id", metavar="USER")
_DAY_MS = 86_400_000


@click.group()
def person() -> None:
    """Give out or erase what is kept of a person."""


@person.command(name="export")
@_tenant
@_user
@data_option
@plainly
def export_(tenant_id: str, user_id: str, **flags: Any) -> None:
    """Print everything that is kept of a person, as JSON."""
    from_database(flags, partial(existing, tenant_id=tenant_id))
    found = from_database(flags, partial(export, subject=Subject(tenant_id, user_id)))
    click.echo(as_text(found))


@person.command()
@_tenant
@_user
@click.option("--yes", is_flag=True, help="do it: nothing of it can be brought back")
@data_option
@plainly
def erase(tenant_id: str, user_id: str, yes: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Delete what a person wrote, and take the person out of everything, the event history included.

    May run beside a node: everybody sees it go. Copies of the database that were made before are not reached.
    """
    if not yes:
        msg = f"this deletes all that {user_id!r} wrote, for ever: say --yes"
        raise ValueError(msg)
    settings = load_settings(**flags)
    subject, pseudonym = Subject(tenant_id, user_id), f"erased-{token_hex(6)}"
    by = By(operator_of(tenant_id))
    with closing(open_beside_node(settings)) as file:
        file.read(partial(existing, tenant_id=tenant_id))
        commands = file.read(partial(deletions_of, subject=subject))
        for start in range(0, len(commands), CHUNK):
            batch = [Submitted(by, command) for command in commands[start : start + CHUNK]]
            file.write(partial(_write, batch=batch), locking=True)
        kept_ms = int(settings.session_days * _DAY_MS)
        rooms: set[RoomId] = file.write(partial(_erase_rows, subject=subject, pseudonym=pseudonym, kept_ms=kept_ms))
        while comments := file.read(partial(comments_of, subject=subject)):
            for start in range(0, len(comments), CHUNK):
                chunk = comments[start : start + CHUNK]
                rooms |= file.write(partial(erase_comments, pseudonym=pseudonym, comment_ids=chunk))
        noted = _erase_events(file, subject, pseudonym)
        file.write(lambda connection: note_rooms(connection, tenant_id, rooms - noted, now_in(connection)))
        is_gone = file.scrub()
    if not is_gone:
        click.echo("What was overwritten could not be scrubbed beside so busy a node: erase once more later.", err=True)
    click.echo(f"Erased {user_id} from {tenant_id}: {len(commands)} deleted, {len(rooms | noted)} histories rewritten.")


def _write(connection: Connection, batch: list[Submitted]) -> None:
    write_batch(connection, batch, partial(now_in, connection))


def _erase_rows(connection: Connection, subject: Subject, pseudonym: str, kept_ms: int) -> set[RoomId]:
    now = now_in(connection)
    return erase_rows(connection, subject, pseudonym, now, now + kept_ms)


def _erase_events(file: Direct, subject: Subject, pseudonym: str) -> set[RoomId]:
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
                note_rooms(connection, subject.tenant_id, done, now_in(connection))

            file.write(erasing)
        noted |= last_of.keys()
    return noted
