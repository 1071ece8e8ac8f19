"""How the log is written: text or JSON, a line each, and nobody waits for it."""

import json
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from imagechat.http.answered import Answered
from imagechat.observe.log_lines import Format, PatientHandler, log_to
from imagechat.observe.request_log import A_SECOND, LONGEST_PATH, RequestLog, Which

FORGED = "/x\n2026-01-01T00:00:00Z ERROR forged: \x1b[31mred\u2028\x00"


@contextmanager
def logging_to(path: Path, form: Format) -> Iterator[PatientHandler]:
    level = logging.getLogger().level
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    handler = log_to(file, form)
    yield handler
    handler.close()
    os.close(file)
    logging.getLogger().setLevel(level)


def answered(status: int = 200, path: str = "/x", **more: object) -> Answered:
    fields = {"method": "GET", "route": "/x", "tenant_id": None, "code": None, "seconds": 0.0123} | more
    return Answered(status=status, path=path, **fields)  # type: ignore[arg-type]


def test_a_line_of_text_says_when_how_bad_who_and_what(tmp_path: Path) -> None:
    with logging_to(tmp_path / "log", "text"):
        logging.getLogger("imagechat.live").warning("the bus is %s", "away")
        logging.getLogger("alembic.runtime").info("not told")
    [line] = (tmp_path / "log").read_text().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z WARNING imagechat\.live: the bus is away", line)


def test_a_line_of_json_says_the_same_for_machines(tmp_path: Path) -> None:
    with logging_to(tmp_path / "log", "json"):
        logging.getLogger("nats").error("it is “away”: %r", {"a": 1}, extra={"password": "hidden"})
    [line] = (tmp_path / "log").read_text().splitlines()
    read = json.loads(line)
    assert set(read) == {"event", "level", "logger", "at"}
    assert (read["event"], read["level"], read["logger"]) == ("it is “away”: {'a': 1}", "error", "nats")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_request_is_one_line_with_what_became_of_it(tmp_path: Path, form: Format) -> None:
    with logging_to(tmp_path / "log", form):
        RequestLog("all")(answered(503, "/comments/acme", tenant_id="acme", code="unavailable"))
    [line] = (tmp_path / "log").read_text().splitlines()
    if form == "text":
        assert line.endswith(
            " WARNING imagechat.requests: GET /comments/acme status=503 code=unavailable ms=12.3 tenant=acme"
        )
    else:
        read = json.loads(line)
        del read["at"]
        assert read == {
            "event": "GET /comments/acme",
            "level": "warning",
            "logger": "imagechat.requests",
            "method": "GET",
            "path": "/comments/acme",
            "status": 503,
            "code": "unavailable",
            "ms": 12.3,
            "tenant": "acme",
        }


@pytest.mark.parametrize("form", ["text", "json"])
def test_nobody_can_write_a_line_of_their_own(tmp_path: Path, form: Format) -> None:
    with logging_to(tmp_path / "log", form) as handler:
        RequestLog("all")(answered(404, FORGED))
        RequestLog("all")(answered(404, "/" + "long" * 100))
        logging.getLogger("x").info("%s", FORGED)
        handler.handle(logging.makeLogRecord({"name": "x", "msg": "half \udcff a letter"}))  # past pytest's own log
    lines = (tmp_path / "log").read_text("utf-8").split("\n")
    assert len(lines) == 5
    assert all("\x1b" not in line and "\u2028" not in line.replace("\\u2028", "") for line in lines if form == "text")
    assert "long" * (LONGEST_PATH // 4) not in lines[1]


@pytest.mark.parametrize(
    ("which", "logged"),
    [("off", []), ("faults", [500, 503]), ("refused", [400, 404, 500, 503]), ("all", [200, 304, 400, 404, 500, 503])],
)
def test_those_requests_are_logged_that_are_wanted(
    which: Which, logged: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    log = RequestLog(which)
    with caplog.at_level(logging.INFO):
        for status in (200, 304, 400, 404, 500, 503):
            log(answered(status))
    assert [record.__dict__["status"] for record in caplog.records] == logged


@pytest.mark.parametrize(("which", "count"), [("off", 0), ("faults", 0), ("refused", 1), ("all", 1)])
def test_a_full_disk_is_not_filled_by_the_lines_of_those_who_meet_it(
    which: Which, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        RequestLog(which)(answered(507, code="storage-full"))
    assert len(caplog.records) == count


@pytest.mark.parametrize("which", ["off", "faults"])
def test_what_nobody_foresaw_is_logged_in_any_case_with_where_it_was(
    which: Which, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise LookupError  # noqa: TRY301 -- for its traceback
    except LookupError as error:
        RequestLog(which)(answered(500, code="internal", trouble=error))
    assert caplog.messages == ["GET /x failed"]
    assert "LookupError" in caplog.text


@pytest.mark.parametrize(
    ("error", "said"), [(TimeoutError(), "TimeoutError"), (Exception("it is full\nDETAIL: (Ann)"), "it is full")]
)
def test_what_the_database_says_is_one_line_in_the_log(
    error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    RequestLog("faults")(answered(503, "/pages", trouble=OperationalError("SELECT", None, error)))
    assert caplog.messages == [f"GET /pages: {said}"]
    assert "Ann" not in caplog.text


def test_a_flood_of_refusals_fills_no_disk_unless_all_is_wanted(caplog: pytest.LogCaptureFixture) -> None:
    now = [10.0]
    log, whole = RequestLog("refused", lambda: now[0]), RequestLog("all", lambda: now[0])
    with caplog.at_level(logging.INFO):
        for _ in range(A_SECOND + 50):
            log(answered(404))
        now[0] = 11.0
        log(answered(404))
        assert len(caplog.records) == A_SECOND + 1
        assert caplog.records[-1].__dict__["skipped"] == 50
        caplog.clear()
        for _ in range(A_SECOND + 50):
            whole(answered(404))
        assert len(caplog.records) == A_SECOND + 50


def record(number: int) -> logging.LogRecord:
    return logging.LogRecord("x", logging.INFO, "", 0, "line %d", (number,), None)


def test_a_pipe_that_nobody_reads_keeps_nobody_waiting_and_memory_has_an_end() -> None:
    reading, writing = os.pipe()
    handler = PatientHandler(writing, most=100)
    for number in range(50_000):
        handler.emit(record(number))
    assert len(handler._lines) <= 100
    assert handler._lost > 0
    handler.close()  # in time, though its thread hangs
    os.close(reading)  # which lets go of the thread
    handler._thread.join(10)
    assert not handler._thread.is_alive()
    os.close(writing)


def test_what_was_lost_is_told_when_there_is_room_again(tmp_path: Path) -> None:
    full, log = os.open("/dev/full", os.O_WRONLY), tmp_path / "log"
    handler = PatientHandler(full)
    handler.emit(record(1))
    while not handler._lost:
        assert handler._thread.is_alive()
        time.sleep(0.001)
    there = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
    handler._file = there
    handler.emit(record(2))
    handler.close()
    os.close(full)
    os.close(there)
    assert log.read_text() == "line 2\n1 lines of the log could not be written\n"


def test_a_line_that_cannot_be_made_is_told_and_harms_nobody(tmp_path: Path) -> None:
    file = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT, 0o600)
    handler = PatientHandler(file)
    handler.emit(logging.LogRecord("x", logging.INFO, "", 0, "%d", ("no number",), None))
    handler.emit(record(2))
    handler.close()
    os.close(file)
    assert (tmp_path / "log").read_text() == "a line of x could not be made\nline 2\n"
