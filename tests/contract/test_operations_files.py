"""The dashboard, the alerts and the document name what a real node exports, and all of that is in the document."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploying import DEPLOY, manifests
from documents import REPOSITORY, code_words, section, table_between
from promql import DURATION, Query, read_query
from running import RunningNode
from scraping import Page, scrape

OPERATIONS = REPOSITORY / "docs" / "operations.md"
DASHBOARD = DEPLOY / "grafana" / "imagechat.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
SCRAPING = DEPLOY / "prometheus" / "prometheus.yaml"
OF_PROMETHEUS = {"up"}
LABELS_OF_PROMETHEUS = {"instance", "job"}


@pytest.fixture
async def page(shared_node: RunningNode) -> Page:
    async with shared_node.client() as client:
        await client.get("/healthz")
    return await scrape(shared_node)


def dashboard() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DASHBOARD.read_text("utf-8"))
    return read


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def queries() -> list[str]:
    read = dashboard()
    found = [target["expr"] for panel in panels() for target in panel["targets"]]
    found += [each["expr"] for each in read["annotations"]["list"]]
    asked = [each["query"]["query"] for each in read["templating"]["list"] if each["type"] == "query"]
    found += [re.sub(r"label_values\((\w+), \w+\)", r"\1", each) for each in asked]
    return found + [rule["expr"] for rule in rules()]


def documented() -> dict[str, list[str]]:
    """Return the document's row of each metric, by its name."""
    return {code_words(row[0])[0]: row for row in table_between(OPERATIONS, "metrics")}


@pytest.mark.parametrize("query", queries())
def test_a_query_names_what_a_node_exports(query: str, page: Page) -> None:
    named = read_query(query)
    assert named.metrics
    assert named.metrics <= page.names | OF_PROMETHEUS
    for label in named.labels - LABELS_OF_PROMETHEUS - {"le"}:
        of_metrics = {name for name, pairs in page.samples if label in dict(pairs)}
        assert named.metrics & of_metrics, label


def test_every_metric_is_documented_with_its_kind_and_labels(page: Page) -> None:
    kinds = {"counter": "_total", "gauge": "", "histogram": ""}
    exported = {
        family.name + kinds[family.type]: family
        for family in page.families.values()
        if family.name.startswith("imagechat")
    }
    assert list(documented()) == list(exported)
    for name, (_, kind, labels, about) in documented().items():
        found = {label for sample in exported[name].samples for label in sample.labels} - {"le"}
        assert (kind, set(code_words(labels))) == (exported[name].type, found), name
        assert about
    others = {name for name in page.families if not name.startswith("imagechat")}
    words = set(code_words(section(OPERATIONS, "Metrics")))
    assert {name for name in page.names if name.startswith(tuple(others))} <= words


def test_the_dashboard_shows_every_metric(page: Page) -> None:
    shown = {name for query in queries() for name in read_query(query).metrics}
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert set(documented()) <= bases | shown
    assert page.names


def test_the_dashboard_can_be_imported() -> None:
    read = dashboard()
    assert read["title"]
    assert read["uid"]
    assert read["schemaVersion"] >= 36
    variables = {each["name"]: each["type"] for each in read["templating"]["list"]}
    assert variables["datasource"] == "datasource"
    asked = set(re.findall(r"\$\{?([a-z]+)", DASHBOARD.read_text("utf-8")))
    assert asked == set(variables)
    numbers = [panel["id"] for panel in read["panels"]]
    assert len(numbers) == len(set(numbers))
    for panel in panels():
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references)) > 0


def test_panels_lie_beside_each_other_and_not_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_an_alert_has_all_that_prometheus_wants_of_one_and_stands_in_the_document() -> None:
    told = {code_words(row[0])[0]: row for row in table_between(OPERATIONS, "alerts")}
    assert list(told) == [rule["alert"] for rule in rules()]
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Imagechat[A-Za-z]+", rule["alert"])
        assert DURATION.fullmatch(rule["for"])
        assert set(rule["labels"]) == {"severity"}
        assert rule["labels"]["severity"] in {"critical", "warning"}
        summary = rule["annotations"]["summary"]
        _, severity, about = told[rule["alert"]]
        assert severity == rule["labels"]["severity"]
        assert about.startswith(summary.partition(" (")[0] + ": ")
        if "$labels.instance" in summary:
            assert "instance" in read_query(rule["expr"]).labels or " by " not in rule["expr"]


def test_prometheus_is_shown_where_the_nodes_are() -> None:
    read = yaml.safe_load(SCRAPING.read_text("utf-8"))
    assert [SCRAPING.parent / name for name in read["rule_files"]] == [ALERTS]
    static, pods = read["scrape_configs"]
    assert static["job_name"] == "imagechat"
    assert {"target_label": "job", "replacement": "imagechat"} in pods["relabel_configs"]
    [deployment] = manifests("Deployment")
    template = deployment["spec"]["template"]
    annotations = template["metadata"]["annotations"]
    [container] = template["spec"]["containers"]
    [port] = container["ports"]
    assert annotations == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": str(port["containerPort"]),
        "prometheus.io/path": "/metrics",
    }
    asked = {name for each in pods["relabel_configs"] for name in each.get("source_labels", [])}
    for name in annotations:
        assert "__meta_kubernetes_pod_annotation_" + re.sub(r"\W", "_", name) in asked


@pytest.mark.parametrize("file", [DEPLOY / "Caddyfile", DEPLOY / "cluster" / "Caddyfile", DEPLOY / "nginx.conf"])
def test_the_proxies_do_not_pass_the_metrics_on(file: Path) -> None:
    assert re.search(r"^\s*(respond /metrics 404|location = /metrics \{)$", file.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("query", ["rate(x[5m]", "made_up(x)", "sum by (a (x)", "rate(x[5 minutes])"])
def test_a_query_that_is_none_is_noticed(query: str) -> None:
    with pytest.raises(AssertionError):
        read_query(query)


def test_a_query_is_taken_apart() -> None:
    text = 'sum by (instance, le) (rate(a_total{job="b c", code!~"x{}"}[5m])) > 0.5 and count(d) or vector(0)'
    assert read_query(text) == Query({"a_total", "d"}, {"instance", "le", "job", "code"})
