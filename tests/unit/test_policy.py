import pytest

from imagechat.model.policy import RIGHTS, Operation, check
from imagechat.model.principal import Role
from making import TENANT, person, refused_with

VISITORS = {Role.ANONYMOUS, Role.MEMBER}
# operation: may a visitor do it to others' things, may a moderator
CELLS = {
    Operation.READ: (True, True),
    Operation.CREATE_MARKER: (True, True),
    Operation.CHANGE_MARKER: (False, True),
    Operation.DELETE_MARKER: (False, True),
    Operation.CREATE_COMMENT: (True, True),
    Operation.EDIT_COMMENT: (False, False),
    Operation.DELETE_COMMENT: (False, True),
    Operation.ADOPT_THREAD: (False, True),
}


def test_every_operation_of_every_role_is_in_the_table() -> None:
    assert set(CELLS) == set(Operation)
    assert set(RIGHTS) == set(Role)
    assert all(set(rights) == set(Operation) for rights in RIGHTS.values())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", Operation)
def test_one_may_act_on_ones_own_things(role: Role, operation: Operation) -> None:
    check(person("me", role=role), operation, tenant_id=TENANT, owner_id="me")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", Operation)
def test_acting_on_others_things_goes_by_the_table(role: Role, operation: Operation) -> None:
    def act() -> None:
        check(person("me", role=role), operation, tenant_id=TENANT, owner_id="somebody else")

    if CELLS[operation][0 if role in VISITORS else 1]:
        act()
    else:
        assert refused_with(act) == "forbidden"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", Operation)
def test_AUTH1_nothing_of_another_tenant_may_be_known_to_exist(role: Role, operation: Operation) -> None:
    me = person("me", role=role)
    assert refused_with(lambda: check(me, operation, tenant_id="elsewhere", owner_id="me")) == "not-found"


def test_only_moderators_and_admins_moderate() -> None:
    assert {role for role in Role if person("me", role=role).moderates} == {Role.MODERATOR, Role.ADMIN}
