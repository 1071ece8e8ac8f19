"""Connections to PostgreSQL, over asyncpg, with an end to every wait."""

from typing import Any, Protocol
from weakref import WeakSet

import asyncpg
from sqlalchemy import ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

NO_STATEMENT_NAME = ""


class Server(Protocol):
    """What of `Postgres` says how to connect."""

    @property
    def url(self) -> str:
        """Where it is, and as whom."""

    @property
    def connections(self) -> int:
        """How many at most."""

    @property
    def seconds(self) -> float:
        """What connecting may take."""

    @property
    def pooled(self) -> bool:
        """Whether a pgbouncer is in between."""


def engine_for(server: Server, seconds: float, connections: "WeakSet[asyncpg.Connection]") -> AsyncEngine:
    """Return an engine on a server whose statements may take some `seconds`; it adds to `connections` what it opens."""
    options: dict[str, Any] = {"timeout": server.seconds, "command_timeout": seconds + 1}
    prepared: dict[str, Any] = {}
    if server.pooled:
        # one unnamed statement is used at once, in its transaction, and leaves nothing on the server's connection
        options |= {"statement_cache_size": 0}
        prepared = {"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: NO_STATEMENT_NAME}
    else:
        milliseconds = str(int(seconds * 1000))
        options["server_settings"] = {
            "application_name": "imagechat",
            "statement_timeout": milliseconds,
            "idle_in_transaction_session_timeout": milliseconds,
            "jit": "off",  # short statements, by the hundred
        }

    async def connect() -> asyncpg.Connection:
        connection = await asyncpg.connect(server.url, **options)
        connections.add(connection)
        return connection

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        connect_args=prepared,
        pool_size=server.connections,
        max_overflow=0,
        pool_timeout=server.seconds,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text goes to the log, and what people write does not belong there
    )
    event.listen(engine.sync_engine, "handle_error", _give_up_on_silence)
    return engine


def _give_up_on_silence(context: ExceptionContext) -> None:
    """Have no connection used again after one was silent: all may be half open, and each would be waited for in turn.

    A server that is there ends a statement itself, a second earlier.
    """
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
