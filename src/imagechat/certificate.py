"""The node's certificate: handshakes get what its files hold, also when that changes; open connections go on."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

EVERY = 5.0
"""Seconds between two looks at the files."""

_MISMATCHES = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}
"""What OpenSSL calls it when a key is another certificate's."""

logger = logging.getLogger(__name__)

_State = tuple[tuple[int, int, int] | None, ...]


class Certificate:
    """A certificate and its key, in files that somebody else renews.

    Each pair that is taken gets a context of its own, and `context` hands every handshake over to the latest. Loading a
    pair into a context that serves already would do neither of the two things wanted: a pair whose halves do not match
    breaks it, and an RSA pair after an ECDSA one, or the other way round, leaves the old one in use beside the new.
    """

    def __init__(self, certificate: str, key: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Read the files; `sleep` takes seconds. Raises `OSError` with a sentence for the operator."""
        self._files = (certificate, key)
        self._sleep = sleep
        self._taken = self._state()
        self._refused: tuple[_State, str] | None = None
        try:
            self._latest = self._load()
        except OSError as error:
            raise OSError(self._complaint(error)) from None
        self.context = _context()
        self.context.sni_callback = self._hand_over

    def look(self) -> None:
        """Take what the files hold, if they have changed."""
        if self._state() != self._taken:
            self.take()

    def take(self) -> None:
        """Take what the files hold. What cannot be used is told once, and looked at again the next time."""
        state = self._state()
        try:
            self._latest = self._load()
        except OSError as error:
            complaint = self._complaint(error)
            if self._refused != (state, complaint):
                logger.error("%s; the one before it stays in use", complaint)  # noqa: TRY400 -- a line for the operator
            self._taken, self._refused = (), (state, complaint)
        else:
            self._taken, self._refused = state, None
            logger.info("the certificate %s was read again", self._files[0])

    async def watch(self) -> None:
        """Look every few seconds, for ever."""
        while True:
            await self._sleep(EVERY)
            self.look()

    def _hand_over(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._latest

    def _load(self) -> ssl.SSLContext:
        context = _context()
        context.load_cert_chain(*self._files, password=_no_passphrase)
        return context

    def _state(self) -> _State:
        return tuple(map(_state_of, self._files))

    def _complaint(self, error: OSError) -> str:
        certificate, key = self._files
        return f"cannot use the certificate {certificate} with the key {key}: {_why(error)}"


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    return context


def _no_passphrase() -> str:
    """Without it, OpenSSL would ask for one at the terminal, and the node would stand still."""
    msg = "the key has a passphrase, and a node cannot type it"
    raise OSError(msg)


def _why(error: OSError) -> str:
    if not isinstance(error, ssl.SSLError):
        return error.strerror or str(error)
    if error.reason in _MISMATCHES:
        return "they do not belong together"
    return f"one of them is not PEM, or not whole ({error.strerror})"


def _state_of(file: str) -> tuple[int, int, int] | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
