"""Names of things: rooms are named by what they are, markers and comments by time and chance."""

import re
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import NewType

RoomId = NewType("RoomId", str)
"""`<tenant>.<digest>`: fit for a primary key and for a bus subject, and unable to cross tenants."""

TENANT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
EVERY_TENANT = ""
"""What stands for the id of a tenant where all are meant."""
INBOX = "~inbox---------------"
"""The `urlIdWS` of every tenant's inbox. It is the digest of no `urlId` that anybody could find."""
_WIRE_ID = re.compile(r"~[A-Za-z0-9_-]{20}")
_DIGEST_BYTES = 15


@lru_cache(8192)  # a command names its rooms several times, and a busy picture's name comes with every request
def wire_room_id(url_id: str) -> str:
    """Return the `urlIdWS` of a `urlId`; one that is a `urlIdWS` already stays as it is."""
    if _WIRE_ID.fullmatch(url_id):
        return url_id
    return "~" + _digest(url_id)


def room_id(tenant_id: str, url_id: str) -> RoomId:
    """Return the id of the room that a tenant's `urlId` (or `urlIdWS`) names."""
    return RoomId(f"{tenant_id}.{wire_room_id(url_id)[1:]}")


def inbox_of(tenant_id: str) -> RoomId:
    """Return the room in which a tenant's moderators hear that something is to be looked at; nothing is kept in it."""
    return RoomId(f"{tenant_id}.{INBOX[1:]}")


def is_inbox(room: RoomId) -> bool:
    """Tell whether a room is some tenant's inbox."""
    return room.endswith(f".{INBOX[1:]}")


def tenant_of(room: RoomId) -> str:
    """Return the tenant that a room belongs to."""
    return room.partition(".")[0]


def receipt_name(tenant_id: str, user_id: str, broadcast_id: str) -> str:
    """Return what a caller's command is known by (IDEM1): other callers' same broadcastId has another name."""
    return _digest(f"{tenant_id} {len(user_id)} {user_id} {broadcast_id}")


def erased_name(tenant_id: str, user_id: str) -> str:
    """Return what somebody who was erased is known by, for whoever knows the id already."""
    return _digest(f"erased {tenant_id} {user_id}")


def opinion_id(comment_id: str, user_id: str) -> str:
    """Return what somebody's opinion of a comment is known by; there is one at most."""
    return _digest(f"opinion {comment_id} {user_id}")


def timed_id(milliseconds: int, chance: bytes) -> str:
    """Return an id that sorts by time: 12 hex digits of milliseconds, then those of `chance` (6 bytes)."""
    return f"{milliseconds:012x}{chance.hex()}"


def _digest(text: str) -> str:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()
    return urlsafe_b64encode(digest).decode("ascii")
