"""A data set to an endpoint anywhere: a Writer that gathers graphs and replaces them there, one by one.

*Only ours.* Nothing is touched but the data set's graphs, those of an earlier upload of it, and its record
(:mod:`pilotgraph.store.record`).

*Resumable.* First the record loses its end mark and the entries of the graphs that will change; then graph by
graph is replaced and counted, and entered into the record; the end mark comes last. So whatever happens in
between, the record never vouches for what is not there, readers refuse a half upload, and a second run sends
only what is missing.

*How.* By PUT of the Graph Store Protocol where it is found, which replaces a graph in one step. Elsewhere by
SPARQL Update: chunks go into a graph beside the old one, and a MOVE puts it in place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from pyoxigraph import BlankNode, NamedNode

from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.store.protocol import Request
from pilotgraph.store.record import Content, Part, Record, graph_of
from pilotgraph.store.remote import ROWS, count, solutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, QuerySolutions, Triple

    from pilotgraph.store.protocol import Connection

UPDATE_URL = "PILOTGRAPH_ENDPOINT_UPDATE"
GRAPHS_URL = "PILOTGRAPH_ENDPOINT_GRAPHS"
N_TRIPLES = "application/n-triples"
_CHUNK = 1000
_NO_GRAPH_STORE = "none"
_MISSING = 404


@dataclass(frozen=True)
class Step:
    """What is done with one graph: keep, replace, add or remove; triples there before (none known: 0) and after."""

    action: str
    graph: str
    before: int
    after: int


class Upload:
    """Takes the graphs of the data set `base` and sends them to an endpoint when finished.

    With `dry_run` nothing is written. `told` is called with each step when it is done (or would be). Where
    updates and graphs go is found out, or said by PILOTGRAPH_ENDPOINT_UPDATE and PILOTGRAPH_ENDPOINT_GRAPHS
    (a URL, or `none` to do without the Graph Store Protocol).
    """

    def __init__(
        self, connection: Connection, base: str, *, dry_run: bool = False, told: Callable[[Step], None] | None = None
    ) -> None:
        self.steps: list[Step] = []
        self._connection, self._base, self._dry_run = connection, base, dry_run
        self._told = told or (lambda _: None)
        self._staged = EmbeddedStore()
        self._graphs_url, self._update_url = "", ""

    def add(self, quads: Iterable[Quad]) -> None:
        """Gather quads; nothing is sent yet."""
        self._staged.add(quads)

    def reader(self) -> EmbeddedStore:
        """What has been gathered."""
        return self._staged

    def finish(self) -> None:
        """Bring the endpoint into the state that was gathered. Raises EndpointError; what was done then stays."""
        contents = _contents(self._staged.quads())
        parts = {graph: content.measure() for graph, content in contents.items()}
        there = Record.read(self._base, self._ask)
        self.steps = list(self._plan({graph: part for graph, (part, _) in parts.items()}, there))
        if self._dry_run:
            for step in self.steps:
                self._told(step)
            return
        kept = {step.graph: parts[step.graph][0] for step in self.steps if step.action == "keep"}
        if there.finished and len(kept) == len(self.steps):
            for step in self.steps:
                self._told(step)
            return
        self._find_addresses()
        self._write_record(Record(self._base, kept))
        for step in self.steps:
            self._do(step, contents)
            if step.action in {"add", "replace"}:
                kept[step.graph] = parts[step.graph][0]
                self._write_record(Record(self._base, kept))
            self._told(step)
        self._write_record(Record(self._base, kept, finished=True))

    def _plan(self, parts: dict[str, Part], there: Record) -> Iterator[Step]:
        for graph, part in sorted(parts.items()):
            held = count(self._connection, graph)
            same = there.parts.get(graph) == part and held == part.triples
            action = "keep" if same else "replace" if held else "add"
            yield Step(action, graph, held, part.triples)
        for graph in sorted(there.parts.keys() - parts.keys()):
            # Only what lies under our own name, whatever the record says.
            if graph.startswith(f"{self._base}graph/"):
                yield Step("remove", graph, count(self._connection, graph), 0)

    def _do(self, step: Step, contents: dict[str, Content]) -> None:
        if step.action == "remove":
            self._remove(step.graph)
        elif step.action in {"add", "replace"}:
            self._replace(step.graph, contents[step.graph])

    def _replace(self, graph: str, content: Content) -> None:
        part, size = content.measure()
        if self._graphs_url:
            self._put(graph, content, size)
        else:
            self._move_in(graph, content)
        held = count(self._connection, graph)
        if held != part.triples:
            fault = f"was sent {part.triples} triples for <{graph}> and now holds {held}; see its log, and run it again"
            raise self._connection.error(fault)

    def _put(self, graph: str, content: Content, size: int) -> None:
        # With its length told: some servers take no chunks. The content is streamed all the same.
        headers = {"Content-Type": N_TRIPLES, "Content-Length": str(size)}
        url = str(httpx.URL(self._graphs_url).copy_merge_params({"graph": graph}))
        self._connection.check(self._connection.send(Request("PUT", url, headers, content)), "replace a graph")

    def _move_in(self, graph: str, content: Content) -> None:
        incoming = f"{graph}/incoming"
        self._update(f"DROP SILENT GRAPH <{incoming}>")
        nameless, chunks = _chunks(content.ordered)
        if nameless:
            # INSERT DATA may have blank nodes, yet Virtuoso refuses them there.
            self._update(f"INSERT {{ GRAPH <{incoming}> {{\n{_lines(nameless)}}} }} WHERE {{}}")
        for chunk in chunks:
            self._update(f"INSERT DATA {{ GRAPH <{incoming}> {{\n{_lines(chunk)}}} }}")
        self._update(f"MOVE SILENT GRAPH <{incoming}> TO GRAPH <{graph}>")

    def _remove(self, graph: str) -> None:
        if not self._graphs_url:
            self._update(f"DROP SILENT GRAPH <{graph}>")
            return
        url = str(httpx.URL(self._graphs_url).copy_merge_params({"graph": graph}))
        answer = self._connection.send(Request("DELETE", url))
        if answer.status != _MISSING:
            self._connection.check(answer, "remove a graph")

    def _write_record(self, record: Record) -> None:
        content = Content.of(record.triples())
        if content.ordered:
            self._replace(graph_of(self._base), content)
        else:
            self._remove(graph_of(self._base))

    def _update(self, text: str) -> None:
        self._connection.update(self._update_url, text)

    def _ask(self, text: str) -> QuerySolutions:
        return solutions(self._connection, self._connection.query(text, ROWS))

    def _find_addresses(self) -> None:
        """Find where graphs are put and where updates go; by what is told, else by what servers usually do."""
        self._update_url = os.environ.get(UPDATE_URL) or _update_url(self._connection)
        told = os.environ.get(GRAPHS_URL, "")
        if told:
            self._graphs_url = "" if told == _NO_GRAPH_STORE else told
            return
        self._graphs_url = next((url for url in _graph_stores(self._connection) if self._is_graph_store(url)), "")

    def _is_graph_store(self, url: str) -> bool:
        """Ask for the record's graph, which is small: a graph store gives it in RDF, or does not know it yet."""
        graph = httpx.URL(url).copy_merge_params({"graph": graph_of(self._base)})
        answer = self._connection.send(Request("GET", str(graph), {"Accept": N_TRIPLES}))
        if "virtuoso" in self._connection.server.lower():
            return answer.ok or answer.status == _MISSING
        default = httpx.URL(url).copy_merge_params({"default": ""})
        answer = (
            self._connection.send(Request("HEAD", str(default), {"Accept": N_TRIPLES})) if not answer.ok else answer
        )
        return answer.ok and answer.media_type in {N_TRIPLES, ""}


