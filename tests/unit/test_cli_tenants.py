"""`imagechat tenant …`: what an operator types, and what is said to what makes no sense."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from imagechat.cli import main
from imagechat.model.principal import Role
from imagechat.model.quotas import Quotas
from imagechat.model.sealing import Seal, digest_of
from imagechat.model.tenant import TenantSettings
from imagechat.opening import DATABASE_FILE
from live_clients import live_url, next_message, open_live
from making import person
from moderating import heed
from running import TRUSTED, RunningNode
from visiting import Visitor, fresh, tokens_of


class Operator:
    """Somebody at the command line, with a data directory."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["tenant", words[0], "--data", str(self.data), *words[1:]])

    def does(self, *words: str) -> str:
        """Run a command that must succeed."""
        done = self.run(*words)
        assert (done.exit_code, done.stderr.strip(".")) == (0, ""), done.output
        return done.stdout

    def fails(self, *words: str) -> str:
        """Run a command that must end with one line, and return it."""
        done = self.run(*words)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.output
        assert done.stderr.startswith("imagechat: ")
        return done.stderr.removeprefix("imagechat: ").strip()

    def key(self, *words: str) -> str:
        """Run a command that shows a key, as JSON."""
        made: str = json.loads(self.does(*words, "--json"))["apiKey"]
        return made

    def shown(self, tenant_id: str = "shop") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.does("show", tenant_id))
        return found

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.data / DATABASE_FILE)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    operator = Operator(tmp_path / "data")
    operator.does("create", "shop")
    return operator


# -- keys


def test_a_key_is_shown_once_and_kept_sealed(operator: Operator) -> None:
    said = operator.does("create", "blog", "--name", "The Blog", "--domain", "blog.example")
    assert "No other site" not in said
    key = said.split("shown this once: ")[1].split()[0]
    everything = operator.does("show", "blog") + operator.does("list") + operator.does("list", "--json")
    assert key not in everything
    dump = "".join(map(str, operator.rows("SELECT * FROM api_keys"))).encode()
    assert key.encode() not in dump + (operator.data / DATABASE_FILE).read_bytes()
    [[key_id, sealed, digest]] = operator.rows("SELECT id, sealed, digest FROM api_keys WHERE tenant_id = 'blog'")
    secret = (operator.data / "secret-key").read_text().strip()
    assert (Seal(secret).open(sealed, key_id), digest) == (key, digest_of(key))
    for hidden in (sealed, digest, secret):
        assert hidden not in everything
    assert operator.shown("blog")["keys"] == [
        {"id": key_id, "createdAt": operator.shown("blog")["keys"][0]["createdAt"], "retiresAt": None}
    ]


def test_who_has_no_domain_yet_is_told_so(operator: Operator) -> None:
    assert "imagechat tenant update blog --domain example.com" in operator.does("create", "blog")


def test_two_keys_live_while_they_overlap_and_never_three(operator: Operator) -> None:
    keys = [operator.key("rotate-key", "shop") for _ in range(3)]
    assert len(set(keys)) == 3
    shown = operator.shown()["keys"]
    assert [each["retiresAt"] is None for each in shown] == [True, False]
    digests = {digest for (digest,) in operator.rows("SELECT digest FROM api_keys")}
    assert digests == {digest_of(key) for key in keys[1:]}
    operator.key("rotate-key", "shop", "--overlap-hours", "0")
    assert len(operator.shown()["keys"]) == 1
    operator.does("rotate-key", "shop", "--overlap-hours", "0.5")
    assert len(operator.shown()["keys"]) == 2


@pytest.mark.parametrize("hours", ["-1", "8785", "nan", "inf"])
def test_an_overlap_that_makes_no_sense(operator: Operator, hours: str) -> None:
    before = operator.shown()["keys"]
    assert "--overlap-hours must be" in operator.fails("rotate-key", "shop", "--overlap-hours", hours)
    assert operator.shown()["keys"] == before


# -- settings


def test_every_setting_is_shown_with_what_holds(operator: Operator) -> None:
    shown = operator.shown()
    assert (shown["tenantId"], shown["name"], shown["disabled"], shown["bans"]) == ("shop", "shop", False, [])
    assert set(shown["settings"]) == set(TenantSettings.__struct_fields__)
    assert shown["settings"]["limits"] == {name: getattr(Quotas(), name) for name in Quotas.__struct_fields__}
    assert shown["settings"]["jwt"] is None


