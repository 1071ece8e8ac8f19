from typing import Any

import msgspec

from imagechat.http.bodies import CommentNode
from imagechat.http.comment_tree import as_tree


def node(comment_id: str, parent_id: str | None = None) -> CommentNode:
    return CommentNode(
        id=comment_id,
        tenant_id="demo",
        url_id="thread",
        user_id="ann",
        commenter_name="Ann",
        comment_html="",
        comment="",
        date="",
        url="",
        parent_id=msgspec.UNSET if parent_id is None else parent_id,
    )


def shape(nodes: list[CommentNode]) -> dict[str, Any]:
    """Return a tree as nested dictionaries of ids."""
    found = {}
    for each in nodes:
        assert isinstance(each.children, list)
        found[each.id] = shape(each.children)
    return found


PAGE = [node("a"), node("b"), node("a1", "a"), node("a11", "a1"), node("a2", "a"), node("b1", "b")]


def test_replies_are_inside_what_they_reply_to_in_the_lists_order() -> None:
    assert shape(as_tree(PAGE, None)) == {"a": {"a1": {"a11": {}}, "a2": {}}, "b": {"b1": {}}}
    assert list(shape(as_tree(PAGE[::-1], None))) == ["b", "a"]


def test_replies_deeper_than_asked_for_are_left_out_but_told() -> None:
    assert shape(as_tree(PAGE, 0)) == {"a": {}, "b": {}}
    assert shape(as_tree(PAGE, 1)) == {"a": {"a1": {}, "a2": {}}, "b": {"b1": {}}}
    assert [root.has_children for root in as_tree(PAGE, 0)] == [True, True]
    assert as_tree([node("a")], None)[0].has_children is False


def test_a_reply_whose_parent_is_on_another_page_is_a_root() -> None:
    assert shape(as_tree([node("a1", "a"), node("a11", "a1")], None)) == {"a1": {"a11": {}}}


def test_an_empty_page_is_an_empty_tree() -> None:
    assert as_tree([], None) == []
