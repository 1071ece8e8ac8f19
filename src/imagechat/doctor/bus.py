"""Whether the servers between nodes can be reached."""

import asyncio

from imagechat.model.finding import Finding, bad, good, note
from imagechat.settings import Settings


def without_bus(settings: Settings) -> Finding:
    """Tell what it means that none is set."""
    if settings.database_url:
        return note(
            "bus",
            "IMAGECHAT_BUS_URL is not set: nodes see each other's changes late, and not each other's people",
            "with one node it is not needed; with more, name your NATS servers",
        )
    return good("bus", "one node needs none")


def reached(place: str, reason: str | None) -> Finding:
    """Tell whether a server could be connected to; `reason` is why not."""
    if reason is None:
        return good("bus", f"NATS at {place} can be reached")
    return bad(
        "bus",
        f"NATS at {place} cannot be used: {reason}",
        "others serve meanwhile; is it running, and let in from here?",
    )


def look_at_bus(settings: Settings) -> list[Finding]:
    """Connect to each server that the settings name, and go."""
    if not settings.bus_url:
        return [without_bus(settings)]
    from imagechat.bus.connection import Connection, Unreachable  # noqa: PLC0415 -- memory, as where a node is built
    from imagechat.bus.servers import parse_servers  # noqa: PLC0415

    async def look(place: str) -> Finding:
        connection = Connection(lambda _subject, _data: None, lambda _subject: None)
        try:
            await connection.open(place, servers, "imagechat doctor")
        except (Unreachable, RuntimeError) as error:
            return reached(place, str(error))
        await connection.close()
        return reached(place, None)

    async def look_at_all() -> list[Finding]:
        return list(await asyncio.gather(*map(look, servers.addresses)))

    try:
        servers = parse_servers(settings.bus_url, settings.bus_credentials, settings.bus_ca)
    except RuntimeError as error:
        return [bad("bus", str(error), "mend the setting")]
    return asyncio.run(look_at_all())
