"""PostgreSQL's own programs, which copy a database and bring it back: pg_dump, pg_restore and psql."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_SECRETS = {"password": "PGPASSWORD", "sslpassword": "PGSSLPASSWORD"}
_HISTORY = re.compile(r"^\d+;.* TABLE DATA (\S+) history ", re.MULTILINE)
_PREFIX = re.compile(r"^(psql|pg_\w+):(<stdin>:\d+:)? *((error|ERROR): *)*")
_REVISION = re.compile(r"^COPY \S*alembic_version .*\n(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Target:
    """A database as those programs are given it: what is secret is in the environment, which other users do not see."""

    url: str
    environment: Mapping[str, str]

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Return what `IMAGECHAT_DATABASE_URL` names. Raises `ValueError`, which quotes nothing of it."""
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            msg = "IMAGECHAT_DATABASE_URL makes no sense"
            raise ValueError(msg) from None
        secret = {_SECRETS[name]: value for name, value in query if name in _SECRETS}
        credentials, at, place = parts.netloc.rpartition("@")
        user, colon, password = credentials.partition(":")
        if colon:
            secret["PGPASSWORD"] = unquote(password)
        left = urlencode([(name, value) for name, value in query if name not in _SECRETS], quote_via=quote)
        shown = f"{parts.scheme}://{user}{at}{place}{parts.path}" + (f"?{left}" if left else "")
        return cls(shown, secret)


def dump(url: str, into: Path) -> None:
    """Write a database, as it is at one moment, into a file. Raises `RuntimeError` with a line for the operator."""
    target = Target.parse(url)
    if shutil.which("pg_dump") is None:
        msg = (
            "pg_dump is not installed here (Debian: postgresql-client). Run this where it is: PGPASSWORD=… pg_dump "
            f"--format=custom --no-owner --no-privileges --file=FILE '{target.url}'"
        )
        raise RuntimeError(msg)
    words = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={into}"]
    _run([*words, f"--dbname={target.url}"], target)


@dataclass(frozen=True, slots=True)
class Dumped:
    """What is known of a dump, once all of it was read."""

    schema: str
    revision: str
    tables: int


def read_dump(file: Path) -> Dumped:
    """Read a dump from its beginning to its end. Raises `RuntimeError` with a line for the operator."""
    if not file.is_file():
        msg = f"there is no file {file}"
        raise RuntimeError(msg)
    if shutil.which("pg_restore") is None:
        msg = "pg_restore is not installed here (Debian: postgresql-client)"
        raise RuntimeError(msg)
    listed = _run(["pg_restore", "--list", str(file)])
    schema = _HISTORY.search(listed)
    revision = _REVISION.search(_run(["pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)]))
    if schema is None or revision is None:
        msg = f"{file} is no dump of Image Chat's database"
        raise RuntimeError(msg)
    _run(["pg_restore", f"--file={os.devnull}", str(file)])
    return Dumped(schema[1], revision[1], listed.count(" TABLE DATA "))


def load_dump(file: Path, url: str, last: str) -> None:
    """Bring a dump into an empty database in one transaction, with the statements `last` at its end.

    Whatever ends this before that has changed nothing. Raises `RuntimeError` with a line for the operator.
    """
    target = Target.parse(url)
    if shutil.which("psql") is None:
        msg = "psql is not installed here (Debian: postgresql-client)"
        raise RuntimeError(msg)
    into = ["psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", f"--dbname={target.url}"]
    out = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file)]
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
            [*into, "--file=-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=_with(target)
        ) as psql,
    ):
        assert psql.stdin is not None  # noqa: S101 -- it was asked for
        try:
            # not psql's own --single-transaction: it would commit what had come when this was killed
            psql.stdin.write(b"BEGIN;\n")
            _pour(out, psql.stdin)
            psql.stdin.write(f"\n{last}\nCOMMIT;\nANALYZE;\n".encode())
            psql.stdin.close()
        except BrokenPipeError:
            _close(psql.stdin)  # it has said why
        except BaseException:
            psql.kill()
            _close(psql.stdin)
            raise
        if psql.wait():
            raise RuntimeError(_told("psql", said))


def _pour(words: list[str], into: IO[bytes]) -> None:
    with TemporaryFile() as said, subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said) as reading:  # noqa: S603
        assert reading.stdout is not None  # noqa: S101 -- it was asked for
        try:
            shutil.copyfileobj(reading.stdout, into)
        except BaseException:
            reading.kill()
            raise
        if reading.wait():
            raise RuntimeError(_told(words[0], said))


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


def _run(words: list[str], target: Target | None = None) -> str:
    with TemporaryFile() as said:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=said, env=_with(target), check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(_told(words[0], said))
    return done.stdout.decode("utf-8", "replace")


def _with(target: Target | None) -> dict[str, str]:
    return {**os.environ, "PGCONNECT_TIMEOUT": "10", **(target.environment if target else {})}


def _told(program: str, said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    first = next((line for line in lines if "error" in line.lower()), lines[0] if lines else "it failed")
    return f"{program}: {_PREFIX.sub('', first)}"
