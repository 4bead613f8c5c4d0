"""Paths as SPARQL: a union of chains of triple patterns.

A path that may have length zero is written as a chain of none beside the others, since SPARQL engines do not
agree on the zero-length path of a term that is in no triple, and pySHACL gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from pilotgraph.shacl.model import (
    Alternative,
    Inverse,
    OneOrMore,
    Path,
    Predicate,
    Sequence,
    ZeroOrMore,
    ZeroOrOne,
)


@dataclass(frozen=True)
class Step:
    """One triple pattern of a chain: a predicate or a repeated path, in one direction."""

    verb: str
    backwards: bool = False

    def pattern(self, start: str, end: str) -> str:
        """Write the triple pattern."""
        return f"{end} {self.verb} {start} ." if self.backwards else f"{start} {self.verb} {end} ."


Chain = tuple[Step, ...]


def chains(path: Path) -> tuple[Chain, ...]:
    """Give the chains whose union is the path; the empty chain leads from a node to itself."""
    return tuple(dict.fromkeys(_chains(path, backwards=False)))


def _chains(path: Path, *, backwards: bool) -> list[Chain]:  # noqa: PLR0911 - one for each kind of path
    match path:
        case Predicate(iri):
            return [(Step(f"<{iri.value}>", backwards),)]
        case Inverse(inner):
            return _chains(inner, backwards=not backwards)
        case Sequence(paths):
            ordered = reversed(paths) if backwards else paths
            parts = product(*(_chains(part, backwards=backwards) for part in ordered))
            return [tuple(step for chain in chosen for step in chain) for chosen in parts]
        case Alternative(paths):
            return [chain for part in paths for chain in _chains(part, backwards=backwards)]
        case ZeroOrOne(inner):
            return [(), *_chains(inner, backwards=backwards)]
        case ZeroOrMore(inner):
            return [(), (Step(f"({written(inner)})+", backwards),)]
        case OneOrMore(inner):
            repeated: Chain = (Step(f"({written(inner)})+", backwards),)
            return [(), repeated] if () in chains(inner) else [repeated]


def written(path: Path) -> str:  # noqa: PLR0911 - one for each kind of path
    """Write a path in SPARQL's own syntax (SPARQL 1.1 Query Language, section 9.1)."""
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(inner):
            return f"^({written(inner)})"
        case Sequence(paths):
            return "(" + "/".join(map(written, paths)) + ")"
        case Alternative(paths):
            return "(" + "|".join(map(written, paths)) + ")"
        case ZeroOrMore(inner):
            return f"({written(inner)})*"
        case OneOrMore(inner):
            return f"({written(inner)})+"
        case ZeroOrOne(inner):
            return f"({written(inner)})?"


def joined(chain: Chain, start: str, end: str, mark: str) -> str:
    """Write a chain that is not empty, from `start` to `end`; `mark` makes the names between them its own."""
    names = [start, *(f"?{mark}{number}" for number in range(1, len(chain))), end]
    return " ".join(step.pattern(a, b) for step, a, b in zip(chain, names, names[1:], strict=False))


def simple(path: Path) -> str:
    """Give the predicate of a path that is only that, else nothing."""
    return f"<{path.iri.value}>" if isinstance(path, Predicate) else ""
