"""The conversations that the demo starts with. Sown by ordinary commands; sowing twice changes nothing (IDEM1)."""

from asyncio import gather
from importlib.resources import files
from typing import Any

import msgspec

from imagechat.http.bodies import FirstComment
from imagechat.http.fields import new_comment, new_id
from imagechat.http.services import Services
from imagechat.model.commands import CreateComment, CreateMarker, UpdateMarker
from imagechat.model.events import CommentCreated, MarkerCreated
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import TenantSettings
from imagechat.model.wire import Region
from imagechat.store.tenants import create_tenant, read_tenant

TENANT = "demo"
MANY = 300
"""Markers on the picture that has many."""

DOMAINS = ("localhost:*", "127.0.0.1:*", "[::1]:*")
"""Pages on one's own machine, to try the embedding on."""


async def sow(services: Services) -> None:
    """Make the demo tenant and its conversations, where they are not there yet."""
    now = services.now()

    def make_tenant(connection: Any) -> None:
        if read_tenant(connection, TENANT) is None:
            create_tenant(connection, TENANT, "Demo", now, TenantSettings(domains=DOMAINS))

    await services.database.write(make_tenant)
    for picture in seeded_pictures():
        sowing = [
            _sow_conversation(services, picture, f"seed-{picture['urlId']}-{number}", conversation)
            for number, conversation in enumerate(picture["conversations"])
        ]
        if len(sowing) == MANY:
            await gather(*sowing)  # in groups: one by one, each would wait for the disk
        else:
            for one in sowing:
                await one


def seeded_pictures() -> list[dict[str, Any]]:
    """Return what is sown, a dict for each picture, as in seeds.json; of a comment, `to` is its parent's number."""
    found: list[dict[str, Any]] = []
    for name in ("seeds.json", "features.json"):
        found += msgspec.json.decode((files("imagechat.demo") / name).read_bytes())["pictures"]
    return [*found, _many()]


def _many() -> dict[str, Any]:
    """Return a picture with many markers, spread evenly and in no rows."""
    kinds = ("Spiral", "Elliptical", "Irregular", "Too faint to say", "Two of them?")
    places = [
        (round(_part(number, 2) * 96 + 2, 2), round(_part(number, 3) * 96 + 2, 2)) for number in range(1, MANY + 1)
    ]
    conversations = [
        {"x": x, "y": y, "comments": [{"name": "Catalogue", "text": kinds[number % len(kinds)]}]}
        for number, (x, y) in enumerate(places)
    ]
    return {"urlId": "try-many", "file": "hubble.webp", "title": "Many markers", "conversations": conversations}


def _part(number: int, base: int) -> float:
    """Return a number's digits in a base, mirrored behind the point: neighbours fall far apart."""
    found, weight = 0.0, 1.0
    while number:
        weight /= base
        number, digit = divmod(number, base)
        found += digit * weight
    return found


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
            region=None if "region" not in conversation else Region(**conversation["region"]),
            comment=new_comment(FirstComment(comment=first["text"], commenter_name=first["name"]), now),
        ),
    )
    event = made.placed[0].event
    ids = [event.comment.id if isinstance(event, MarkerCreated) and event.comment else None]
    for number, comment in enumerate(others, 1):
        words = FirstComment(comment=comment["text"], commenter_name=comment["name"])
        parent = ids[comment["to"]] if "to" in comment else None
        written = await services.group_commit.submit(
            _person(comment["name"]),
            CreateComment(
                tenant_id=TENANT,
                broadcast_id=f"{name}-{number}",
                url_id=name,
                comment=new_comment(words, services.now(), parent),
            ),
        )
        answered = written.placed[0].event
        ids.append(answered.comment.id if isinstance(answered, CommentCreated) else None)
    if conversation.get("resolved") and not made.again and isinstance(event, MarkerCreated):
        resolve = UpdateMarker(
            tenant_id=TENANT, broadcast_id=f"{name}-resolved", marker_id=event.conversation.id, resolved=True
        )
        await services.group_commit.submit(starter, resolve)


def _person(name: str) -> Principal:
    return Principal(tenant_id=TENANT, user_id=f"seed-{name}", session_id=f"seed-{name}")
