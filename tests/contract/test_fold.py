"""The golden cases of the fold, which the widget's fold passes too."""

from typing import Any

import msgspec
import pytest

from documents import REPOSITORY
from imagechat.model.events import Event, Unknown
from imagechat.model.room_state import (
    LoadedThread,
    LoadingThread,
    OwnOpinion,
    RoomState,
    Thread,
    fold,
    open_thread,
    thread_loaded,
)
from imagechat.model.wire import Comment, Conversation

CASES: list[dict[str, Any]] = msgspec.json.decode((REPOSITORY / "contract" / "fold.json").read_bytes())["cases"]
KNOWN = {
    "new-image-chat",
    "image-chat-updated",
    "deleted-image-chat",
    "new-comment",
    "updated-comment",
    "deleted-comment",
    "picture-updated",
    "new-vote",
    "deleted-vote",
    "new-reaction",
    "deleted-reaction",
}


def event_from(value: dict[str, Any]) -> Event | Unknown:
    known = value if value["type"] in KNOWN else value | {"type": "unknown"}
    event: Event | Unknown = msgspec.convert(known, Event | Unknown)
    return event


def own_in(comments: list[dict[str, Any]]) -> dict[str, OwnOpinion]:
    """Return what a list says of the viewer's own opinions."""
    found = {
        each["_id"]: OwnOpinion(
            bool(each.get("isVotedUp")) - bool(each.get("isVotedDown")), frozenset(each.get("myReactions", ()))
        )
        for each in comments
    }
    return {name: own for name, own in found.items() if own != OwnOpinion()}


def thread_from(value: dict[str, Any]) -> Thread:
    if value["status"] == "loaded":
        comments = msgspec.convert(value["comments"], tuple[Comment, ...])
        return LoadedThread(comments, own_in(value["comments"]))
    return LoadingThread(msgspec.convert(value.get("events", []), tuple[Event, ...]))


def state_from(value: dict[str, Any]) -> RoomState:
    conversations = msgspec.convert(value["conversations"], list[Conversation])
    threads = {url_id: thread_from(thread) for url_id, thread in value["threads"].items()}
    by_id = {each.id: each for each in conversations}
    read_only, viewer = value.get("readOnly", False), value.get("viewer", "")
    return RoomState(value["epoch"], value["seq"], by_id, threads, read_only, viewer)


def after(state: RoomState, step: dict[str, Any]) -> RoomState:
    match step:
        case {"event": event}:
            return fold(state, event_from(event))
        case {"open": url_id}:
            return open_thread(state, url_id)
        case {"loaded": loaded}:
            comments = msgspec.convert(loaded["comments"], tuple[Comment, ...])
            own = own_in(loaded["comments"])
            return thread_loaded(state, loaded["urlId"], comments, loaded["pictureSeq"], own)
    message = f"no such step: {step}"
    raise AssertionError(message)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_the_fold_passes_the_golden_case(case: dict[str, Any]) -> None:
    state = state_from(case["start"])
    for step in case["steps"]:
        state = after(state, step)
    assert state == state_from(case["expect"])


def test_RES1_a_gap_is_never_folded_over() -> None:
    state = RoomState("epoch", 3)
    with pytest.raises(ValueError, match="state is at 3, event is 5"):
        fold(state, Unknown(timestamp=1, seq=5, broadcast_id="b", user_id="u"))


def test_folding_leaves_the_state_that_was_there_as_it_was() -> None:
    for case in CASES:
        state = state_from(case["start"])
        for step in case["steps"]:
            after(state, step)
            assert state == state_from(case["start"])
            break
