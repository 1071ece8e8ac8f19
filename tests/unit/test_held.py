"""What waits for a moderator, and who is taken out of it."""

import msgspec
import pytest

from imagechat.model.commands import CreateComment, CreateMarker
from imagechat.model.held import Held
from imagechat.model.wire import Comment, Mention
from making import create_comment, create_marker, person, words

MIA, BEN = Mention(id="mia", tag="@Mia"), Mention(id="ben", tag="@Ben")
TEXT = "Ask @Mia, or @Ben"


def held(command: CreateMarker | CreateComment) -> Held:
    """Hold a command of somebody's who mentions two people."""
    comment = Comment(
        id="c",
        tenant_id="demo",
        url_id="thread",
        user_id="ada",
        commenter_name="Ada",
        comment_html=f"<p>{TEXT}</p>",
        comment=TEXT,
        date="2026-01-05T10:00:00.000Z",
        url="",
        mentions=(MIA, BEN),
    )
    what = {"marker": command} if isinstance(command, CreateMarker) else {"words": command}
    return Held(id="h", reason="approval", created_at=1, principal=person("ada"), comment=comment, **what)


@pytest.mark.parametrize(
    "command",
    [
        create_marker(comment=words(TEXT, mentions=(MIA, BEN))),
        create_comment(comment=words(TEXT, mentions=(MIA, BEN))),
    ],
    ids=["a marker", "a comment"],
)
def test_who_is_erased_is_mentioned_no_more_where_others_words_wait(command: CreateMarker | CreateComment) -> None:
    waiting = held(command)
    left = waiting.without_mention_of("mia")
    assert left.comment is not None
    assert left.comment.mentions == (BEN,)
    assert left.comment.comment == TEXT
    assert left.command.comment is not None
    assert left.command.comment.mentions == (BEN,)
    assert left.command.comment.text == TEXT
    assert "mia" not in msgspec.json.encode(left).decode()
    assert left.without_mention_of("ben").comment == msgspec.structs.replace(left.comment, mentions=msgspec.UNSET)


def test_what_mentions_nobody_of_that_name_is_as_it_was() -> None:
    for command in (create_marker(), create_comment(comment=words(TEXT, mentions=(BEN,)))):
        waiting = msgspec.structs.replace(held(command), comment=None)
        assert waiting.without_mention_of("mia") == waiting
