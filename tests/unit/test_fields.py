import pytest

from imagechat.http.bodies import FirstComment
from imagechat.http.fields import (
    checked_avatar,
    checked_broadcast_id,
    checked_title,
    checked_url_id,
    new_comment,
    new_id,
    short_src,
)
from making import refused_with


def test_a_urlid_is_1_to_2048_characters() -> None:
    assert checked_url_id("ä" * 2048) == "ä" * 2048
    assert refused_with(checked_url_id, "ä" * 2049) == "too-long"
    assert refused_with(checked_url_id, "") == "invalid-body"


def test_a_title_is_at_most_2048_characters_or_none() -> None:
    assert checked_title(None) is None
    assert checked_title("") == ""
    assert checked_title("x" * 2048) == "x" * 2048
    assert refused_with(checked_title, "x" * 2049) == "too-long"


def test_a_title_is_cleaned_as_a_name_is_because_moderators_are_shown_it() -> None:
    assert checked_title("  Floor\tplan \n 2 ") == "Floor plan 2"
    assert checked_title("\u202egnp.nalp\u202c") == "gnp.nalp"
    assert checked_title("Z" + "\u0301" * 50) == "Ź\u0301\u0301"
    assert checked_title("\u200b") == ""


def test_a_broadcastid_is_1_to_64_characters() -> None:
    assert checked_broadcast_id("x" * 64) == "x" * 64
    assert refused_with(checked_broadcast_id, "x" * 65) == "too-long"
    assert refused_with(checked_broadcast_id, "") == "invalid-body"


@pytest.mark.parametrize("unfit", ["a\x00", "\ud800"], ids=ascii)
def test_what_no_database_can_hold_is_refused_everywhere(unfit: str) -> None:
    for check in (checked_url_id, checked_title, checked_broadcast_id):
        assert refused_with(check, unfit) == "invalid-body"
    assert checked_avatar(f"https://example.org/{unfit}") is None
    assert short_src(unfit) == ""


def test_a_refusal_names_the_field_and_its_limit() -> None:
    with pytest.raises(Exception, match=r"windowUrlId has 2,049 characters; the limit is 2,048"):
        checked_url_id("x" * 2049, "windowUrlId")


@pytest.mark.parametrize(
    "avatar", ["javascript:alert(1)", "data:image/png;base64,", "//example.org/a", "a.png", "", "https://" + "x" * 505]
)
def test_an_avatar_that_no_browser_should_be_sent_to_is_left_out(avatar: str) -> None:
    assert checked_avatar(avatar) is None


def test_an_avatar_is_an_http_address() -> None:
    for avatar in ("https://example.org/a.png", "http://example.org/a.png"):
        assert checked_avatar(avatar) == avatar


def test_SIZE1_a_src_over_256_bytes_is_left_out() -> None:
    assert short_src("x" * 256) == "x" * 256
    assert short_src("x" * 257) == ""
    assert short_src("ä" * 128) == "ä" * 128
    assert short_src("ä" * 129) == ""
    assert short_src("%" * 42) == "%" * 42
    assert short_src("%" * 43) == ""  # six bytes each in an event
    assert short_src(None) == ""


def test_a_new_comment_is_checked_in_every_field() -> None:
    made = new_comment(
        FirstComment(comment=" *hi* ", commenter_name=" \u202eAnn ", avatar_src="javascript:x", url="u"), 0, "parent"
    )
    assert (made.text, made.html, made.commenter_name) == ("*hi*", "<p><em>hi</em></p>", "Ann")
    assert (made.avatar_src, made.page_url, made.parent_id) == (None, "u", "parent")
    assert refused_with(new_comment, FirstComment(comment="x", url="x" * 2049), 0) == "too-long"
    assert refused_with(new_comment, FirstComment(comment="x", commenter_name="x" * 101), 0) == "too-long"


def test_ids_made_in_the_same_millisecond_differ() -> None:
    assert len({new_id(1) for _ in range(1000)}) == 1000
