"""The policy, cell by cell: principal × operation × state. These tables are written anew, not read from the code."""

from itertools import product

import pytest

from imagechat.model.access import NEW_PICTURE, OPEN, Access
from imagechat.model.policy import BARRIERS, RIGHTS, Operation, Place, check, may
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import DEFAULTS, TenantSettings, Who
from making import TENANT, person, refused_with

ANONYMOUS, MEMBER, MODERATOR, ADMIN = Role
VISITORS = {ANONYMOUS, MEMBER}
# operation: whether a visitor, a moderator, an admin may do it to others' things
OTHERS = {
    Operation.READ: "yes yes yes",
    Operation.CREATE_MARKER: "yes yes yes",
    Operation.CHANGE_MARKER: "no yes yes",
    Operation.DELETE_MARKER: "no yes yes",
    Operation.CREATE_COMMENT: "yes yes yes",
    Operation.EDIT_COMMENT: "no no no",
    Operation.DELETE_COMMENT: "no yes yes",
    Operation.RESTORE_MARKER: "no yes yes",
    Operation.RESTORE_COMMENT: "no yes yes",
    Operation.REACT: "no no no",
    Operation.WITHDRAW: "no no yes",
    Operation.ADOPT_THREAD: "no yes yes",
    Operation.MODERATE: "no yes yes",
    Operation.LOCK_PICTURE: "no yes yes",
    Operation.SHARE_PICTURE: "no no yes",
    Operation.READ_AUDIT: "no no yes",
    Operation.READ_USAGE: "no no yes",
    Operation.SEE_PEOPLE: "no no yes",
    Operation.CONFIGURE: "no no yes",
    Operation.END_SESSION: "no no no",
    Operation.KEEP_READ: "no no no",
}
OF_ADMINS = {Operation.READ_AUDIT, Operation.READ_USAGE, Operation.SEE_PEOPLE, Operation.CONFIGURE}
OF_STAFF = {Operation.MODERATE, Operation.LOCK_PICTURE, Operation.SHARE_PICTURE, *OF_ADMINS}
OF_WHO_SIGNED_IN = {Operation.END_SESSION, Operation.KEEP_READ}
WRITES = set(Operation) - OF_STAFF - {Operation.READ, *OF_WHO_SIGNED_IN}
DELETES = {Operation.DELETE_MARKER, Operation.DELETE_COMMENT, Operation.WITHDRAW}
MARKS = {Operation.CREATE_MARKER, Operation.RESTORE_MARKER, Operation.ADOPT_THREAD}
WORDS = {Operation.CREATE_COMMENT, Operation.EDIT_COMMENT, Operation.RESTORE_COMMENT, Operation.REACT}
CELLS = list(product(Role, Operation))


def others(role: Role, operation: Operation) -> bool:
    column = 0 if role in VISITORS else 1 if role is MODERATOR else 2
    return OTHERS[operation].split()[column] == "yes"


def own(role: Role, operation: Operation) -> bool:
    if operation in OF_WHO_SIGNED_IN:
        return role is not ANONYMOUS
    return others(role, operation) if operation in OF_STAFF else True


def answer(
    who: Principal,
    operation: Operation,
    *,
    access: Access = OPEN,
    settings: TenantSettings = DEFAULTS,
    tenant_id: str = TENANT,
    owner: str = "me",
) -> str | None:
    """Return the code of the refusal; None where it may be done."""
    place = Place(tenant_id, settings, access)

    def act() -> None:
        check(who, operation, place, owner_id=owner)

    try:
        act()
    except Exception:  # noqa: BLE001 -- the next line tells which
        return refused_with(act)
    return None


def expected(role: Role, operation: Operation) -> str | None:
    """Return the answer where no state stands in the way, about one's own things."""
    return None if own(role, operation) else "forbidden"


def test_every_operation_of_every_role_is_in_the_table() -> None:
    assert set(OTHERS) == set(Operation)
    assert set(RIGHTS) == set(Role)
    assert all(set(rights) == set(Operation) for rights in RIGHTS.values())


@pytest.mark.parametrize(("role", "operation"), CELLS)
def test_acting_on_ones_own_things_goes_by_the_table(role: Role, operation: Operation) -> None:
    assert answer(person("me", role=role), operation) == expected(role, operation)
    assert may(person("me", role=role), operation, Place(TENANT)) is own(role, operation)


@pytest.mark.parametrize(("role", "operation"), CELLS)
def test_acting_on_others_things_goes_by_the_table(role: Role, operation: Operation) -> None:
    found = answer(person("me", role=role), operation, owner="somebody else")
    assert found == (None if others(role, operation) else "forbidden")


