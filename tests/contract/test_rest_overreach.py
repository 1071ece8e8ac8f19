"""What people who have some rights try to do beyond them, or after they are gone."""

from typing import Any

import httpx
import pytest

from running import TENANT
from signing import TenantServer
from visiting import Visiting, Visitor, fresh

BANS = f"/moderation/{TENANT}/bans"


def signed_in(visiting: Visiting, server: TenantServer, user_id: str, picture: str = "p", **more: Any) -> Visitor:
    """Sign somebody in, who keeps the session."""
    who = visiting.somebody()
    who.call("GET", server.chats, params={"urlId": picture, "sso": server.sso(user_id, **more)})
    return who


@pytest.fixture
def moderator(visiting: Visiting, server: TenantServer) -> Visitor:
    return signed_in(visiting, server, fresh("moderator"), isModerator=True)


# -- bans


@pytest.mark.parametrize("kinds", [["user"], ["address"], ["user", "address"]])
def test_a_moderator_bans_no_admin_by_whatever_name(
    visiting: Visiting, server: TenantServer, moderator: Visitor, picture: str, kinds: list[str]
) -> None:
    admin = signed_in(visiting, server, fresh("admin"), isAdmin=True)
    elsewhere = httpx.Client(base_url=visiting.node.url, transport=httpx.HTTPTransport(local_address="127.0.0.2"))
    with elsewhere:
        pinned = Visitor(elsewhere, admin.session).pin(picture)
        body = {"authorOf": pinned["createdChatId"], "kinds": kinds}
        assert moderator.refused("POST", BANS, json=body) == "forbidden"
        Visitor(elsewhere, admin.session).snapshot(picture)
    other = signed_in(visiting, server, fresh("admin"), isAdmin=True)
    made = other.call("POST", BANS, json=body)["bans"]
    for each in made:
        other.call("DELETE", f"{BANS}/{each['_id']}")
