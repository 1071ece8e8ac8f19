"""`imagechat dashboard-link`: what an operator types, and what is said to what makes no sense."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imagechat.cli import main


def run(data: Path, *words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["dashboard-link", "--data", str(data), *words], env=environment)


@pytest.mark.parametrize(
    ("words", "environment", "begins"),
    [
        ((), {}, "http://127.0.0.1:8000/dashboard#link="),
        ((), {"IMAGECHAT_PORT": "9000", "IMAGECHAT_HOST": "::"}, "http://localhost:9000/dashboard#link="),
        ((), {"IMAGECHAT_HOST": "::1"}, "http://[::1]:8000/dashboard#link="),
        ((), {"IMAGECHAT_TLS_CERT": "c", "IMAGECHAT_TLS_KEY": "k"}, "https://127.0.0.1:8000/dashboard#link="),
        (("--address", "https://chat.example.org/"), {}, "https://chat.example.org/dashboard#link="),
    ],
)
def test_a_link_is_one_line_that_a_browser_opens(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], begins: str
) -> None:
    done = run(tmp_path, *words, **environment)
    assert done.exit_code == 0, done.output
    assert re.fullmatch(re.escape(begins) + r"op_[\w-]{43}\n", done.stdout)


def test_every_link_is_another_one(tmp_path: Path) -> None:
    assert len({run(tmp_path).stdout for _ in range(3)}) == 3


def test_all_that_there_are_can_be_ended(tmp_path: Path) -> None:
    for _ in range(3):
        run(tmp_path)
    assert run(tmp_path, "--end-all").stdout == "Ended 3 links and sessions.\n"
    assert run(tmp_path, "--end-all").stdout == "Ended 0 links and sessions.\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("nowhere",), "there is no tenant 'nowhere'"),
        (("--minutes", "0"), "--minutes must be a number over 0"),
        (("--minutes", "nan"), "--minutes must be a number over 0"),
        (("--minutes", "1441"), "at most 1440"),
        (("--address", "chat.example.org"), "it begins with https:// or http://"),
        (("--address", "javascript:alert(1)"), "it begins with https:// or http://"),
    ],
)
def test_what_makes_no_sense_ends_with_one_line(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    done = run(tmp_path, *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert line in done.stderr
