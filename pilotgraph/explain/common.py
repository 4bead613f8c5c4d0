"""What the reasons of all kinds of pairs are built with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotgraph.explain.model import Side
from pilotgraph.explain.weights import MONEY_ROLES, role_factor
from pilotgraph.explain.words import join, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.explain.facts import Words
    from pilotgraph.explain.model import Fact, Thing
    from pilotgraph.store.base import Reader


@dataclass(frozen=True)
class Context:
    """What every step needs: the things, where to read, the language and the texts."""

    things: list[Thing]
    reader: Reader
    language: str
    words: Words

    def say(self, key: str, **values: object) -> str:
        """Fill in a sentence in the language."""
        return say(key, self.language, **values)

    def join(self, items: Iterable[str], limit: int | None = None) -> str:
        """Write a list in running text."""
        return join(list(items), self.language, limit)

    def two(self) -> str:
        """Begin a sentence about all the things: "Both pilots", "All 3 organisations"."""
        ending = "_organisations" if self.things[0].kind == "organisation" else ""
        if len(self.things) == 2:  # noqa: PLR2004 - a pair
            return self.say("two" + ending)
        return self.say("many" + ending, n=len(self.things))

    def of(self) -> str:
        """Speak of all the things inside a sentence."""
        text = self.two()
        return text[0].lower() + text[1:]

    def names(self) -> str:
        """Name all the things."""
        return self.join(thing.label for thing in self.things)

    def roles(self, facts: Iterable[Fact]) -> str:
        """Name the roles of some participations, the closest first."""
        found = {(-role_factor({fact.detail}), self.words.label(fact.detail_iri)) for fact in facts if fact.detail}
        return self.join(label for _, label in sorted(found)) or self.say("unnamed_role")

    def side(self, name: str, facts: Iterable[Fact], *more: str) -> Side:
        """Gather what the claims on one side say: names as printed, notes, texts; then `more`."""
        listed = list(facts)
        claims = sorted({fact.claim for fact in listed})
        says = [*more]
        for claim in claims:
            says += [text for key in ("text", "note") for text in self.words.all(claim, key)]
        says = [text for n, text in enumerate(says) if not _repeated(text, n, says)]
        printed = sorted({name for claim in claims for name in self.words.all(claim, "namedAs")})
        if printed:
            says.append(self.say("named_as", name=", ".join(printed)))
        return Side(name, says, claims)

    def label(self, iri: str) -> str:
        """The label of a thing."""
        return self.words.label(iri)


def _repeated(text: str, place: int, texts: list[str]) -> bool:
    """Tell whether a text stands in the list before, or is the beginning of another."""
    others = [other for n, other in enumerate(texts) if n != place and other != text]
    return text in texts[:place] or any(other.startswith(text.rstrip(".")) for other in others)


def closest(groups: Iterable[Iterable[Fact]]) -> float:
    """Give the role factor of a link: that of its loosest side, of which the closest role counts."""
    return min(role_factor({fact.detail for fact in group if fact.detail}) for group in groups)


def kind_of_partner(groups: list[list[Fact]]) -> str:
    """Tell how an organisation links: everywhere as a partner, everywhere as payer or administrator, or else."""
    roles = [{fact.detail for fact in group if fact.detail} for group in groups]
    if all(side and side <= MONEY_ROLES for side in roles):
        return "money"
    return "partner" if closest(groups) == 1 else "distant"


def grouped(facts: Iterable[Fact], link: str) -> dict[str, dict[str, list[Fact]]]:
    """Sort facts of one type by value, then by thing."""
    found: dict[str, dict[str, list[Fact]]] = {}
    for fact in facts:
        if fact.link == link:
            found.setdefault(fact.value, {}).setdefault(fact.thing, []).append(fact)
    return found
