"""The two-mode network as the methods need it: numbered pilots and things, in an order that names do not decide.

A heuristic that visits nodes in turn can end elsewhere when they are visited in another order. So nodes are
numbered by their place in the network: by colour refinement, and by name only where that cannot tell them apart.
Renaming pilots or shuffling the input then changes nothing.

Source of colour refinement: B. Weisfeiler and A. Leman, The reduction of a graph to canonical form, 1968.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from pilotgraph.network.projection import WEIGHTINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import networkx as nx

_MIN_HOLDERS = 2


@dataclass(frozen=True)
class Incidence:
    """Which pilots have which things: `rows[i]` are the numbers of the things of pilot i.

    `layers[j]` is the kind of thing j (organisation, goal, …). Every thing links two pilots or more, and every pilot
    has one thing or more: what links nothing cannot tell who belongs together.
    """

    pilots: tuple[str, ...]
    things: tuple[str, ...]
    layers: tuple[str, ...]
    rows: tuple[frozenset[int], ...]

    @cached_property
    def columns(self) -> tuple[tuple[int, ...], ...]:
        """The pilots of each thing."""
        found: list[list[int]] = [[] for _ in self.things]
        for pilot, row in enumerate(self.rows):
            for thing in row:
                found[thing].append(pilot)
        return tuple(tuple(holders) for holders in found)

    @property
    def links(self) -> int:
        """The number of links between a pilot and a thing."""
        return sum(map(len, self.rows))

    def pairs(self, weighting: str) -> dict[tuple[int, int], float]:
        """The weights of the projection onto pilots, as :func:`pilotgraph.network.projection.project` gives them."""
        weigh = WEIGHTINGS[weighting]
        found: dict[tuple[int, int], float] = {}
        for holders in self.columns:
            weight = weigh(len(holders), len(self.pilots))
            for pair in combinations(holders, 2):
                found[pair] = found.get(pair, 0.0) + weight
        return {pair: found[pair] for pair in sorted(found) if found[pair] > 0}

    def graph(self, weighting: str) -> nx.Graph[int]:
        """The projection onto pilots, by number."""
        import networkx as nx  # noqa: PLC0415 - heavy

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.pilots)))
        graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in self.pairs(weighting).items())
        return graph

    def without(self, *, thing: int | None = None, pilot: int | None = None) -> Incidence:
        """Leave out a thing or a pilot, and what links nothing any more."""
        rows = [[t for t in row if t != thing] for p, row in enumerate(self.rows) if p != pilot]
        return self._kept(rows, [name for p, name in enumerate(self.pilots) if p != pilot])

    def with_rows(self, rows: Iterable[Collection[int]]) -> Incidence:
        """The same pilots and things, linked otherwise."""
        return self._kept([list(row) for row in rows], list(self.pilots))

    def _kept(self, rows: list[list[int]], pilots: list[str]) -> Incidence:
        holders: dict[int, int] = {}
        for row in rows:
            for thing in row:
                holders[thing] = holders.get(thing, 0) + 1
        kept = sorted(thing for thing, n in holders.items() if n >= _MIN_HOLDERS)
        number = {thing: place for place, thing in enumerate(kept)}
        linked = [
            (name, frozenset(number[t] for t in row if t in number)) for name, row in zip(pilots, rows, strict=True)
        ]
        linked = [(name, row) for name, row in linked if row]
        return Incidence(
            tuple(name for name, _ in linked),
            tuple(self.things[thing] for thing in kept),
            tuple(self.layers[thing] for thing in kept),
            tuple(row for _, row in linked),
        )


def incidence(graph: nx.Graph[str]) -> Incidence:
    """Number the pilots and things of a two-mode network; its nodes have a `mode`, "pilot" or another."""
    modes: dict[str, str] = {node: data["mode"] for node, data in graph.nodes(data=True)}
    order = canonical_order({node: set(graph.neighbors(node)) for node in graph}, modes)
    pilots = [node for node in order if modes[node] == "pilot"]
    things = [node for node in order if modes[node] != "pilot"]
    number = {thing: place for place, thing in enumerate(things)}
    rows = [sorted(number[thing] for thing in graph.neighbors(pilot)) for pilot in pilots]
    whole = Incidence(tuple(pilots), tuple(things), tuple(modes[t] for t in things), ())
    return whole._kept(rows, pilots)  # noqa: SLF001 - its own class


def canonical_order(neighbours: Mapping[str, Collection[str]], first: Mapping[str, str]) -> list[str]:
    """Sort nodes by colour refinement, starting from the colours `first`; by name where colours are the same.

    >>> canonical_order({"z": ["b"], "b": ["z", "a"], "a": ["b", "c"], "c": ["a", "d", "e"], "d": "c", "e": "c"},
    ...     dict.fromkeys("zbacde", ""))  == sorted("zbacde")
    False
    """
    colours = {node: _digest(first[node]) for node in neighbours}
    classes = len(set(colours.values()))
    while True:
        colours = {
            node: _digest(colours[node], *sorted(colours[other] for other in near)) for node, near in neighbours.items()
        }
        refined = len(set(colours.values()))
        if refined == classes:
            return sorted(neighbours, key=lambda node: (colours[node], node))
        classes = refined


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
