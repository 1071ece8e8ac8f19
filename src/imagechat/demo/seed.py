"""The conversations that the gallery starts with. Sown by ordinary commands; sowing twice changes nothing (IDEM1)."""

from importlib.resources import files
from typing import Any

import msgspec

from imagechat.http.bodies import FirstComment
from imagechat.http.fields import new_comment, new_id
from imagechat.http.services import Services
from imagechat.model.commands import CreateComment, CreateMarker, UpdateMarker
from imagechat.model.events import MarkerCreated
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import TenantSettings
from imagechat.store.tenants import create_tenant, read_tenant

TENANT = "demo"
DOMAINS = ("localhost:*", "127.0.0.1:*", "[::1]:*")
"""Pages on one's own machine, to try the embedding on."""


async def sow(services: Services) -> None:
    """Make the demo tenant and its conversations, where they are not there yet."""
    now = services.now()

    def make_tenant(connection: Any) -> None:
        if read_tenant(connection, TENANT) is None:
            create_tenant(connection, TENANT, "Demo", now, TenantSettings(domains=DOMAINS))

    await services.database.write(make_tenant)
    seeds = msgspec.json.decode((files("imagechat.demo") / "seeds.json").read_bytes())
    for picture in seeds["pictures"]:
        for number, conversation in enumerate(picture["conversations"]):
            await _sow_conversation(services, picture, f"seed-{picture['urlId']}-{number}", conversation)


def moderator() -> Principal:
    """Return the one moderator of the demo tenant."""
    return Principal(
        tenant_id=TENANT, user_id="moderator", session_id="moderator", role=Role.MODERATOR, name="Moderator"
    )


async def _sow_conversation(
    services: Services, picture: dict[str, Any], name: str, conversation: dict[str, Any]
) -> None:
    first, *others = conversation["comments"]
    now = services.now()
    starter = _person(first["name"])
    made = await services.group_commit.submit(
        starter,
        CreateMarker(
            tenant_id=TENANT,
            broadcast_id=name,
            url_id=picture["urlId"],
            marker_id=new_id(now),
            window_url_id=name,
            x=conversation["x"],
            y=conversation["y"],
            src=f"/demo/pictures/{picture['file']}",
            title=picture["title"],
            comment=new_comment(FirstComment(comment=first["text"], commenter_name=first["name"]), now),
        ),
    )
    for number, comment in enumerate(others, 1):
        words = FirstComment(comment=comment["text"], commenter_name=comment["name"])
        await services.group_commit.submit(
            _person(comment["name"]),
            CreateComment(
                tenant_id=TENANT,
                broadcast_id=f"{name}-{number}",
                url_id=name,
                comment=new_comment(words, services.now()),
            ),
        )
    event = made.placed[0].event
    if conversation.get("resolved") and not made.again and isinstance(event, MarkerCreated):
        resolve = UpdateMarker(
            tenant_id=TENANT, broadcast_id=f"{name}-resolved", marker_id=event.conversation.id, resolved=True
        )
        await services.group_commit.submit(starter, resolve)


def _person(name: str) -> Principal:
    return Principal(tenant_id=TENANT, user_id=f"seed-{name}", session_id=f"seed-{name}")