@pytest.mark.parametrize(
    ("typed", "path", "value"),
    [
        ("approval=anonymous", ("approval",), "anonymous"),
        ('approval="visitors"', ("approval",), "visitors"),
        ("anonymous=false", ("anonymous",), False),
        ("comment=members", ("comment",), "members"),
        ("log_days=30", ("log_days",), 30),
        ("limits.comments_per_session=10", ("limits", "comments_per_session"), 10),
        ("limits.comments_per_session=null", ("limits", "comments_per_session"), None),
        ('spam.banned_words=["x", "y z"]', ("spam", "banned_words"), ["x", "y z"]),
        ("spam.honeypot=false", ("spam", "honeypot"), False),
        ("jwt.algorithm=EdDSA", ("jwt", "algorithm"), "EdDSA"),
    ],
)
def test_a_setting_is_set_and_set_back(operator: Operator, typed: str, path: tuple[str, ...], value: object) -> None:
    def found() -> object:
        place: Any = operator.shown()["settings"]
        for name in path:
            place = place[name]
        return place

    default = operator.shown()["settings"]
    operator.does("update", "shop", "--set", "read_only=true", "--set", typed)
    assert found() == value
    assert operator.shown()["settings"]["read_only"] is True  # what is not named stays
    operator.does("update", "shop", "--name", "Shop")
    assert found() == value
    whole = path[0] if path[0] == "jwt" else ".".join(path)
    operator.does("update", "shop", "--set", f"{whole}=", "--set", "read_only=")
    assert operator.shown()["settings"] == default


def test_a_whole_group_is_set_back(operator: Operator) -> None:
    default = operator.shown()["settings"]
    sets = ["--set", "limits.reads_per_session=1", "--set", "spam.max_links=0"]
    operator.does("update", "shop", *sets)
    operator.does("update", "shop", "--set", "limits=", "--set", "spam=")
    assert operator.shown()["settings"] == default


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "colour=red"), "'colour' is no setting of a tenant: they are domains, anonymous"),
        (("--set", "limits.nothing=1"), "'limits.nothing' is no setting"),
        (("--set", "limits=1"), "'limits' is no setting"),
        (("--set", "approval"), "write approval=VALUE"),
        (("--set", "approval=everybody"), "make no sense"),
        (("--set", "anonymous=perhaps"), "make no sense"),
        (("--set", "log_days=0"), "make no sense"),
        (("--set", "log_days=1.5"), "make no sense"),
        (("--set", "limits.comments_per_session=0"), "make no sense"),
        (("--set", "limits.comments_per_session=-1"), "make no sense"),
        (("--set", "spam.banned_words=x"), "make no sense"),
        (("--set", "spam.banned_words=[1]"), "make no sense"),
        (("--set", 'domains=["a b"]'), "is no domain"),
        (("--set", "jwt.issuer=x"), "make no sense"),
        (("--domain", "https://shop.example"), "is no domain"),
        (("--domain", "*"), "is no domain"),
        (("--domain", "shop.example/x"), "is no domain"),
        (("--domain", "a.*.example"), "is no domain"),
        (("--domain", "shop.example:http"), "is no domain"),
        (("--domain", "sh\u00f6p.example"), "is no domain"),
        (("--domain", ""), "is no domain"),
        (("--jwks", "/nowhere/keys.json"), "No such file"),
    ],
)
def test_what_makes_no_sense_ends_with_one_line_and_changes_nothing(
    operator: Operator, words: tuple[str, ...], says: str
) -> None:
    before = operator.shown()
    assert says in operator.fails("update", "shop", *words)
    assert operator.shown() == before
    if words[0] != "--jwks":
        assert says in operator.fails("create", "new", *words)
        assert "there is no tenant 'new'" in operator.fails("show", "new")


def test_domains_are_replaced_as_a_whole_and_taken_away(operator: Operator) -> None:
    given = [
        "--domain",
        "Shop.Example.",
        "--domain",
        "*.shop.example",
        "--domain",
        "localhost:*",
        "--domain",
        "[::1]:80",
    ]
    operator.does("update", "shop", *given)
    assert operator.shown()["settings"]["domains"] == ["shop.example", "*.shop.example", "localhost:*", "[::1]:80"]
    operator.does("update", "shop", "--domain", "other.example")
    assert operator.shown()["settings"]["domains"] == ["other.example"]
    operator.does("update", "shop", "--no-domain")
    assert operator.shown()["settings"]["domains"] == []


def test_a_jwk_set_is_read_from_a_file(operator: Operator, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}')
    operator.does("update", "shop", "--jwks", str(keys), "--set", "jwt.issuer=https://id.example")
    assert operator.shown()["settings"]["jwt"] == {
        "algorithm": "RS256",
        "jwks": {"keys": []},
        "issuer": "https://id.example",
    }
    keys.write_text("no JSON")
    operator.fails("update", "shop", "--jwks", str(keys))
    keys.write_text("[]")
    operator.fails("update", "shop", "--jwks", str(keys))
    operator.does("update", "shop", "--set", "jwt=")
    assert operator.shown()["settings"]["jwt"] is None


