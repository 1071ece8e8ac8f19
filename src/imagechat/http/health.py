"""For load balancers and operators: alive, and ready."""

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import select

from imagechat.http.dashboard_bodies import Health
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.operators import resolve_operator
from imagechat.http.principal import AnyRequest
from imagechat.http.services import Services
from imagechat.model.finding import Finding, bad, note
from imagechat.model.quotas import Kind
from imagechat.store import tables


@get("/healthz", summary="Alive", tags=["health"], sync_to_thread=False)
def healthz() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok"}


@get("/readyz", summary="Ready to take visitors", tags=["health"])
async def readyz(services: NamedDependency[Services]) -> Response[dict[str, str]]:
    """Answer 200 when the database can be read and the node is not stopping, else 503 with what is wrong.

    A node that cannot hear others stays ready, and says so: it reads what they write from the log. So does one whose
    disk is full: there is no other that could save, and all of them can show what is there.
    """
    wrong = "the node is stopping" if services.draining else await _wrong_with_database(services)
    if wrong is None:
        trouble = {"trouble": services.trouble} if services.trouble else {}
        return Response({"status": "ready", **trouble})
    return Response({"status": "not ready", "reason": wrong}, status_code=503)


@get(
    "/api/v1/health",
    summary="What is good and what is to be mended",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["dashboard"],
)
async def health(services: NamedDependency[Services], request: AnyRequest) -> Health:
    """Look at what `imagechat doctor` looks at, not through all of the database's file, and at what the node feels."""
    await resolve_operator(services, request, Kind.READ)
    found = await asyncio.to_thread(services.examine)
    return Health(findings=[*_felt(services), *found], node=services.seen)


def _felt(services: Services) -> list[Finding]:
    felt = []
    if services.storage.trouble:
        felt.append(bad("storage", services.storage.trouble, "docs/operations.md, When the disk is full"))
    if services.bus.trouble:
        felt.append(note("bus", services.bus.trouble, "what other nodes write is read from the log meanwhile"))
    return felt


async def _wrong_with_database(services: Services) -> str | None:
    try:
        await services.database.read(lambda connection: connection.execute(select(tables.history.c.epoch)).scalar_one())
    except Exception as error:  # noqa: BLE001 -- whatever it is, the node is not ready, and says why
        return f"the database cannot be read ({type(error).__name__})"
    return None
