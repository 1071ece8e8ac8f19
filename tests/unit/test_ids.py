import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.ids import TENANT_ID, room_id, tenant_of, timed_id, wire_room_id


def test_a_room_has_one_name_whether_asked_for_by_urlid_or_by_urlidws() -> None:
    assert room_id("demo", "a picture") == room_id("demo", wire_room_id("a picture"))
    assert tenant_of(room_id("demo", "a.b")) == "demo"


def test_AUTH1_the_same_urlid_of_two_tenants_is_two_rooms() -> None:
    assert room_id("a", "x") != room_id("b", "x")


@given(st.text(max_size=3000))
def test_a_urlidws_is_short_and_fit_for_a_url(url_id: str) -> None:
    name = wire_room_id(url_id)
    assert re.fullmatch(r"~[A-Za-z0-9_-]{20}", name)
    assert wire_room_id(name) == name


@given(st.lists(st.text(max_size=50), unique=True, min_size=2))
def test_different_urlids_are_different_rooms(url_ids: list[str]) -> None:
    assert len({room_id("demo", url_id) for url_id in url_ids}) == len(url_ids)


@pytest.mark.parametrize("fit", ["demo", "A-b_9", "x" * 64])
def test_a_tenant_id_is_letters_digits_dashes_and_underscores(fit: str) -> None:
    assert TENANT_ID.fullmatch(fit)


@pytest.mark.parametrize("unfit", ["", "x" * 65, "a.b", "a b", "a/b", "ä", "a\n", "a\x00"])
def test_AUTH1_a_tenant_id_cannot_reach_into_another_tenants_rooms(unfit: str) -> None:
    assert not TENANT_ID.fullmatch(unfit)


def test_timed_ids_sort_by_time_and_differ_by_chance() -> None:
    assert timed_id(1, b"\xff" * 6) < timed_id(2, b"\x00" * 6) < timed_id(2**40, b"\x00" * 6)
    assert timed_id(1, b"\x00" * 6) != timed_id(1, b"\x01" * 6)
    assert timed_id(1_700_000_000_000, bytes(6)) == "018bcfe56800000000000000"
