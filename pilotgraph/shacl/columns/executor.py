"""A plan over columns: shapes on sets of focus nodes, constraints on pairs of focus and value nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyoxigraph import NamedNode

from pilotgraph.shacl import model
from pilotgraph.shacl.columns.bindings import UnplannedError
from pilotgraph.shacl.columns.checks import CHECKS
from pilotgraph.shacl.columns.focus import Focus
from pilotgraph.shacl.columns.outcome import Outcome, results
from pilotgraph.shacl.columns.paths import pairs
from pilotgraph.shacl.judge import IncomparableError
from pilotgraph.terms import RDF_TYPE, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pilotgraph.shacl.columns.checks import Pairs
    from pilotgraph.shacl.columns.outcome import Rows
    from pilotgraph.shacl.columns.read import Columns
    from pilotgraph.shacl.columns.terms import Ids, Mask
    from pilotgraph.shacl.messages import Messages
    from pilotgraph.shacl.model import Node, Plan, Shape, Value
    from pilotgraph.shacl.results import Result

_SUBCLASS = term("rdfs:subClassOf").value


class NeedsReferenceError(Exception):
    """A shape that turns out on these data to be one for pySHACL; it will fail there, in its own words."""


def run(plan: Plan, columns: Columns, messages: Messages) -> tuple[list[Result], dict[Node, str]]:
    """Validate all shapes of a plan that have a target.

    Returns the results, and the shapes that are left to pySHACL with the reason.
    """
    nodes = [node for shape in plan.targeted() for node in shape.targets.nodes]
    columns.terms.add([*nodes, *(NamedNode(iri) for iri in columns.predicates)])
    executor = Executor(plan, columns)
    found: list[Result] = []
    left: dict[Node, str] = {}
    for shape in plan.targeted():
        try:
            outcome = executor.shape(shape, executor.focus(shape))
        except (NeedsReferenceError, UnplannedError) as error:
            left[shape.id] = str(error)
        except IncomparableError:
            left[shape.id] = "has values of sh:lessThan that cannot be compared"
        else:
            found += [result for _, result in results(outcome, columns.terms, messages)]
    return found, left


class Executor:
    """What the shapes of one run share: the data, the plan, and the instances of each class."""

    def __init__(self, plan: Plan, columns: Columns) -> None:
        self.plan, self.columns, self.terms = plan, columns, columns.terms
        self._instances: dict[str, Mask] = {}
        self._targets: dict[model.Targets, Focus] = {}

    def focus(self, shape: Shape) -> Focus:
        """Find the focus nodes of a shape's targets."""
        targets = shape.targets
        if targets not in self._targets:
            parts: list[Ids] = [np.flatnonzero(self.instances(one)).astype(np.uint32) for one in targets.classes]
            parts.append(self.terms.ids(targets.nodes))
            parts += [self.columns.pairs(one.value)[0] for one in targets.subjects_of]
            parts += [self.columns.pairs(one.value)[1] for one in targets.objects_of]
            self._targets[targets] = Focus.of(np.concatenate(parts), len(self.terms))
        return self._targets[targets]

    def instances(self, class_: Value) -> Mask:
        """Mark the SHACL instances of a class: those of its subclasses are among them."""
        key = str(class_)
        if key not in self._instances:
            marked = np.zeros(len(self.terms), dtype=np.bool_)
            start = self.terms.ids([class_])
            up = model.ZeroOrMore(model.Inverse(model.Predicate(term("rdfs:subClassOf"))))
            _, classes = pairs(self.columns, up, Focus(start, len(self.terms)))
            of_these = np.zeros(len(self.terms), dtype=np.bool_)
            of_these[classes] = True
            subjects, objects = self.columns.pairs(RDF_TYPE.value)
            marked[subjects[of_these[objects]]] = True
            self._instances[key] = marked
        return self._instances[key]

    def of(self, node: Node, focus: Focus) -> Outcome:
        """Validate nodes against a shape that another names."""
        return self.shape(self.plan.shapes[node], focus)

    def shape(self, shape: Shape, focus: Focus) -> Outcome:
        """Validate focus nodes against a shape."""
        outcome = Outcome(focus)
        if shape.deactivated or not len(focus):
            return outcome
        values: Pairs = (focus.ids, focus.ids) if shape.path is None else pairs(self.columns, shape.path, focus)
        for constraint in shape.constraints:
            check: Callable[..., Iterable[Rows]] | None = CHECKS.get(type(constraint))
            if check is None:
                msg = f"uses {type(constraint).__name__}, which columns do not know"
                raise NeedsReferenceError(msg)
            for rows in check(self, shape, constraint, focus, values):
                outcome.add(rows)
        return outcome
