"""What a node's `/metrics` says, read as Prometheus reads it."""

import asyncio
from collections.abc import Callable, Mapping

import httpx
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from running import TRUSTED, RunningNode


class Page:
    """One page."""

    def __init__(self, text: str) -> None:
        self.families: dict[str, Metric] = {each.name: each for each in text_string_to_metric_families(text)}
        self.samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    @property
    def names(self) -> set[str]:
        """The names of all series, as a query has them."""
        return {name for name, _ in self.samples}

    def labels(self, label: str) -> set[str]:
        """Every value of a label, in all series."""
        return {value for _, pairs in self.samples for name, value in pairs if name == label}

    def value(self, name: str, labels: Mapping[str, str] | None = None) -> float:
        return self.samples[name, frozenset((labels or {}).items())]

    def total(self, name: str) -> float:
        """The sum of all series of a name."""
        return sum(value for (found, _), value in self.samples.items() if found == name)


async def scrape(node: RunningNode) -> Page:
    async with httpx.AsyncClient(base_url=node.url, verify=TRUSTED) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return Page(answer.text)


async def scraped_until(node: RunningNode, condition: Callable[[Page], bool], *, within: float = 15.0) -> Page:
    """Scrape until a condition holds: a page is kept for a second, and some of what is counted ends later."""
    async with asyncio.timeout(within):
        while not condition(page := await scrape(node)):  # noqa: ASYNC110 -- another process, which tells who asks
            await asyncio.sleep(0.05)
    return page


async def scraped_anew(node: RunningNode) -> Page:
    """Scrape a page that was made after everything up to now."""
    asked = ("imagechat_requests_total", {"method": "GET", "route": "/healthz", "status": "2xx"})
    kept = await scrape(node)
    before = kept.samples.get((asked[0], frozenset(asked[1].items())), 0.0)
    async with httpx.AsyncClient(base_url=node.url, verify=TRUSTED) as client:
        await client.get("/healthz")
    return await scraped_until(
        node, lambda page: page.samples.get((asked[0], frozenset(asked[1].items())), 0.0) > before
    )
