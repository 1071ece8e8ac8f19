"""A tenant's settings as JSON: shown with every default filled in, and changed field by field."""

from collections.abc import Mapping
from typing import Any

import msgspec

from imagechat.model.quotas import Quotas
from imagechat.model.spam import SpamSettings
from imagechat.model.tenant import DEFAULTS, Jwt, TenantSettings

GROUPS: dict[str, type[msgspec.Struct]] = {"limits": Quotas, "spam": SpamSettings, "jwt": Jwt}
"""Fields that are objects; each is given as a whole."""
OPERATORS = frozenset({"limits", "log_days"})
"""Fields that a tenant's own admins do not change: they are what the tenant may cost."""


def filled(settings: TenantSettings) -> dict[str, Any]:
    """Return settings as JSON has them, with every default in its place."""
    found = {name: getattr(settings, name) for name in settings.__struct_fields__}
    for name in GROUPS:
        if found[name] is not None:
            found[name] = {field: getattr(found[name], field) for field in found[name].__struct_fields__}
    shown: dict[str, Any] = msgspec.to_builtins(found)
    return shown


def changed(settings: TenantSettings, changes: Mapping[str, Any]) -> TenantSettings:
    """Return settings with some fields set anew: None sets the default; a group's field that is left out has its own.

    Raises `ValueError`, with what makes no sense.
    """
    values: dict[str, Any] = {name: getattr(settings, name) for name in settings.__struct_fields__}
    for name, value in changes.items():
        if name not in values:
            msg = f"{name!r} is no setting of a tenant: they are {', '.join(values)}"
            raise ValueError(msg)
        values[name] = getattr(DEFAULTS, name) if value is None else _of_group(name, value)
    try:
        return msgspec.convert(msgspec.to_builtins(values), TenantSettings)
    except msgspec.ValidationError as error:
        msg = f"the settings make no sense: {error}"
        raise ValueError(msg) from None


def of_operator(settings: TenantSettings, other: TenantSettings) -> list[str]:
    """Return which of the fields differ that only the operator changes."""
    return sorted(name for name in OPERATORS if getattr(settings, name) != getattr(other, name))


def _of_group(name: str, value: Any) -> Any:
    group = GROUPS.get(name)
    if group is not None and isinstance(value, dict):
        unknown = sorted(value.keys() - set(group.__struct_fields__))
        if unknown:
            msg = f"{name}.{unknown[0]} is no setting of a tenant: there are {', '.join(group.__struct_fields__)}"
            raise ValueError(msg)
    return value
