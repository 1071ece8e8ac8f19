"""A node that limits what its visitors do, as nodes do unless told otherwise."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from dashboards import ME, SIGN_IN, operator_in
from imagechat.http.limiter import GUESSES
from imagechat.model.principal import Role
from making import person
from moderating import heed
from running import TENANT, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, error_in, fresh

_networks = count(1)


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node with limits, that believes whoever calls where they come from."""
    environment = {"IMAGECHAT_LIMITS": "on", "IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1"}
    with RunningNode(tmp_path_factory.mktemp("node"), environment=environment) as running:
        yield running


class Somebody(Visitor):
    """Somebody at an address of their own, or at a given one."""

    def __init__(self, visiting: Visiting, address: str = "", session: str | None = None) -> None:
        super().__init__(visiting.somebody().client, session)
        self.address = address or f"2001:db8:{next(_networks):x}::1"

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return super().send(method, path, headers={"X-Forwarded-For": self.address}, **more)

    def says(self, thread: str = "thread") -> httpx.Response:
        params, body = {"urlId": thread, "broadcastId": fresh("b")}, {"comment": fresh("hello"), "url": ""}
        return self.send("POST", COMMENTS, params=params, json=body)

    def moves(self, chat_id: str) -> httpx.Response:
        return self.send("PATCH", f"{CHATS}/{chat_id}", json={"broadcastId": fresh("b"), "x": 1})

    def votes(self, comment_id: str) -> httpx.Response:
        path = f"{COMMENTS}/{comment_id}/vote"
        return self.send("POST", path, params={"broadcastId": fresh("b")}, json={"voteDir": "up"})

    def reads(self) -> httpx.Response:
        return self.send("GET", CHATS, params={"urlId": "picture"})


def until_limited(call: Callable[[], httpx.Response], most: int) -> tuple[int, httpx.Response]:
    """Call until it is too much; return how often it was not, and the refusal."""
    for done in range(most):
        answer = call()
        if answer.is_error:
            return done, answer
    pytest.fail(f"{most} were not too much")


def is_limited(answer: httpx.Response, sentence: str) -> None:
    assert error_in(answer) == "rate-limited"
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= 60
    unit = "second" if seconds == 1 else "seconds"
    assert answer.json()["message"] == f"{sentence}: try again in {seconds} {unit}."


def test_the_sixth_comment_in_a_minute_waits_and_other_sessions_do_not(visiting: Visiting) -> None:
    ann = Somebody(visiting)
    ann.snapshot("picture")
    neighbour = Somebody(visiting, ann.address)
    done, refused = until_limited(ann.says, 7)
    assert done == 5
    is_limited(refused, "You are commenting too fast")
    assert int(refused.headers["retry-after"]) <= 12
    for other in (neighbour, Somebody(visiting)):
        assert other.says().status_code == 200
    assert ann.reads().status_code == 200
    assert "createdChatId" in ann.pin("picture")


def test_a_refused_comment_was_not_made_and_costs_nothing(visiting: Visiting) -> None:
    ann, thread = Somebody(visiting), fresh("w")
    ann.snapshot("picture")
    _, first = until_limited(lambda: ann.says(thread), 7)
    for _ in range(20):
        last = ann.says(thread)
        assert last.status_code == 429
    assert int(last.headers["retry-after"]) <= int(first.headers["retry-after"])
    assert ann.thread(thread)["commentCount"] == 5


def test_an_address_has_some_sessions_worth(visiting: Visiting) -> None:
    school = [Somebody(visiting, "192.0.2.40") for _ in range(5)]
    for pupil in school:
        pupil.snapshot("picture")
    try:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.sessions_per_address=4")
        heed(visiting.node, Somebody(visiting))
        said = [until_limited(pupil.says, 7) for pupil in school]
        assert [done for done, _ in said] == [5, 5, 5, 5, 0]
        is_limited(said[-1][1], "Too many people are commenting here at once")
        assert Somebody(visiting, "192.0.2.41").says().status_code == 200
    finally:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.sessions_per_address=")
        heed(visiting.node, Somebody(visiting))


@pytest.mark.parametrize(
    ("role", "changes", "reads"), [(Role.ANONYMOUS, 30, 120), (Role.MEMBER, 30, 120), (Role.MODERATOR, 300, 1_200)]
)
def test_moderators_change_and_read_ten_times_as_much(visiting: Visiting, role: Role, changes: int, reads: int) -> None:
    who = Somebody(visiting, session=visiting.signed_in(person(fresh("u"), role=role)).session)
    chat_id = who.pin("picture")["createdChatId"]
    done, refused = until_limited(lambda: who.moves(chat_id), 4 * changes)
    assert done >= changes  # some come back while the test is at it
    is_limited(refused, "You are changing things too fast")
    if role is not Role.MODERATOR:
        done, refused = until_limited(who.reads, 4 * reads)
        assert done >= reads - 1
        is_limited(refused, "You are loading pages too fast")
    else:
        assert [who.reads().status_code for _ in range(200)] == [200] * 200


