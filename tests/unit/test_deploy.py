"""The files for operators agree with the program and with each other; what their own tools say is in contract/."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from deploying import (
    DEPLOY,
    ENVIRONMENT,
    KUBERNETES,
    compose,
    files,
    health_check,
    instructions,
    kubernetes_settings,
    kustomization,
    manifests,
    services,
    settings_of_example,
    unit,
    unit_settings,
)
from documents import REPOSITORY
from imagechat import __version__
from imagechat.http.health import healthz, readyz
from imagechat.node import FINISH_SECONDS, OPEN_FILES_WANTED
from imagechat.settings import PREFIX, describe, load_settings

CADDYFILE = DEPLOY / "cluster" / "Caddyfile"
PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)*")
NODES = services("node-")


def seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+)s?", text)
    assert found is not None, text
    return float(found[1])


def caddy_seconds(name: str) -> float:
    found = re.search(rf"^\s*{name} (\S+)$", CADDYFILE.read_text("utf-8"), re.MULTILINE)
    assert found is not None, name
    return seconds(found[1])


@pytest.mark.parametrize("file", files(), ids=lambda path: path.name)
def test_every_setting_that_a_file_names_exists(file: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", file.read_text("utf-8")))
    assert named <= {described.variable for described in describe()}


@pytest.mark.parametrize(
    "environment",
    [*(node["environment"] for node in NODES.values()), kubernetes_settings(), unit_settings()],
    ids=[*NODES, "kubernetes", "systemd"],
)
def test_the_program_takes_what_it_is_given(environment: dict[str, str]) -> None:
    assert load_settings(environment).leave_seconds > 0


def pod(kind: str) -> dict[str, Any]:
    [found] = manifests(kind)
    spec: dict[str, Any] = found["spec"]["template"]["spec"]
    return spec


def added_by_kubernetes(spec: dict[str, Any]) -> dict[str, str]:
    """Return what a pod's environment gets for each service of its namespace, unless the pod says no."""
    if not spec.get("enableServiceLinks", True):
        return {}
    names = [service["metadata"]["name"].upper().replace("-", "_") for service in manifests("Service")]
    return {
        variable: value
        for name in names
        for variable, value in (
            (f"{name}_SERVICE_HOST", "10.0.0.1"),
            (f"{name}_SERVICE_PORT", "80"),
            (f"{name}_PORT", "tcp://10.0.0.1:80"),
        )
    }


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_the_program_takes_what_kubernetes_adds(kind: str) -> None:
    assert load_settings({**kubernetes_settings(), **added_by_kubernetes(pod(kind))}).port == 8000


GRACES = {
    **{name: (node["environment"], seconds(node["stop_grace_period"])) for name, node in NODES.items()},
    "kubernetes": (kubernetes_settings(), float(pod("Deployment")["terminationGracePeriodSeconds"])),
    "systemd": (unit_settings(), seconds(unit()["TimeoutStopSec"][0])),
}


@pytest.mark.parametrize("where", GRACES)
def test_whoever_stops_a_node_waits_for_longer_than_it_takes(where: str) -> None:
    environment, grace = GRACES[where]
    leave, drain = (float(environment[f"{PREFIX}{name}_SECONDS"]) for name in ("LEAVE", "DRAIN"))
    assert grace > leave + drain + FINISH_SECONDS


def test_a_node_leaves_for_longer_than_it_takes_a_balancer_to_see() -> None:
    seen_within = caddy_seconds("health_interval") + caddy_seconds("health_timeout")
    for environment in [*(node["environment"] for node in NODES.values()), unit_settings()]:
        assert float(environment["IMAGECHAT_LEAVE_SECONDS"]) > seen_within
    [node] = pod("Deployment")["containers"]
    probe = node["readinessProbe"]
    seen_within = probe["periodSeconds"] * probe["failureThreshold"] + probe["timeoutSeconds"]
    assert float(kubernetes_settings()["IMAGECHAT_LEAVE_SECONDS"]) > seen_within


def test_whoever_asks_how_a_node_is_asks_where_it_answers() -> None:
    [node] = pod("Deployment")["containers"]
    ready = {node["readinessProbe"]["httpGet"]["path"]}
    ready |= set(re.findall(r"health_uri (\S+)", CADDYFILE.read_text("utf-8")))
    alive = {node[probe]["httpGet"]["path"] for probe in ("livenessProbe", "startupProbe")}
    alive |= set(re.findall(r"'(/\w+)'", health_check()[-1]))
    assert (ready, alive) == (readyz.paths, healthz.paths)


