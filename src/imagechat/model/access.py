"""Who may come to a picture: what a room says about it, for every place where rights are checked."""

import msgspec

from imagechat.model.entities import Room
from imagechat.model.principal import Principal, Role


class Access(msgspec.Struct, frozen=True):
    """What a picture lets people do. `groups` None: everyone comes in; `()`: admins only."""

    groups: tuple[str, ...] | None = None
    read_only: bool = False
    is_there: bool = True

    def admits(self, principal: Principal) -> bool:
        """Tell whether a caller may know of the picture."""
        if self.groups is None or principal.role is Role.ADMIN:
            return True
        return bool(self.groups) and (principal.groups is None or not set(self.groups).isdisjoint(principal.groups))


OPEN = Access()
"""A picture that everyone sees and writes on."""
NEW_PICTURE = Access(is_there=False)
"""A picture that nobody has written on yet."""


def access_to(picture: Room | None) -> Access:
    """Return a picture's access; None is one that is not there."""
    return NEW_PICTURE if picture is None else Access(picture.groups, picture.read_only)
