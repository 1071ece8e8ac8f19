"""Milliseconds since 1970 and their ISO 8601 form, as the wire writes them."""

from datetime import UTC, datetime


def iso(milliseconds: int) -> str:
    """Return `2026-01-31T12:00:00.000Z` for milliseconds since 1970."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def milliseconds_of(written: str) -> int:
    """Return the milliseconds since 1970 of what `iso` wrote. Raises `ValueError` for anything else."""
    found = datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    milliseconds = int(found.timestamp()) * 1000 + found.microsecond // 1000
    if iso(milliseconds) != written:
        msg = "not as the server writes it"
        raise ValueError(msg)
    return milliseconds
