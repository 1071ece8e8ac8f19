"""What was used, as a spreadsheet reads it (RFC 4180)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema

from imagechat.http.usage_bodies import UsageRow

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula: a picture's title must not become one."""


@dataclass
class CsvToo(Operation):
    """A call that also answers as a spreadsheet; the description has no other way to say so."""

    def __post_init__(self) -> None:
        """Add to what the framework has found."""
        answer = (self.responses or {})["200"]
        assert isinstance(answer, OpenAPIResponse)  # noqa: S101 -- of the framework, for a type that it was told
        answer.content = {**(answer.content or {}), "text/csv": OpenAPIMediaType(Schema(type=OpenAPIType.STRING))}


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
