"""The whole graph as files, each format once, and the checksums of what can be downloaded.

N-Quads are in canonical form (RDF Dataset Canonicalization, RDFC-1.0): the same graph gives the same bytes,
whatever store it comes from, and the SHA-256 of the text is the canonical hash of the data set.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import CanonicalizationAlgorithm, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from pyoxigraph import Dataset as Quads

from pilotgraph.errors import SourceError
from pilotgraph.publish.jsonld import write_jsonld
from pilotgraph.rdf import rdf_format, read_bytes, read_text
from pilotgraph.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

FOLDER = "data/"
STEM = f"{FOLDER}pilotgraph"
SUMS = f"{FOLDER}SHA256SUMS"


def canonical(reader: Reader) -> list[Quad]:
    """All quads of a store, blank nodes named canonically, in canonical order."""
    quads = Quads(reader.quads())
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(quads, key=str)


def dumps(dataset: Dataset, quads: list[Quad], base: str) -> Iterator[tuple[str, bytes]]:
    """The files of the whole graph (:func:`canonical`), of each named graph, and of the shapes."""
    yield f"{STEM}.nq.gz", gzip.compress(serialize(quads, format=RdfFormat.N_QUADS) or b"", mtime=0)
    yield f"{STEM}.ttl", write_turtle(map(triple, quads), base).encode()
    by_graph = {graph: list(group) for graph, group in groupby(sorted(quads, key=_graph), _graph)}
    bodies = {graph: write_turtle(map(triple, group), base) for graph, group in by_graph.items()}
    yield f"{STEM}.trig", "\n".join(_trig(graph, text) for graph, text in bodies.items()).encode()
    yield f"{STEM}.jsonld", write_jsonld(quads, context(dataset))
    for graph, text in bodies.items():
        if path := graph_path(graph, base):
            yield path, text.encode()
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


def sha256(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def checksums(files: Iterable[tuple[str, bytes]]) -> tuple[str, bytes]:
    """A file for ``sha256sum --check``, run in the folder of the dumps, over the files in that folder."""
    inside = sorted((path.removeprefix(FOLDER), content) for path, content in files if path.startswith(FOLDER))
    return SUMS, "".join(f"{sha256(content)}  {path}\n" for path, content in inside).encode()


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


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _trig(graph: str, turtle: str) -> str:
    """A named graph in TriG: the prefixes of its Turtle, and behind them the graph's block."""
    prefixes, _, body = turtle.partition("\n\n") if turtle.startswith("@prefix") else ("", "", turtle)
    head = f"{prefixes}\n\n" if prefixes else ""
    return f"{head}<{graph}> {{\n\n{body}\n}}\n" if graph else turtle


def _shapes(dataset: Dataset, base: str) -> bytes:
    found = Quads()
    for path in dataset.shape_files():
        # Two files may use the same name for different blank nodes.
        for quad in parse(read_bytes(path), rdf_format(path), rename_blank_nodes=True):
            found.add(quad)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return write_turtle(map(triple, found), base).encode()
