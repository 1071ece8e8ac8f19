"""Looks at everything, one thing after the other; what fails is a finding too."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from imagechat.certificate import Certificate
from imagechat.doctor import certificate, database, exposure, machine
from imagechat.doctor.bus import look_at_bus
from imagechat.doctor.look_at_database import of_postgres, of_sqlite
from imagechat.model.finding import Finding, bad, good, note
from imagechat.model.sealing import Seal
from imagechat.opening import DATABASE_FILE
from imagechat.settings import KEY_FILE, Settings, kept_key

CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")


def examine(settings: Settings, *, thorough: bool = True, name: str | None = None) -> list[Finding]:
    """Return what there is to say of an installation; it changes nothing, and may run in or beside a node.

    `thorough` reads all of an embedded database, which takes as long as that. `name` is the host that visitors use.
    """
    looks: list[Callable[[], list[Finding | None]]] = [
        lambda: [exposure.address(settings), exposure.limits(settings), exposure.metrics(settings)],
        lambda: [*_certificate(settings, name)],
        lambda: [*_database(settings, thorough=thorough)],
        lambda: [] if settings.database_url else _data(Path(settings.data)),
        lambda: [_tools()] if settings.database_url else [],
        lambda: [*look_at_bus(settings)],
        lambda: [machine.open_files(_open_files()), machine.memory(_memory())],
        lambda: [machine.python(sys.version_info[:3], has_uvloop=find_spec("uvloop") is not None)],
    ]
    return [finding for look in looks for finding in look() if finding is not None]


def _database(settings: Settings, *, thorough: bool) -> list[Finding | None]:
    try:
        if settings.database_url:
            facts = of_postgres(settings, _now)
        else:
            facts = of_sqlite(Path(settings.data) / DATABASE_FILE, thorough=thorough)
    except sqlite3.DatabaseError as error:
        return [bad("database", f"it cannot be read: {error}", "stop the node, `imagechat restore FILE`")]
    except RuntimeError as error:
        return [bad("database", str(error), "mend that first: a node does not start without it")]
    try:
        kept = "" if settings.database_url or not Path(settings.data).is_dir() else kept_key(settings)
    except (OSError, UnicodeError):
        advice = "bring it back, from where you keep it or by `imagechat restore`"
        return [bad("key", f"{Path(settings.data) / KEY_FILE} cannot be read, or is no key", advice)]
    key = settings.secret_key or facts.stored_key or kept
    return [
        database.version(facts),
        database.schema(facts),
        database.integrity(facts),
        database.size(facts),
        database.clock(facts, _now()),
        exposure.key(settings, kept, in_database=facts.stored_key is not None),
        exposure.key_fits(opens=_opens(key, facts.sealed)),
    ]


def _opens(key: str, sealed: tuple[str, str] | None) -> bool | None:
    if sealed is None:
        return None
    try:
        Seal(key).open(*sealed)
    except ValueError:
        return False
    return True


def _data(directory: Path) -> list[Finding | None]:
    if os.path.lexists(directory) and not directory.is_dir():
        return [bad("data", f"{directory} is no directory", "name another in IMAGECHAT_DATA")]
    if not directory.is_dir():
        return [note("data", f"there is no {directory} yet", "the first start makes it")]
    room = os.statvfs(directory)
    return [
        machine.writable(str(directory), may=os.access(directory, os.W_OK | os.X_OK)),
        machine.disk(str(directory), room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize),
        machine.inodes(str(directory), room.f_favail, room.f_files),
        exposure.permissions(str(directory), directory.stat().st_mode, is_key=False),
        exposure.permissions(str(directory / KEY_FILE), _mode(directory / KEY_FILE)),
    ]


def _certificate(settings: Settings, name: str | None) -> list[Finding | None]:
    if not settings.tls_cert or not settings.tls_key:
        return []
    try:
        Certificate(settings.tls_cert, settings.tls_key)
        pem = Path(settings.tls_cert).read_bytes()
    except OSError as error:
        return [certificate.unusable(str(error))]
    wanted = name or (settings.host if certificate.is_host_name(settings.host) else None)
    return [
        *certificate.certificate(pem, datetime.now(UTC), wanted),
        exposure.permissions(settings.tls_key, _mode(Path(settings.tls_key))),
    ]


def _tools() -> Finding:
    found = shutil.which("pg_dump")
    if found is None or shutil.which("psql") is None:
        return note(
            "backup", "pg_dump is not installed here", "`imagechat backup` needs it: Debian's postgresql-client"
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return good("backup", f"{said.strip() or found} is there")


def _mode(file: Path) -> int | None:
    return file.stat().st_mode if file.exists() else None


def _open_files() -> int | None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def _memory() -> int | None:
    try:
        found = CGROUP_MEMORY.read_text("ascii").strip()
    except OSError:
        return None
    return int(found) if found.isdigit() else None


def _now() -> int:
    return time.time_ns() // 1_000_000
