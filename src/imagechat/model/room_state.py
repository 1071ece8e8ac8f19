"""The fold: a viewer's state of a room, and what each event does to it. Its twin is web/widget/src/room-state.ts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from imagechat.model.events import (
    CommentCreated,
    CommentDeleted,
    CommentEdited,
    Event,
    MarkerCreated,
    MarkerDeleted,
    MarkerUpdated,
    OpinionEvent,
    PictureUpdated,
    ReactionAdded,
    ReactionWithdrawn,
    Unknown,
    VoteCast,
    VoteWithdrawn,
)
from imagechat.model.opinions import Tally, tally_of, with_tally
from imagechat.model.wire import Comment, Conversation


@dataclass(frozen=True, slots=True)
class OwnOpinion:
    """The viewer's vote on a comment (1, -1, or none: 0) and emoji."""

    direction: int = 0
    reactions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoadingThread:
    """A thread whose list was asked for, with the events that came meanwhile."""

    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedThread:
    """A thread's comments, oldest first, and what the viewer thinks of them, by their ids."""

    comments: tuple[Comment, ...] = ()
    own: Mapping[str, OwnOpinion] = field(default_factory=dict)


Thread = LoadingThread | LoadedThread


@dataclass(frozen=True, slots=True)
class RoomState:
    """What a viewer knows of a picture's room, at a position; `threads` are those that somebody opened.

    `viewer` is the user's id, or empty while it is not known.
    """

    epoch: str
    seq: int
    conversations: dict[str, Conversation] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    read_only: bool = False
    viewer: str = ""


def fold(state: RoomState, event: Event | Unknown) -> RoomState:
    """Return the state after an event; one that the state holds already changes nothing.

    Raises `ValueError` on a gap, which only a resume can mend.
    """
    if event.seq <= state.seq:
        return state
    if event.seq != state.seq + 1:
        msg = f"gap: state is at {state.seq}, event is {event.seq}"
        raise ValueError(msg)
    conversations, threads = dict(state.conversations), dict(state.threads)
    read_only = state.read_only
    match event:
        case MarkerCreated() | MarkerUpdated():
            _put_marker(conversations, event)
        case MarkerDeleted():
            conversations.pop(event.conversation.id, None)
            threads.pop(event.conversation.url_id, None)
        case CommentCreated() | CommentDeleted():
            _count(conversations, event)
        case PictureUpdated():
            read_only = event.picture.read_only
        case _:
            pass
    if not isinstance(event, Unknown):
        _put_into_thread(threads, event, state.viewer)
    return RoomState(state.epoch, event.seq, conversations, threads, read_only, state.viewer)


def open_thread(state: RoomState, url_id: str) -> RoomState:
    """Return the state with a thread's list asked for."""
    if url_id in state.threads:
        return state
    return replace(state, threads=state.threads | {url_id: LoadingThread()})


def thread_loaded(
    state: RoomState,
    url_id: str,
    comments: tuple[Comment, ...],
    picture_seq: int,
    own: Mapping[str, OwnOpinion] | None = None,
) -> RoomState:
    """Return the state with a thread's list in it, brought forward by the events that came meanwhile.

    `own` is what the list says of the viewer's opinions.
    """
    loading = state.threads.get(url_id)
    if not isinstance(loading, LoadingThread):
        return state
    thread: Thread = LoadedThread(comments, own or {})
    for event in loading.events:
        if event.seq > picture_seq:
            thread = fold_thread(thread, event, state.viewer)
    return replace(state, threads=state.threads | {url_id: thread})


def fold_thread(thread: Thread, event: Event, viewer: str = "") -> Thread:
    """Return a thread after an event on it."""
    if isinstance(thread, LoadingThread):
        return LoadingThread((*thread.events, event))
    comments = thread.comments
    match event:
        case CommentCreated(comment=comment) | MarkerCreated(comment=Comment() as comment):
            return replace(thread, comments=_with(comments, comment))
        case CommentDeleted(comment=comment, hard_removed=True):
            own = {name: opinion for name, opinion in thread.own.items() if name != comment.id}
            return LoadedThread(tuple(known for known in comments if known.id != comment.id), own)
        case CommentEdited(comment=comment) | CommentDeleted(comment=comment):
            return replace(thread, comments=tuple(comment if known.id == comment.id else known for known in comments))
        case VoteCast() | VoteWithdrawn() | ReactionAdded() | ReactionWithdrawn():
            return _with_opinion(thread, event, viewer)
        case _:
            pass
    return thread