@pytest.mark.parametrize("command", ["show", "update", "rotate-key", "disable", "enable", "delete"])
def test_a_tenant_that_is_not_there_is_said_to_be_so(operator: Operator, command: str) -> None:
    more = ["--yes"] if command == "delete" else []
    assert operator.fails(command, "nowhere", *more) == (
        "there is no tenant 'nowhere': `imagechat tenant list` shows those that there are"
    )


# -- off, on, gone


def test_a_tenant_is_switched_off_and_on(operator: Operator) -> None:
    assert operator.does("disable", "shop") == "Switched shop off.\n"
    assert (operator.shown()["disabled"], "(disabled)" in operator.does("list")) == (True, True)
    assert json.loads(operator.does("list", "--json")) == [{"tenantId": "shop", "name": "shop", "disabled": True}]
    operator.does("enable", "shop")
    assert (operator.shown()["disabled"], "(disabled)" in operator.does("list")) == (False, False)


def test_a_tenant_is_deleted_only_when_it_is_off_and_with_yes(operator: Operator) -> None:
    assert "say --yes" in operator.fails("delete", "shop")
    assert "switch 'shop' off first" in operator.fails("delete", "shop", "--yes")
    operator.does("disable", "shop")
    assert "say --yes" in operator.fails("delete", "shop")
    assert "Deleted shop." in operator.does("delete", "shop", "--yes")
    assert operator.does("list") == ""
    assert operator.rows("SELECT * FROM api_keys") == []


@pytest.fixture
def shop(operator: Operator) -> Any:
    with RunningNode(operator.data) as node, httpx.Client(base_url=node.url, timeout=30, verify=TRUSTED) as client:
        yield node, client


async def test_SEQ3_a_tenant_that_is_made_again_begins_another_history_without_anything_of_the_first(
    operator: Operator, shop: tuple[RunningNode, httpx.Client]
) -> None:
    node, client = shop
    neighbour = Visitor(client)
    neighbour.pin("picture", comment={"comment": "next door"})
    before_next_door = neighbour.snapshot("picture")

    def visit(session: str | None = None) -> tuple[Visitor, dict[str, Any]]:
        visitor = Visitor(client, session)
        return visitor, visitor.call("GET", "/comment-image-chats/shop", params={"urlId": "picture"})

    ann, _ = visit()
    body = {"urlId": "picture", "broadcastId": "one", "x": 1, "y": 1, "windowUrlId": "w", "comment": {"comment": "old"}}
    ann.call("POST", "/comment-image-chats/shop", json=body)
    admin = Visitor(client, tokens_of(node).session(person("ada", tenant_id="shop", role=Role.ADMIN)))
    admin.call("POST", "/moderation/shop/bans", json={"userId": "somebody"})
    _, first = visit()
    assert (first["seq"], len(first["conversations"])) == (1, 1)

    async with open_live(live_url(node, first)) as live:
        assert (await next_message(live))["epoch"] == first["epoch"]  # the node remembers the room

    operator.does("disable", "shop")
    heed(node, ann)
    assert ann.refused("GET", "/comment-image-chats/shop", params={"urlId": "picture"}) == "tenant-disabled"
    operator.does("delete", "shop", "--yes")
    heed(node, ann)
    assert ann.refused("GET", "/comment-image-chats/shop", params={"urlId": "picture"}) == "invalid-tenant-id"
    for table, column in (("rooms", "id"), ("events", "room_id"), ("markers", "room_id"), ("comments", "thread_id")):
        left = operator.rows(f"SELECT {column} FROM {table}")  # noqa: S608 -- its own names
        assert not [name for (name,) in left if name.startswith("shop.")], table

    operator.does("create", "shop")
    heed(node, ann)
    _, second = visit()
    assert second["conversations"] == []
    assert second["seq"] == 0
    assert second["epoch"] != first["epoch"]
    async with open_live(live_url(node, second, epoch=second["epoch"], seq=0)) as live:
        hello = await next_message(live)
        assert (hello["epoch"], hello["seq"]) == (second["epoch"], 0)
    made = ann.call("POST", "/comment-image-chats/shop", json=body | {"broadcastId": fresh("b")})
    assert made["seq"] == 1
    assert visit()[1]["epoch"] == second["epoch"]
    listed = ann.call("GET", "/comments/shop", params={"urlId": "w"})
    assert [each["comment"] for each in listed["comments"]] == ["old"]  # the new one, of the same words
    again = Visitor(client, tokens_of(node).session(person("ada", tenant_id="shop", role=Role.ADMIN)))
    assert again.call("GET", "/moderation/shop/bans")["bans"] == []
    assert {act["who"] for act in again.call("GET", "/moderation/shop/audit")["entries"]} == {"operator"}
    after_next_door = neighbour.snapshot("picture")
    for name in ("epoch", "seq", "conversations"):
        assert after_next_door[name] == before_next_door[name]
