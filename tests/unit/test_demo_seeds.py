"""The gallery's page and its seeds tell of the same pictures; the seeds keep the wire's limits."""

import struct
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from documents import REPOSITORY
from imagechat.demo.seed import seeded_pictures
from imagechat.model.comment_text import checked_name, checked_text
from imagechat.model.geometry import checked_place
from imagechat.model.wire import Region

DEMO = files("imagechat.demo")
PICTURES: list[dict[str, Any]] = msgspec.json.decode((DEMO / "seeds.json").read_bytes())["pictures"]


class Gallery(HTMLParser):
    """The figures of the page: urlId, and what its picture and its title say."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[dict[str, Any]] = []
        self._in_title = False
        self.feed((DEMO / "page" / "gallery.html").read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "figure":
            self.figures.append({"urlId": given["data-url-id"], "title": ""})
        elif tag == "img" and self.figures and (given["src"] or "").startswith("/demo/pictures/"):
            self.figures[-1] |= {
                "file": (given["src"] or "").removeprefix("/demo/pictures/"),
                "width": int(given["width"] or 0),
                "height": int(given["height"] or 0),
                "alt": given["alt"],
            }
        elif tag == "h2" and self.figures and given.get("id") == f"{self.figures[-1]['urlId']}-title":
            self._in_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.figures[-1]["title"] += data


def test_the_page_shows_the_seeded_pictures_with_their_sizes_titles_and_descriptions() -> None:
    fields = ("urlId", "file", "width", "height", "title", "alt")
    assert Gallery().figures == [{field: picture[field] for field in fields} for picture in PICTURES]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: str(picture["urlId"]))
def test_a_pictures_file_has_the_size_that_the_page_reserves(picture: dict[str, Any]) -> None:
    head = (DEMO / "page" / "pictures" / picture["file"]).read_bytes()[:30]
    assert (head[:4], head[8:12]) == (b"RIFF", b"WEBP")
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    elif head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    else:
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", head[26:30]))
    assert (width, height) == (picture["width"], picture["height"])


@pytest.mark.parametrize("picture", seeded_pictures(), ids=lambda picture: str(picture["urlId"]))
def test_a_pictures_seeds_keep_the_limits(picture: dict[str, Any]) -> None:
    assert picture["conversations"]
    assert (DEMO / "page" / "pictures" / picture["file"]).is_file()
    for conversation in picture["conversations"]:
        region = Region(**conversation["region"]) if "region" in conversation else None
        checked_place(conversation["x"], conversation["y"], region)
        assert conversation["comments"]
        for number, comment in enumerate(conversation["comments"]):
            assert comment.get("to", -1) < number
            assert checked_text(comment["text"]) == comment["text"]
            assert checked_name(comment["name"]) == comment["name"]


def test_every_picture_has_its_source_and_licence_in_the_notice() -> None:
    notice = (REPOSITORY / "NOTICE").read_text("utf-8")
    for picture in PICTURES:
        assert picture["file"] in notice, picture["file"]
