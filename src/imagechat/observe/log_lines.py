"""How a node's log is written: one record of any part of it, or of a library, is one line of text or of JSON.

Lines are handed to a thread: whoever logs never waits for a pipe that nobody reads or a disk that hangs. What cannot be
written is given up and counted, and the count is told with what can be written next.
"""

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import msgspec
import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import Processor

Format = Literal["text", "json"]

FIELDS = ("method", "path", "status", "code", "ms", "tenant", "skipped")
"""What a record may have beside its words; see request_log.py. What others put into theirs is left out."""
IN_WORDS = {"method", "path"}
"""Of these, what the text has in its words already."""
QUEUED_LINES = 10_000
CLOSE_SECONDS = 1.0
"""What the last lines have, when a node ends."""
QUIET = {"uvicorn.error": logging.WARNING, "alembic": logging.WARNING}
"""Libraries that tell of their ordinary work."""


def log_to(file: int, form: Format) -> "PatientHandler":
    """Have everything that is logged in this process written to an open file, until the handler is closed."""
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ExtraAdder(allow=FIELDS),
    ]
    last: Processor = structlog.processors.JSONRenderer(_as_json) if form == "json" else _as_text
    processors: list[Processor] = [
        structlog.processors.format_exc_info,
        ProcessorFormatter.remove_processors_meta,
        last,
    ]
    handler = PatientHandler(file)
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=before, processors=processors))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    return handler


class PatientHandler(logging.Handler):
    """Writes in a thread of its own; see above."""

    def __init__(self, file: int, most: int = QUEUED_LINES) -> None:
        """Write to an open file; keep `most` lines that it does not take."""
        super().__init__()
        self._file = file  # not Python's object around it, whose lock a hanging thread would hold when the node ends
        self._most = most
        self._lines: deque[str] = deque()
        self._lost = 0
        self._changed = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def emit(self, record: logging.LogRecord) -> None:
        """Put a record down to be written."""
        try:
            line = self.format(record) + "\n"
        except Exception:  # noqa: BLE001 -- a fault in a line is no fault of what it is about
            line = f"a line of {record.name} could not be made\n"
        with self._changed:
            if len(self._lines) < self._most:
                self._lines.append(line)
            else:
                self._lost += 1
            self._changed.notify()

    def close(self) -> None:
        """Write what was logged, or as much of it as is taken in time."""
        atexit.unregister(self.close)
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(CLOSE_SECONDS)
        logging.getLogger().removeHandler(self)
        super().close()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                while not self._lines and not self._ending:
                    self._changed.wait()
                if not self._lines:
                    return
                lines, self._lines = self._lines, deque()
                lost, self._lost = self._lost, 0
            if lost:
                lines.append(f"{lost} lines of the log could not be written\n")
            if not self._write("".join(lines)):
                with self._changed:
                    self._lost += lost + len(lines) - bool(lost)

    def _write(self, text: str) -> bool:
        data = text.encode("utf-8", "backslashreplace")
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:  # a full disk, a pipe without a reader
            return False
        return True


def _as_json(line: Mapping[str, Any], **_kwargs: Any) -> str:
    return msgspec.json.encode(line, enc_hook=str).decode()


def _as_text(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> str:
    """Return a line for people; what could begin another line, or steer a terminal, is written as an escape."""
    known = {name: line.pop(name, "") for name in ("at", "level", "logger", "event", "exception")}
    more = "".join(f" {name}={_plain(str(line[name]))}" for name in FIELDS if name in line and name not in IN_WORDS)
    words = f"{known['at']} {known['level'].upper()} {known['logger']}: {_plain(str(known['event']))}{more}"
    return f"{words}\n{known['exception']}" if known["exception"] else words


def _plain(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