def test_moderators_comment_as_fast_as_others(visiting: Visiting) -> None:
    who = Somebody(visiting, session=visiting.signed_in(person(fresh("u"), role=Role.MODERATOR)).session)
    assert until_limited(who.says, 7)[0] == 5


def test_whoever_signed_in_has_one_limit_on_all_devices(visiting: Visiting) -> None:
    user = fresh("u")
    devices = [Somebody(visiting, session=visiting.signed_in(person(user, role=Role.MEMBER)).session) for _ in range(2)]
    assert [until_limited(device.says, 7)[0] for device in devices] == [5, 0]


def test_the_tenants_own_limits_hold_as_soon_as_the_node_knows_them(visiting: Visiting) -> None:
    ann, ben = Somebody(visiting), Somebody(visiting)
    for who in (ann, ben):
        who.snapshot("picture")
    assert until_limited(ann.says, 7)[0] == 5
    try:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.comments_per_session=8")
        heed(visiting.node, Somebody(visiting))
        assert until_limited(ben.says, 10)[0] == 8
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.comments_per_session=null")
        heed(visiting.node, Somebody(visiting))
        assert [ann.says().status_code for _ in range(30)] == [200] * 30
    finally:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.comments_per_session=")
        heed(visiting.node, Somebody(visiting))
    assert until_limited(Somebody(visiting, session=ben.session).says, 7)[0] == 0


def test_a_full_picture_and_a_full_tenant_say_so(visiting: Visiting) -> None:
    ann, picture = Somebody(visiting), fresh("p")
    made = [ann.pin(picture) for _ in range(2)]
    try:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.markers_per_picture=3")
        heed(visiting.node, Somebody(visiting))
        ann.pin(picture)
        body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1}
        answer = ann.send("POST", CHATS, json=body)
        assert error_in(answer) == "limit-reached"
        assert answer.json()["message"] == "There are 3 markers on this picture already, and no more fit."
        ann.unpin(made[0]["createdChatId"])
        ann.call("POST", CHATS, json=body)
        ann.pin(fresh("p"))
    finally:
        visiting.node.run("tenant", "update", TENANT, "--set", "limits.markers_per_picture=")
        heed(visiting.node, Somebody(visiting))
    ann.pin(picture)


def test_IDEM1_a_retry_counts_like_the_first_and_has_no_second_effect(visiting: Visiting) -> None:
    ann, thread = Somebody(visiting), fresh("w")
    ann.snapshot("picture")
    params, body = {"urlId": thread, "broadcastId": fresh("b")}, {"comment": "hello", "url": ""}
    answers = [ann.send("POST", COMMENTS, params=params, json=body) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert len({answer.json()["comment"]["_id"] for answer in answers[:5]}) == 1


def test_links_and_sessions_of_the_operators_that_are_not_good_are_limited_by_address(
    visiting: Visiting, shared_node: RunningNode
) -> None:
    guesser, session = Somebody(visiting), operator_in(visiting.somebody().client, shared_node).session
    right, beside = Somebody(visiting, session=session), Somebody(visiting, guesser.address, session)
    for _ in range(3 * GUESSES.count):
        assert right.call("GET", ME), "what is good is no guess"
    guesser.session = "op_guess"
    codes: list[str] = []
    while codes[-3:] != ["rate-limited"] * 3 and len(codes) < 10 * GUESSES.count:
        codes += [
            error_in(guesser.send("GET", ME)),
            error_in(guesser.send("GET", CHATS, params={"urlId": "p"})),
            error_in(guesser.send("POST", SIGN_IN, json={"link": fresh("op_")})),
        ]
    assert codes[: GUESSES.count] == ["unauthorized"] * GUESSES.count
    is_limited(guesser.send("GET", ME), "Too many wrong keys or sessions")
    assert error_in(beside.send("GET", ME)) == "rate-limited", "nothing is looked up any more"
    assert right.call("GET", ME)


def test_votes_are_counted_with_the_other_changes(visiting: Visiting) -> None:
    ann, ben = Somebody(visiting), Somebody(visiting)
    made = ann.pin(fresh("p"), comment={"comment": fresh("hello")})
    assert ben.votes(made["comment"]["_id"]).status_code == 200
    done, refused = until_limited(lambda: ann.votes(made["comment"]["_id"]), 31)
    assert done == 30
    is_limited(refused, "You are changing things too fast")
    assert error_in(ann.moves(made["createdChatId"])) == "rate-limited"
