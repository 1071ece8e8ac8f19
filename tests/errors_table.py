"""The registry of errors as the rows of SPEC.md's table: `python tests/errors_table.py` prints them."""

import sys
from collections.abc import Iterator

from imagechat.model.errors import REGISTRY


def rows() -> Iterator[tuple[str, str, str]]:
    """Return code, status and meaning of each error, as the table writes them."""
    for kind in REGISTRY:
        yield f"`{kind.code}`", str(kind.status), kind.when


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"| {' | '.join(row)} |\n")
