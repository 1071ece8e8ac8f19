"""Whom somebody may mention on a picture: nobody is told of people whom they could not meet there."""

from collections.abc import Iterable
from dataclasses import dataclass

from imagechat.model.access import Access
from imagechat.model.person import Person
from imagechat.model.principal import Principal, Role
from imagechat.model.shown_text import comparable

MENTIONABLE_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Somebody by the name that others know."""

    id: str
    name: str
    avatar: str | None = None


def is_met(caller: Principal, person: Person, access: Access) -> bool:
    """Tell whether a caller may learn of somebody who is neither there nor has written there.

    Both must have signed in, the person must be let in to the picture, and share a group with the caller, unless one of
    them is in all groups or the caller moderates: who is in other groups is not told, on open pictures too.
    """
    if caller.role is Role.ANONYMOUS or not person.name:
        return False
    if not access.admits(person.as_principal(_nobody(caller.tenant_id, person.id))):
        return False
    if caller.moderates or caller.groups is None or person.groups is None:
        return True
    return bool(set(caller.groups) & set(person.groups))


def found_among(people: Iterable[Mentionable], search: str, caller: Principal) -> list[Mentionable]:
    """Return the first of some people a word of whose name begins with `search`, each once, and never the caller."""
    wanted = comparable(search)
    found: dict[str, Mentionable] = {}
    for each in people:
        if each.id != caller.user_id and each.id not in found and _begins(each.name, wanted):
            found[each.id] = each
            if len(found) == MENTIONABLE_AT_ONCE:
                break
    return list(found.values())


def _begins(name: str, wanted: str) -> bool:
    shown = comparable(name)
    return shown.startswith(wanted) or any(word.startswith(wanted) for word in comparable_words(name))


def comparable_words(name: str) -> list[str]:
    """Return the words of a name, as they are compared."""
    return [comparable(word) for word in name.split()]


def _nobody(tenant_id: str, user_id: str) -> Principal:
    return Principal(tenant_id=tenant_id, user_id=user_id, session_id="", role=Role.MEMBER)
