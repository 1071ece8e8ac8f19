"""Committed facts. Each is one JSON object on the wire, the same in the log, in a resume and live."""

import msgspec

from imagechat.model.ids import RoomId
from imagechat.model.wire import Comment, Conversation, ConversationRef, PictureState, Reaction, Vote


class Envelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="type"):
    """What every event carries: its place in the room (SEQ1, SEQ2) and the command that caused it (ECHO1)."""

    timestamp: int
    seq: int
    broadcast_id: str
    user_id: str


class MarkerCreated(Envelope, frozen=True, tag="new-image-chat"):
    """A marker, with its first comment when both were made together."""

    conversation: Conversation
    comment: Comment | msgspec.UnsetType = msgspec.UNSET


class MarkerUpdated(Envelope, frozen=True, tag="image-chat-updated"):
    """A marker was moved, resolved, reopened or resized."""

    conversation: Conversation


class MarkerDeleted(Envelope, frozen=True, tag="deleted-image-chat"):
    """A marker is gone, and its thread with it."""

    conversation: ConversationRef


class CommentCreated(Envelope, frozen=True, tag="new-comment"):
    """A comment in a thread."""

    comment: Comment


class CommentEdited(Envelope, frozen=True, tag="updated-comment"):
    """A comment has other words."""

    comment: Comment


class CommentDeleted(Envelope, frozen=True, tag="deleted-comment"):
    """A comment is gone, or stays as an empty place because it has replies (`hardRemoved` false)."""

    comment: Comment
    hard_removed: bool


class PictureUpdated(Envelope, frozen=True, tag="picture-updated"):
    """A picture was locked or unlocked."""

    picture: PictureState


class VoteCast(Envelope, frozen=True, tag="new-vote"):
    """Somebody has voted on a comment, or voted otherwise; with all votes on it after that."""

    vote: Vote
    votes_up: int
    votes_down: int


class VoteWithdrawn(Envelope, frozen=True, tag="deleted-vote"):
    """Somebody has taken a vote back; with all votes on the comment after that."""

    vote: Vote
    votes_up: int
    votes_down: int


class ReactionAdded(Envelope, frozen=True, tag="new-reaction"):
    """Somebody gives a comment an emoji."""

    reaction: Reaction


class ReactionWithdrawn(Envelope, frozen=True, tag="deleted-reaction"):
    """Somebody has taken an emoji back."""

    reaction: Reaction


class Unknown(Envelope, frozen=True, tag="unknown"):
    """An event of a type that a viewer does not know, of a newer server: it moves the viewer's position, no more."""


OpinionEvent = VoteCast | VoteWithdrawn | ReactionAdded | ReactionWithdrawn
Event = (
    MarkerCreated
    | MarkerUpdated
    | MarkerDeleted
    | CommentCreated
    | CommentEdited
    | CommentDeleted
    | PictureUpdated
    | OpinionEvent
)


class Placed(msgspec.Struct, frozen=True):
    """An event in one room that carries it; `event.seq` counts in that room."""

    room_id: RoomId
    event: Event


_encoder = msgspec.json.Encoder()
_TIMESTAMP = b'"timestamp":'
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def json_text(text: str) -> bytes:
    """Return what stands between the quotes where an event carries a text: escapes make some characters longer."""
    return _escaped(_encoder.encode(text))[1:-1]


def encode_event(event: Event) -> bytes:
    r"""Return an event's JSON, without a literal `%`: one known client URL-decodes a frame before parsing it."""
    return _escaped(_encoder.encode(event))


def decode_event(data: bytes | str) -> Event:
    """Return the event that `encode_event` wrote. Raises `msgspec.DecodeError` for anything else."""
    return _decoder.decode(data)


def timestamp_in(data: bytes) -> int | None:
    """Return the timestamp of an event's JSON, which stands in front of all that people wrote; None of a signal's."""
    start = data.find(_TIMESTAMP) + len(_TIMESTAMP)
    if start < len(_TIMESTAMP):
        return None
    return int(data[start : data.index(b",", start)])


def _escaped(data: bytes) -> bytes:
    return data.replace(b"%", b"\\u0025")
