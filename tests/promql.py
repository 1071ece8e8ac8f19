"""Queries of Prometheus, taken apart as far as the tests need: which series and labels they name."""

import re
from dataclasses import dataclass

FUNCTIONS = {"sum", "count", "rate", "increase", "changes", "histogram_quantile", "vector"}
WORDS = {"by", "and", "or", "unless", "on", "ignoring"}
DURATION = re.compile(r"\d+[smhd]|\$__rate_interval")


@dataclass(frozen=True)
class Query:
    """What a query names."""

    metrics: set[str]
    labels: set[str]


def read_query(text: str) -> Query:
    """Return what a query names; fails where its brackets do not match, or where it has a word that is unknown."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing), text
    for duration in re.findall(r"\[([^\]]*)\]", bare):
        assert DURATION.fullmatch(duration), text
    labels = {
        name for inside in re.findall(r"\{([^}]*)\}", bare) for name in re.findall(r"(\w+)(?:=~|!=|!~|=)", inside)
    }
    labels |= {name.strip() for inside in re.findall(r"\bby \(([^)]*)\)", bare) for name in inside.split(",")}
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)", " ", bare)
    called = set(re.findall(r"\b([a-z_]+)\s*\(", rest)) - WORDS
    assert called <= FUNCTIONS, text
    named = set(re.findall(r"\b[a-z_][a-z_0-9]*\b", rest))
    return Query(named - called - FUNCTIONS - WORDS, labels)
