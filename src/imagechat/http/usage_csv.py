"""What was used, as a spreadsheet reads it (RFC 4180)."""

import csv
import io
from collections.abc import Sequence

import msgspec

from imagechat.http.usage_bodies import UsageRow

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula: a picture's title must not become one."""


def as_csv(rows: Sequence[UsageRow], names: Sequence[str]) -> str:
    """Return rows with a header line; `names` are fields as the wire names them."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(names)
    for row in rows:
        fields = msgspec.to_builtins(row)
        lines.writerow([_cell(fields.get(name)) for name in names])
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return "" if value is None else value
