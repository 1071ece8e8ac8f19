from time import perf_counter

import pytest

from imagechat.model.comment_text import checked_name, checked_text, is_text, render
from making import refused_with


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hello", "<p>hello</p>"),
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("__bold__ and _italic_", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("two\nlines", "<p>two<br>\nlines</p>"),
        ("two\n\nparagraphs", "<p>two</p>\n<p>paragraphs</p>"),
        (
            "[site](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener nofollow ugc">site</a></p>',
        ),
        (
            "<https://example.org>",
            '<p><a href="https://example.org" target="_blank" rel="noopener nofollow ugc">https://example.org</a></p>',
        ),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("# no heading", "<p># no heading</p>"),
        ("- no list\n1. none", "<p>- no list<br>\n1. none</p>"),
        ("> no quote", "<p>&gt; no quote</p>"),
        ("![no picture](https://example.org/a.png)", None),
        ("<b>no HTML</b>", "<p>&lt;b&gt;no HTML&lt;/b&gt;</p>"),
        ("|no|table|\n|-|-|", "<p>|no|table|<br>\n|-|-|</p>"),
        (r"\*plain\*", "<p>*plain*</p>"),
        ("&copy; &lt;", "<p>© &lt;</p>"),
        ("👩‍👩‍👧 ünï مرحبا 漢字", "<p>👩‍👩‍👧 ünï مرحبا 漢字</p>"),
    ],
)
def test_the_text_is_a_small_markdown(typed: str, shown: str | None) -> None:
    html = render(typed)
    if shown is None:
        assert "<img" not in html
    else:
        assert html == shown


@pytest.mark.parametrize("limit", [1999, 2000])
def test_a_text_up_to_its_limit_is_taken(limit: int) -> None:
    assert checked_text("ä" * limit) == "ä" * limit


def test_a_text_over_its_limit_is_refused_with_the_limit() -> None:
    assert refused_with(lambda: checked_text("x" * 2001)) == "comment-too-big"
    with pytest.raises(Exception, match=r"2,001 characters; the limit is 2,000"):
        checked_text("x" * 2001)


def test_white_space_around_a_text_goes_and_does_not_count() -> None:
    assert checked_text(" \n hello\t ") == "hello"
    assert checked_text(" " * 3000 + "hello") == "hello"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\ufe0f",
        "\U000e0100 \u180b",
        "\U000e0041",
        "\U0001d159",
        "\u200b",
        "\u2060\ufeff",
        "\u202e\u202c",
        "\u00a0\u3000",
        "\u00ad",
        "\x07",
        "\u2028",
        "\x00",
    ],
    ids=ascii,
)
def test_a_text_that_shows_nothing_is_empty(text: str) -> None:
    assert refused_with(lambda: checked_text(text)) == "comment-empty"


@pytest.mark.parametrize("text", ["\u3164", "\u115f\u1160", "\uffa0", "\u2800 \u2800", "\u034f"], ids=ascii)
def test_letters_and_marks_that_show_nothing_are_empty_too(text: str) -> None:
    assert refused_with(lambda: checked_text(text)) == "comment-empty"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff!"], ids=ascii)
def test_what_no_database_can_hold_is_no_text(text: str) -> None:
    assert not is_text(text)
    assert refused_with(lambda: checked_text(text)) == "invalid-body"


def test_emoji_and_rare_letters_are_text() -> None:
    assert is_text("😀𝒳\U0010fffd\n")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, None),
        ("", None),
        ("Ann", "Ann"),
        ("  Ann \n Lee ", "Ann Lee"),
        ("An\u0303a", "Aña"),
        ("\u202eevil\u202c", "evil"),
        ("A\u200bn\u200dn\ufeff", "Ann"),
        ("\u2066Ann\u2069", "Ann"),
        ("A\x00n\x1b[31mn", "An[31mn"),
        ("\u200b \u2060", None),
        ("\ud800Ann", "Ann"),
        ("Ann\u2028Lee", "Ann Lee"),
        ("\u3164", None),
        ("\u2800\u115f", None),
        ("Ann\u3164", "Ann"),
        ("😀 安", "😀 安"),
    ],
    ids=ascii,
)
def test_a_name_has_no_invisible_characters(given: str | None, shown: str | None) -> None:
    assert checked_name(given) == shown


def test_a_name_is_at_most_100_characters_of_what_is_shown() -> None:
    assert checked_name("x" * 100 + "\u200b") == "x" * 100
    assert refused_with(lambda: checked_name("x" * 101)) == "too-long"


def test_a_name_of_thousands_of_marks_is_refused_before_they_are_put_into_order() -> None:
    # normalising this one takes seconds, in which nobody else is answered
    marks = "a" + "\u0301" * 15_000 + "\u0323" * 15_000
    started = perf_counter()
    assert refused_with(lambda: checked_name(marks)) == "too-long"
    assert checked_name("a" + marks[14_501:15_500]) == "á\u0301\u0301"
    assert perf_counter() - started < 0.1
