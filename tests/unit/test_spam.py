from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.comment_text import render
from imagechat.model.spam import (
    PLACES,
    REMEMBERED_SECONDS,
    Post,
    RecentTexts,
    SpamSettings,
    Suspicion,
    count_links,
    has_word,
    suspect,
)

LONG = "Buy our very cheap watches today"


class Clock:
    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


def post(
    text: str = LONG, author: str = "ann", thread: str = "one", tenant_id: str = "demo", website: str = ""
) -> Post:
    return Post(tenant_id, author, thread, text, render(text), website)


def why(text: str, recent: RecentTexts | None = None, **settings: object) -> Suspicion | None:
    return suspect(post(text), msgspec.convert(settings, SpamSettings), recent or RecentTexts(Clock()))


# -- settings


def test_by_default_links_and_duplicates_are_held() -> None:
    assert SpamSettings() == SpamSettings(max_links=3, banned_words=(), hold_duplicates=True, honeypot=True)
    assert msgspec.json.encode(SpamSettings()) == b"{}"


@pytest.mark.parametrize(
    "settings",
    [
        b'{"max_links":-1}',
        b'{"banned_words":[""]}',
        b'{"banned_words":"word"}',
        b'{"banned_words":[1]}',
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(settings, type=SpamSettings)


def test_each_rule_can_be_switched_off() -> None:
    settings = SpamSettings(max_links=None, hold_duplicates=False, honeypot=False)
    recent = RecentTexts(Clock())
    links = post("https://a.example " * 20, website="filled")
    assert [suspect(links, settings, recent) for _ in range(20)] == [None] * 20


# -- the hidden field


@pytest.mark.parametrize(("website", "held"), [("", False), (" \n", False), ("x", True), ("https://a.example", True)])
def test_a_hidden_field_that_was_filled_holds_the_text(website: str, *, held: bool) -> None:
    found = suspect(post("hello", website=website), SpamSettings(), RecentTexts(Clock()))
    assert (found is Suspicion.HIDDEN_FIELD) is held


# -- links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("none", 0),
        ("[one](https://a.example)", 1),
        ("<https://a.example> and https://b.example", 2),
        ("[same](https://a.example) [https://b.example](https://b.example)", 2),
        ("[mail](mailto:a@a.example) www.a.example", 2),
        ("HTTP://A.EXAMPLE Www.b.example", 2),
        ("`https://a.example` **https://b.example**", 2),
        ("https://a.example,https://b.example", 2),
        ("awww.nice http:// https: //x", 0),
        ("[refused](javascript:alert)", 0),
    ],
)
def test_links_and_bare_addresses_are_counted_once_each(text: str, links: int) -> None:
    assert count_links(render(text)) == links


def test_more_links_than_the_tenant_wants_hold_the_text() -> None:
    three = "https://a.example https://b.example https://c.example"
    assert why(three) is None
    assert why(three + " https://d.example") is Suspicion.LINKS
    assert why("https://a.example", max_links=0) is Suspicion.LINKS


# -- words


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("viagra", True),
        ("Get VIAGRA, now!", True),
        ("**viagra**", True),
        ("_viagra_", True),
        ("vi\u200bag\u2060ra", True),
        ("ｖｉａｇｒａ", True),
        ("vi\u0337agra", True),
        ("viagras", False),
        ("antiviagra", False),
        ("vi agra", False),
        ("buy  it\nNOW.", True),
        ("buy-it-now", True),
        ("buy it, or now", False),
        ("STRASSE", True),
        ("straße", True),
        ("हिन्दी", True),
        ("हिन्द", False),
    ],
    ids=ascii,
)
def test_words_on_the_list_hold_a_text_where_they_stand_whole(text: str, *, held: bool) -> None:
    banned = ("Viagra", "buy it now", "Straße", "हिन्दी", "...")
    assert has_word(text, banned) is held
    assert (why(text, banned_words=banned) is Suspicion.BANNED_WORD) is held


@given(st.text(), st.text(), st.sampled_from(["viagra", "Viagra", "VIAGRA"]))
def test_a_word_is_found_between_any_others(before: str, after: str, word: str) -> None:
    assert has_word(f"{before} {word} {after}", ("viagra",))


