"""What a page may change in the looks is in docs/theming.md, and the other way round."""

import re

from documents import REPOSITORY, code_words, table_between

THEMING = REPOSITORY / "docs" / "theming.md"
WIDGET = REPOSITORY / "web" / "widget" / "src"
THEMES = REPOSITORY / "src" / "imagechat" / "demo" / "page" / "themes.css"
STATES = re.compile(r"\bmarker-(?:open|draft|gone|pending|resolved|held)\b")


def names(mark: str) -> set[str]:
    return {name for row in table_between(THEMING, mark) for name in code_words(row[0])}


def test_every_token_is_in_the_document_and_the_other_way_round() -> None:
    tokens = (WIDGET / "tokens.css.ts").read_text("utf-8")
    assert set(re.findall(r"--image-chat-[a-z-]+[a-z]", tokens.partition("export")[2])) == names("tokens")


def test_every_part_is_in_the_document_and_the_other_way_round() -> None:
    source = "".join(path.read_text("utf-8") for path in sorted((WIDGET / "view").rglob("*.ts")))
    in_templates = re.findall(r'\bpart="([a-z -]+)"', source)
    made = re.findall(r'"([a-z -]+)"', " ".join(re.findall(r"\bpart: ([^,}\n]+)", source)))
    found = {name for value in (*in_templates, *made) for name in value.split()}
    assert found | {"marker"} == names("parts")  # a marker's own is put together with its states


def test_every_state_of_a_marker_that_the_document_names_is_one_of_its_classes() -> None:
    button = (WIDGET / "view" / "marker-button.ts").read_text("utf-8")
    model = (WIDGET / "view" / "model.ts").read_text("utf-8")
    states = {name.removeprefix("marker-") for name in STATES.findall(THEMING.read_text("utf-8"))}
    assert states
    assert all(f'"{state}"' in button + model for state in states)


def test_the_demos_looks_use_what_exists() -> None:
    themes = THEMES.read_text("utf-8")
    assert set(re.findall(r"--image-chat-[a-z-]+", themes)) <= names("tokens")
    assert set(re.findall(r"::part\(([a-z-]+)\)", themes)) <= names("parts")
