"""A data set under another base: its IRIs are rewritten term by term, never in its text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, Quad

from pilotgraph.errors import DatasetError
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#/]+(?:/[^\s<>\"{}|\\^`?#]*)?")


def check_base(base: str) -> str:
    """Give the base IRI as it is used, with a slash at its end. Raises DatasetError if it can be no base.

    >>> check_base("https://example.org/pilots")
    'https://example.org/pilots/'
    """
    if not _BASE.fullmatch(base):
        msg = f"--base {base!r}: is no address of the web to which names can be added; write it as https://example.org/pilots/"
        raise DatasetError(msg)
    return base if base.endswith("/") else f"{base}/"


def in_memory_under(dataset: Dataset, reader: Reader, base: str) -> tuple[Dataset, EmbeddedStore]:
    """Give a data set and its triples under the base `base`, in memory: a site asks many questions of them.

    IRIs outside the base of the data set stay as they are.
    """
    store = EmbeddedStore()
    moved = _mover(dataset.base, base)
    store.add((_moved(quad, moved) for quad in reader.quads()) if base != dataset.base else reader.quads())
    return replace(dataset, base=base), store


def _mover(old: str, new: str) -> Callable[[Term], Term]:
    known: dict[str, NamedNode] = {}

    def moved(node: Term) -> Term:
        if not isinstance(node, NamedNode) or not node.value.startswith(old):
            return node
        if node.value not in known:
            known[node.value] = NamedNode(new + node.value[len(old) :])
        return known[node.value]

    return moved


def _moved(quad: Quad, moved: Callable[[Term], Term]) -> Quad:
    # A term keeps its kind, which the types cannot say.
    subject: Any = moved(quad.subject)
    predicate: Any = moved(quad.predicate)
    graph: Any = quad.graph_name if isinstance(quad.graph_name, DefaultGraph) else moved(quad.graph_name)
    return Quad(subject, predicate, moved(quad.object), graph)