@given(st.text(), st.lists(st.text(min_size=1), max_size=5).map(tuple))
def test_any_list_and_any_text_can_be_compared(text: str, banned: tuple[str, ...]) -> None:
    assert has_word(text, banned) in {True, False}
    assert not has_word(text, ())


# -- the same again


def test_the_same_text_by_the_same_author_is_held_for_ten_minutes() -> None:
    clock = Clock()
    recent = RecentTexts(clock)
    assert suspect(post(), SpamSettings(), recent) is None
    assert suspect(post("  buy OUR very cheap watches\u200b today"), SpamSettings(), recent) is Suspicion.DUPLICATE
    assert suspect(post(thread="two"), SpamSettings(), recent) is Suspicion.DUPLICATE
    clock.now += REMEMBERED_SECONDS
    assert suspect(post(), SpamSettings(), recent) is None


def test_the_same_text_by_others_is_held_in_its_fifth_place() -> None:
    recent = RecentTexts(Clock())
    held = [suspect(post(author=f"author {number}"), SpamSettings(), recent) for number in range(7)]
    assert held == [None] * (PLACES - 1) + [Suspicion.DUPLICATE] * 3


def test_places_that_are_long_past_do_not_count() -> None:
    clock = Clock()
    recent = RecentTexts(clock)
    for number in range(20):
        assert not recent.again(post(author=f"author {number}", thread=f"thread {number}"))
        clock.now += REMEMBERED_SECONDS / (PLACES - 1)


def test_one_tenants_texts_are_nothing_to_another() -> None:
    recent = RecentTexts(Clock())
    for number in range(20):
        assert not recent.again(post(tenant_id=f"tenant {number}"))


def test_short_texts_may_come_again_unless_there_is_a_link_in_them() -> None:
    recent = RecentTexts(Clock())
    assert [recent.again(post("I agree!", author=f"{number % 2}")) for number in range(20)] == [False] * 20
    assert not recent.again(post("www.a.example"))
    assert recent.again(post("www.a.example"))


def test_a_text_that_is_held_for_something_else_is_remembered_too() -> None:
    recent = RecentTexts(Clock())
    assert suspect(post(website="x"), SpamSettings(), recent) is Suspicion.HIDDEN_FIELD
    assert suspect(post(), SpamSettings(), recent) is Suspicion.DUPLICATE


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.floats(0, 300)), max_size=100))
def test_what_is_remembered_is_bounded_old_things_go_and_no_words_are_kept(
    said: list[tuple[int, int, int, float]],
) -> None:
    clock = Clock()
    recent = RecentTexts(clock, most=5)
    for text, author, thread, pause in said:
        clock.now += pause
        recent.again(post(f"{LONG} {text}", f"author {author}", f"thread {thread}"))
        assert len(recent) <= 5
        assert all(len(places) <= PLACES for places in recent._places.values())
        assert all(isinstance(key, bytes) for key in [*recent._by_author, *recent._places])
    clock.now += REMEMBERED_SECONDS
    for number in range(3):
        recent.again(post(f"{LONG} anew {number}"))
    assert len(recent) <= 3


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 400)), max_size=40))
def test_an_author_is_held_exactly_when_they_said_it_within_ten_minutes(said: list[tuple[int, int, float]]) -> None:
    clock = Clock()
    recent = RecentTexts(clock)
    last: dict[tuple[int, int], float] = {}
    for text, author, pause in said:
        clock.now += pause
        again = recent.again(post(f"{LONG} {text}", f"author {author}"))  # four authors in one thread are four places
        assert again is (clock.now - last.get((text, author), -1e9) < REMEMBERED_SECONDS)
        last[text, author] = clock.now


def test_IDEM1_a_command_that_is_sent_again_does_not_say_the_same_again() -> None:
    recent = RecentTexts(lambda: 0.0)
    post = Post("demo", "ann", "thread", "A text that is long enough to be looked at", "", broadcast_id="b1")
    assert not recent.again(post)
    assert not recent.again(post)
    assert recent.again(replace(post, broadcast_id="b2"))
