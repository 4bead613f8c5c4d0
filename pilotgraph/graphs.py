"""Quads into a named graph, with names of blank nodes that are the same every time."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def into(graph: NamedNode, quads: Iterable[Quad], path: Path) -> Iterator[Quad]:
    """Put quads into a graph, and name blank nodes by file and order: a parser names them at random."""
    stem = short_digest(path.as_posix())
    names: dict[str, BlankNode] = {}

    def named(node: BlankNode) -> BlankNode:
        return names.setdefault(node.value, BlankNode(f"b{stem}x{len(names)}"))

    for quad in quads:
        subject = named(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
        value = named(quad.object) if isinstance(quad.object, BlankNode) else quad.object
        yield Quad(subject, quad.predicate, value, graph)


def short_digest(text: str) -> str:
    """A short name for a text. Not hashlib: importing it takes as long as a small query."""
    data = text.encode()
    return f"{zlib.crc32(data):08x}{zlib.adler32(data):08x}"
