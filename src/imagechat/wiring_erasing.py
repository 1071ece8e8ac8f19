"""How a node erases a person: as the command line does, over a connection of its own, and files are scrubbed too."""

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Connection

from imagechat.model.principal import Principal
from imagechat.opening import open_beside_node
from imagechat.settings import Settings
from imagechat.store.clock import time_in
from imagechat.store.person_data import Subject
from imagechat.store.person_erasing import Erased, erase_person

_DAY_MS = 86_400_000


def erasing(settings: Settings, milliseconds: Callable[[], int]) -> Callable[[Subject, Principal], Erased]:
    """Return what erases a person as somebody, in a thread; `milliseconds` is the wall clock, since 1970."""
    kept_ms = int(settings.session_days * _DAY_MS)

    def now(connection: Connection) -> int:
        return time_in(connection, milliseconds)

    def erase(subject: Subject, by: Principal) -> Erased:
        with closing(open_beside_node(settings)) as file:
            return erase_person(file, subject, by, kept_ms, now)

    return erase
