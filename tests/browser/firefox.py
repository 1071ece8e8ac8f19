"""A stock Firefox, driven by what it speaks itself: WebDriver BiDi, over the WebSocket of its remote agent."""

import asyncio
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
"""None where the machine has none: its tests are not collected there."""

QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
}
"""Preferences with which it asks nobody for anything."""

FIND = """
window.find = (selector) => {
  for (const root of [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)]) {
    const found = root.querySelector(selector);
    if (found) return found;
  }
  return null;
};
"""


@dataclass(slots=True)
class Tab:
    """One page."""

    firefox: "Firefox"
    context: str

    async def open(self, address: str) -> None:
        """Go to a page; its scripts have run."""
        await self.firefox.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")
        await self.evaluate(FIND)

    async def come_to_front(self) -> None:
        """Be the tab that is looked at: in others nothing has the focus."""
        await self.firefox.ask("browsingContext.activate", context=self.context)

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression gives, or its promise: a text, a number, a truth value or None."""
        answer = await self.firefox.ask(
            "script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    async def waits_for(self, condition: str) -> None:
        """Ask until an expression is true."""
        async with asyncio.timeout(20):
            while not await self.evaluate(f"Boolean({condition})"):  # noqa: ASYNC110 -- a page tells who asks
                await asyncio.sleep(0.05)

    async def click(self, selector: str, x: float = 50, y: float = 50) -> None:
        """Click on an element, at percentages of it."""
        await self.waits_for(f"find({selector!r})")
        at = f"find({selector!r}).getBoundingClientRect()"
        place = await self.evaluate(f"(({{ x, y, width, height }}) => JSON.stringify([x, y, width, height]))({at})")
        left, top, width, height = json.loads(place)
        moved = {"type": "pointerMove", "x": round(left + width * x / 100), "y": round(top + height * y / 100)}
        pressed = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        await self._act({"type": "pointer", "id": "mouse", "actions": [moved, *pressed]})

    async def type(self, text: str) -> None:
        """Press a key for each letter; a line break is Enter."""
        keys = [
            {"type": kind, "value": "\ue007" if letter == "\n" else letter}
            for letter in text
            for kind in ("keyDown", "keyUp")
        ]
        await self._act({"type": "key", "id": "keyboard", "actions": keys})

    async def _act(self, source: dict[str, Any]) -> None:
        await self.firefox.ask("input.performActions", context=self.context, actions=[source])


@dataclass(slots=True)
class Firefox:
    """A running browser. `faults`: what pages threw and did not catch."""

    _connection: ClientConnection
    faults: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def new_tab(self) -> Tab:
        made = await self.ask("browsingContext.create", type="tab")
        return Tab(self, made["context"])

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command, and return its result. Raises `AssertionError` with what Firefox says against it."""
        number = next(self._numbers)
        await self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told: dict[str, Any] = json.loads(await self._connection.recv())
            if told.get("id") == number:
                assert told["type"] == "success", told
                result: dict[str, Any] = told["result"]
                return result
            if told.get("method") == "log.entryAdded" and told["params"]["type"] == "javascript":
                self.faults.append(told["params"]["text"])


@asynccontextmanager
async def running_firefox(profile: Path) -> AsyncIterator[Firefox]:
    """Start one with a fresh profile in a folder, and end it."""
    assert FIREFOX is not None
    lines = [f"user_pref({name!r}, {json.dumps(value)});" for name, value in QUIET.items()]
    (profile / "user.js").write_text("\n".join(lines))
    words = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    process = await asyncio.create_subprocess_exec(
        FIREFOX, *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with connect(f"{await _address(process)}/session", proxy=None, max_size=None) as connection:
            firefox = Firefox(connection)
            await firefox.ask("session.new", capabilities={})
            await firefox.ask("session.subscribe", events=["log.entryAdded"])
            yield firefox
            await firefox.ask("browser.close")
        await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode():
            if "WebDriver BiDi listening on " in line:
                return line.split()[-1]
    message = "Firefox has ended before it said where it listens"
    raise RuntimeError(message)
