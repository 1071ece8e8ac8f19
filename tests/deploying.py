"""What deploy/ and the Dockerfile say, read as tests need it."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from documents import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = REPOSITORY / "Dockerfile"
KUBERNETES = DEPLOY / "kubernetes"
UNIT = DEPLOY / "imagechat.service"
ENVIRONMENT = DEPLOY / ".env.example"
PASSWORD = "0e1"  # noqa: S105 -- a hard one: YAML and NATS would take it for a number


def files() -> list[Path]:
    """Return every file for operators."""
    texts = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    return sorted([DOCKERFILE, *texts])


def settings_of_example() -> dict[str, str]:
    """Return the lines of .env.example that set something."""
    lines = [line for line in ENVIRONMENT.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def compose(values: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the compose file, its variables replaced as Docker does."""
    filled = {name: value or PASSWORD for name, value in settings_of_example().items()} | (values or {})

    def value(found: re.Match[str]) -> str:
        return filled[found[1]]

    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{(\w+)[^}]*\}", value, text))
    return read


def services(prefix: str) -> dict[str, Any]:
    """Return the services of the compose file whose names begin so."""
    return {name: service for name, service in compose()["services"].items() if name.startswith(prefix)}


def manifests(kind: str) -> list[dict[str, Any]]:
    """Return the Kubernetes manifests of a kind."""
    read = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(KUBERNETES.glob("*.yaml"))]
    return [each for each in read if each["kind"] == kind]


def kustomization() -> dict[str, Any]:
    """Return what kustomize is told."""
    [found] = manifests("Kustomization")
    return found


def kubernetes_settings() -> dict[str, str]:
    """Return the settings of the pods that are no secret."""
    [generated] = kustomization()["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generated["literals"])


def unit() -> dict[str, list[str]]:
    """Return what stands in systemd's unit, by name."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def unit_settings() -> dict[str, str]:
    """Return the settings that systemd's unit gives."""
    return dict(word.split("=", 1) for word in unit()["Environment"][0].split())


def instructions(name: str) -> list[str]:
    """Return the arguments of each instruction of the Dockerfile with that name."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*)$", text, re.MULTILINE)


def health_check() -> list[str]:
    """Return the image's health check."""
    [line] = instructions("HEALTHCHECK")
    found: list[str] = json.loads(line.partition("CMD ")[2])
    return found
