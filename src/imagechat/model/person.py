"""People who signed in: what the newest SSO said of them."""

import msgspec

from imagechat.model.principal import Principal, Role


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tenant's user. `groups` None opens every private picture that has groups at all."""

    id: str
    email: str = ""
    username: str = ""
    name: str | None = None
    label: str | None = None
    avatar: str | None = None
    website: str | None = None
    locale: str | None = None
    role: Role = Role.MEMBER
    groups: tuple[str, ...] | None = None

    def as_principal(self, principal: Principal) -> Principal:
        """Return a caller with what is known of this person now."""
        return msgspec.structs.replace(
            principal, role=self.role, name=self.name, avatar=self.avatar, groups=self.groups
        )
