"""For load balancers and operators: alive, and ready."""

from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import select

from imagechat.http.services import Services
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


async def _wrong_with_database(services: Services) -> str | None:
    try:
        await services.database.read(lambda connection: connection.execute(select(tables.history.c.epoch)).scalar_one())
    except Exception as error:  # noqa: BLE001 -- whatever it is, the node is not ready, and says why
        return f"the database cannot be read ({type(error).__name__})"
    return None
