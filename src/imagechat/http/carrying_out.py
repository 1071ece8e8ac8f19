"""Many commands at once, as one moderator's: what a mass deletion takes, and brings back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from imagechat.http.principal import Caller, still
from imagechat.http.services import Services
from imagechat.model.commands import Command, DeleteComment, DeleteMarker, RestoreComment, RestoreMarker
from imagechat.model.errors import CONFLICT, NOT_FOUND, Refusal
from imagechat.model.policy import Operation
from imagechat.store.mass_deletion import Deletion

_AT_ONCE = 64


async def take_away(services: Services, caller: Caller, deletion: Deletion) -> int:
    """Delete what a mass deletion takes; return how much of it went by this."""
    tenant_id = caller.tenant.id
    commands: list[Command] = [
        DeleteMarker(tenant_id=tenant_id, broadcast_id=f"{deletion.id}-{number}", marker_id=marker_id, undoable=False)
        for number, marker_id in enumerate(deletion.markers)
    ]
    # the newest first: what somebody has replied to oneself goes with its replies, and leaves no empty place
    commands += [
        DeleteComment(
            tenant_id=tenant_id, broadcast_id=f"{deletion.id}-c{number}", comment_id=comment.id, undoable=False
        )
        for number, comment in reversed(list(enumerate(deletion.comments)))
    ]
    return (await _carry_out(services, caller, commands)).done


async def bring_back(services: Services, caller: Caller, deletion: Deletion) -> int:
    """Restore what is still gone of a mass deletion; return how much of it stays gone."""
    tenant_id = caller.tenant.id
    commands: list[Command] = [
        RestoreMarker(tenant_id=tenant_id, broadcast_id=f"{deletion.id}-u{marker_id}", marker_id=marker_id)
        for marker_id in deletion.markers
    ]
    commands += [
        RestoreComment(tenant_id=tenant_id, broadcast_id=f"{deletion.id}-uc{comment.id}", comment=comment)
        for comment in deletion.comments
    ]
    return (await _carry_out(services, caller, commands)).not_found


@dataclass(slots=True)
class _Outcome:
    """What came of many commands; the rest was done by others meanwhile."""

    done: int = 0
    not_found: int = 0


async def _carry_out(services: Services, caller: Caller, commands: Sequence[Command]) -> _Outcome:
    """Submit commands in order. Raises `Refusal` when the database cannot write; given again, it goes on."""
    outcome = _Outcome()
    for start in range(0, len(commands), _AT_ONCE):
        caller = await still(services, caller, Operation.MODERATE)  # it takes its time, and a right may be lost (AUTH2)
        found = await asyncio.gather(
            *(
                services.group_commit.submit(caller.principal, command, caller.tenant.settings)
                for command in commands[start : start + _AT_ONCE]
            ),
            return_exceptions=True,
        )
        for each in found:
            if not isinstance(each, BaseException):
                outcome.done += 1
            elif not isinstance(each, Refusal) or each.kind not in {NOT_FOUND, CONFLICT}:
                raise each
            else:
                outcome.not_found += each.kind is NOT_FOUND
    return outcome
