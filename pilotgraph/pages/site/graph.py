"""The triples of a data set, indexed so that every page is made without asking again."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.terms import PG, PREFIXES, RDF_TYPE, plain, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pilotgraph.terms import Term

TYPE = RDF_TYPE.value
LABELS = tuple(term(name).value for name in ("skos:prefLabel", "rdfs:label", "dct:title"))
_WEB = ("https://", "http://")


@cache
def p(curie: str) -> str:
    """The IRI of a prefixed name, as text."""
    return term(curie).value


class Graph:
    """Triples by subject and by object, and which of them a rule made.

    `out` maps subject and predicate to the values, `into` maps object and predicate to the subjects, both
    sorted. Blank nodes are left out: no page shows them.
    """

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self.base = base
        self.out: dict[str, dict[str, list[Term]]] = defaultdict(dict)
        self.into: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self.by_type: dict[str, list[str]] = defaultdict(list)
        self.derived: set[tuple[str, str, Term]] = set()
        derived = f"{base}graph/derived"
        # Each quad brings words and terms of its own; one of each is kept, or they would be most of what is in memory.
        words: dict[str, str] = {}
        terms: dict[Term, Term] = {}
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                subject, predicate = (words.setdefault(n.value, n.value) for n in (quad.subject, quad.predicate))
                value = terms.setdefault(quad.object, quad.object)
                self.out[subject].setdefault(predicate, []).append(value)
                if isinstance(value, NamedNode):
                    name = words.setdefault(value.value, value.value)
                    self.into[name].setdefault(predicate, []).append(subject)
                if getattr(quad.graph_name, "value", "") == derived:
                    self.derived.add((subject, predicate, value))
        self._sort()

    def _sort(self) -> None:
        for subject, properties in self.out.items():
            for predicate, terms in properties.items():
                # The same triple may stand in several graphs.
                properties[predicate] = sorted(set(terms), key=str) if len(terms) > 1 else [*terms]
            for class_ in properties.get(TYPE, ()):
                self.by_type[plain(class_)].append(subject)
        for users in self.into.values():
            for name, subjects in users.items():
                users[name] = sorted(set(subjects)) if len(subjects) > 1 else [*subjects]
        for things in self.by_type.values():
            things.sort()

    def of_class(self, name: str) -> list[str]:
        """The things of one of our classes, sorted by IRI."""
        return self.by_type.get(PG + name, [])

    def classes(self, iri: str) -> list[str]:
        """The names of those of our classes that a thing has."""
        return [plain(t).removeprefix(PG) for t in self.all(iri, TYPE) if plain(t).startswith(PG)]

    def all(self, iri: str, predicate: str) -> list[Term]:
        """All values of a property."""
        return self.out[iri].get(predicate, []) if iri in self.out else []

    def iris(self, iri: str, predicate: str) -> list[str]:
        """Those values of a property that are IRIs."""
        return [value.value for value in self.all(iri, predicate) if isinstance(value, NamedNode)]

    def iri(self, iri: str, predicate: str) -> str:
        """The first value of a property that is an IRI, empty if there is none."""
        return next(iter(self.iris(iri, predicate)), "")

    def subjects(self, iri: str, predicate: str) -> list[str]:
        """The things that have an IRI as the value of a property."""
        return self.into[iri].get(predicate, []) if iri in self.into else []

    def value(self, iri: str, predicate: str) -> str:
        """The first value of a property as bare text, empty if there is none."""
        return next((plain(value) for value in self.all(iri, predicate)), "")

    def number(self, iri: str, predicate: str) -> int | None:
        """The first value of a property as a whole number, None if it is none."""
        text = self.value(iri, predicate)
        return int(text) if text.isascii() and text.isdecimal() else None

    def texts(self, iri: str, predicate: str, language: str) -> list[str]:
        """The texts of a property in a language; where there are none, those in any."""
        literals = [value for value in self.all(iri, predicate) if isinstance(value, Literal)]
        own = [value.value for value in literals if value.language == language]
        return own or [value.value for value in literals]

    def text(self, iri: str, predicate: str, language: str) -> str:
        """The first of the texts of a property."""
        return next(iter(self.texts(iri, predicate, language)), "")

    def label(self, iri: str, language: str) -> str:
        """The name of a thing; without one, the last part of its IRI."""
        for predicate in LABELS:
            if text := self.text(iri, predicate, language):
                return text
        return name_in(iri)

    def is_derived(self, subject: str, predicate: str, value: Term) -> bool:
        """Tell whether a rule made a triple."""
        return (subject, predicate, value) in self.derived


def name_in(iri: str) -> str:
    """The last part of an IRI, for want of a label."""
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] or iri


def slug(iri: str) -> str:
    """The part of an IRI behind its last slash."""
    return iri.rsplit("/", 1)[-1]


def is_web(address: str) -> bool:
    """Tell whether an address may become a link: the web's, and never a script's."""
    return address.startswith(_WEB)


def shortened(text: str, length: int) -> str:
    """Cut a text at a word's end.

    >>> shortened("een lange zin over niets", 12)
    'een lange …'
    """
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut} …"


SKOS = PREFIXES["skos"]
