"""A flat page of comments as a tree. Pure."""

from collections.abc import Sequence

import msgspec

from imagechat.http.bodies import CommentNode


def as_tree(comments: Sequence[CommentNode], max_depth: int | None) -> list[CommentNode]:
    """Return a page's comments with replies inside what they reply to; those whose parent is elsewhere are roots.

    Replies deeper than `max_depth` are left out; 0 keeps the roots only.
    """
    known = {comment.id for comment in comments}
    replies: dict[str | None, list[CommentNode]] = {}
    for comment in comments:
        parent = comment.parent_id if comment.parent_id in known and isinstance(comment.parent_id, str) else None
        replies.setdefault(parent, []).append(comment)

    def nested(parent: str | None, depth: int) -> list[CommentNode]:
        if max_depth is not None and depth > max_depth:
            return []
        return [
            msgspec.structs.replace(comment, children=nested(comment.id, depth + 1), has_children=comment.id in replies)
            for comment in replies.get(parent, [])
        ]

    return nested(None, 0)
