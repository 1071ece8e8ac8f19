"""Pages that embed the widget, served from an origin of their own, and a wire to the node that can be cut."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from deploy.local.ports import free_ports

PICTURE_WIDTH, PICTURE_HEIGHT = 400, 300
PICTURE = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{PICTURE_WIDTH}" height="{PICTURE_HEIGHT}">'
    '<rect width="100%" height="100%" fill="#9ab"/></svg>'
)

TYPES = {"js": "text/javascript", "svg": "image/svg+xml", "ico": "image/svg+xml"}


def page(
    script_origin: str, config: dict[str, Any], *, style: str = "", body: str = "", script: str | None = None
) -> str:
    """Return a page with one picture and the five lines of the README; `script` is where their call is instead."""
    picture = body or '<img id="picture" src="/picture.svg" alt="A picture">'
    own_style = style and f"<style>{style}</style>"
    own_script = f"<script>{call(config)}</script>" if script is None else f'<script src="{script}"></script>'
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{own_style}</head>'
        f'<body>{picture}<script src="{script_origin}/embed-image-chat.min.js"></script>{own_script}</body></html>'
    )


def call(config: dict[str, Any]) -> str:
    """Return the script that puts conversations on the picture."""
    options = f"{{commentCountUpdated: (count) => window.counts.push(count), ...{json.dumps(config)}}}"
    return f"window.counts = []; window.chat = ImageChat(document.getElementById('picture'), {options});"


class Pages:
    """Serves pages by path."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                found = (PICTURE, {}) if path.startswith(("/picture", "/favicon")) else pages.get(path)
                text, headers = found or ("", {})
                body = text.encode()
                self.send_response(200 if found is not None else 404)
                self.send_header("Content-Type", TYPES.get(path.rpartition(".")[2], "text/html"))
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, text: str, *, kind: str = "html", headers: dict[str, str] | None = None) -> str:
        """Serve a page, or a script; returns its address."""
        path = f"/page-{len(self.pages)}.{kind}"
        self.pages[path] = (text, headers or {})
        return self.url + path

    @contextmanager
    def serving(self) -> Iterator["Pages"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class Wire:
    """A TCP proxy to a node: cut, it resets what is open and refuses what comes."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        [self.port] = free_ports(1)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        """Let everything through, on the same port as before."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """End every connection, and take no new ones."""
        assert self._server is not None
        self._server.close()
        writers = list(self._writers)
        for writer in writers:
            writer.transport.abort()
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await task
        for writer in writers:
            with suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            self._writers.add(sink)
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            self._writers.discard(sink)
            sink.close()
