"""Families of metrics out of plain numbers, as the Prometheus client wants them."""

from collections.abc import Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from imagechat.model.histogram import Histogram

OTHER = "other"
"""The label of what is of no known kind."""


def gauge(name: str, about: str, value: float) -> Metric:
    """Return what is so now."""
    return GaugeMetricFamily(name, about, value=value)


def counter(name: str, about: str, value: float) -> Metric:
    """Return what only grows; its name on the page gets `_total`."""
    return CounterMetricFamily(name, about, value=value)


def counter_by(name: str, about: str, label: str, known: Sequence[str], counts: Mapping[str, int]) -> Metric:
    """Return a count for each of the `known` values of a label, also where it is 0, and for all others together."""
    family = CounterMetricFamily(name, about, labels=[label])
    for value in known:
        family.add_metric([value], counts.get(value, 0))
    family.add_metric([OTHER], sum(count for value, count in counts.items() if value not in known))
    return family


def histogram(name: str, about: str, values: Histogram) -> Metric:
    """Return how many values were of which size."""
    return HistogramMetricFamily(name, about, buckets=_buckets(values), sum_value=values.total)


def histogram_by(name: str, about: str, label: str, found: Mapping[str, Histogram]) -> Metric:
    """Return the same for each value of a label."""
    family = HistogramMetricFamily(name, about, labels=[label])
    for value, values in sorted(found.items()):
        family.add_metric([value], _buckets(values), values.total)
    return family


def _buckets(values: Histogram) -> list[tuple[str, float]]:
    found, below = [], 0
    for bound, count in zip((*map(float, values.bounds), float("inf")), values.counts, strict=True):
        below += count
        found.append(("+Inf" if bound == float("inf") else repr(bound), float(below)))
    return found
