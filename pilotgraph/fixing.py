"""Corrections to passages, written into their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from pilotgraph.errors import SourceError
from pilotgraph.facts import Facts
from pilotgraph.rdf import read_bytes
from pilotgraph.terms import PREFIXES, pg
from pilotgraph.turtle import subject_comments, write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pilotgraph.dataset import Dataset

_CORRECTED = ("start", "end", "digest", "page")


def corrected_files(
    dataset: Dataset, corrections: Mapping[str, tuple[int, int, str, int | None]]
) -> Iterator[tuple[Path, str]]:
    """Give each file that holds a corrected passage, with its new content in canonical Turtle.

    `corrections` maps a passage's IRI to its start, end, digest and page. Raises SourceError for a file with
    comments that rewriting would lose.
    """
    facts = Facts.read(dataset.data_files())
    by_file: dict[Path, list[str]] = {}
    for iri in corrections:
        by_file.setdefault(facts.places[iri][0], []).append(iri)
    prepared = []
    for path, passages in sorted(by_file.items()):
        if path.suffix.lower() != ".ttl":
            fault = f"only Turtle files can be corrected, and this one holds {passages[0]}; convert it to Turtle"
            raise SourceError(fault, path)
        text = read_bytes(path).decode("utf-8")
        old = {pg(name) for name in _CORRECTED}
        chosen = {NamedNode(iri) for iri in passages}
        kept = [t for t in facts.triples[path] if not (t.subject in chosen and t.predicate in old)]
        fresh = [triple for iri in passages for triple in _selector(iri, *corrections[iri])]
        prepared.append((path, write_turtle([*kept, *fresh], dataset.base, subject_comments(text, path))))
    # Every file is prepared before the first is written: an error leaves them all as they were.
    yield from prepared


def _selector(iri: str, start: int, end: int, digest: str, page: int | None) -> Iterator[Triple]:
    node = NamedNode(iri)
    integer = NamedNode(PREFIXES["xsd"] + "integer")
    yield Triple(node, pg("start"), Literal(str(start), datatype=integer))
    yield Triple(node, pg("end"), Literal(str(end), datatype=integer))
    yield Triple(node, pg("digest"), Literal(digest))
    if page is not None:
        yield Triple(node, pg("page"), Literal(str(page), datatype=integer))
