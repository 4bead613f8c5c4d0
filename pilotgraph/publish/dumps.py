"""The whole graph as files, each format once, and the checksums of what can be downloaded.

N-Quads are in canonical form (RDF Dataset Canonicalization, RDFC-1.0): the same graph gives the same bytes,
whatever store it comes from, and the SHA-256 of the text is the canonical hash of the data set.
"""

from __future__ import annotations

import json
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

from pyoxigraph import CanonicalizationAlgorithm, Quad, Triple, parse
from pyoxigraph import Dataset as Quads

from pilotgraph.errors import SourceError
from pilotgraph.publish.content import encoded
from pilotgraph.publish.jsonld import stream_jsonld
from pilotgraph.publish.turtles import Turtle, Waiting
from pilotgraph.rdf import rdf_format, read_bytes, read_text
from pilotgraph.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.content import Content, Sum
    from pilotgraph.publish.whole import Whole

FOLDER = "data/"
STEM = f"{FOLDER}pilotgraph"
SUMS = f"{FOLDER}SHA256SUMS"
# What zlib calls its window of 32 KB with a head and foot of gzip.
_GZIP = 31


def dumps(dataset: Dataset, whole: Whole, base: str) -> Iterator[tuple[str, Content]]:
    """The files of the whole graph, of each named graph, and of the shapes."""
    yield f"{STEM}.nq.gz", _packed(encoded(f"{quad} .\n" for quad in whole))
    with closing(Waiting()) as waiting:
        yield f"{STEM}.ttl", encoded(_turtle(whole, None, base, waiting).text())
        bodies = {graph: _turtle(whole, graph, base, waiting) for graph in whole.graphs()}
        yield f"{STEM}.trig", encoded(_trig(bodies))
        yield f"{STEM}.jsonld", encoded(stream_jsonld(whole, context(dataset)))
        for graph, turtle in bodies.items():
            if path := graph_path(graph, base):
                yield path, encoded(turtle.text())
    yield f"{FOLDER}shapes.ttl", _shapes(dataset, base)


def graph_path(graph: str, base: str) -> str | None:
    """Where a named graph's own file stands, None for a graph with an unusual name.

    >>> graph_path("https://x.org/graph/register", "https://x.org/")
    'data/graph/register.ttl'
    """
    name = graph.removeprefix(f"{base}graph/")
    plain = name.replace("-", "").isalnum() and name.isascii() and name == name.lower()
    return f"{FOLDER}graph/{name}.ttl" if plain else None


def triple(quad: Quad) -> Triple:
    """A quad without its graph."""
    return Triple(quad.subject, quad.predicate, quad.object)


def checksums(sums: Iterable[Sum]) -> tuple[str, bytes]:
    """A file for ``sha256sum --check``, run in the folder of the dumps, over the files in that folder."""
    inside = sorted((one.path.removeprefix(FOLDER), one.sha256) for one in sums if one.path.startswith(FOLDER))
    return SUMS, "".join(f"{sha256}  {path}\n" for path, sha256 in inside).encode()


def context(dataset: Dataset) -> dict[str, Any]:
    """The JSON-LD context of a data set, empty if it has none. Raises SourceError for one that cannot be read."""
    path = dataset.root / "ontology/context.jsonld"
    if not path.is_file():
        return {}
    try:
        found = json.loads(read_text(path))["@context"]
    except (ValueError, KeyError, TypeError) as error:
        fault = "is no JSON object with the key @context; correct it"
        raise SourceError(fault, path) from error
    if not isinstance(found, dict):
        fault = "has a context that is no object; write the terms themselves"
        raise SourceError(fault, path)
    return found


def _turtle(whole: Whole, graph: str | None, base: str, waiting: Waiting) -> Turtle:
    def groups() -> Iterator[Iterator[Triple]]:
        for subject in whole.subjects(graph):
            yield map(triple, whole.about(subject, graph))

    return Turtle(groups, base, waiting)


def _packed(texts: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in gzip's format, without a time."""
    packer = zlib.compressobj(level=9, wbits=_GZIP)
    for text in texts:
        yield packer.compress(text)
    yield packer.flush()


def _trig(bodies: Mapping[str, Turtle]) -> Iterator[str]:
    """Named graphs in TriG: of each the prefixes, and behind them its block."""
    for number, (graph, turtle) in enumerate(bodies.items()):
        if number:
            yield "\n"
        if not graph:
            yield from turtle.text()
            continue
        yield (f"{turtle.head}\n\n" if turtle.head else "") + f"<{graph}> {{\n\n"
        yield from turtle.body()
        yield "\n}\n"


def _shapes(dataset: Dataset, base: str) -> bytes:
    found = Quads()
    for path in dataset.shape_files():
        # Two files may use the same name for different blank nodes.
        for quad in parse(read_bytes(path), rdf_format(path), rename_blank_nodes=True):
            found.add(quad)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return write_turtle(map(triple, found), base).encode()
