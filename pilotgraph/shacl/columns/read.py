"""Reading: canonical N-Triples line by line as columns, anything else through the parser.

A file counts as canonical if each of its lines is as pyoxigraph writes it (RDF 1.1 N-Triples, section 4), which
one expression checks; the first other line sends the file to the parser, which accepts it or names the fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from pyoxigraph import NamedNode, RdfFormat, serialize

from pilotgraph.rdf import parse_bytes, read_data
from pilotgraph.shacl.columns.terms import Dictionary, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import polars as pl
    from numpy.typing import NDArray
    from pyoxigraph import BlankNode, Triple

    from pilotgraph.shacl.columns.terms import Ids
    from pilotgraph.shacl.model import Value

_IRI = r"""<[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*>"""
_BLANK = "_:[A-Za-z0-9]+"
_TEXT = r'"(?:[^"\\\x00-\x1F\x7F]|\\[tbnrf"\\]|\\u00[01][0-9A-F]|\\u007F)*"'
_TAG = "@[a-z]{1,8}(?:-[a-z0-9]{1,8})*"
_LINE = rf"^(?:{_IRI}|{_BLANK}) {_IRI} (?:{_IRI}|{_BLANK}|{_TEXT}(?:{_TAG}|\^\^{_IRI})?) \.$"
# RDF 1.1: a text needs no datatype, and one with a language has no other.
_OTHER_FORM = r"\^\^<http://www\.w3\.org/(?:2001/XMLSchema#string|1999/02/22-rdf-syntax-ns#(?:dirL|l)angString)> \.$"
# So much text becomes columns at a time; the rest of the memory is for numbers and the dictionary.
_PART = 64 * 1024 * 1024
_LITTLE = 256


@dataclass
class Columns:
    """A graph as arrays: for each predicate the numbers of its subjects and objects, each pair once."""

    terms: Terms
    predicates: dict[str, int]
    _tables: dict[int, tuple[Ids, Ids]]

    @classmethod
    def of_files(cls, paths: Sequence[Path]) -> Columns:
        """Read files; raises as :func:`pilotgraph.rdf.parse_file`."""
        reading = _Reading(several=len(paths) > 1)
        for place, path in enumerate(paths):
            reading.file(path, place)
        return reading.columns()

    @classmethod
    def of_triples(cls, triples: Iterable[Triple]) -> Columns:
        """Take triples of one graph."""
        return cls.of_n_triples(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")

    @classmethod
    def of_n_triples(cls, content: bytes) -> Columns:
        """Take N-Triples that pyoxigraph has written."""
        reading = _Reading(several=False)
        reading.lines(_lines(content), 0)
        return reading.columns()

    def pairs(self, iri: str) -> tuple[Ids, Ids]:
        """Give the subjects and objects of a predicate."""
        number = self.predicates.get(iri, -1)
        return self._tables.get(number, (_NONE, _NONE))

    def tables(self) -> Iterator[tuple[str, Ids, Ids]]:
        """Give each predicate with its subjects and objects."""
        for iri, number in self.predicates.items():
            yield iri, *self._tables[number]

    def described(self, node: BlankNode) -> list[tuple[NamedNode, Value]]:
        """Give what the graph says of a blank node."""
        number = self.terms.id(node)
        found = ((iri, int(one)) for iri, s, o in self.tables() for one in o[s == number])
        return [(NamedNode(iri), self.terms.term(one)) for iri, one in found]


_NONE: Ids = np.zeros(0, dtype=np.uint32)


def _lines(content: bytes) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - loading it takes a tenth of a second

    if not content.strip():
        return pl.Series("line", [], dtype=pl.String)
    schema = {"line": pl.String}
    # A byte that no line holds as separator: each line is one value.
    return pl.read_csv(content, separator="\x01", quote_char=None, has_header=False, schema=schema)["line"]


class _Reading:
    """Columns under construction: numbers of one dictionary for subjects and objects, another for predicates."""

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._nodes, self._names = Dictionary(), Dictionary()
        self._parts: list[tuple[Ids, NDArray[np.uint16], Ids]] = []

    def file(self, path: Path, place: int) -> None:
        if path.suffix.lower() == ".nt":
            kept = len(self._parts)
            if self._canonical(path, place):
                return
            del self._parts[kept:]
        self._parse(read_data(path), path, place)

    def _parse(self, content: bytes, path: Path, place: int) -> None:
        triples = (quad.triple for quad in parse_bytes(content, path))
        self.lines(_lines(serialize(triples, format=RdfFormat.N_TRIPLES) or b""), place)

    def _canonical(self, path: Path, place: int) -> bool:
        from polars.exceptions import ComputeError  # noqa: PLC0415

        read = 0
        with path.open("rb") as file:
            for content in _parts_of(file):
                try:
                    lines = _lines(content)
                except ComputeError:
                    return False
                if not lines.str.contains(_LINE).all() or lines.str.contains(_OTHER_FORM).any():
                    return False
                self.lines(lines, place)
                read += len(lines)
        return read > 0

    def lines(self, lines: pl.Series, place: int) -> None:
        """Take lines that are known to be canonical N-Triples."""
        fields = lines.str.splitn(" ", 3).struct.unnest()
        subjects, predicates, objects = fields.get_columns()
        objects = objects.str.strip_suffix(" .")
        if self._several:
            subjects, objects = (column.str.replace("^_:", f"_:f{place}x") for column in (subjects, objects))
        names = self._names.numbers(predicates).astype(np.uint16)
        self._parts.append((self._nodes.numbers(subjects), names, self._nodes.numbers(objects)))

    def columns(self) -> Columns:
        subjects, predicates, objects = (
            np.concatenate([part[place] for part in self._parts]) if self._parts else _NONE for place in range(3)
        )
        self._parts.clear()
        names = self._names.texts.to_list()
        tables = {}
        for number, (s, o) in _by_predicate(subjects, predicates.astype(np.uint16), objects, len(names)):
            tables[number] = _distinct(s, o)
        return Columns(Terms(self._nodes), {name[1:-1]: number for number, name in enumerate(names)}, tables)


def _parts_of(file: BinaryIO) -> Iterator[bytes]:
    """Read a file by parts that end with a line."""
    rest = b""
    while content := file.read(_PART):
        content = rest + content
        end = content.rfind(b"\n") + 1
        rest = content[end:]
        if end:
            yield content[:end]
    if rest:
        yield rest


def _by_predicate(
    subjects: Ids, predicates: NDArray[np.uint16], objects: Ids, count: int
) -> Iterator[tuple[int, tuple[Ids, Ids]]]:
    small = predicates.astype(np.uint8) if count <= _LITTLE else predicates
    order = np.argsort(small, kind="stable")
    subjects, objects = subjects[order], objects[order]
    ends = np.cumsum(np.bincount(predicates, minlength=count)).tolist()
    for number, (start, end) in enumerate(pairwise([0, *ends[:count]])):
        yield number, (subjects[start:end], objects[start:end])


def _distinct(subjects: Ids, objects: Ids) -> tuple[Ids, Ids]:
    """Leave out repeats; lines that are in order need only be compared with the one before."""
    keys = subjects.astype(np.uint64) << np.uint64(32) | objects
    if np.all(keys[1:] > keys[:-1]):
        return subjects, objects
    ordered = np.sort(keys)
    if np.all(ordered[1:] > ordered[:-1]):
        return subjects, objects
    _, first = np.unique(keys, return_index=True)
    first.sort()
    return subjects[first], objects[first]