def _with_opinion(thread: LoadedThread, event: OpinionEvent, viewer: str) -> LoadedThread:
    """Return a thread after somebody voted on a comment or reacted to it; the event has the counts as they are then."""
    about = (event.vote if isinstance(event, VoteCast | VoteWithdrawn) else event.reaction).comment_id
    comments = tuple(_tallied(each, event) if each.id == about else each for each in thread.comments)
    if event.user_id != viewer or all(each.id != about for each in comments):
        return replace(thread, comments=comments)
    own = _after(thread.own.get(about, OwnOpinion()), event)
    others = {name: opinion for name, opinion in thread.own.items() if name != about}
    return replace(thread, comments=comments, own=others if own == OwnOpinion() else others | {about: own})


def _tallied(comment: Comment, event: OpinionEvent) -> Comment:
    tally = tally_of(comment)
    if isinstance(event, VoteCast | VoteWithdrawn):
        return with_tally(comment, Tally(event.votes_up, event.votes_down, tally.reactions))
    counts = tally.reactions | {event.reaction.emoji: event.reaction.count}
    return with_tally(comment, Tally(tally.up, tally.down, counts))


def _after(own: OwnOpinion, event: OpinionEvent) -> OwnOpinion:
    match event:
        case VoteCast():
            return replace(own, direction=event.vote.direction)
        case VoteWithdrawn():
            return replace(own, direction=0)
        case ReactionAdded():
            return replace(own, reactions=own.reactions | {event.reaction.emoji})
        case ReactionWithdrawn():
            return replace(own, reactions=own.reactions - {event.reaction.emoji})


def _with(comments: tuple[Comment, ...], comment: Comment) -> tuple[Comment, ...]:
    """Return a thread's comments with one more, at its date, or in the place that it has there already."""
    for known in comments:
        if known.id == comment.id and known.is_deleted is True:
            return tuple(comment if each is known else each for each in comments)
        if known.id == comment.id and known.approved:
            return comments
    comments = tuple(known for known in comments if known.id != comment.id)  # approved later than it was written
    place = len(comments)
    while place and comments[place - 1].date > comment.date:
        place -= 1
    return (*comments[:place], comment, *comments[place:])


def _put_marker(conversations: dict[str, Conversation], event: MarkerCreated | MarkerUpdated) -> None:
    if isinstance(event, MarkerCreated) or event.conversation.id in conversations:
        conversations[event.conversation.id] = event.conversation


def _count(conversations: dict[str, Conversation], event: CommentCreated | CommentDeleted) -> None:
    for known in conversations.values():
        if known.url_id == event.comment.url_id:
            if isinstance(event, CommentCreated):
                latest = max(event.comment.date, known.last_comment_at or "")
                counted = msgspec.structs.replace(known, comment_count=known.comment_count + 1, last_comment_at=latest)
            else:
                counted = msgspec.structs.replace(known, comment_count=known.comment_count - 1)
            conversations[known.id] = counted
            return


def _put_into_thread(threads: dict[str, Thread], event: Event, viewer: str) -> None:
    url_id = _thread_of(event)
    thread = None if url_id is None else threads.get(url_id)
    if url_id is not None and thread is not None:
        threads[url_id] = fold_thread(thread, event, viewer)


def _thread_of(event: Event) -> str | None:
    match event:
        case MarkerCreated(conversation=conversation):
            return conversation.url_id
        case CommentCreated(comment=comment) | CommentEdited(comment=comment) | CommentDeleted(comment=comment):
            return comment.url_id
        case VoteCast(vote=about) | VoteWithdrawn(vote=about):
            return about.url_id
        case ReactionAdded(reaction=on) | ReactionWithdrawn(reaction=on):
            return on.url_id
        case _:
            return None
