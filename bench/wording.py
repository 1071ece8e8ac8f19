"""Figures in words: as many digits as they are worth."""


def count(number: float | None) -> str:
    """Return a count: 2.52M, 174k, 1,171, 9.7."""
    if number is None:
        return "–"
    if number >= 1_000_000:
        return f"{number / 1_000_000:.2f}M"
    if number >= 10_000:
        return f"{number / 1_000:.0f}k"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def ms(number: float | None) -> str:
    """Return milliseconds: 0.64, 36.9, 1,204."""
    if number is None:
        return "–"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def share(number: float | None) -> str:
    """Return a share of a core: 51 %."""
    return "–" if number is None else f"{number:.0%}".replace("%", " %")


def times(number: float | None) -> str:
    """Return a ratio: 7.7×, 0.13×."""
    if number is None:
        return "–"
    return f"{number:.0f}×" if number >= 20 else f"{number:.1f}×" if number >= 1.95 else f"{number:.2f}×"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
