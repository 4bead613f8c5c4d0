"""What SHACL is silent about: shapes without anything to look at, and classes that no shape looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding
from pilotgraph.shacl.results import BLANK
from pilotgraph.terms import compact, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset


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
            # A blank node, whose name has no colon, has another one each time.
            focus=min((name for name in facts.by_type[class_] if ":" in name), default=BLANK),
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
