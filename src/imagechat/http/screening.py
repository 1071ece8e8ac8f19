"""Creates on their way in: carried out at once, or held for a moderator."""

from imagechat.http.principal import Caller
from imagechat.http.services import Services
from imagechat.model.commands import CreateComment, CreateMarker
from imagechat.model.held import Held
from imagechat.model.view import By
from imagechat.store.write_events import Committed, Submitted

AWAITS_APPROVAL = "what visitors write waits for a moderator here"


async def create(services: Services, caller: Caller, command: CreateMarker | CreateComment) -> Committed | Held:
    """Carry a create out, or hold it. Raises `Refusal`."""
    reason = _why_hold(caller, command)
    return await services.group_commit.carry_out(
        Submitted(By(caller.principal, caller.tenant.settings), command, hold=reason)
    )


def _why_hold(caller: Caller, command: CreateMarker | CreateComment) -> str | None:
    if command.comment is None or caller.principal.moderates:
        return None
    return AWAITS_APPROVAL if caller.tenant.settings.approval.holds(caller.principal.role) else None
