"""What an explanation is made of: things, facts about them, and reasons with their proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotgraph.answers import Passage

PILOT = "pilot"
ORGANISATION = "organisation"


@dataclass(frozen=True)
class Thing:
    """A pilot or an organisation that is to be explained; `slug` is the last part of its IRI."""

    iri: str
    kind: str
    label: str
    about: str = ""
    when: str = ""

    @property
    def slug(self) -> str:
        """The name by which the command line knows it."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Fact:
    """One claim about one thing: it has `value` under the link type `link`.

    `detail` is the slug of what qualifies it: the role, the dimension, or the kind of relation.
    """

    thing: str
    claim: str
    link: str
    value: str
    detail: str = ""
    detail_iri: str = ""
    assigned: bool = False


@dataclass(frozen=True)
class Proof:
    """A passage, and how we know what it is cited for: stated, assigned or contradicted."""

    passage: Passage
    knowing: str


@dataclass
class Side:
    """What carries a reason on the side of one thing: what its claims say, and their passages."""

    name: str
    says: list[str]
    claims: list[str]
    proofs: list[Proof] = field(default_factory=list)


@dataclass
class Reason:
    """One reason why things are linked.

    `holders` of `population` things have the feature. `weight` is the product of the `parts`. `knowing` is
    stated, assigned (an editor applied the concept on some side), contradicted, or derived (from the register
    of places, or by joining claims).
    """

    link: str
    value: str
    sentence: str
    weight: float
    holders: int
    population: int
    parts: dict[str, float]
    knowing: str
    sides: list[Side]
    strength: str = ""
    population_of: str = "pilots"


@dataclass(frozen=True)
class Absence:
    """A type of link that is absent, in a sentence; `unknown` names the things whose record says nothing of it."""

    link: str
    sentence: str
    unknown: tuple[str, ...] = ()


@dataclass
class Explanation:
    """Why some things are linked: reasons by weight, heaviest first, and the types of link that are absent."""

    things: list[Thing]
    language: str
    headline: str
    reasons: list[Reason]
    absences: list[Absence]
    foot: list[str]
    notes: list[str]
    data: str
