"""What the server counts, in the form that Prometheus reads."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client import Metric

    from pilotgraph.serve.pool import Stats

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of requests and answers; the state of the workers is read when somebody asks."""

    def __init__(self, state: Callable[[], tuple[Stats, str]], connections: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry()
        self.cache_hits = Counter(
            "pilotgraph_cache_hits", "Answers given again without evaluating.", registry=self.registry
        )
        self.reloads = Counter("pilotgraph_reloads", "New editions, by outcome.", ("outcome",), registry=self.registry)
        self._requests: dict[tuple[str, int], int] = {}
        self._timed: dict[str, _Times] = {}
        self.registry.register(_State(state, connections, self._requests, self._timed))

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is one of a few fixed names, never what a visitor wrote."""
        # Only the event loop counts, so this needs none of the library's locks, which take longer than all the rest.
        self._requests[route, status] = self._requests.get((route, status), 0) + 1
        if (times := self._timed.get(route)) is None:
            times = self._timed[route] = _Times()
        times.add(seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Times:
    """How many requests took how long."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(_BUCKETS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(_BUCKETS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """The buckets as Prometheus has them: each holds those before it."""
        names = [*(f"{float(limit)}" for limit in _BUCKETS), "+Inf"]
        return list(zip(names, map(float, accumulate(self.counts)), strict=True))


class _State(Collector):
    def __init__(
        self,
        state: Callable[[], tuple[Stats, str]],
        connections: Callable[[], Mapping[str, int]],
        requests: Mapping[tuple[str, int], int],
        timed: Mapping[str, _Times],
    ) -> None:
        self._state = state
        self._connections = connections
        self._requests = requests
        self._timed = timed

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        counted = CounterMetricFamily(
            "pilotgraph_requests", "Requests by route and status.", labels=("route", "status")
        )
        for (route, status), number in sorted(self._requests.items()):
            counted.add_metric((route, str(status)), number)
        yield counted
        timed = HistogramMetricFamily(
            "pilotgraph_request_seconds", "Time from the headers to the response.", labels=("route",)
        )
        for route, times in sorted(self._timed.items()):
            timed.add_metric((route,), times.buckets(), times.total)
        yield timed
        yield from self._pool()

    def _pool(self) -> Iterable[Metric]:
        stats, edition = self._state()
        for name, text, value in (
            ("workers", "Worker processes that are ready.", stats.workers),
            ("workers_busy", "Workers that are evaluating.", stats.busy),
            ("queries_waiting", "Queries that wait for a worker.", stats.waiting),
        ):
            yield GaugeMetricFamily(f"pilotgraph_{name}", text, value=value)
        info = GaugeMetricFamily("pilotgraph_edition", "The edition that is served.", labels=("fingerprint",))
        info.add_metric((edition,), 1)
        yield info
        for name, text, found in (
            ("refusals", "Queries that were refused, by reason.", stats.refused),
            ("worker_kills", "Workers that were ended, by reason.", stats.kills),
            ("connections_refused", "Connections that were refused or dropped, by reason.", self._connections()),
        ):
            family = CounterMetricFamily(f"pilotgraph_{name}", text, labels=("reason",))
            for reason, number in sorted(found.items()):
                family.add_metric((reason,), number)
            yield family
