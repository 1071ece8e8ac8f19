"""The documents at the top of the repository, read as tests need them."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SPEC = REPOSITORY / "SPEC.md"
README = REPOSITORY / "README.md"
ARCHITECTURE = REPOSITORY / "ARCHITECTURE.md"


def documents() -> list[Path]:
    """Return every document for people."""
    return [README, ARCHITECTURE, SPEC, *sorted((REPOSITORY / "docs").rglob("*.md"))]


def section(document: Path, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    text = document.read_text("utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"{document.name} has no section {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def tables(text: str) -> list[list[list[str]]]:
    """Return the rows of each Markdown table in a text, without its head."""
    found: list[list[list[str]]] = []
    before = ""
    for line in text.splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                found.append([])
            found[-1].append([cell.strip() for cell in line.strip("|").split(" | ")])
        before = line
    return [table[2:] for table in found]


def table_between(document: Path, mark: str) -> list[list[str]]:
    """Return the rows of the table between `<!-- mark -->` and `<!-- /mark -->`."""
    inside = document.read_text("utf-8").split(f"<!-- {mark} -->")[1].split(f"<!-- /{mark} -->")[0]
    return tables(inside)[0]


def code_words(text: str) -> list[str]:
    """Return what stands in backticks, outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
