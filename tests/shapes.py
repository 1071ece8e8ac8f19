"""The shapes of the public comment API, to compare answers with."""

import json
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it comes without types

from documents import REPOSITORY

SCHEMAS = json.loads((REPOSITORY / "contract" / "comment-api-schemas.json").read_bytes())


def check(name: str, value: Any) -> None:
    """Compare with a schema of the public API."""
    Draft202012Validator(SCHEMAS | {"$ref": f"#/$defs/{name}"}).validate(value)
