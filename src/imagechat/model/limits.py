"""The sizes that a client must keep to; the refusals that name them take them from here."""

BODY_BYTES = 64 * 1024
COMMENT_CHARACTERS = 2_000
TITLE_CHARACTERS = 2_048
URL_ID_CHARACTERS = 2_048
NAME_CHARACTERS = 100
TYPED_NAME_CHARACTERS = 1_000
"""A name as it comes, before what nobody sees is taken out of it: putting one into order takes time in the square."""
AVATAR_CHARACTERS = 512
BROADCAST_ID_CHARACTERS = 64
MENTIONS = 20
"""In one comment."""
REPLY_DEPTH = 10
UNDO_MS = 10 * 60_000
"""In which whoever deleted a marker or a comment may bring it back."""

SRC_BYTES = 256
"""A longer `src` is left out of a marker, so that its event stays under SIZE1 whatever the page holds."""

COMMENTS_PAGE = 100
COMMENTS_PAGE_MAX = 200
EVENTS_PAGE = 200
PEOPLE_PAGE = 100

USER_ID_CHARACTERS = 256
GROUP_CHARACTERS = 128
GROUPS = 100
"""Of one person, and of one picture."""
