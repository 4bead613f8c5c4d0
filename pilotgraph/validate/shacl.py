"""SHACL by pySHACL: W3C Recommendation Shapes Constraint Language, 20 July 2017."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding
from pilotgraph.terms import PREFIXES, compact, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph

    from pilotgraph.dataset import Dataset

_SH = PREFIXES["sh"]
_SEVERITIES = {_SH + "Violation": "violation", _SH + "Warning": "warning", _SH + "Info": "info"}


@dataclass(frozen=True)
class Outcome:
    """pySHACL's results as findings, and its report as Turtle."""

    findings: list[Finding]
    report: str


def run(data: bytes, shapes: bytes) -> Outcome:
    """Run pySHACL over N-Triples; both arguments are whole graphs.

    pySHACL switches a global of rdflib while it runs: this is the one place that calls it.
    """
    import pyshacl  # noqa: PLC0415 - importing it takes most of a second
    from rdflib import Graph  # noqa: PLC0415

    _, graph, _ = pyshacl.validate(
        data,
        shacl_graph=shapes,
        data_graph_format="nt",
        shacl_graph_format="nt",
        advanced=False,
        inplace=True,
    )
    if not isinstance(graph, Graph):
        raise TypeError(graph)
    return Outcome(list(_findings(graph)), graph.serialize(format="turtle"))


def _findings(graph: Graph) -> Iterator[Finding]:
    from rdflib import URIRef  # noqa: PLC0415

    def one(subject: Any, name: str) -> str:  # noqa: ANN401 - rdflib's nodes have no common type
        value = graph.value(subject, URIRef(_SH + name))
        return "" if value is None else str(value)

    for _, _, result in graph.triples((None, URIRef(_SH + "result"), None)):
        messages = {
            getattr(m, "language", None) or "en": str(m) for m in graph.objects(result, URIRef(_SH + "resultMessage"))
        }
        path, shape = one(result, "resultPath"), one(result, "sourceShape")
        where = f"{compact(path)}: " if path else ""
        value = graph.value(result, URIRef(_SH + "value"))
        yield Finding(
            severity=_SEVERITIES.get(one(result, "resultSeverity"), "violation"),
            rule=f"{compact(shape)} {compact(one(result, 'sourceConstraintComponent'))}",
            message={language: where + text for language, text in messages.items()},
            focus=one(result, "focusNode"),
            value="" if value is None else value.n3(),
        )


def without_focus(facts: Facts, known: Facts, dataset: Dataset) -> Iterator[Finding]:
    """Shapes that target a class without instances, and classes of the data that no shape targets."""
    shapes = Facts.read(dataset.shape_files())
    targets = shapes.users(term("sh:targetClass"))
    used = set(facts.by_type) | set(known.by_type)
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
