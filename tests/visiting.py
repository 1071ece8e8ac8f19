"""People who call a node's REST interface."""

from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from imagechat.model.errors import REGISTRY
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from imagechat.settings import secret_key
from running import TENANT, RunningNode

CHATS = f"/comment-image-chats/{TENANT}"
COMMENTS = f"/comments/{TENANT}"
STATUS_OF = {kind.code: kind.status for kind in REGISTRY}

_numbers = count(1)


def fresh(what: str) -> str:
    """Return a name that no other test has."""
    return f"{what}-{next(_numbers)}"


def tokens_of(node: RunningNode) -> Tokens:
    """Return the signer of a node, to make what only it could make."""
    return Tokens(secret_key(node.settings))


def error_in(answer: httpx.Response) -> str:
    """Return the code of an error, whose shape is checked."""
    assert answer.is_error, answer.text
    body = answer.json()
    assert set(body) == {"status", "reason", "code", "message"}
    assert all(isinstance(value, str) and value for value in body.values())
    assert body["status"] == ("error" if answer.url.path.startswith("/comment-image-chats") else "failed")
    assert answer.status_code == STATUS_OF[body["code"]]
    assert answer.headers["content-type"] == "application/json"
    return str(body["code"])


class Visitor:
    """Somebody with a session, which the first answer gives unless there is one."""

    def __init__(self, client: httpx.Client, session: str | None = None) -> None:
        self.client = client
        self.session = session
        self.id = ""

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Call, and return whatever comes."""
        headers = {} if self.session is None else {"Authorization": f"Bearer {self.session}"}
        return self.client.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Call, and return the answer, which must be a success."""
        answer = self.send(method, path, **more)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        assert body["status"] == "success"
        if "user" in body:
            self.session, self.id = body["user"]["sessionId"], body["user"]["id"]
        return body

    def refused(self, method: str, path: str, **more: Any) -> str:
        """Call, and return the code of the error that comes."""
        return error_in(self.send(method, path, **more))

    def snapshot(self, picture: str) -> dict[str, Any]:
        return self.call("GET", CHATS, params={"urlId": picture})

    def pin(self, picture: str, **more: Any) -> dict[str, Any]:
        """Put a marker on a picture."""
        body = {"urlId": picture, "broadcastId": fresh("b"), "x": 10, "y": 20.5}
        return self.call("POST", CHATS, json=body | more)

    def change(self, chat_id: str, **more: Any) -> dict[str, Any]:
        return self.call("PATCH", f"{CHATS}/{chat_id}", json={"broadcastId": fresh("b")} | more)

    def unpin(self, chat_id: str) -> dict[str, Any]:
        return self.call("DELETE", f"{CHATS}/{chat_id}", json={"broadcastId": fresh("b")})

    def write(self, thread: str, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Comment in a thread."""
        body = {"comment": text, "commenterName": "Ann", "url": "https://example.org/", "urlId": thread}
        return self.call("POST", COMMENTS, params={"urlId": thread, "broadcastId": fresh("b")}, json=body | more)

    def edit(self, comment_id: str, text: str) -> dict[str, Any]:
        path = f"{COMMENTS}/{comment_id}/update-text"
        return self.call("POST", path, params={"broadcastId": fresh("b")}, json={"comment": text})

    def remove(self, comment_id: str) -> dict[str, Any]:
        return self.call("DELETE", f"{COMMENTS}/{comment_id}", params={"broadcastId": fresh("b")})

    def vote(self, comment_id: str, direction: str = "up", **params: Any) -> dict[str, Any]:
        given = {"broadcastId": fresh("b")} | params
        return self.call("POST", f"{COMMENTS}/{comment_id}/vote", params=given, json={"voteDir": direction})

    def unvote(self, comment_id: str, vote_id: str) -> dict[str, Any]:
        return self.call("DELETE", f"{COMMENTS}/{comment_id}/vote/{vote_id}", params={"broadcastId": fresh("b")})

    def react(self, comment_id: str, emoji: str = "👍", **params: Any) -> dict[str, Any]:
        given = {"broadcastId": fresh("b")} | params
        return self.call("POST", f"{COMMENTS}/{comment_id}/reactions", params=given, json={"emoji": emoji})

    def unreact(self, comment_id: str, emoji: str = "👍") -> dict[str, Any]:
        path = f"{COMMENTS}/{comment_id}/reactions/{quote(emoji)}"
        return self.call("DELETE", path, params={"broadcastId": fresh("b")})

    def thread(self, thread: str, **params: Any) -> dict[str, Any]:
        return self.call("GET", COMMENTS, params={"urlId": thread} | params)

    def log(self, url_id: str, **params: Any) -> dict[str, Any]:
        """Read a room's events, from the beginning unless told otherwise."""
        entrance = self.snapshot(url_id)
        given = {"urlId": url_id, "userIdWS": entrance["userIdWS"]}
        beginning = {} if "sinceSeq" in params else {"startTime": 0}
        return self.call("GET", f"/event-log/{TENANT}", params=given | beginning | params)


class Visiting:
    """Makes visitors of one node."""

    def __init__(self, node: RunningNode, client: httpx.Client) -> None:
        self.node = node
        self._client = client

    def somebody(self) -> Visitor:
        return Visitor(self._client)

    def signed_in(self, who: Principal) -> Visitor:
        return Visitor(self._client, tokens_of(self.node).session(who))
