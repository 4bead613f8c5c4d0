"""What is served at this moment, and how it is replaced by a new edition without a mixed answer."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pilotgraph.dataset import Dataset
from pilotgraph.errors import PilotGraphError
from pilotgraph.serve import edition as editions
from pilotgraph.serve.building import build_site
from pilotgraph.serve.cache import Cache
from pilotgraph.serve.http import Crowd, Patience
from pilotgraph.serve.jobs import Refused, SparqlJob
from pilotgraph.serve.limits import Limits
from pilotgraph.serve.metrics import Metrics
from pilotgraph.serve.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from pilotgraph.serve.edition import Edition, Origin
    from pilotgraph.serve.log import Log
    from pilotgraph.serve.pool import Stats

_COUNTS: Final = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
_JSON: Final = "application/sparql-results+json"
_LONGEST_ADDRESS: Final = 45
OURSELVES: Final = "the server itself"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve: what, within which limits, and what stands before us."""

    origin: Origin
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    pages: bool = True
    # Believe the last entry of X-Forwarded-For, which a proxy of ours wrote.
    behind_proxy: bool = False
    cache_bytes: int = 64 * 1024 * 1024
    watch_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Current:
    """One edition with the workers that have it open, the answers it gave, and its graphs with their sizes."""

    edition: Edition
    pool: Pool
    cache: Cache
    graphs: Mapping[str, int]
    building: asyncio.Task[None] | None = None


class Server:
    """Holds the current edition. A request reads :attr:`current` once, and keeps to it until it is answered."""

    current: Current

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self.limits = settings.limits
        self.log = log
        self.crowd = Crowd(settings.patience)
        self.metrics = Metrics(self._state, lambda: self.crowd.refused)
        self._origin = settings.origin
        self._retired: set[asyncio.Task[None]] = set()
        self._reloading = asyncio.Lock()

    async def start(self) -> None:
        """Open the edition; raises PilotGraphError if that fails."""
        self.current = await self._open(self._origin)

    async def reload(self) -> bool:
        """Open the data anew beside what is served, and put it in its place; a broken one changes nothing."""
        async with self._reloading:
            try:
                dataset = await asyncio.to_thread(Dataset.open, self._origin.dataset.root)
                new = await self._open(replace(self._origin, dataset=dataset))
            except PilotGraphError as error:
                self.metrics.reloads.labels("failed").inc()
                self.log.event("reload failed", f"{error.message}; the edition from before is still served")
                return False
            old, self.current = self.current, new
            self.metrics.reloads.labels("done").inc()
            self.log.event("reloaded", f"edition {new.edition.fingerprint}")
            task = asyncio.create_task(_retire(old, self.limits.waiting_seconds + self.limits.seconds))
            self._retired.add(task)
            task.add_done_callback(self._retired.discard)
            return True

    async def watch(self) -> None:
        """Reload when the data have changed and have come to rest; runs until it is cancelled."""
        seen: deque[str] = deque([self.current.edition.state], maxlen=2)
        tried = self.current.edition.state
        while True:
            await asyncio.sleep(self.settings.watch_seconds)
            try:
                seen.append(await asyncio.to_thread(self._origin.state))
            except OSError:
                # A file went away while it was looked at: it is being written.
                continue
            if seen[0] == seen[1] != tried:
                tried = seen[1]
                await self.reload()

    async def close(self, grace: float = 0.0) -> None:
        """Let go of the workers."""
        for task in tuple(self._retired):
            task.cancel()
        await asyncio.gather(*self._retired, return_exceptions=True)
        await _retire(self.current, grace)

    def client_of(self, scope: Scope) -> str:
        """The address of the visitor: that of the connection, or what our own proxy says.

        It is set in the scope, so that everything after us sees the same.
        """
        if self.settings.behind_proxy:
            for name, value in reversed(scope["headers"]):
                if name == b"x-forwarded-for":
                    told: str = value.decode("latin-1").rpartition(",")[2].strip()
                    if 0 < len(told) <= _LONGEST_ADDRESS:
                        scope["client"] = (told, 0)
                        return told
        client = scope.get("client")
        return client[0] if client else "unknown"

    def origin_of(self, scope: Scope, host: str) -> str:
        """The scheme and host under which the visitor knows us."""
        scheme = scope.get("scheme", "http")
        if self.settings.behind_proxy:
            told = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
            scheme = "https" if told and told[-1].strip().lower() == b"https" else scheme
        return f"{scheme}://{host}"

    async def _open(self, origin: Origin) -> Current:
        edition = await asyncio.to_thread(editions.open_edition, origin, pages=self.settings.pages)
        pool = Pool(edition.source, self.limits)
        try:
            await pool.start()
            graphs = await _graphs(pool)
        except BaseException:
            await pool.close()
            raise
        building = asyncio.create_task(self._build(edition)) if edition.files is not None else None
        return Current(edition, pool, Cache(edition.fingerprint, self.settings.cache_bytes), graphs, building)

    async def _build(self, edition: Edition) -> None:
        try:
            await build_site(edition)
        except PilotGraphError as error:
            self.log.event("no pages", error.message)

    def _state(self) -> tuple[Stats, str]:
        return self.current.pool.stats(), self.current.edition.fingerprint


async def _retire(current: Current, grace: float) -> None:
    """Let an edition answer what was asked of it, and let go of it."""
    if current.building is not None:
        current.building.cancel()
        await asyncio.gather(current.building, return_exceptions=True)
    await current.pool.close(grace)


async def _graphs(pool: Pool) -> dict[str, int]:
    """The named graphs and their triples; none where counting them goes beyond the limits."""
    try:
        answer = await pool.run(SparqlJob(_COUNTS, _JSON, ""), OURSELVES)
    except Refused as refused:
        if refused.status == HTTPStatus.BAD_REQUEST:
            raise
        return {}
    rows = json.loads(answer.body)["results"]["bindings"]
    return {row["graph"]["value"]: int(row["triples"]["value"]) for row in rows if "graph" in row}
