"""Terms that do not exist: of our ontology, and of the data set's own schemes and things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pilotgraph.findings import Finding
from pilotgraph.queries import did_you_mean
from pilotgraph.terms import PG, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.facts import Facts

_ADVICE = {
    "en": "correct the name, or add the term to the ontology or scheme",
    "nl": "verbeter de naam, of voeg de term toe aan de ontologie of het schema",
}


def check(facts: Facts, known: Facts, dataset: Dataset) -> Iterator[Finding]:
    """Find predicates, classes and concepts that are not declared anywhere."""
    declared = set(known.places)
    concepts = dataset.base + "id/concept/"
    for path, triples in facts.triples.items():
        seen: set[tuple[str, str]] = set()
        for triple in triples:
            for node in (triple.predicate, triple.object):
                if not isinstance(node, NamedNode) or (str(triple.subject), node.value) in seen:
                    continue
                iri = node.value
                unknown_term = iri.startswith(PG) and iri not in declared
                unknown_concept = iri.startswith(concepts) and iri not in declared and iri not in facts.places
                if unknown_term or unknown_concept:
                    seen.add((str(triple.subject), iri))
                    subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
                    yield _unknown(iri, subject, str(path) if not subject else "", declared, dataset)


def _unknown(iri: str, subject: str, path: str, declared: set[str], dataset: Dataset) -> Finding:
    stem = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    siblings = {name[len(stem) :] for name in declared if name.startswith(stem)}
    hint = did_you_mean(iri[len(stem) :], siblings)
    name = compact(iri, dataset.base)
    return Finding(
        "violation",
        "validate/unknown-term",
        {
            "en": f"{name} does not exist{hint}",
            "nl": f"{name} bestaat niet{hint.replace('did you mean', 'bedoelt u').replace(' or ', ' of ')}",
        },
        path=path,
        line=1 if path else None,
        focus=subject,
        advice=_ADVICE,
    )
