"""Who is calling."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a caller is to a tenant."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Principal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An authenticated caller of one tenant; sessions and tickets are this, signed."""

    tenant_id: str
    user_id: str
    session_id: str
    role: Role = Role.ANONYMOUS
    name: str | None = None
    avatar: str | None = None

    @property
    def moderates(self) -> bool:
        """Whether the caller may act on what others made."""
        return self.role in {Role.MODERATOR, Role.ADMIN}
