"""The files for operators, as the tools see them that they are for."""

import json
import os
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from deploying import DEPLOY, DOCKERFILE, KUBERNETES, UNIT, health_check
from running import RunningNode

BIN = Path(sys.executable).parent
CADDYFILES = [DEPLOY / "Caddyfile", DEPLOY / "cluster" / "Caddyfile"]


def run(*words: str | Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, env=os.environ | (environment or {})
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    assert run(BIN / "hadolint", DOCKERFILE) == ""


def test_the_compose_file_is_one() -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_kubernetes_takes_the_manifests(version: str) -> None:
    manifests = sorted(set(KUBERNETES.iterdir()) - {KUBERNETES / "kustomization.yaml"})
    run(BIN / "kubernetes-validate", "--strict", "--kubernetes-version", version, *manifests)


def test_systemd_takes_the_unit_and_finds_it_well_shut_in(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    program = "/opt/imagechat/bin/imagechat"
    text = UNIT.read_text("utf-8")
    assert program in text
    unit.write_text(text.replace(program, str(BIN / "imagechat")))
    assert run("systemd-analyze", "verify", "--man=no", unit) == ""
    run("systemd-analyze", "security", "--offline=yes", "--threshold=15", unit)  # 100 is wide open


@pytest.mark.parametrize("file", CADDYFILES, ids=["one node", "many nodes"])
def test_caddy_takes_its_file(file: Path, tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    assert caddy is not None
    own = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "CHAT_SITE": "chat.example.org"}
    read = json.loads(run(caddy, "adapt", "--config", file, "--adapter", "caddyfile", environment=own).splitlines()[0])
    assert "chat.example.org" in json.dumps(read)
    assert run(caddy, "fmt", file) == file.read_text("utf-8")


def test_the_images_health_check_tells_a_node_that_is_alive(tmp_path: Path) -> None:
    program, *rest = health_check()
    assert program == "python"

    def is_well(port: int) -> bool:
        environment = os.environ | {"IMAGECHAT_PORT": str(port)}
        return (
            subprocess.run([sys.executable, *rest], env=environment, capture_output=True, check=False).returncode == 0
        )

    with RunningNode(tmp_path / "data") as node:
        assert is_well(node.port)
        node.stop()
        with pytest.raises(ConnectionRefusedError):
            HTTPConnection("127.0.0.1", node.port).connect()
        assert not is_well(node.port)
