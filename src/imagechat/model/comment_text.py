"""Comment text to safe HTML: the only path, for every place where a comment is made or changed."""

import re
from functools import partial

import nh3
from markdown_it import MarkdownIt

from imagechat.model.errors import COMMENT_EMPTY, COMMENT_TOO_BIG, INVALID_BODY, TOO_LONG, Refusal
from imagechat.model.limits import COMMENT_CHARACTERS, NAME_CHARACTERS, TYPED_NAME_CHARACTERS
from imagechat.model.shown_text import one_line, shows_nothing

_markdown = MarkdownIt("zero", {"breaks": True, "linkify": False, "html": False}).enable(
    ["emphasis", "backticks", "link", "autolink", "newline", "escape", "entity", "fence"],
)
_LINKED = re.compile("(?:https?|mailto):", re.IGNORECASE)
"""What addresses begin with: one without a host would lead into the site of whichever page shows the comment."""


def _whole_address(_tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or _LINKED.match(value) else None


_sanitise = partial(
    nh3.clean,
    tags={"p", "br", "strong", "em", "code", "pre", "a"},
    attributes={"a": {"href"}, "*": set()},  # "*" has `title` by default, which would let words hide in a tooltip
    url_schemes={"http", "https", "mailto"},
    attribute_filter=_whole_address,
    link_rel="noopener nofollow ugc",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
_UNFIT_IN_TEXT = re.compile("[\x00\ud800-\udfff]")


def render(text: str) -> str:
    """Return the HTML of a comment: bold, italics, code, links, line breaks and nothing else."""
    return _sanitise(_markdown.render(text)).strip()


def checked_text(text: str) -> str:
    """Return a comment's text without white space around it.

    Raises `Refusal`: `comment-empty`, `comment-too-big`, or `invalid-body` for what is not Unicode text.
    """
    stripped = text.strip()
    if len(stripped) > COMMENT_CHARACTERS:
        raise Refusal(
            COMMENT_TOO_BIG,
            f"The comment has {len(stripped):,} characters; the limit is {COMMENT_CHARACTERS:,}. Please shorten it.",
        )
    if shows_nothing(stripped):
        raise Refusal(COMMENT_EMPTY, "The comment is empty: write something first.")
    if not is_text(stripped):
        raise Refusal(INVALID_BODY, "The comment holds characters that no text may hold (a lone surrogate or a NUL).")
    return stripped


def is_text(value: str) -> bool:
    """Tell whether every database and every UTF-8 encoder can hold the value: no NUL, no lone surrogate."""
    return _UNFIT_IN_TEXT.search(value) is None


def checked_name(name: str | None) -> str | None:
    """Return a name to show (see `one_line`), or None where nothing is left of it.

    Raises `Refusal` (`too-long`).
    """
    if name is None:
        return None
    if len(name) > TYPED_NAME_CHARACTERS:
        raise _name_too_long(name)
    visible = one_line(name)
    if len(visible) > NAME_CHARACTERS:
        raise _name_too_long(visible)
    return visible or None


def _name_too_long(name: str) -> Refusal:
    return Refusal(TOO_LONG, f"The name has {len(name):,} characters; the limit is {NAME_CHARACTERS}.")
