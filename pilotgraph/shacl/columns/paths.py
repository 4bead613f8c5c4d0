"""Value nodes: pairs of a focus node and a node at the end of a path, each pair once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pilotgraph.shacl.columns.focus import Focus
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pilotgraph.shacl.columns.read import Columns
    from pilotgraph.shacl.columns.terms import Ids

    Pairs = tuple[Ids, Ids]
    Keys = NDArray[np.uint64]


def pairs(columns: Columns, path: Path, focus: Focus) -> Pairs:  # noqa: PLR0911 - one line for each kind
    """Follow a path from each focus node (Recommendation, section 2.3.1; SPARQL 1.1, section 9)."""
    match path:
        case Predicate(iri):
            starts, ends = columns.pairs(iri.value)
            return _from(starts, ends, focus)
        case Inverse(Predicate(iri)):
            starts, ends = columns.pairs(iri.value)
            return _from(ends, starts, focus)
        case Inverse(inner):
            return pairs(columns, _turned(inner), focus)
        case Sequence(members):
            return _sequence(columns, members, focus)
        case Alternative(members):
            return unpacked(np.unique(np.concatenate([packed(*pairs(columns, one, focus)) for one in members])))
        case ZeroOrOne(inner):
            return _with_self(packed(*pairs(columns, inner, focus)), focus)
        case ZeroOrMore(inner):
            return _with_self(_closure(columns, inner, focus), focus)
        case OneOrMore(inner):
            return unpacked(_closure(columns, inner, focus))
    raise TypeError(path)


def packed(first: Ids, second: Ids) -> Keys:
    """Put two numbers into one."""
    return first.astype(np.uint64) << np.uint64(32) | second


def unpacked(keys: Keys) -> Pairs:
    """Take two numbers out of one."""
    return (keys >> np.uint64(32)).astype(np.uint32), keys.astype(np.uint32)


def joined(left: Pairs, right: Pairs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Join where the second of the left is the first of the right; gives the places in both."""
    order = np.argsort(right[0], kind="stable")
    keys = right[0][order]
    low, high = np.searchsorted(keys, left[1], "left"), np.searchsorted(keys, left[1], "right")
    counts = high - low
    places = np.repeat(np.arange(len(left[1])), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return places, order[np.repeat(low, counts) + within]


def _from(starts: Ids, ends: Ids, focus: Focus) -> Pairs:
    chosen = focus.mask[starts]
    return (starts, ends) if chosen.all() else (starts[chosen], ends[chosen])


def _sequence(columns: Columns, members: tuple[Path, ...], focus: Focus) -> Pairs:
    found = pairs(columns, members[0], focus)
    for member in members[1:]:
        following = pairs(columns, member, Focus.of(found[1], focus.size))
        left, right = joined(found, following)
        found = unpacked(np.unique(packed(found[0][left], following[1][right])))
    return found


def _with_self(keys: Keys, focus: Focus) -> Pairs:
    return unpacked(np.unique(np.concatenate([keys, packed(focus.ids, focus.ids)])))


def _closure(columns: Columns, step: Path, focus: Focus) -> Keys:
    """Follow a path as long as it leads to new pairs."""
    found = np.unique(packed(*pairs(columns, step, focus)))
    newest = found
    while len(newest):
        last = unpacked(newest)
        following = pairs(columns, step, Focus.of(last[1], focus.size))
        left, right = joined(last, following)
        newest = np.setdiff1d(packed(last[0][left], following[1][right]), found)
        found = np.union1d(found, newest)
    return found


def _turned(path: Path) -> Path:  # noqa: PLR0911 - one line for each kind
    """Give the path that leads the other way."""
    match path:
        case Inverse(inner):
            return inner
        case Sequence(members):
            return Sequence(tuple(_turned(one) for one in reversed(members)))
        case Alternative(members):
            return Alternative(tuple(_turned(one) for one in members))
        case ZeroOrOne(inner):
            return ZeroOrOne(_turned(inner))
        case ZeroOrMore(inner):
            return ZeroOrMore(_turned(inner))
        case OneOrMore(inner):
            return OneOrMore(_turned(inner))
        case _:
            return Inverse(path)
