"""What a client can get wrong, or mean badly: a clear error, never a fault of the server."""

import json
import socket
from typing import Any

import pytest

from running import TENANT, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh

MARKER = {"urlId": "p", "x": 1, "y": 2}
COMMENT = {"comment": "hi", "commenterName": "Ann", "url": "https://example.org/", "urlId": "w"}


def pinning(**more: Any) -> dict[str, Any]:
    """Return the body of a marker to be made, with some fields otherwise, or left out where they are `...`."""
    body: dict[str, Any] = MARKER | {"broadcastId": fresh("b")} | more
    return {name: value for name, value in body.items() if value is not ...}


def raw(node: RunningNode, method: bytes, target: bytes, body: bytes = b"") -> tuple[int, dict[str, Any]]:
    """Send what no client library would, and return status and error."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=10) as sock:
        sock.sendall(
            method + b" " + target + b" HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        answer = b"".join(iter(lambda: sock.recv(65536), b""))
    head, _, text = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(text) if text.startswith(b"{") else {}


@pytest.mark.parametrize("field", ["urlId", "broadcastId", "x", "y"])
def test_a_marker_lacks_nothing_that_it_needs(ann: Visitor, field: str) -> None:
    assert ann.refused("POST", CHATS, json=pinning(**{field: ...})) == "invalid-body"


@pytest.mark.parametrize("wrong", [None, True, 1, "1", [], {}, [1], {"a": 1}], ids=repr)
@pytest.mark.parametrize(
    "field", ["urlId", "broadcastId", "x", "y", "windowUrlId", "pageTitle", "src", "region", "comment"]
)
def test_a_markers_fields_have_their_types(ann: Visitor, field: str, wrong: object) -> None:
    fits = {
        "urlId": (str,),
        "broadcastId": (str,),
        "x": (int,),
        "y": (int,),
        "windowUrlId": (str, type(None)),
        "pageTitle": (str, type(None)),
        "src": (str, type(None)),
        "region": (type(None),),
        "comment": (type(None),),
    }[field]
    if type(wrong) in fits:
        return
    assert ann.refused("POST", CHATS, json=pinning(**{field: wrong})) == "invalid-body"


@pytest.mark.parametrize("number", ["-0.001", "100.001", "1e308", "-1e308", "1000"])
@pytest.mark.parametrize("field", ["x", "y"])
def test_coordinates_are_percentages(ann: Visitor, field: str, number: str) -> None:
    assert ann.refused("POST", CHATS, json=pinning(**{field: float(number)})) == "invalid-coordinates"
    chat_id = ann.pin(fresh("p"))["createdChatId"]
    change = {"broadcastId": fresh("b"), field: float(number)}
    assert ann.refused("PATCH", f"{CHATS}/{chat_id}", json=change) == "invalid-coordinates"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "0x10", "1,5", "01", "1.", "١"])
@pytest.mark.parametrize("field", ["x", "y"])
def test_what_is_no_json_number_is_no_coordinate(ann: Visitor, field: str, number: str) -> None:
    text = json.dumps(pinning(**{field: "HERE"})).replace('"HERE"', number)
    assert ann.refused("POST", CHATS, content=text.encode()) == "invalid-body"


@pytest.mark.parametrize("region", [{"w": 0, "h": 1}, {"w": -1, "h": 1}, {"w": 99.1, "h": 1}, {"w": 1, "h": 98.1}])
def test_a_region_is_inside_the_picture(ann: Visitor, region: dict[str, float]) -> None:
    assert ann.refused("POST", CHATS, json=pinning(region=region)) == "invalid-coordinates"


@pytest.mark.parametrize("region", [{}, {"w": 1}, {"h": 1}, {"w": "1", "h": 1}, {"w": None, "h": 1}, [1, 1]])
def test_a_region_has_a_width_and_a_height(ann: Visitor, region: object) -> None:
    assert ann.refused("POST", CHATS, json=pinning(region=region)) == "invalid-body"


@pytest.mark.parametrize(
    "body", [{}, {"x": 1}, {"broadcastId": ""}, {"broadcastId": None, "x": 1}, {"broadcastId": "b"}]
)
def test_a_change_names_what_changes_and_its_broadcastid(ann: Visitor, body: dict[str, Any]) -> None:
    path = f"{CHATS}/{ann.pin(fresh('p'))['createdChatId']}"
    assert ann.refused("PATCH", path, json=body) == "invalid-body"


def test_a_deletion_needs_its_broadcastid(ann: Visitor) -> None:
    made = ann.pin(fresh("p"), comment={"comment": "hi"})
    path = f"{CHATS}/{made['createdChatId']}"
    assert ann.refused("DELETE", path) == "invalid-body"
    assert ann.refused("DELETE", path, json={}) == "invalid-body"
    assert ann.refused("DELETE", f"{COMMENTS}/{made['comment']['_id']}") == "invalid-body"


@pytest.mark.parametrize(
    ("field", "length", "code"),
    [
        ("urlId", 2049, "too-long"),
        ("windowUrlId", 2049, "too-long"),
        ("pageTitle", 2049, "too-long"),
        ("broadcastId", 65, "too-long"),
        ("urlId", 0, "invalid-body"),
        ("broadcastId", 0, "invalid-body"),
    ],
)
def test_a_markers_texts_keep_their_limits(ann: Visitor, field: str, length: int, code: str) -> None:
    answer = ann.send("POST", CHATS, json=pinning(**{field: "x" * length}))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    if length:
        assert f"{length - 1:,}" in answer.json()["message"]


def test_limits_themselves_are_within_the_limits(ann: Visitor) -> None:
    longest = fresh("p").ljust(2048, "x")
    ann.pin(longest, windowUrlId=longest[::-1], pageTitle="x" * 2048, broadcastId=fresh("b").ljust(64, "x"))
    ann.write(fresh("w"), "x" * 2000, commenterName="x" * 100)


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"comment": "x" * 2001}, "comment-too-big", 413),
        ({"comment": " \u200b\n"}, "comment-empty", 400),
        ({"comment": ""}, "comment-empty", 400),
        ({"comment": "a\x00b"}, "invalid-body", 400),
        ({"comment": None}, "invalid-body", 400),
        ({"comment": 1}, "invalid-body", 400),
        ({"commenterName": "x" * 101}, "too-long", 400),
        ({"commenterName": 1}, "invalid-body", 400),
        ({"pageTitle": "x" * 2049}, "too-long", 400),
        ({"url": "x" * 2049}, "too-long", 400),
        ({"url": "\x00"}, "invalid-body", 400),
        ({"parentId": "none"}, "not-found", 404),
        ({"parentId": "\x00"}, "invalid-body", 400),
        ({"parentId": 1}, "invalid-body", 400),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else str(value),
)
def test_a_comments_fields_are_checked(ann: Visitor, change: dict[str, Any], code: str, status: int) -> None:
    answer = ann.send("POST", COMMENTS, params={"urlId": "w", "broadcastId": fresh("b")}, json=COMMENT | change)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, "failed")


@pytest.mark.parametrize("text", ["x" * 2001, " ", "\x00x"])
def test_an_edit_and_a_first_comment_are_checked_like_any_comment(ann: Visitor, text: str) -> None:
    thread = fresh("w")
    plain = ann.refused(
        "POST", COMMENTS, params={"urlId": thread, "broadcastId": fresh("b")}, json=COMMENT | {"comment": text}
    )
    path = f"{COMMENTS}/{ann.write(thread)['comment']['_id']}/update-text"
    assert ann.refused("POST", path, params={"broadcastId": fresh("b")}, json={"comment": text}) == plain
    assert ann.refused("POST", CHATS, json=pinning(comment={"comment": text})) == plain


@pytest.mark.parametrize("missing", ["urlId", "broadcastId"])
def test_a_comments_parameters_are_needed(ann: Visitor, missing: str) -> None:
    params = {"urlId": "w", "broadcastId": fresh("b")}
    del params[missing]
    assert ann.refused("POST", COMMENTS, params=params, json=COMMENT) == "invalid-body"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "-1"),
        ("page", "x"),
        ("page", "1.5"),
        ("page", "9" * 30),
        ("page", ""),
        ("skip", "-1"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "9" * 400),
        ("direction", "UP"),
        ("maxTreeDepth", "-1"),
        ("asTree", "perhaps"),
    ],
)
def test_a_lists_parameters_are_checked(ann: Visitor, name: str, value: str) -> None:
    assert ann.refused("GET", COMMENTS, params={"urlId": "w", name: value}) == "invalid-body"


@pytest.mark.parametrize(
    ("name", "value"),
    [("startTime", "-1"), ("startTime", "now"), ("endTime", "1.5"), ("sinceSeq", "-1"), ("sinceSeq", "9" * 20)],
)
def test_the_logs_parameters_are_checked(ann: Visitor, picture: str, name: str, value: str) -> None:
    params = {"urlId": picture, "userIdWS": ann.snapshot(picture)["userIdWS"], "startTime": "0"} | {name: value}
    assert ann.refused("GET", f"/event-log/{TENANT}", params=params) == "invalid-body"


@pytest.mark.parametrize("path", [CHATS, COMMENTS, f"/event-log/{TENANT}", f"/pages/{TENANT}/users/online"])
def test_every_room_needs_its_urlid(ann: Visitor, path: str) -> None:
    ticket = ann.snapshot("p")["userIdWS"]
    nothing: dict[str, str] = {}
    for params in (nothing, {"urlId": ""}):
        more = {"userIdWS": ticket, "startTime": "0"} if "event-log" in path else {}
        assert ann.refused("GET", path, params=params | more) == "invalid-body"
    for url_id, code in (("x" * 2049, "too-long"), ("a\x00", "invalid-body")):
        params = {"urlId": url_id, "userIdWS": ticket, "startTime": "0"}
        assert ann.refused("GET", path, params=params) == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"1",
        b'"text"',
        b"{}x",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"{'urlId':'p'}",
        b'{"urlId":"p",}',
        b'{"urlId":"\xff"}',
        b'{"urlId":"\xed\xa0\x80"}',
        b'{"urlId":"\\ud800"}',
        b'{"urlId":"\\udc00\\ud800"}',
        b'{"urlId":"\\uD83D"}',
        b'{"urlId":"\\x"}',
        b'{"urlId":"\x00"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"urlId":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"unknown":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b"9" * 60_000,
        b'{"x":' + b"9" * 60_000 + b"}",
        b"\x00" * 1000,
    ],
    ids=lambda body: ascii(body[:24]),
)
@pytest.mark.parametrize(
    "path", [CHATS, COMMENTS + "?urlId=w&broadcastId=b", COMMENTS + "/none/update-text?broadcastId=b"]
)
def test_a_body_that_is_not_what_is_asked_for_is_refused(ann: Visitor, path: str, body: bytes) -> None:
    assert ann.refused("POST", path, content=body) == "invalid-body"


@pytest.mark.parametrize(("method", "path"), [("POST", CHATS), ("PATCH", f"{CHATS}/c"), ("DELETE", f"{CHATS}/c")])
def test_a_body_that_is_not_there_is_missed_in_words(ann: Visitor, method: str, path: str) -> None:
    answer = ann.send(method, path)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-body")
    assert answer.json()["message"] == "The body is missing: send JSON."


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_is_json_whatever_its_type_says(ann: Visitor, kind: str) -> None:
    answer = ann.send("POST", CHATS, content=json.dumps(pinning()).encode(), headers={"Content-Type": kind})
    assert answer.status_code == 200
    answer = ann.send("POST", CHATS, content=b"urlId=p&x=1", headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_of_a_field_given_twice_the_last_one_counts(ann: Visitor) -> None:
    picture = fresh("p")
    text = json.dumps(pinning(urlId=picture, x=5))[:-1] + ', "x": 6}'
    answer = ann.call("POST", CHATS, content=text.encode())
    assert answer["conversation"]["x"] == 6


def test_fields_that_are_not_known_are_let_be(ann: Visitor) -> None:
    made = ann.pin(fresh("p"), _id="mine", userId="somebody", commentCount=99, deep={"a": [1, {"b": None}]})
    assert made["createdChatId"] != "mine"
    assert (made["conversation"]["userId"], made["conversation"]["commentCount"]) == (ann.id, 0)


def test_a_body_of_64_kb_is_taken_and_one_byte_more_is_not(ann: Visitor) -> None:
    def padded(size: int) -> bytes:
        text = json.dumps(pinning(urlId=fresh("p"))).encode()
        return text + b" " * (size - len(text))

    assert ann.send("POST", CHATS, content=padded(65_536)).status_code == 200
    answer = ann.send("POST", CHATS, content=padded(65_537))
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (413, "body-too-big", "error")
    assert "64 KB" in answer.json()["message"]


def test_a_body_without_a_length_is_cut_off_at_64_kb(ann: Visitor) -> None:
    assert ann.refused("POST", CHATS, content=iter([b" " * 40_000, b" " * 40_000])) == "body-too-big"


@pytest.mark.parametrize("text", [b"%ff", b"%ed%a0%80", b"%c0%af", b"%f4%90%80%80", b"\xff", b"%e2%82", b"%00"])
def test_malformed_utf_8_in_a_query_names_no_room_and_no_caller(shared_node: RunningNode, text: bytes) -> None:
    for path in (CHATS, COMMENTS, f"/pages/{TENANT}/users/online"):
        status, error = raw(shared_node, b"GET", f"{path}?urlId=".encode() + text)
        assert (status, error.get("code", "invalid-body")) == (400, "invalid-body")
    for name in (b"sessionId", b"sso"):
        status, _ = raw(shared_node, b"GET", f"{CHATS}?urlId=p&".encode() + name + b"=" + text)
        assert status in {400, 401}


@pytest.mark.parametrize(
    "text", [b"%ff", b"%ed%a0%80", b"%00", b"\xff", b"..%2f..%2fetc%2fpasswd", b"%0d%0aX:1", b"'--"]
)
def test_a_strange_path_is_no_fault(shared_node: RunningNode, text: bytes) -> None:
    for path, method, body in (
        (CHATS + "/{}", b"PATCH", b'{"broadcastId":"b","x":1}'),
        (CHATS + "/{}", b"DELETE", b'{"broadcastId":"b"}'),
        (COMMENTS + "/{}/text", b"GET", b""),
        (COMMENTS + "/{}/update-text?broadcastId=b", b"POST", b'{"comment":"hi"}'),
        (COMMENTS + "/{}/vote?broadcastId=b", b"POST", b'{"voteDir":"up"}'),
        (COMMENTS + "/c/vote/{}?broadcastId=b", b"DELETE", b""),
        (COMMENTS + "/c/reactions/{}?broadcastId=b", b"DELETE", b""),
        (COMMENTS + "/{}?broadcastId=b", b"DELETE", b""),
        ("/comments/{}?urlId=p", b"GET", b""),
    ):
        status, _ = raw(shared_node, method, path.encode().replace(b"{}", text), body)
        assert status in {400, 404}, path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", CHATS, {"GET", "POST"}),
        ("DELETE", CHATS, {"GET", "POST"}),
        ("POST", f"{CHATS}/c", {"PATCH", "DELETE"}),
        ("PATCH", COMMENTS, {"GET", "POST"}),
        ("GET", f"{COMMENTS}/c/update-text", {"POST"}),
        ("GET", f"{COMMENTS}/c/vote", {"POST"}),
        ("GET", f"{COMMENTS}/c/vote/v", {"DELETE"}),
        ("PUT", f"{COMMENTS}/c/reactions", {"POST"}),
        ("POST", f"/event-log/{TENANT}", {"GET"}),
        ("DELETE", "/healthz", {"GET"}),
        ("TRACE", CHATS, {"GET", "POST"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(ann: Visitor, method: str, path: str, allowed: set[str]) -> None:
    answer = ann.send(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert allowed <= {name.strip() for name in answer.headers["allow"].split(",")}


@pytest.mark.parametrize(
    "path", ["/", "/nothing", f"{CHATS}/a/b", f"{COMMENTS}/a/b/c", "/comment-image-chats/demo/%2e%2e"]
)
def test_an_unknown_path_is_not_found(ann: Visitor, path: str) -> None:
    assert ann.refused("GET", path) in {"not-found", "method-not-allowed"}


def test_each_family_has_its_own_word_for_what_went_wrong(ann: Visitor) -> None:
    assert ann.send("GET", CHATS).json()["status"] == "error"
    assert ann.send("GET", "/comment-image-chats/nowhere?urlId=p").json()["status"] == "error"
    for path in (COMMENTS, f"/event-log/{TENANT}", f"/pages/{TENANT}/users/online", "/nothing"):
        assert ann.send("GET", path).json()["status"] == "failed"


def test_AUTH1_no_token_and_no_query_is_in_the_nodes_output(visiting: Visiting) -> None:
    node = visiting.node
    secret = "very-secret-word"  # noqa: S105 -- a test's
    raw(node, b"GET", f"{CHATS}?urlId={secret}&sessionId={secret}".encode())
    raw(node, b"GET", f"/event-log/{TENANT}?userIdWS={secret}&urlId={secret}&startTime=0".encode())
    raw(node, b"POST", f"{CHATS}?sso={secret}".encode(), b'{"urlId":' + secret.encode())
    assert visiting.somebody().send("GET", "/healthz").status_code == 200
    assert secret not in "".join(node.output)