@pytest.mark.parametrize(("role", "operation"), CELLS)
def test_AUTH1_nothing_of_another_tenant_may_be_known_to_exist(role: Role, operation: Operation) -> None:
    assert answer(person("me", role=role), operation, tenant_id="elsewhere") == "not-found"


@pytest.mark.parametrize(("role", "operation"), CELLS)
@pytest.mark.parametrize(
    ("groups", "mine", "comes_in"),
    [
        (("red",), ("red",), True),
        (("red", "blue"), ("blue", "green"), True),
        (("red",), ("blue",), False),
        (("red",), (), False),
        (("red",), None, True),
        ((), None, False),
        ((), ("red",), False),
        (None, (), True),
    ],
)
def test_AUTH1_a_private_picture_is_there_for_its_groups_and_admins_only(
    role: Role, operation: Operation, groups: tuple[str, ...] | None, mine: tuple[str, ...] | None, *, comes_in: bool
) -> None:
    who = person("me", role=role, groups=mine)
    found = answer(who, operation, access=Access(groups))
    assert found == (expected(role, operation) if comes_in or role is ADMIN else "not-found")


@pytest.mark.parametrize(("role", "operation"), CELLS)
def test_AUTH1_a_picture_that_is_not_there_is_like_one_that_is_private_where_only_some_may_begin_one(
    role: Role, operation: Operation
) -> None:
    for who in Who:
        settings = TenantSettings(pictures=who)
        found = answer(person("me", role=role), operation, access=NEW_PICTURE, settings=settings)
        assert found == (expected(role, operation) if who.includes(role) else "not-found")
        if not who.includes(role) and role is not ADMIN:
            private = answer(person("me", role=role), operation, access=Access(groups=()), settings=settings)
            assert private == found


@pytest.mark.parametrize(("role", "operation"), CELLS)
def test_where_visitors_must_sign_in_nobody_is_anonymous(role: Role, operation: Operation) -> None:
    found = answer(person("me", role=role), operation, settings=TenantSettings(anonymous=False))
    assert found == ("unauthorized" if role is ANONYMOUS else expected(role, operation))


@pytest.mark.parametrize(("role", "operation"), CELLS)
@pytest.mark.parametrize("what", ["tenant", "picture"])
def test_what_is_read_only_takes_nothing_new_and_moderators_may_still_delete(
    role: Role, operation: Operation, what: str
) -> None:
    settings = TenantSettings(read_only=what == "tenant")
    found = answer(person("me", role=role), operation, access=Access(read_only=what == "picture"), settings=settings)
    stopped = WRITES if role in VISITORS else WRITES - DELETES
    assert found == ("read-only" if operation in stopped else expected(role, operation))


@pytest.mark.parametrize(("role", "operation"), CELLS)
@pytest.mark.parametrize("who", Who)
def test_a_tenant_says_who_may_put_markers_and_who_may_comment(role: Role, operation: Operation, who: Who) -> None:
    for settings, stops in ((TenantSettings(create=who), MARKS), (TenantSettings(comment=who), WORDS)):
        found = answer(person("me", role=role), operation, settings=settings)
        stopped = operation in stops and not who.includes(role)
        assert found == ("forbidden" if stopped else expected(role, operation))


def test_whoever_is_meant_by_a_word_is_known() -> None:
    assert {who: {role for role in Role if who.includes(role)} for who in Who} == {
        Who.EVERYONE: {ANONYMOUS, MEMBER, MODERATOR, ADMIN},
        Who.MEMBERS: {MEMBER, MODERATOR, ADMIN},
        Who.MODERATORS: {MODERATOR, ADMIN},
        Who.ADMINS: {ADMIN},
    }


def test_AUTH1_what_hides_a_thing_is_asked_before_what_admits_that_it_is_there() -> None:
    """Else `read-only` or `forbidden` would tell that a private picture exists."""
    everything = TenantSettings(read_only=True, create=Who.ADMINS, comment=Who.ADMINS)
    for role, operation in CELLS:
        if role is not ADMIN:
            who = person("me", role=role)
            assert answer(who, operation, access=Access((), read_only=True), settings=everything) == "not-found"


def test_every_state_is_proven_above() -> None:
    """A new barrier has to be added here, with its test."""
    assert [barrier.state for barrier in BARRIERS] == [
        "of another tenant",
        "the tenant takes no anonymous visitors",
        "the picture is private, and not the caller's groups'",
        "the picture is not there, and the caller may begin none",
        "the tenant is read-only",
        "the picture is locked",
        "read-only, for moderators too",
        "the tenant lets only others put markers",
        "the tenant lets only others comment",
    ]


def test_only_moderators_and_admins_moderate() -> None:
    assert {role for role in Role if person("me", role=role).moderates} == {MODERATOR, ADMIN}
