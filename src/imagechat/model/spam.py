"""Whether a new text should wait for a moderator, by rules that can be told to whoever wrote it.

Ask for the texts of visitors and members; whoever moderates is not asked.
"""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from math import inf
from typing import Annotated

import msgspec
from msgspec import Meta

from imagechat.model.shown_text import comparable

REMEMBERED_SECONDS = 600.0
MOST_REMEMBERED = 20_000
PLACES = 5
SHORT = 20
"""Characters under which a text may come again: half a class writes "yes" in ten minutes."""

_ANCHOR = re.compile(r"<a .*?</a>", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)\w", re.IGNORECASE)

Word = Annotated[str, Meta(min_length=1, max_length=100)]


class Suspicion(StrEnum):
    """Why a text waits, as moderators and its author are told."""

    HIDDEN_FIELD = "a hidden field was filled"
    BANNED_WORD = "a word on the list"
    LINKS = "too many links"
    DUPLICATE = "the same text again"
    MARKED = "marked as spam"


class SpamSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a tenant holds for its moderators."""

    max_links: Annotated[int, Meta(ge=0, le=1_000)] | None = 3
    """Links and bare addresses in a text; None is no limit."""
    banned_words: Annotated[tuple[Word, ...], Meta(max_length=1_000)] = ()
    """Words, or several in a row, as they stand between others; upper and lower case are the same."""
    hold_duplicates: bool = True
    honeypot: bool = True
    """The field `website`, which people do not see, must be empty."""


@dataclass(frozen=True, slots=True)
class Post:
    """A text that is to be published, with its safe HTML and what stood in the hidden field."""

    tenant_id: str
    author: str
    thread: str
    text: str
    html: str
    website: str = ""
    broadcast_id: str = ""
    """Of the command: one that is sent again says nothing again."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """That a text was said: digests of it with its author, of it alone, and of who said it where."""

    by_author: bytes
    text: bytes
    place: bytes
    broadcast_id: str


class RecentTexts:
    """Digests of what was said in the last ten minutes: who said it, and in how many places; never the words."""

    def __init__(self, clock: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        """Remember at most so many things of each kind, by a `clock` in seconds that never goes back."""
        self._clock = clock
        self._most = most
        self.tell: Callable[[Said], None] | None = None
        """Told of each text that was said here."""
        self._by_author: OrderedDict[bytes, tuple[float, str]] = OrderedDict()  # the latest is the last, in both
        self._places: OrderedDict[bytes, dict[bytes, float]] = OrderedDict()

    def __len__(self) -> int:
        return max(len(self._by_author), len(self._places))

    def again(self, post: Post) -> bool:
        """Remember a text, and tell whether its author said it before, or too many did, or in too many threads."""
        words = comparable(post.text)
        if len(words) < SHORT and not count_links(post.html):
            return False
        said = Said(
            _digest(post.tenant_id, post.author, words),
            _digest(post.tenant_id, words),
            _digest(post.author, post.thread),
            post.broadcast_id,
        )
        if self.tell is not None:
            self.tell(said)
        return self.hear(said)

    def hear(self, said: Said) -> bool:
        """Remember a text that was said, here or elsewhere; tell what `again` does."""
        now = self._clock()
        self._forget(now)
        when, by = self._by_author.get(said.by_author, (-inf, ""))
        repeated = now - when < REMEMBERED_SECONDS and not (by and by == said.broadcast_id)
        self._by_author[said.by_author] = now, said.broadcast_id
        self._by_author.move_to_end(said.by_author)
        known = self._places.pop(said.text, {})
        places = {place: when for place, when in known.items() if now - when < REMEMBERED_SECONDS}
        places.pop(said.place, None)
        self._places[said.text] = dict([*places.items(), (said.place, now)][-PLACES:])
        return repeated or len(self._places[said.text]) >= PLACES

    def _forget(self, now: float) -> None:
        """Make room for one more of each kind; drop what is old, two of each at a time, which is more than comes."""
        for _ in range(2):
            if self._by_author and now - next(iter(self._by_author.values()))[0] >= REMEMBERED_SECONDS:
                self._by_author.popitem(last=False)
            if self._places and now - max(next(iter(self._places.values())).values()) >= REMEMBERED_SECONDS:
                self._places.popitem(last=False)
        if len(self._by_author) >= self._most:
            self._by_author.popitem(last=False)
        if len(self._places) >= self._most:
            self._places.popitem(last=False)


def spam_digest(tenant_id: str, text: str) -> str:
    """Return what a text is known by that was marked as spam: the same words, however they are written."""
    return _digest("spam", tenant_id, comparable(text)).hex()


def suspect(post: Post, settings: SpamSettings, recent: RecentTexts) -> Suspicion | None:
    """Return why a text should wait, or None; either way it is remembered."""
    again = recent.again(post)
    if settings.honeypot and post.website.strip():
        return Suspicion.HIDDEN_FIELD
    found = suspect_words(post.text, post.html, settings)
    return Suspicion.DUPLICATE if found is None and again and settings.hold_duplicates else found


def suspect_words(text: str, html: str, settings: SpamSettings) -> Suspicion | None:
    """Return why a text should wait for what it says, whoever says it wherever."""
    if has_word(text, settings.banned_words):
        return Suspicion.BANNED_WORD
    if settings.max_links is not None and count_links(html) > settings.max_links:
        return Suspicion.LINKS
    return None


def count_links(html: str) -> int:
    """Return how many links a comment's HTML has, with the addresses that are not made into links."""
    rest, links = _ANCHOR.subn(" ", html)
    return links + len(_ADDRESS.findall(rest))


def has_word(text: str, banned: tuple[str, ...]) -> bool:
    """Tell whether one of some words, or of several in a row, stands in a text as whole words."""
    words = _in_a_row(text) if banned else ""
    return any(phrase in words for phrase in _phrases(banned))


@lru_cache(256)
def _phrases(banned: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phrase for phrase in map(_in_a_row, banned) if phrase.strip())


def _in_a_row(text: str) -> str:
    """Return a text's words with a space around each."""
    letters = (each if unicodedata.category(each)[0] in "LMN" else " " for each in comparable(text))
    return f" {' '.join(''.join(letters).split())} "


def _digest(*parts: str) -> bytes:
    digest = blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.digest()
