"""Measures, projections and clusters of a large network: networkx alone, and pilotgraph, with the same numbers.

The network is that of pilots and partners of a synthetic programme. Both sides begin with the same networkx graph and
end with a number for each node; the greatest difference is told. Prints a Markdown section; --write puts it in place.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

import networkx as nx
import programme
from networkx.algorithms import bipartite
from timing import machine, number, write_section

from pilotgraph.network import measure, project, sparse
from pilotgraph.network.clusters import modularity
from pilotgraph.network.clusters.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Callable

    Scores = dict[str, float]
    Graph = nx.Graph[str]

_TOLERANCE = 1e-13
# So many links of networkx take some four gigabytes.
_MOST_PAIRS = 10_000_000


def network(pilots: int, seed: int) -> Graph:
    """Pilots and their partners."""
    graph: Graph = nx.Graph()
    for pilot in programme.pilots(pilots, seed, 1.5):
        name = programme.iri("pilot", f"p{pilot.number:07d}")
        graph.add_node(name, mode="pilot", label=name)
        for claim, pairs in pilot.claims:
            for predicate, actor in pairs:
                if predicate == programme.pg("pg:participant"):
                    graph.add_node(actor, mode="organisation", label=actor)
                    graph.add_edge(name, actor, claims=[claim], sources=[])
    return graph


def bridges(graph: Graph) -> Scores:
    """As pilotgraph does for small networks."""
    ends = dict.fromkeys(graph, 0.0)
    for bridge in nx.bridges(graph):
        for node in bridge:
            ends[node] += 1
    return ends


PEERS: dict[str, Callable[[Graph], Scores]] = {
    "pagerank": lambda graph: nx.pagerank(graph, tol=_TOLERANCE, max_iter=1000),
    "bridges": bridges,
    "two-mode-clustering": lambda graph: bipartite.latapy_clustering(graph, mode="dot"),
    "betweenness": lambda graph: nx.betweenness_centrality(
        graph, k=sparse.PIVOTS if len(graph) > sparse.SAMPLED else None, seed=sparse.SEED
    ),
}


def timed(work: Callable[[], Scores]) -> tuple[float, Scores]:
    """Processor seconds, and what came out."""
    begin = time.process_time()
    answer = work()
    return time.process_time() - begin, answer


def section(sizes: list[int], runs: int) -> str:
    """Measure; give the section."""
    out = []
    for size in sizes:
        graph = network(size, 1)
        hub = max(degree for _, degree in graph.degree())
        measured = [_row(graph, name, runs) for name in PEERS]
        theirs, ours = (sum(side) for side in zip(*(seconds for _, seconds in measured), strict=True))
        out += [
            f"{size:,} pilots, {len(graph):,} nodes, {graph.number_of_edges():,} links, the largest hub {hub:,}:",
            "",
            "| measure | networkx, CPU s | pilotgraph, CPU s | ratio | greatest difference |",
            "|---|---:|---:|---:|---:|",
            *(row for row, _ in measured),
            f"| these measures together | {number(theirs)} | {number(ours)} | {theirs / ours:.1f} | |",
            *_groups(graph),
            _projection(graph),
            "",
        ]
    return "\n".join([*out, machine("networkx", "rustworkx", "scikit-network", "scipy", "numpy")]) + "\n"


def _row(graph: Graph, name: str, runs: int) -> tuple[str, tuple[float, float]]:
    """A row, and the seconds of networkx and of pilotgraph; networkx is asked once."""
    ours = [timed(lambda: measure(graph, name)) for _ in range(runs)]
    middle = statistics.median(seconds for seconds, _ in ours)
    peer, expected = timed(lambda: PEERS[name](graph))
    found = ours[0][1]
    apart = max(abs(found[node] - expected[node]) for node in found)
    return f"| {name} | {number(peer)} | {number(middle)} | {peer / middle:.1f} | {apart:.0e} |", (peer, middle)


def _groups(graph: Graph) -> list[str]:
    """One search for groups: of networkx in the network itself and in its projection, and ours."""
    of = incidence(graph)
    begin = time.process_time()
    quality, _ = modularity.two_mode(of, 1, "newman", 1.0)
    ours = time.process_time() - begin
    begin = time.process_time()
    groups = nx.community.louvain_communities(graph, seed=1)
    peer = time.process_time() - begin
    label = {node: number for number, group in enumerate(groups) for node in group}
    theirs = modularity.barber(of, [label[node] for node in of.pilots], [label[node] for node in of.things])
    name = f"groups, Barber's modularity {quality:.4f}; networkx: Louvain, {theirs:.4f}"
    out = [f"| {name} | {number(peer)} | {number(ours)} | {peer / ours:.1f} | another method |"]
    pairs = sum(len(column) * (len(column) - 1) // 2 for column in of.columns)
    if pairs > _MOST_PAIRS:
        return [*out, f"| groups, networkx by projection: {pairs:,} pairs of pilots, not run | | | | |"]
    begin = time.process_time()
    joined = bipartite.weighted_projected_graph(graph, of.pilots)
    nx.community.louvain_communities(joined, seed=1)
    peer = time.process_time() - begin
    row = f"{number(peer)} | {number(ours)} | {peer / ours:.1f} | another method |"
    return [*out, f"| groups, networkx by projection and Louvain | {row}"]


def _projection(graph: Graph) -> str:
    begin = time.process_time()
    links = project(graph, weighting="newman").number_of_edges()
    return f"| projection, {links:,} links with their claims | | {number(time.process_time() - begin)} | | |"


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000", help="numbers of pilots")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = section([int(size) for size in options.sizes.split(",")], options.runs)
    print(text)
    if options.write:
        write_section("network", text)


if __name__ == "__main__":
    main()
