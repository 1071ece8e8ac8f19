"""Comments that attack whoever reads them. A parser judges the HTML by what it may hold, not by what it may not."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacking import hostile_words
from imagechat.model.comment_text import render

PLAIN: frozenset[str] = frozenset()
ALLOWED = dict.fromkeys(("p", "br", "strong", "em", "code", "pre"), PLAIN) | {"a": {"href", "rel", "target"}}
SCHEMES = {"http", "https", "mailto"}

VECTORS = hostile_words()


def ascii_start(text: str) -> str:
    return ascii(text[:60])


class Findings(HTMLParser):
    """Everything in some HTML that is more than the small Markdown gives."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.found.append(f"{tag}[{name}]")
            if name == "href" and urlsplit((value or "").strip("\x00\x01 \t\n")).scheme.lower() not in SCHEMES:
                self.found.append(f"href={value}")
        given = dict(attrs)
        if tag == "a" and (given.get("rel") != "noopener nofollow ugc" or given.get("target") != "_blank"):
            self.found.append("a link that keeps its opener")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")


def test_the_judge_sees_what_is_wrong() -> None:
    for html in ("<script>", "<p onclick=x>", "<a href=javascript:x>", "<!-- -->", "<?x>", '<a href="https://a">'):
        assert Findings(html).found, html


@pytest.mark.parametrize("typed", VECTORS, ids=ascii_start)
def test_an_attack_becomes_harmless_text(typed: str) -> None:
    assert Findings(render(typed)).found == []


@pytest.mark.parametrize("typed", VECTORS, ids=ascii_start)
def test_an_attack_within_other_markdown_is_harmless_too(typed: str) -> None:
    for around in ("*{}*", "[{}](https://example.org)", "`{}", "> {}", "<p>{}</p>", "[x]({})", "&{};"):
        assert Findings(render(around.replace("{}", typed))).found == [], around


@given(
    st.lists(st.sampled_from([*VECTORS, "*", "`", "[", "](", ")", "<", ">", "&", "\n", "\\", '"', "'"])).map("".join)
)
def test_attacks_put_together_are_harmless(typed: str) -> None:
    assert Findings(render(typed[:2000])).found == []