def _contents(quads: Iterable[Quad]) -> dict[str, Content]:
    by_graph: dict[str, list[Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            by_graph.setdefault(quad.graph_name.value, []).append(quad.triple)
    return {graph: Content.of(triples) for graph, triples in by_graph.items()}


def _lines(triples: list[Triple]) -> str:
    return b"".join(Content(triples)).decode()


def _chunks(triples: list[Triple]) -> tuple[list[Triple], list[list[Triple]]]:
    """Cut triples into those with blank nodes, whose names hold within one request only, and chunks of the rest."""
    nameless = [t for t in triples if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]
    apart = set(nameless)
    rest = [triple for triple in triples if triple not in apart]
    return nameless, [rest[start : start + _CHUNK] for start in range(0, len(rest), _CHUNK)]


def _update_url(connection: Connection) -> str:
    url = httpx.URL(connection.url)
    stem, _, last = url.path.rstrip("/").rpartition("/")
    if last == "query":
        return str(url.copy_with(path=f"{stem}/update"))
    if stem.endswith("/repositories"):
        return str(url.copy_with(path=f"{stem}/{last}/statements"))
    if last == "sparql" and connection.credentials and "virtuoso" in connection.server.lower():
        return str(url.copy_with(path=f"{stem}/sparql-auth"))
    return connection.url


def _graph_stores(connection: Connection) -> Iterator[str]:
    """Where the graph store of a query service usually is: Virtuoso; Oxigraph; Fuseki; RDF4J and GraphDB."""
    url = httpx.URL(connection.url)
    stem, _, last = url.path.rstrip("/").rpartition("/")
    if "virtuoso" in connection.server.lower():
        private = bool(connection.credentials) or last.endswith("-auth")
        yield str(url.copy_with(path=f"{stem}/sparql-graph-crud{'-auth' if private else ''}"))
        return
    if last in {"query", "sparql"}:
        yield str(url.copy_with(path=f"{stem}/store"))
        yield str(url.copy_with(path=f"{stem}/data"))
    if stem.endswith("/repositories"):
        yield str(url.copy_with(path=f"{stem}/{last}/rdf-graphs/service"))
