"""SHACL by pySHACL: W3C Recommendation Shapes Constraint Language, 20 July 2017."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, RdfFormat, serialize

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding
from pilotgraph.terms import PREFIXES, compact, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph

    from pilotgraph.dataset import Dataset

BLANK = "_:blank"
_SH = PREFIXES["sh"]
_SEVERITIES = {_SH + "Violation": "violation", _SH + "Warning": "warning", _SH + "Info": "info"}


@dataclass(frozen=True)
class Outcome:
    """pySHACL's results as findings, and its report as Turtle."""

    findings: list[Finding]
    report: str


def run(data: bytes, shapes: Facts) -> Outcome:
    """Run pySHACL; `data` is a whole graph as N-Triples, `shapes` the shape files.

    pySHACL switches a global of rdflib while it runs: this is the one place that calls it.
    """
    import pyshacl  # noqa: PLC0415 - importing it takes most of a second
    from rdflib import Graph  # noqa: PLC0415

    triples = [triple for listed in shapes.triples.values() for triple in listed]
    # rdflib logs each ill-typed literal with a traceback; ours is a finding with a file and a line.
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            # pySHACL 0.40 uses names that rdflib 7.6 calls deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            _, graph, _ = pyshacl.validate(
                data,
                shacl_graph=serialize(triples, format=RdfFormat.N_TRIPLES),
                data_graph_format="nt",
                shacl_graph_format="nt",
                advanced=False,
                inplace=True,
            )
    finally:
        logger.setLevel(level)
    if not isinstance(graph, Graph):
        raise TypeError(graph)
    return Outcome(list(_findings(graph, shapes)), graph.serialize(format="turtle"))


def _findings(graph: Graph, shapes: Facts) -> Iterator[Finding]:
    from rdflib import BNode, URIRef  # noqa: PLC0415

    def one(subject: Any, name: str) -> str:  # noqa: ANN401 - rdflib's nodes have no common type
        value = graph.value(subject, URIRef(_SH + name))
        # The name that rdflib gives a blank node is a new one each time, and says nothing.
        return "" if value is None else BLANK if isinstance(value, BNode) else str(value)

    for _, _, result in graph.triples((None, URIRef(_SH + "result"), None)):
        path, shape = one(result, "resultPath"), one(result, "sourceShape")
        # pySHACL drops the language of the messages of SPARQL constraints: the shape itself has both.
        messages = {
            getattr(m, "language", None) or "en": str(m) for m in graph.objects(result, URIRef(_SH + "resultMessage"))
        } | {str(m.language): m.value for m in shapes.all(shape, term("sh:message")) if isinstance(m, Literal)}
        where = f"{compact(path)}: " if path and path != BLANK else ""
        value = graph.value(result, URIRef(_SH + "value"))
        yield Finding(
            severity=_SEVERITIES.get(one(result, "resultSeverity"), "violation"),
            rule=f"{compact(shape)} {compact(one(result, 'sourceConstraintComponent'))}",
            message={language: where + text for language, text in messages.items()},
            focus=one(result, "focusNode"),
            value="" if value is None else BLANK if isinstance(value, BNode) else value.n3(),
        )


def without_focus(facts: Facts, known: Facts, dataset: Dataset, derived: set[str]) -> Iterator[Finding]:
    """Shapes that target a class without instances, and classes of the data that no shape targets.

    `derived` names the classes of which rules make instances.
    """
    shapes = Facts.read(dataset.shape_files())
    targets = shapes.users(term("sh:targetClass"))
    used = set(facts.by_type) | set(known.by_type) | derived
    for class_, names in sorted(targets.items()):
        if class_ not in used:
            for name in names:
                yield _no_focus(name, class_)
    for class_ in sorted(set(facts.by_type) - set(targets)):
        yield Finding(
            "warning",
            "validate/untargeted-class",
            {"en": "no shape looks at this class", "nl": "geen shape kijkt naar deze klasse"},
            focus=next(iter(sorted(facts.by_type[class_]))),
            value=compact(class_),
            advice={
                "en": "correct the class, or write a shape for it",
                "nl": "verbeter de klasse, of schrijf er een shape voor",
            },
        )


def _no_focus(shape: str, class_: str) -> Finding:
    return Finding(
        "info",
        "validate/no-focus-node",
        {
            "en": f"the shape {compact(shape)} has nothing to look at: the data has no {compact(class_)}",
            "nl": f"de shape {compact(shape)} heeft niets om naar te kijken: de data heeft geen {compact(class_)}",
        },
        advice={
            "en": "if the data should have some, correct their class",
            "nl": "als de data er wel moet hebben, verbeter dan hun klasse",
        },
    )
