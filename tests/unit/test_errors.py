import sqlite3
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from documents import SPEC, table_between
from errors_table import rows
from imagechat.http.errors import reply_to
from imagechat.model.errors import RATE_LIMITED, REGISTRY, UNAVAILABLE, ErrorKind, Refusal


def scope() -> dict[str, Any]:
    return {"path": "/comments/demo"}


def test_every_error_is_in_the_wires_document_with_its_status_and_meaning() -> None:
    assert table_between(SPEC, "errors") == [list(row) for row in rows()]


def test_every_code_is_there_once_and_is_words() -> None:
    assert Counter(kind.code for kind in REGISTRY).most_common(1)[0][1] == 1
    for kind in REGISTRY:
        assert kind.code.replace("-", "").isalpha()
        assert kind.code.islower()


@pytest.mark.parametrize("kind", REGISTRY, ids=lambda kind: kind.code)
def test_an_error_has_an_http_status_of_errors(kind: ErrorKind) -> None:
    assert 400 <= kind.status <= 599
    assert kind.when


def test_every_kind_that_is_defined_is_in_the_registry() -> None:
    from imagechat.model import errors  # noqa: PLC0415 -- its names are what is tested

    assert {value for value in vars(errors).values() if isinstance(value, ErrorKind)} == set(REGISTRY)


@pytest.mark.parametrize(("wait", "told"), [(0.0001, "1"), (1, "1"), (11.2, "12"), (600.0, "600")])
def test_whoever_has_to_wait_is_told_whole_seconds_that_are_enough(wait: float, told: str) -> None:
    reply = reply_to(scope(), Refusal(RATE_LIMITED, "Too fast.", retry_after=wait))
    assert (reply.status, reply.headers) == (429, {"Retry-After": told})
    assert (reply.body.status, reply.body.code, reply.body.reason) == ("failed", "rate-limited", "Too fast.")


def test_what_may_be_asked_again_at_any_time_has_no_time_to_wait() -> None:
    assert reply_to(scope(), Refusal(RATE_LIMITED, "Too fast.")).headers == {}
    assert reply_to(scope(), Refusal(UNAVAILABLE, "Busy.")).headers == {"Retry-After": "2"}
    busy = Refusal(UNAVAILABLE, "Busy.", retry_after=9.5)
    assert reply_to(scope(), busy).headers == {"Retry-After": "10"}


def test_a_write_that_found_no_room_says_so_whatever_way_it_came() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = 13
    reply = reply_to(scope(), OperationalError("INSERT", None, full))
    assert (reply.status, reply.body.code) == (507, "storage-full")
    reply = reply_to(scope(), OperationalError("SELECT", None, sqlite3.OperationalError("it hangs")))
    assert (reply.status, reply.body.code) == (503, "unavailable")
