"""What of a text is to be seen: names and titles cleaned to be shown in a line, and texts made comparable."""

import re
import unicodedata

MARKS = 3
"""On one character: as many as a language needs; more of them climb over the lines around."""

# Control, unassigned, surrogate and private characters; bidirectional overrides, tags, annotations and zero-width ones
# are format characters (Cf).
_UNFIT_IN_LINES = {"Cc", "Cf", "Cs", "Cn", "Co"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"}
# Letters, marks and symbols by category that show nothing all the same: fillers, joiners, the blank Braille pattern,
# the null notehead.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159")
_SELECTORS = frozenset(map(chr, [*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
"""They say which form the character before them has, and show nothing themselves."""
_DIACRITICS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def shows_nothing(text: str) -> bool:
    """Tell whether a text has nothing that can be seen."""
    return all(
        character in _BLANK or character in _SELECTORS or unicodedata.category(character) in _INVISIBLE
        for character in text
    )


def one_line(text: str) -> str:
    """Return a text to be shown in one line, NFC: no invisible characters, no stacks of marks, no mark on nothing."""
    if not (text.isascii() and text.isprintable()):
        normal = unicodedata.normalize("NFC", _without_stacks(text))  # a stack is put into order in quadratic time
        text = _without_stacks(unicodedata.normalize("NFC", _visible(normal)))
    return " ".join(text.split())


def comparable(text: str) -> str:
    """Return what texts that look much the same have in common: NFKC, without case, loose accents and white space."""
    normal = unicodedata.normalize("NFKC", _without_stacks(text))
    shown = "".join(character for character in normal if character.isspace() or not _is_hidden(character))
    folded = unicodedata.normalize("NFKC", shown.casefold())
    return " ".join(_DIACRITICS.sub("", folded).split())


def _is_hidden(character: str) -> bool:
    return character in _BLANK or character in _SELECTORS or unicodedata.category(character) in _UNFIT_IN_LINES


def _visible(text: str) -> str:
    kept = [" "]
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif not _is_hidden(character) or (character in _SELECTORS and _has_forms(kept[-1])):
            kept.append(character)
    return "".join(kept)


def _has_forms(character: str) -> bool:
    """Tell whether a selector may follow: emoji, digits and ideographs have forms, letters of alphabets have none."""
    category = unicodedata.category(character)
    return category == "Lo" or category[0] in "SNP"


def _without_stacks(text: str) -> str:
    """Return a text whose characters have `MARKS` marks at most, and white space has none."""
    kept = []
    marks = MARKS
    for character in text:
        if unicodedata.category(character) not in {"Mn", "Me"}:
            kept.append(character)
            marks = MARKS if character.isspace() else 0
        elif marks < MARKS:
            kept.append(character)
            marks += 1
    return "".join(kept)
