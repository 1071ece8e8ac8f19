"""Rows of one tenant, and of one of its people, in tables that name neither."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement

from imagechat.store.tables import TENANT_OF_ROOM, TENANT_OF_THREAD

_encoder = msgspec.json.Encoder()


def in_tenant(room_id: ColumnElement[str], tenant_id: str) -> ColumnElement[bool]:
    """Return the condition that a room is a tenant's: its id begins with the tenant's and a dot."""
    return (room_id > f"{tenant_id}.") & (room_id < f"{tenant_id}/")  # '/' is the character after the dot


def threads_of(tenant_id: str) -> ColumnElement[bool]:
    """Return the condition that a row names a thread of a tenant's; with an order by id, an index has it so."""
    tenant = TENANT_OF_THREAD
    return tenant == tenant_id


def pictures_of(tenant_id: str) -> ColumnElement[bool]:
    """Return the same for a row that names a picture as its room."""
    tenant = TENANT_OF_ROOM
    return tenant == tenant_id


def names_user(body: ColumnElement[Any], user_id: str) -> ColumnElement[bool]:
    """Return the condition that JSON holds a user's id somewhere; what it says of the user is then to be looked at."""
    quoted = _encoder.encode(user_id).decode()
    in_events = quoted.replace("%", "\\u0025")
    return body.contains(quoted, autoescape=True) | body.contains(in_events, autoescape=True)
