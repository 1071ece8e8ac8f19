"""Connections through TLS: the load in C has none, so these are opened from Python; its CPU share is told as well."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from bench.folder import FOLDER
from bench.generator import Figures, read_figures, texts
from bench.node import V1
from bench.processes import LeftOut

AT_ONCE = 64
REQUEST = (
    "GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: {subprotocol}"
    "\r\n\r\n"
)


def offers_tls() -> None:
    """Raise `LeftOut` where `imagechat serve` has no TLS."""
    told = subprocess.run([sys.executable, "-m", "imagechat.cli", "serve", "--help"], capture_output=True, text=True)  # noqa: PLW1510
    if "--tls-cert" not in told.stdout:
        message = "`imagechat serve` has no --tls-cert"
        raise LeftOut(message)


@contextmanager
def certificate() -> Iterator[tuple[Path, Path]]:
    """Make a certificate and its key. Raises `LeftOut` without openssl."""
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="tls-") as folder:
        cert, key = Path(folder) / "cert.pem", Path(folder) / "key.pem"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command = [
            "openssl",
            "req",
            "-x509",
            "-nodes",
            *curve,
            "-keyout",
            str(key),
            "-out",
            str(cert),
            "-subj",
            "/CN=127.0.0.1",
        ]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            message = f"openssl made no certificate: {error}"
            raise LeftOut(message) from None
        yield cert, key


@contextmanager
def held_with_tls(port: int, addresses: list[str]) -> Iterator[Figures]:
    """Open connections and keep them until the block ends; see `held`."""
    command = [sys.executable, "-m", "bench.tls", str(port), str(texts(addresses))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            yield read_figures(process.stdout.readline(), 0)
        finally:
            process.kill()


async def _open_all(port: int, addresses: list[str]) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # one's own certificate, on this machine
    turns = asyncio.Semaphore(AT_ONCE)
    kept = []

    async def open_one(target: str) -> None:
        async with turns:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
            writer.write(REQUEST.format(target=target, subprotocol=V1).encode())
            await reader.readuntil(b'"hello"')
            kept.append((reader, writer))

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(open_one, addresses))
    took = time.perf_counter() - began
    rate, share = len(addresses) / took, (time.process_time() - cpu) / took
    print(json.dumps({"subscribers": len(kept), "handshakes_s": rate, "load_cpu": share}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    os.sched_setaffinity(0, {max(range(os.cpu_count() or 1))})
    uvloop.run(_open_all(int(sys.argv[1]), Path(sys.argv[2]).read_text().splitlines()))
