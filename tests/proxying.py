"""Caddy and nginx as deploy/ sets them up; only addresses and certificates are put in."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from deploy.local.ports import free_ports

from certifying import Authority
from documents import REPOSITORY

DEPLOY = REPOSITORY / "deploy"


@dataclass
class Proxy:
    """A proxy that runs, at an address of this machine's; all that it has logged is there when it has ended."""

    port: int
    log_files: list[Path] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return "".join(self.told) + "".join(file.read_text() for file in self.log_files)


@contextmanager
def caddy(folder: Path, authority: Authority, node: str) -> Iterator[Proxy]:
    """Run Caddy before the node at `node`, an address with or without https."""
    certificate, key = authority.put(10, name="caddy")
    [port] = free_ports(1)
    text = _put_in(
        DEPLOY / "Caddyfile",
        {
            "\n{\n": "\n{\n\tadmin off\n\tauto_https disable_redirects\n",
            "chat.example.org": f"https://127.0.0.1:{port}",
            "# tls certificate.pem key.pem": f"tls {certificate} {key}",
            "reverse_proxy 127.0.0.1:8000": f"reverse_proxy {node}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(text)
    own = {"SSL_CERT_FILE": str(authority.file), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    proxy = Proxy(port)
    command = [_program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    with _running(command, "serving initial configuration", proxy, own):
        yield proxy


@contextmanager
def nginx(folder: Path, authority: Authority, node: str) -> Iterator[Proxy]:
    """Run nginx before the node at `node`."""
    certificate, key = authority.put(11, name="nginx")
    port, plain_port = free_ports(2)
    site = _put_in(
        DEPLOY / "nginx.conf",
        {
            "listen 443 ": f"listen 127.0.0.1:{port} ",
            "listen 80;": f"listen 127.0.0.1:{plain_port};",
            "/etc/ssl/imagechat/certificate.pem": str(certificate),
            "/etc/ssl/imagechat/key.pem": str(key),
            "/var/log/nginx": str(folder),
            "http://127.0.0.1:8000": f"http://{node}",
        },
    )
    (folder / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; master_process off; pid {folder / 'nginx.pid'}; error_log stderr notice; events {{}}"
        f"http {{ {places} include {folder / 'site.conf'}; }}"
    )
    proxy = Proxy(port, [folder / "imagechat.log", folder / "imagechat-error.log"])
    with _running([_program("nginx"), "-c", str(file), "-p", str(folder)], "nginx/", proxy, {}):
        yield proxy


PROXIES = {"caddy": caddy, "nginx": nginx}


@contextmanager
def _running(command: list[str], ready: str, proxy: Proxy, environment: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
    assert process.stderr is not None
    reader = threading.Thread(target=proxy.told.extend, args=(process.stderr,))
    try:
        for line in process.stderr:
            proxy.told.append(line)
            if ready in line:
                break
        else:
            pytest.fail("the proxy did not start:\n" + "".join(proxy.told))
        reader.start()
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        if reader.is_alive():
            reader.join()
        process.stderr.close()


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found is not None, f"{name} is not here: scripts/system-packages installs it"
    return found


def _put_in(file: Path, changes: Mapping[str, str]) -> str:
    text = file.read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text
