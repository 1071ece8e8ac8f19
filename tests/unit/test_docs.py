"""What the documents name exists, and what exists is in the documents."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.inspect import UnionType, type_info

from documents import ARCHITECTURE, REPOSITORY, SPEC, code_words, documents, section, tables
from imagechat.live import frames
from imagechat.model import errors, events
from imagechat.model.errors import CloseKind
from imagechat.settings import PREFIX, describe

SETTINGS = {described.variable for described in describe()}
RULES = {cell[0] for cell in tables(section(SPEC, "Rules"))[0]}
ROOTS = ("src/", "web/", "tests/", "docs/", "bench/", "contract/", "deploy/", "scripts/")
# names in backticks are of a folder of the source where they do not begin at the top of the repository
SOURCES = (REPOSITORY, REPOSITORY / "src" / "imagechat", REPOSITORY / "web" / "widget" / "src", REPOSITORY / "docs")


def present() -> list[Path]:
    return [document for document in documents() if document.exists()]


@pytest.mark.parametrize("document", present(), ids=lambda path: path.name)
def test_every_setting_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", document.read_text("utf-8")))
    assert named <= SETTINGS


def test_every_setting_is_in_a_document_for_operators() -> None:
    text = "".join(document.read_text("utf-8") for document in present() if document not in {SPEC, ARCHITECTURE})
    assert {setting for setting in SETTINGS if setting not in text} == set()


def event_types() -> set[str]:
    found = type_info(events.Event)
    assert isinstance(found, UnionType)
    committed = {str(kind.tag) for kind in found.types if hasattr(kind, "tag")}
    signals = {frames.Hello, frames.Reset, frames.Presence, frames.InboxChanged, frames.HaveRead, frames.Typing}
    return committed | {str(signal.__struct_config__.tag) for signal in signals}


def test_every_event_type_is_in_the_wires_document_and_the_other_way_round() -> None:
    rows = next(table for table in tables(section(SPEC, "The live channel")) if table[0][0] == "`new-image-chat`")
    assert {name for row in rows for name in code_words(row[0])} == event_types()


def test_every_signal_is_known() -> None:
    """A new kind of signal has to be added to `event_types` above, or it would be missing in the document."""
    tagged = {value for value in vars(frames).values() if isinstance(value, type) and issubclass(value, msgspec.Struct)}
    tagged = {value for value in tagged if value.__struct_config__.tag is not None}
    assert tagged == {frames.Hello, frames.Reset, frames.Presence, frames.InboxChanged, frames.HaveRead, frames.Typing}


def test_every_close_code_is_in_the_wires_document() -> None:
    rows = next(table for table in tables(section(SPEC, "The live channel")) if table[0][0].startswith("1001"))
    named = {int(code) for row in rows for code in row[0].split(", ")}
    used = {value.code for value in vars(errors).values() if isinstance(value, CloseKind)}
    from_the_websocket_library = {1009}
    reserved = {1001}
    assert used <= named
    assert named - used == from_the_websocket_library | reserved


@pytest.mark.parametrize("document", present(), ids=lambda path: path.name)
def test_every_rule_that_a_document_cites_is_in_the_wires_document(document: Path) -> None:
    cited = set(re.findall(r"\b(?:SEQ|DUR|IDEM|ECHO|SNAP|RES|AUTH|BAT|OVF|OFF|SIZE)\d\b", document.read_text("utf-8")))
    assert cited <= RULES


def test_every_rule_that_the_source_and_the_tests_cite_is_in_the_wires_document() -> None:
    for file in [*(REPOSITORY / "src").rglob("*.py"), *(REPOSITORY / "tests").rglob("*.py")]:
        cited = set(re.findall(r"(?:\b|_)((?:SEQ|DUR|IDEM|ECHO|SNAP|RES|AUTH|BAT|OVF|OFF|SIZE)\d)", file.read_text()))
        assert cited <= RULES, file


@pytest.mark.parametrize("document", present(), ids=lambda path: path.name)
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#?]+)", text) if "://" not in link and not link.startswith("mailto")]
    for link in links:
        assert (document.parent / link).exists(), link
    for name in code_words(text):
        path = name.partition(":")[0]
        if path.startswith(ROOTS) or re.fullmatch(r"[\w./-]+/[\w-]+\.(py|ts|json|md|html|css|js|toml|yaml|svg)", path):
            assert any(list(source.glob(path)) for source in SOURCES), name


def test_every_rule_has_a_test_that_quotes_it() -> None:
    suites = [*(REPOSITORY / "tests").rglob("test_*.py"), *(REPOSITORY / "web" / "widget" / "test").rglob("*.ts")]
    text = "".join(suite.read_text("utf-8") for suite in suites if suite != Path(__file__))
    assert {rule for rule in RULES if not re.search(rf"(?:test_|\b){rule}(?:\b|_)", text)} == set()
