"""What people write on its way in: carried out at once, or held for a moderator; an edit cannot be held."""

from imagechat.http.principal import Caller
from imagechat.http.services import Services
from imagechat.model.commands import CreateComment, CreateMarker, EditComment
from imagechat.model.errors import FORBIDDEN, Refusal
from imagechat.model.held import Held
from imagechat.model.spam import Post, Suspicion, spam_digest, suspect, suspect_words
from imagechat.model.view import By
from imagechat.store.write_events import Committed, Submitted

AWAITS_APPROVAL = "what visitors write waits for a moderator here"


async def create(
    services: Services, caller: Caller, command: CreateMarker | CreateComment, website: str = ""
) -> Committed | Held:
    """Carry a create out, or hold it; `website` is what stood in the field that people do not see. Raises `Refusal`."""
    reason = _why_hold(services, caller, command, website)
    return await services.group_commit.carry_out(
        Submitted(By(caller.principal, caller.tenant.settings), command, hold=reason)
    )


def check_edit(services: Services, caller: Caller, command: EditComment) -> None:
    """Let an edit pass, unless its words would have to wait: what was let through once must not become them after it.

    Raises `Refusal`.
    """
    settings, principal = caller.tenant.settings, caller.principal
    if principal.moderates:
        return
    reason: str | None = AWAITS_APPROVAL
    if not settings.approval.holds(principal.role):
        reason = suspect_words(command.text, command.html, settings.spam) or _marked(services, caller, command.text)
    if reason is not None:
        raise Refusal(FORBIDDEN, f"This cannot be changed so ({reason}): delete it, and write it anew.")


def _why_hold(services: Services, caller: Caller, command: CreateMarker | CreateComment, website: str) -> str | None:
    words, principal, settings = command.comment, caller.principal, caller.tenant.settings
    if words is None or principal.moderates:
        return None
    if settings.approval.holds(principal.role):
        return AWAITS_APPROVAL
    post = Post(
        tenant_id=command.tenant_id,
        author=principal.user_id,
        thread=command.thread,
        text=words.text,
        html=words.html,
        website=website,
        broadcast_id=command.broadcast_id,
    )
    return suspect(post, settings.spam, services.recent) or _marked(services, caller, words.text)


def _marked(services: Services, caller: Caller, text: str) -> Suspicion | None:
    digest = spam_digest(caller.tenant.id, text)
    return Suspicion.MARKED if caller.tenant.has_banned_text(digest, services.now()) else None
