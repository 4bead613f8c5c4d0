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


def section(pilots: int, peer_pilots: int, runs: int) -> str:
    """Measure; give the section."""
    out = []
    for size, with_peer in ((peer_pilots, True), (pilots, pilots <= peer_pilots)):
        graph = network(size, 1)
        hub = max(degree for _, degree in graph.degree())
        out += [
            f"{size:,} pilots, {len(graph):,} nodes, {graph.number_of_edges():,} links, the largest hub {hub:,}:",
            "",
        ]
        out += [
            "| measure | networkx, CPU s | pilotgraph, CPU s | ratio | greatest difference |",
            "|---|---:|---:|---:|---:|",
        ]
        out += [_row(graph, name, runs, with_peer=with_peer) for name in PEERS]
        out += [*_others(graph, with_peer=with_peer), ""]
        if pilots == peer_pilots:
            break
    return "\n".join([*out, machine("networkx", "rustworkx", "scipy", "numpy")]) + "\n"


def _row(graph: Graph, name: str, runs: int, *, with_peer: bool) -> str:
    ours = [timed(lambda: measure(graph, name)) for _ in range(runs)]
    middle = statistics.median(seconds for seconds, _ in ours)
    if not with_peer:
        return f"| {name} | | {number(middle)} | | |"
    peer, expected = timed(lambda: PEERS[name](graph))
    found = ours[0][1]
    apart = max(abs(found[node] - expected[node]) for node in found)
    return f"| {name} | {number(peer)} | {number(middle)} | {peer / middle:.1f} | {apart:.0e} |"


def _others(graph: Graph, *, with_peer: bool) -> list[str]:
    """The projection onto pilots, and one search for clusters in the two-mode network."""
    begin = time.process_time()
    links = project(graph, weighting="newman").number_of_edges()
    out = [f"| projection, {links:,} links | | {number(time.process_time() - begin)} | | |"]
    of = incidence(graph)
    begin = time.process_time()
    quality, _ = modularity.two_mode(of, 1, "newman", 1.0)
    ours = time.process_time() - begin
    if not with_peer:
        return [*out, f"| clusters (Barber), modularity {quality:.3f} | | {number(ours)} | | |"]
    begin = time.process_time()
    pilots = [node for node, data in graph.nodes(data=True) if data["mode"] == "pilot"]
    joined = bipartite.weighted_projected_graph(graph, pilots)
    groups = nx.community.louvain_communities(joined, seed=1)
    peer = time.process_time() - begin
    name = f"clusters: networkx projection and Louvain, {len(groups)} groups; Barber, modularity {quality:.3f}"
    return [*out, f"| {name} | {number(peer)} | {number(ours)} | {peer / ours:.1f} | another method |"]


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=100_000)
    parser.add_argument("--peer-pilots", type=int, default=10_000, help="the size at which networkx is measured too")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = section(options.pilots, options.peer_pilots, options.runs)
    print(text)
    if options.write:
        write_section("network", text)


if __name__ == "__main__":
    main()