def test_every_image_is_pinned() -> None:
    stages = {line.split(" AS ")[1] for line in instructions("FROM") if " AS " in line}
    images = [line.split()[0] for line in instructions("FROM") if line not in stages]
    images += [service["image"] for service in compose()["services"].values()]
    images += [f"{image['newName']}:{image['newTag']}" for image in kustomization()["images"]]
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_what_is_run_is_this_version() -> None:
    assert {service["image"] for service in services("node-").values()} == {f"imagechat:{__version__}"}
    assert [image["newTag"] for image in kustomization()["images"]] == [__version__]


def test_no_file_holds_a_secret() -> None:
    named = r"(?:password|secret\w*|key|token)[\"']?\s*[:=]\s*[\"']?[\w+=-]{16,}"
    in_an_address = r"://\w+:[\w.~%-]+@"
    for file in files():
        assert re.findall(f"{named}|{in_an_address}", file.read_text("utf-8"), re.IGNORECASE) == [], file
    assert {name for name, value in settings_of_example().items() if value} == {"CHAT_SITE"}
    [example] = manifests("Secret")
    assert set(example["stringData"].values()) == {""}


def test_compose_asks_for_what_the_example_of_its_environment_explains() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert asked == set(settings_of_example())


def test_nothing_of_a_filled_in_environment_gets_into_the_repository() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text("utf-8").splitlines()
    assert f"/{ENVIRONMENT.with_name('.env').relative_to(REPOSITORY)}" in ignored


def test_no_node_starts_before_the_schema_is_there() -> None:
    assert compose()["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for node in NODES.values():
        assert node["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_caddy_knows_every_node_and_the_nodes_know_caddys_network() -> None:
    read = compose()
    caddy = read["services"]["caddy"]
    assert caddy["environment"]["CHAT_NODES"].split() == [f"{name}:8000" for name in NODES]
    for node in NODES.values():
        [shared] = set(caddy["networks"]) & set(node["networks"])
        [network] = read["networks"][shared]["ipam"]["config"]
        assert node["environment"]["IMAGECHAT_TRUSTED_PROXIES"] == network["subnet"]


def test_nothing_but_caddy_can_be_reached_from_outside() -> None:
    read = compose()
    assert [name for name, service in read["services"].items() if "ports" in service] == ["caddy"]
    outside = {name for name, network in read["networks"].items() if not network.get("internal")}
    assert {name for name, service in read["services"].items() if outside & set(service["networks"])} == {"caddy"}


def test_a_node_can_write_nothing_and_become_nobody_else() -> None:
    for service in [*NODES.values(), compose()["services"]["migrate"]]:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    for spec in (pod("Deployment"), pod("Job")):
        [container] = spec["containers"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    [user] = instructions("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert {pod(kind)["securityContext"]["runAsUser"] for kind in ("Deployment", "Job")} == {int(user.split(":")[0])}


def test_a_node_may_open_as_many_sockets_as_it_wants() -> None:
    assert {node["ulimits"]["nofile"] for node in NODES.values()} == {OPEN_FILES_WANTED}
    assert unit()["LimitNOFILE"] == [str(OPEN_FILES_WANTED)]


def test_kustomize_takes_every_manifest_but_the_example_of_a_secret() -> None:
    there = {path.name for path in KUBERNETES.iterdir()} - {"kustomization.yaml", "secret.example.yaml"}
    assert set(kustomization()["resources"]) == there
    assert len(kustomization()["resources"]) == len(there)


def test_every_part_finds_the_pods_by_labels_that_they_have() -> None:
    [deployment] = manifests("Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"].items()
    [service], [budget], [policy], [scaler] = map(
        manifests, ("Service", "PodDisruptionBudget", "NetworkPolicy", "HorizontalPodAutoscaler")
    )
    selectors = [service["spec"]["selector"]]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in (deployment, budget)]
    selectors += [policy["spec"]["podSelector"]["matchLabels"]]
    for selector in selectors:
        assert selector
        assert selector.items() <= labels
    [job] = manifests("Job")
    taken_for_a_node = service["spec"]["selector"].items() <= job["spec"]["template"]["metadata"]["labels"].items()
    assert not taken_for_a_node
    assert scaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]


def test_the_dockerfile_copies_what_is_there_and_not_left_out() -> None:
    ignored = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
    taken = [line[1:] for line in ignored if line.startswith("!")]
    for line in instructions("COPY"):
        if "--from" not in line:
            *sources, _target = line.split()
            for source in sources:
                assert (REPOSITORY / source).exists(), source
                assert any(fnmatch(source.rstrip("/"), f"{name}*") for name in taken), source
