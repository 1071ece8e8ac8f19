"""Somebody's votes and reactions, where that person is erased."""

from secrets import token_hex

from sqlalchemy import ColumnElement, Connection, select, update

from imagechat.model.commands import Command, WithdrawReaction, WithdrawVote
from imagechat.model.ids import opinion_id
from imagechat.store import tables
from imagechat.store.rows import opinion_from


def of_person(tenant_id: str, user_id: str) -> ColumnElement[bool]:
    """Return the condition that an opinion is a person's; an index has it so."""
    opinions = tables.opinions.c
    return (opinions.tenant_id == tenant_id) & (opinions.user_id == user_id)


def withdrawals_of(connection: Connection, tenant_id: str, user_id: str) -> list[Command]:
    """Return the commands that take back what a person thinks of comments, so that everybody sees the counts fall."""
    mine = of_person(tenant_id, user_id) & tables.opinions.c.gone_at.is_(None)
    commands: list[Command] = []
    for opinion in map(opinion_from, connection.execute(select(tables.opinions).where(mine))):
        comment_id = opinion.comment_id
        if opinion.direction:
            commands.append(
                WithdrawVote(
                    tenant_id=tenant_id,
                    broadcast_id=f"erase-{token_hex(8)}",
                    comment_id=comment_id,
                    user_id=user_id,
                )
            )
        commands += [
            WithdrawReaction(
                tenant_id=tenant_id,
                broadcast_id=f"erase-{token_hex(8)}",
                comment_id=comment_id,
                user_id=user_id,
                emoji=emoji,
            )
            for emoji in opinion.reactions
        ]
    return commands


def rename_opinions(connection: Connection, tenant_id: str, user_id: str, pseudonym: str) -> None:
    """Leave what could not be taken back, as the comment is out of sight, as nobody's: it is counted there."""
    opinions = tables.opinions
    left = select(opinions.c.id, opinions.c.comment_id).where(of_person(tenant_id, user_id))
    for name, comment_id in connection.execute(left).all():
        renamed = update(opinions).where(opinions.c.id == name)
        connection.execute(renamed.values(id=opinion_id(comment_id, pseudonym), user_id=pseudonym))
