"""The triples of a set of files by subject, with the place where each subject stands."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pilotgraph.rdf import parse_bytes, read_data
from pilotgraph.terms import RDF_TYPE, plain
from pilotgraph.turtle import subject_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from pilotgraph.terms import Term

# Longer than any position, page or count; int() refuses thousands of digits.
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass
class Facts:
    """Triples by subject and predicate, and each subject's file and line."""

    properties: dict[str, dict[str, list[Term]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    places: dict[str, tuple[Path, int]] = field(default_factory=dict)
    by_type: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    triples: dict[Path, list[Triple]] = field(default_factory=dict)
    blank_nodes: dict[Path, int] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Facts:
        """Parse files; raises as :func:`pilotgraph.rdf.parse_file` does."""
        facts = cls()
        for path in paths:
            facts.add_file(path)
        return facts

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Facts:
        """Take quads from a store; each graph stands for a file of its name, and there are no lines."""
        facts = cls()
        by_graph: dict[Path, list[Triple]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                name = Path("graph") / quad.graph_name.value.rsplit("/", 1)[-1]
                by_graph[name].append(quad.triple)
        for path, triples in sorted(by_graph.items()):
            facts._add(path, triples, {})
        return facts

    def add_file(self, path: Path) -> None:
        """Parse one file and add its triples."""
        content = read_data(path)
        triples = [Triple(q.subject, q.predicate, q.object) for q in parse_bytes(content, path)]
        self._add(path, triples, subject_lines(content.decode("utf-8")))

    def _add(self, path: Path, triples: list[Triple], lines: dict[str, int]) -> None:
        self.triples[path] = triples
        self.blank_nodes[path] = len({t.subject.value for t in triples if isinstance(t.subject, BlankNode)})
        for triple in triples:
            name = plain(triple.subject)
            self.properties[name][triple.predicate.value].append(triple.object)
            if triple.predicate == RDF_TYPE:
                self.by_type[plain(triple.object)].append(name)
            if isinstance(triple.subject, NamedNode):
                self.places.setdefault(name, (path, lines.get(name, 1)))

    def all(self, subject: str, predicate: NamedNode) -> list[Term]:
        """All values of a property."""
        return self.properties[subject][predicate.value] if subject in self.properties else []

    def texts(self, subject: str, predicate: NamedNode) -> list[str]:
        """All values of a property, as bare text."""
        return [plain(node) for node in self.all(subject, predicate)]

    def text(self, subject: str, predicate: NamedNode) -> str:
        """The first value of a property as bare text, empty if there is none."""
        return next(iter(self.texts(subject, predicate)), "")

    def number(self, subject: str, predicate: NamedNode) -> int | None:
        """The first value of a property that is a whole number."""
        for node in self.all(subject, predicate):
            if isinstance(node, Literal) and _WHOLE_NUMBER.fullmatch(node.value):
                return int(node.value)
        return None

    def subjects(self, class_: NamedNode) -> list[str]:
        """All subjects of exactly this class, sorted."""
        return sorted(set(self.by_type.get(class_.value, ())))

    def types(self, subject: str) -> list[str]:
        """The classes of a subject."""
        return self.texts(subject, RDF_TYPE)

    def users(self, predicate: NamedNode) -> dict[str, list[str]]:
        """Map each value of a property to the subjects that have it."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject in sorted(self.properties):
            for value in self.texts(subject, predicate):
                found[value].append(subject)
        return found

    def iris(self) -> Iterator[str]:
        """Every IRI that is used as predicate or class or object, once a triple."""
        for triples in self.triples.values():
            for triple in triples:
                yield triple.predicate.value
                if isinstance(triple.object, NamedNode):
                    yield triple.object.value
