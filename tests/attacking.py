"""Texts that attack whoever shows them, by the classes of attack that are publicly known."""

import json
from pathlib import Path

CORPUS = Path(__file__).parent / "browser" / "xss_corpus.json"
"""By class; a text of so many equal pieces is written as one piece and how often."""


def hostile_words() -> list[str]:
    """Return every text of the corpus."""
    classes = json.loads(CORPUS.read_text("ascii"))
    return [text if isinstance(text, str) else text["of"] * text["times"] for each in classes.values() for text in each]
