"""Checks of single fields, with refusals that name the limit."""

import random

from imagechat.http.bodies import FirstComment
from imagechat.model.commands import NewComment
from imagechat.model.comment_text import checked_name, checked_text, is_text, render
from imagechat.model.errors import INVALID_BODY, TOO_LONG, Refusal
from imagechat.model.events import json_text
from imagechat.model.ids import INBOX, timed_id
from imagechat.model.limits import (
    AVATAR_CHARACTERS,
    BROADCAST_ID_CHARACTERS,
    SRC_BYTES,
    TITLE_CHARACTERS,
    URL_ID_CHARACTERS,
)
from imagechat.model.shown_text import one_line


def checked_url_id(value: str, name: str = "urlId") -> str:
    """Return a urlId that can be kept. Raises `Refusal`."""
    if not value:
        raise Refusal(INVALID_BODY, f"{name} is missing: it names the picture or the thread.")
    if value == INBOX:
        raise Refusal(INVALID_BODY, f"{name} names neither a picture nor a thread.")
    return _checked(value, name, URL_ID_CHARACTERS)


def checked_title(value: str | None) -> str | None:
    """Return a page's title as moderators are shown it (see `one_line`). Raises `Refusal`."""
    return None if value is None else one_line(_checked(value, "pageTitle", TITLE_CHARACTERS))


def checked_broadcast_id(value: str) -> str:
    """Return a broadcastId that can be kept. Raises `Refusal`."""
    if not value:
        raise Refusal(INVALID_BODY, "broadcastId is missing: make a new UUID for each operation.")
    return _checked(value, "broadcastId", BROADCAST_ID_CHARACTERS)


def checked_page_url(value: str) -> str:
    """Return a page's address that can be kept. Raises `Refusal`."""
    return _checked(value, "url", URL_ID_CHARACTERS)


def checked_avatar(value: str | None) -> str | None:
    """Return a picture's address, or None for one that no browser should be sent to."""
    if value is None or len(value) > AVATAR_CHARACTERS or not value.startswith(("https://", "http://")):
        return None
    return value if is_text(value) else None


def short_src(value: str | None) -> str:
    """Return a picture's `src` if it is short enough to travel in every event (SIZE1), else nothing."""
    if value is None or not is_text(value) or len(json_text(value)) > SRC_BYTES:
        return ""
    return value


def new_comment(body: FirstComment, now: int, parent_id: str | None = None) -> NewComment:
    """Return a checked comment, with its safe HTML. Raises `Refusal`."""
    text = checked_text(body.comment)
    return NewComment(
        comment_id=new_id(now),
        text=text,
        html=render(text),
        commenter_name=checked_name(body.commenter_name),
        avatar_src=checked_avatar(body.avatar_src),
        page_url=checked_page_url(body.url),
        parent_id=parent_id,
    )


def new_id(now: int) -> str:
    """Return a fresh id: it must differ from all others, which chance sees to; it is no secret, and grants nothing."""
    return timed_id(now, random.randbytes(6))  # noqa: S311 -- see above; the system's own took a tenth of a create


def _checked(value: str, name: str, limit: int) -> str:
    if len(value) > limit:
        raise Refusal(TOO_LONG, f"{name} has {len(value):,} characters; the limit is {limit:,}.")
    if not is_text(value):
        raise Refusal(INVALID_BODY, f"{name} holds characters that no text may hold (a lone surrogate or a NUL).")
    return value
