"""What a shape finds on a set of focus nodes, as arrays until somebody wants results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pilotgraph.shacl.messages import component
from pilotgraph.shacl.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pyoxigraph import NamedNode

    from pilotgraph.shacl.columns.focus import Focus
    from pilotgraph.shacl.columns.terms import Ids, Mask, Terms
    from pilotgraph.shacl.messages import Messages
    from pilotgraph.shacl.model import Constraint, Shape


@dataclass(frozen=True)
class Rows:
    """Results of one constraint. `owner` is the node on behalf of which the shape was asked.

    `details` holds what the shape of sh:node has found about each value; `ready` are results that need no making.
    """

    shape: Shape
    constraint: Constraint
    owner: Ids
    focus: Ids
    value: Ids | None = None
    path: NamedNode | None = None
    component: NamedNode | None = None
    details: Outcome | None = None
    ready: tuple[Result, ...] = ()

    def taken(self, places: NDArray[np.intp], owner: Ids) -> Rows:
        """Give some of the rows, on behalf of others."""
        return Rows(
            self.shape,
            self.constraint,
            owner,
            self.focus[places],
            None if self.value is None else self.value[places],
            self.path,
            self.component,
            self.details,
            tuple(self.ready[int(place)] for place in places) if self.ready else (),
        )


@dataclass
class Outcome:
    """The rows of a shape on its focus nodes, and which of these do not conform."""

    focus: Focus
    rows: list[Rows] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let all conform at first."""
        self.bad: Mask = np.zeros(len(self.focus), dtype=np.bool_)

    def add(self, rows: Rows) -> None:
        """Add rows; their owners do not conform."""
        if len(rows.owner):
            self.rows.append(rows)
            self.bad[self.focus.places[rows.owner]] = True

    def fails(self, nodes: Ids) -> Mask:
        """Tell which of some nodes of the focus do not conform."""
        return self.bad[self.focus.places[nodes]]


def results(outcome: Outcome, terms: Terms, messages: Messages) -> Iterator[tuple[int, Result]]:
    """Give each result with the number of its owner."""
    for rows in outcome.rows:
        inner: dict[int, list[Result]] = {}
        if rows.details is not None:
            for owner, result in results(rows.details, terms, messages):
                inner.setdefault(owner, []).append(result)
        for place, owner in enumerate(rows.owner.tolist()):
            yield owner, _result(rows, place, terms, messages, inner)


def _result(rows: Rows, place: int, terms: Terms, messages: Messages, inner: dict[int, list[Result]]) -> Result:
    if rows.ready:
        return rows.ready[place]
    shape, focus = rows.shape, terms.term(int(rows.focus[place]))
    value = None if rows.value is None else terms.term(int(rows.value[place]))
    path = rows.path or shape.path_node
    return Result(
        focus=focus,
        shape=shape.id,
        component=rows.component or component(type(rows.constraint)),
        severity=shape.severity,
        path=path,
        value=value,
        messages=messages.of(shape, rows.constraint, focus, value),
        details=tuple(inner.get(int(rows.value[place]), ())) if rows.details and rows.value is not None else (),
    )
