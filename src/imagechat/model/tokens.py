"""Sessions and tickets: a principal, signed. Opaque to those who hold them, and useless when altered."""

from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from typing import TypeVar

import msgspec
from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from imagechat.model.errors import UNAUTHORIZED, Refusal
from imagechat.model.principal import Principal

T = TypeVar("T")

REMEMBERED = 4096
"""Tokens whose signature was checked lately; a caller sends the same one with every request. Refused ones are not kept:
anybody can make those, of any length."""


class Ticket(msgspec.Struct, frozen=True):
    """A right to the live channel and the event log of a tenant until `expires_at` (ms since 1970)."""

    principal: Principal
    expires_at: int


class Tokens:
    """Signs and reads tokens with the server's key; the two kinds cannot stand in for each other."""

    def __init__(self, secret_key: str) -> None:
        """Sign with `secret_key`."""
        signer = partial(Signer, secret_key, key_derivation="hmac", digest_method=sha256)
        self._sessions = signer(salt="imagechat.session")
        self._tickets = signer(salt="imagechat.ticket")
        self._read_session = lru_cache(REMEMBERED)(_reader(self._sessions, msgspec.json.Decoder(Principal)))
        self._read_ticket = lru_cache(REMEMBERED)(_reader(self._tickets, msgspec.json.Decoder(Ticket)))

    def session(self, principal: Principal) -> str:
        """Return the token that names a caller on REST."""
        return _write(self._sessions, _portable(principal))

    def ticket(self, principal: Principal, expires_at: int) -> str:
        """Return the token that lets a caller on the live channel, until `expires_at` (ms since 1970)."""
        return _write(self._tickets, Ticket(_portable(principal), expires_at))

    def read_session(self, token: str, tenant_id: str) -> Principal:
        """Return the caller that a session names. Raises `Refusal` (`unauthorized`)."""
        principal = _unless_forged(self._read_session, token)
        if principal is None or principal.tenant_id != tenant_id:
            raise Refusal(UNAUTHORIZED, "This session is not valid here: drop it, and a new one will be given.")
        return principal

    def is_session(self, token: str) -> bool:
        """Tell whether a token was signed here as a session, of whatever tenant."""
        return _unless_forged(self._read_session, token) is not None

    def read_ticket(self, token: str, tenant_id: str, now: int) -> Ticket:
        """Return what a ticket stands for. Raises `Refusal` (`unauthorized`)."""
        ticket = _unless_forged(self._read_ticket, token)
        if ticket is None or ticket.principal.tenant_id != tenant_id or ticket.expires_at <= now:
            raise Refusal(UNAUTHORIZED, "This ticket is not valid or has expired: take a snapshot for a new one.")
        return ticket


def _portable(principal: Principal) -> Principal:
    return msgspec.structs.replace(principal, address="") if principal.address else principal


def _write(signer: Signer, content: msgspec.Struct) -> str:
    return signer.sign(base64_encode(msgspec.json.encode(content))).decode("ascii")


def _reader(signer: Signer, decoder: msgspec.json.Decoder[T]) -> Callable[[str], T]:
    return lambda token: decoder.decode(base64_decode(signer.unsign(token.encode("ascii"))))


def _unless_forged(read: Callable[[str], T], token: str) -> T | None:
    try:
        return read(token)
    except (BadSignature, UnicodeError, msgspec.MsgspecError):
        return None
