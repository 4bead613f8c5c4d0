"""pySHACL: the reference implementation in Python, whose report is the verdict that the executors must equal.

It is given bytes and not a graph, because a graph in memory loses lexical forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from pilotgraph.errors import DatasetError
from pilotgraph.findings import Finding
from pilotgraph.shacl.quiet import quiet
from pilotgraph.shacl.results import BLANK
from pilotgraph.terms import PREFIXES, RDF_TYPE, compact, term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rdflib import Graph

    from pilotgraph.shacl.model import Node, Value

_SH = PREFIXES["sh"]
_SEVERITIES = {_SH + "Violation": "violation", _SH + "Warning": "warning", _SH + "Info": "info"}
_TARGETS = set(map(term, ("sh:targetClass", "sh:targetNode", "sh:targetObjectsOf", "sh:targetSubjectsOf")))
_CLASS = term("rdfs:Class")
# pySHACL takes fewer bytes than 140 for the name of a file, and nothing at all for a fault.
_LONG = b"#" * 140 + b"\n"


@dataclass(frozen=True)
class Report:
    """pySHACL's report, as it made it."""

    graph: Graph

    @property
    def conforms(self) -> bool:
        """Tell whether there is no result."""
        from rdflib import URIRef  # noqa: PLC0415

        return (None, URIRef(_SH + "result"), None) not in self.graph

    def turtle(self) -> str:
        """Write the report as rdflib does."""
        return self.graph.serialize(format="turtle")

    def triples(self) -> list[Triple]:
        """Give the report as triples of pyoxigraph."""
        content = self.graph.serialize(format="nt", encoding="utf-8")
        return [quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)]

    def findings(self, messages: Mapping[Node, tuple[Value, ...]]) -> Iterator[Finding]:
        """Give the results as findings; `messages` holds those of each shape, for the languages they are in."""
        from rdflib import BNode, URIRef  # noqa: PLC0415

        def one(subject: Any, name: str) -> str:  # noqa: ANN401 - rdflib's nodes have no common type
            value = self.graph.value(subject, URIRef(_SH + name))
            # The name that rdflib gives a blank node is a new one each time, and says nothing.
            return "" if value is None else BLANK if isinstance(value, BNode) else str(value)

        for result in self.graph.objects(None, URIRef(_SH + "result")):
            path, shape = one(result, "resultPath"), one(result, "sourceShape")
            said = self.graph.objects(result, URIRef(_SH + "resultMessage"))
            # pySHACL drops the language of the messages of SPARQL constraints: the shape itself has both.
            own = () if shape == BLANK else messages.get(NamedNode(shape), ())
            texts = {getattr(m, "language", None) or "en": str(m) for m in said}
            texts |= {str(m.language): m.value for m in own if isinstance(m, Literal)}
            where = f"{compact(path)}: " if path and path != BLANK else ""
            value = self.graph.value(result, URIRef(_SH + "value"))
            yield Finding(
                severity=_SEVERITIES.get(one(result, "resultSeverity"), "violation"),
                rule=f"{compact(shape)} {compact(one(result, 'sourceConstraintComponent'))}",
                message={language: where + text for language, text in sorted(texts.items())},
                focus=one(result, "focusNode"),
                value="" if value is None else BLANK if isinstance(value, BNode) else value.n3(),
            )


def run(data: bytes, shapes: Sequence[Triple], only: Collection[Node] | None = None) -> Report:
    """Run pySHACL; `data` is a whole graph as N-Triples.

    With `only`, no shape but these has a target. Raises DatasetError where pySHACL fails, in its words. pySHACL
    switches a global of rdflib while it runs: this is the one place that calls it.
    """
    import pyshacl  # noqa: PLC0415 - importing it takes most of a second
    from rdflib import Graph  # noqa: PLC0415

    chosen = shapes if only is None else _without_targets(shapes, only)
    try:
        with quiet():
            _, graph, _ = pyshacl.validate(
                data,
                shacl_graph=n_triples(chosen),
                data_graph_format="nt",
                shacl_graph_format="nt",
                advanced=False,
                inplace=True,
            )
    except Exception as error:
        raise _failure(error) from error
    if not isinstance(graph, Graph):
        raise _failure(graph)
    return Report(graph)


def _failure(error: Any) -> DatasetError:  # noqa: ANN401 - pySHACL's errors have no common type
    text = " ".join(str(getattr(error, "message", "") or error).split())
    return DatasetError(f"shapes: pySHACL cannot validate with them ({text}); correct the shape, or the value")


def _without_targets(shapes: Sequence[Triple], only: Collection[Node]) -> list[Triple]:
    classes = {_CLASS, term("owl:Class")} | {
        t.subject for t in shapes if t.predicate == term("rdfs:subClassOf") and t.object == _CLASS
    }
    return [
        t
        for t in shapes
        if t.subject in only or not (t.predicate in _TARGETS or (t.predicate == RDF_TYPE and t.object in classes))
    ]


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Write triples for rdflib, which reads fewer names of blank nodes than the standard has."""
    names: dict[BlankNode, BlankNode] = {}

    def renamed(node: Any) -> Any:  # noqa: ANN401 - what pyoxigraph's Triple takes depends on the place
        return names.setdefault(node, BlankNode(f"b{len(names)}")) if isinstance(node, BlankNode) else node

    plain = (Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in triples)
    return _LONG + (serialize(plain, format=RdfFormat.N_TRIPLES) or b"")
