import unicodedata
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imagechat.model.shown_text import MARKS, comparable, one_line, shows_nothing

MARK, BELOW = "\u0301", "\u0323"

odd = st.sampled_from(
    "aA=1 ❤葛\u0301\u0323\u20dd\u0344\u200d\u202e\ufe0f\U000e0100\u180b\U000e0061\ufff9\ue000\u3164\n"
    "\u00a0\u0e34\u0fb2\u1100\u1161\ufb1d\u2adc\ud800"
)
texts = st.lists(st.one_of(odd, st.characters()), max_size=40).map("".join)


def stack(text: str) -> int:
    """The most marks in a row."""
    runs = "".join("m" if unicodedata.category(each) in {"Mn", "Me"} else " " for each in text).split()
    return max(map(len, runs), default=0)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ann Lee", "Ann Lee"),
        ("Ann\r\n\tLee", "Ann Lee"),
        ("A" + MARK * 60 + "nn", "Á" + MARK * (MARKS - 1) + "nn"),
        (MARK + "Ann", "Ann"),
        ("Ann " + MARK + "Lee", "Ann Lee"),
        ("Ann\u00a0" + MARK, "Ann"),
        ("A\u200d\u030ake", "Åke"),
        ("An\U000e0061\U000e007fn", "Ann"),
        ("\U000e0001Ann", "Ann"),
        ("\ufff9Ann\ufffaadmin\ufffb", "Annadmin"),
        ("\ufe0fAnn", "Ann"),
        ("A\ufe0fn\u180bn\U000e0100", "Ann"),
        ("❤\ufe0f Ann", "❤\ufe0f Ann"),
        ("❤\ufe0f\ufe0f\ufe0f", "❤\ufe0f"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("\u061cAnn\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e", "Ann"),
        ("Ann\ue000\uf8ff", "Ann"),
        ("A\u00adn\u2060n\ufeff", "Ann"),
        ("\U0001d159Ann\U00016fe4", "Ann"),
        ("\u034f\u17b4\u17b5", ""),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Ánh"), "Nguyễn Thị Ánh"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("กี่", "กี่"),
        ("हिन्दी", "हिन्दी"),
    ],
    ids=ascii,
)
def test_a_line_shows_what_it_says_and_no_more(typed: str, shown: str) -> None:
    assert one_line(typed) == unicodedata.normalize("NFC", shown)


@given(texts)
@example("\u2adc\ufe0f")
@example("=\u200d\u0338\ufe0f")
@example("a" + "\u0344" * 3)
@example("\u0301\u20dd\ufe0f")
def test_a_line_stays_as_it_is_when_it_is_cleaned_again(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line


@given(texts)
def test_a_line_has_nothing_that_could_confuse(text: str) -> None:
    line = one_line(text)
    assert unicodedata.is_normalized("NFC", line)
    assert stack(line) <= MARKS
    assert line.split(" ") == line.split() or line == ""
    assert not {unicodedata.category(each) for each in line} & {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
    assert unicodedata.category(line[:1] or "a") not in {"Mn", "Me"}
    assert line == "" or not shows_nothing(line)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_english_is_let_be(text: str) -> None:
    assert one_line(text) == " ".join(text.split())


def test_the_worst_line_is_cleaned_in_no_time() -> None:
    worst = "a" + MARK * 1_000 + BELOW * 1_000
    started = perf_counter()
    one_line(worst)
    comparable(worst)
    assert perf_counter() - started < 0.1


@pytest.mark.parametrize(
    "other",
    [
        "CHEAP  WATCHES",
        "cheap\u200b watches\n",
        "ｃｈｅａｐ　ｗａｔｃｈｅｓ",
        "𝐜𝐡𝐞𝐚𝐩 𝐰𝐚𝐭𝐜𝐡𝐞𝐬",
        "che\u0337ap w\u0336atch\u20e3es",
        "c\ufe0fheap\u2029watch\u00ades",
    ],
    ids=ascii,
)
def test_texts_that_look_much_the_same_compare_as_one(other: str) -> None:
    assert comparable(other) == "cheap watches"


@given(texts)
@example("ß\u0345ŉ")
def test_what_is_comparable_says_nothing_new_when_it_is_compared_again(text: str) -> None:
    once = comparable(text)
    assert not any(unicodedata.category(each) in {"Cf", "Cc"} for each in once)
    assert once == " ".join(once.split())
