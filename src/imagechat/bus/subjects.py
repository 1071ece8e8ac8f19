"""The names on NATS: `imagechat.<database>.room.<tenant>.<digest>.<about>` and `imagechat.<database>.all.<about>`.

A room's id is two tokens of a name already, so a node asks for a room with one wildcard; the database's name keeps two
installations on the same servers apart.
"""

import re

from imagechat.model.ids import RoomId

EVENTS, DOUBT = "events", "doubt"
"""What a message is about, beside what nodes tell each other on topics."""
_TOLD = "told-"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Subjects:
    """The names of one database's rooms."""

    def __init__(self, database: str) -> None:
        """Take a database's name. Raises `ValueError` for one that is no token."""
        if not _TOKEN.fullmatch(database):
            msg = f"{database!r} is no name for a database on the bus"
            raise ValueError(msg)
        self._rooms = f"imagechat.{database}.room."
        self._all = f"imagechat.{database}.all."

    def of(self, room_id: RoomId | None, about: str) -> str:
        """Return where something is said: to those that joined a room, or to all."""
        return f"{self._all}{about}" if room_id is None else f"{self._rooms}{room_id}.{about}"

    def read(self, subject: str) -> tuple[RoomId | None, str]:
        """Return the room that a message was said in, None for all, and what it is about."""
        if subject.startswith(self._all):
            return None, subject[len(self._all) :]
        room_id, _, about = subject[len(self._rooms) :].rpartition(".")
        return RoomId(room_id), about


def told(topic: str) -> str:
    """Return what messages on a topic are about."""
    return _TOLD + topic


def topic_of(about: str) -> str | None:
    """Return the topic of something that is told."""
    return about.removeprefix(_TOLD) if about.startswith(_TOLD) else None
