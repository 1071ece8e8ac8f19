"""A line for a request: how it was answered, never what was in it.

A path is logged without its query, which holds sessions and SSO. Headers and bodies are not known here.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy.exc import DBAPIError

from imagechat.http.answered import Answered
from imagechat.model.errors import STORAGE_FULL

Which = Literal["off", "faults", "refused", "all"]

LEAST_STATUS = {"off": 1_000, "faults": 500, "refused": 400, "all": 0}
A_SECOND = 100
"""Lines in a second at most, unless all are wanted: a flood of refusals, or an outage, is not to fill the disk too."""
LONGEST_PATH = 200

logger = logging.getLogger("imagechat.requests")


class RequestLog:
    """Writes the lines."""

    def __init__(self, which: Which, clock: Callable[[], float] = time.monotonic) -> None:
        """Log requests that were answered so; what nobody foresaw is logged in any case. `clock` is in seconds."""
        self._which = which
        self._least = LEAST_STATUS[which]
        self._clock = clock
        self._second = 0
        self._lines = 0
        self._skipped = 0

    def __call__(self, answered: Answered) -> None:
        """Log a request, if it is one of those."""
        if answered.trouble is None and not self._is_wanted(answered):
            return
        if not self._has_room():
            self._skipped += 1
            return
        path, trouble = answered.path[:LONGEST_PATH], answered.trouble
        fields: dict[str, Any] = {
            "method": answered.method,
            "path": path,
            "status": answered.status,
            "code": answered.code,
            "ms": round(answered.seconds * 1_000, 1),
            "tenant": answered.tenant_id,
            "skipped": self._skipped or None,
        }
        self._skipped = 0
        extra = {name: value for name, value in fields.items() if value is not None}
        if isinstance(trouble, DBAPIError):
            # a line: what follows the first may quote what is in the database, and a silence has no words
            said = str(trouble.orig).partition("\n")[0] or type(trouble.orig).__name__
            logger.error("%s %s: %s", answered.method, path, said, extra=extra)
        elif trouble is not None:
            logger.error("%s %s failed", answered.method, path, exc_info=trouble, extra=extra)
        else:
            level = logging.WARNING if answered.status >= LEAST_STATUS["faults"] else logging.INFO
            logger.log(level, "%s %s", answered.method, path, extra=extra)

    def _is_wanted(self, answered: Answered) -> bool:
        if self._which == "faults" and answered.code == STORAGE_FULL.code:
            return False  # it is told where it begins and ends, and more lines would take the last room
        return answered.status >= self._least

    def _has_room(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._lines = second, 0
        self._lines += 1
        return self._which == "all" or self._lines <= A_SECOND
