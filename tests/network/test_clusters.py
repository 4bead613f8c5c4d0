"""Clusters and their warrant: every figure against an independent computation, and the verdicts on known cases."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from pilotgraph.network import project
from pilotgraph.network.clusters import Reference, Settings, cluster_json, cluster_report, cluster_text
from pilotgraph.network.clusters.agreement import adjusted_rand, chance, mutual_information, omega
from pilotgraph.network.clusters.consensus import between, cores, together
from pilotgraph.network.clusters.incidence import Incidence, incidence
from pilotgraph.network.clusters.modularity import METHODS, barber
from pilotgraph.network.clusters.null import random_networks, trade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUICK = Settings(runs=12, tries=4, samples=99, noise_samples=10)
DIVISIONS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)


def dice(seed: int) -> random.Random:
    """Draws that are the same every time."""
    return random.Random(seed)  # noqa: S311 - no secret


def two_mode(rows: Sequence[set[int]], layers: dict[int, str] | None = None, prefix: str = "p") -> nx.Graph[str]:
    """A network of pilots p0, p1, … and things t0, t1, …, with a claim for each link."""
    graph: nx.Graph[str] = nx.Graph()
    for pilot in range(len(rows)):
        graph.add_node(f"{prefix}{pilot}", label=f"Pilot {pilot}", mode="pilot")
    for thing in sorted(set().union(*rows)):
        mode = (layers or {}).get(thing, "organisation")
        graph.add_node(f"t{thing}", label=f"Thing {thing}", mode=mode)
    for pilot, row in enumerate(rows):
        for thing in sorted(row):
            graph.add_edge(f"{prefix}{pilot}", f"t{thing}", claims=[f"c{pilot}-{thing}"], sources=[], knowing="stated")
    return graph


def planted(groups: int = 3, size: int = 6, things: int = 6, seed: int = 1) -> nx.Graph[str]:
    """Groups that share things of their own: each pilot has all but one of them, and one of another group."""
    generator = dice(seed)
    rows = []
    for pilot in range(groups * size):
        own = pilot // size
        row = {own * things + n for n in range(things)} - {own * things + generator.randrange(things)}
        other = generator.choice([g for g in range(groups) if g != own])
        rows.append(row | {other * things + generator.randrange(things)})
    return two_mode(rows)


def by_chance(seed: int, pilots: int = 18, things: int = 18, links: int = 5) -> nx.Graph[str]:
    """Links drawn at random: every pilot has as many things."""
    generator = dice(seed)
    return two_mode([set(generator.sample(range(things), links)) for _ in range(pilots)])


def all_divisions(size: int) -> Iterator[list[int]]:
    """Every division of so many nodes, as restricted growth strings."""
    labels = [[0]]
    for _ in range(size - 1):
        labels = [[*old, new] for old in labels for new in range(max(old) + 2)]
    yield from labels


def best_barber(of: Incidence, pilots: list[int]) -> float:
    """The best Barber modularity for given groups of pilots: each thing goes where it gains most."""
    links = of.links
    degree: Counter[int] = Counter()
    for label, row in zip(pilots, of.rows, strict=True):
        degree[label] += len(row)
    return sum(
        max(
            sum(pilots[p] == label for p in holders) / links - degree[label] * len(holders) / links**2
            for label in set(pilots)
        )
        for holders in of.columns
    )


@given(DIVISIONS)
def test_adjusted_rand_and_mutual_information_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """Another library gives the same two figures for any two divisions."""
    first, second = ([pair[n] for pair in pairs] for n in (0, 1))
    ours, theirs = (dict(enumerate(map(str, labels))) for labels in (first, second))
    a = {str(node): label for node, label in ours.items()}
    b = {str(node): label for node, label in theirs.items()}
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
    if len(set(first)) > 1 or len(set(second)) > 1:
        assert mutual_information(a, b) == pytest.approx(normalized_mutual_info_score(first, second), abs=1e-9)


@given(DIVISIONS)
def test_omega_of_divisions_is_their_adjusted_rand_index(pairs: list[tuple[int, int]]) -> None:
    """For groups that do not overlap, the omega index is the adjusted Rand index."""
    nodes = [str(n) for n in range(len(pairs))]
    labels = [dict(zip(nodes, (pair[n] for pair in pairs), strict=True)) for n in (0, 1)]
    covers = [[frozenset(n for n in nodes if of[n] == label) for label in sorted(set(of.values()))] for of in labels]
    expected = adjusted_rand(labels[0], labels[1])
    assert omega(covers[0], covers[1], nodes) == pytest.approx(expected, abs=1e-9)


def test_omega_counts_in_how_many_groups_a_pair_is_together() -> None:
    """By hand: four nodes, one pair twice together in one cover and once in the other."""
    first = [frozenset("abc"), frozenset("ab")]
    second = [frozenset("abc"), frozenset("d")]
    # Pairs of the first: ab 2, ac 1, bc 1, three 0; of the second: ab 1, ac 1, bc 1, three 0. Five of six agree.
    expected = (1 * 0 + 2 * 3 + 3 * 3) / 36
    assert omega(first, second, "abcd") == pytest.approx((5 / 6 - expected) / (1 - expected))


def test_chance_of_an_agreement_is_the_share_of_permutations() -> None:
    """For six nodes all 720 relabellings can be counted; sampling comes near their share."""
    first = dict(zip("abcdef", (0, 0, 0, 1, 1, 1), strict=True))
    second = dict(zip("abcdef", (0, 0, 0, 1, 1, 1), strict=True))
    same = sum(
        adjusted_rand(first, dict(zip("abcdef", drawn, strict=True))) >= 1 for drawn in permutations(second.values())
    )
    assert same / 720 == pytest.approx(0.1)
    assert chance(first, second, 4000, 1) == pytest.approx(0.1, abs=0.02)


def test_two_mode_modularity_by_hand() -> None:
    """Two pairs of pilots with a thing each, and one link across: 4/5 inside, less what the degrees make likely."""
    of = incidence(two_mode([{0, 1}, {0}, {1}, {1}]))
    number = {name: place for place, name in enumerate(of.pilots)}
    label = {"p0": 0, "p1": 0, "p2": 1, "p3": 1, "t0": 0, "t1": 1}
    pilots = [label[name] for name in sorted(number, key=lambda n: number[n])]
    things = [label[name] for name in of.things]
    # Group 0: pilots with 3 links, a thing with 2; group 1: pilots with 2, a thing with 3. Five links in all.
    assert barber(of, pilots, things) == pytest.approx(4 / 5 - (3 * 2 + 2 * 3) / 25)


@pytest.mark.parametrize("seed", range(8))
def test_both_methods_find_the_best_division_of_small_networks(seed: int) -> None:
    """For seven pilots every division can be tried; the best of many runs is the best there is."""
    generator = dice(seed)
    of = incidence(two_mode([set(generator.sample(range(6), generator.randint(1, 3))) for _ in range(7)]))
    graph = of.graph("newman")
    tried = list(all_divisions(len(of.pilots)))
    best_projected = max(
        nx.community.modularity(graph, [{n for n, x in enumerate(labels) if x == g} for g in set(labels)])
        for labels in tried
    )
    best_two_mode = max(best_barber(of, labels) for labels in tried)
    found = {name: max(method(of, run, "newman", 1.0)[0] for run in range(60)) for name, method in METHODS.items()}
    assert found == pytest.approx({"projection": best_projected, "two-mode": best_two_mode})


@pytest.mark.parametrize("weighting", ["count", "newman", "inverse"])
def test_the_projection_is_that_of_the_network(weighting: str) -> None:
    """What is divided is the projection that `pilotgraph network` shows, and igraph gives the same modularity."""
    graph = planted()
    of = incidence(graph)
    ours = {frozenset((of.pilots[a], of.pilots[b])): w for (a, b), w in of.pairs(weighting).items()}
    theirs = {frozenset((a, b)): w for a, b, w in project(graph, "pilot", weighting).edges(data="weight")}
    assert ours == pytest.approx(theirs)
    quality, labels = METHODS["projection"](of, 1, weighting, 1.0)
    edges = [(a, b, w) for (a, b), w in of.pairs(weighting).items()]
    other = igraph.Graph.TupleList(edges, weights=True)
    order = [labels[int(vertex["name"])] for vertex in other.vs]
    assert quality == pytest.approx(other.modularity(order, weights="weight"))


@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=5), min_size=3, max_size=9), st.integers(0, 99))
def test_random_networks_keep_every_number_of_links_of_each_kind(rows: list[set[int]], seed: int) -> None:
    """A pilot keeps its number of partners and its number of goals, and each of them its number of pilots."""
    of = incidence(two_mode(rows, dict.fromkeys(range(5), "goal")))
    if not of.rows:
        return

    def margins(drawn: Incidence) -> tuple[object, object]:
        per_pilot = [Counter(drawn.layers[t] for t in row) for row in drawn.rows]
        return per_pilot, [len(holders) for holders in drawn.columns]

    drawn = list(random_networks(of, 3, dice(seed)))
    assert [margins(network) for network in drawn] == [margins(of)] * 3


def test_random_networks_are_drawn_evenly() -> None:
    """All matrices with the same margins come equally often, by a chi-square test at 1 in 1000."""
    of = Incidence(("a", "b", "c"), ("x", "y", "z"), ("goal",) * 3, tuple(map(frozenset, ({0, 1}, {0, 2}, {1}))))
    margins = ([2, 2, 1], [2, 2, 1])
    possible = {
        rows
        for rows in product([frozenset(s) for n in (1, 2) for s in combinations(range(3), n)], repeat=3)
        if [len(row) for row in rows] == margins[0] and [sum(t in row for row in rows) for t in range(3)] == margins[1]
    }
    drawn: Counter[tuple[frozenset[int], ...]] = Counter()
    generator = dice(7)
    samples = 3000
    rows = [set(row) for row in of.rows]
    for _ in range(samples):
        trade(rows, 30, generator)
        drawn[tuple(frozenset(row) for row in rows)] += 1
    assert set(drawn) == possible
    expected = samples / len(possible)
    statistic = sum((n - expected) ** 2 / expected for n in drawn.values())
    assert len(possible) == 5
    assert statistic < 18.47  # the 0.999 quantile with 4 degrees of freedom


def test_what_is_left_out_is_as_if_it_had_never_been_there() -> None:
    """Without a thing or a pilot, the network is that of the graph without it."""
    graph = planted()
    of = incidence(graph)

    def links(network: Incidence) -> set[tuple[str, str]]:
        rows = zip(network.pilots, network.rows, strict=True)
        return {(pilot, network.things[thing]) for pilot, row in rows for thing in row}

    for number, thing in enumerate(of.things):
        assert links(of.without(thing=number)) == links(incidence(_without(graph, thing)))
    for number, pilot in enumerate(of.pilots):
        assert links(of.without(pilot=number)) == links(incidence(_without(graph, pilot)))


def _without(graph: nx.Graph[str], node: str) -> nx.Graph[str]:
    rest = graph.copy()
    rest.remove_node(node)
    return rest


def test_planted_groups_are_found_and_clear() -> None:
    """Three groups that share things of their own come out as they are, with the verdict clear."""
    report = cluster_report(planted(), QUICK)
    expected = [tuple(sorted(f"p{n}" for n in range(first, first + 6))) for first in (0, 6, 12)]
    assert report.verdict == "clear"
    assert sorted(core.pilots for core in report.cores) == sorted(expected)
    assert [sorted(result.groups) for result in report.methods] == [sorted(expected)] * 2
    assert report.methods_agree is not None
    assert report.methods_agree.adjusted_rand == 1.0
    assert all(result.p == 0.01 and result.z > 3 for result in report.methods)


def test_random_networks_have_no_clusters() -> None:
    """Of twenty networks by chance at most two are taken for more, as a level of 5% makes likely."""
    quick = Settings(runs=4, tries=3, samples=39, noise_samples=2)
    verdicts = [cluster_report(by_chance(seed, 12, 12, 4), quick).verdict for seed in range(20)]
    assert verdicts.count("none") >= 18
    assert "clear" not in verdicts


def test_a_network_shuffled_with_its_degrees_kept_loses_its_clusters() -> None:
    """The planted groups have the verdict none once chance has dealt the same links."""
    graph = planted()
    drawn = next(random_networks(incidence(graph), 1, dice(3)))
    report = cluster_report(two_mode([set(row) for row in drawn.rows]), QUICK)
    assert (report.verdict, report.reasons, report.cores) == ("none", ("chance",), ())


def test_a_star_has_no_clusters() -> None:
    """One partner that all pilots share, and nothing else, makes no groups."""
    report = cluster_report(two_mode([{0} for _ in range(8)]), QUICK)
    assert (report.verdict, report.reasons, report.methods) == ("none", ("too-small",), ())


def test_too_few_pilots_are_not_divided() -> None:
    """Nine pilots in three groups that could not be clearer are too few; a tenth makes them enough to look at."""
    nine = planted(groups=3, size=3)
    assert cluster_report(nine, QUICK).reasons == ("too-small",)
    nine.add_node("p9", label="Pilot 9", mode="pilot")
    nine.add_edge("p9", "t0", claims=["c9-0"], sources=[], knowing="stated")
    assert cluster_report(nine, QUICK).reasons != ("too-small",)


def test_pilots_that_share_nothing_are_said_to_be_alone() -> None:
    """A pilot without a partner, and one whose partner nobody else has, stand alone; nothing else changes."""
    graph = planted()
    graph.add_node("q1", label="Alone", mode="pilot")
    graph.add_node("q2", label="Alone too", mode="pilot")
    graph.add_node("x", label="Own partner", mode="organisation")
    graph.add_edge("q2", "x", claims=["c"], knowing="stated")
    report = cluster_report(graph, QUICK)
    assert report.alone == ("q1", "q2")
    assert report.cores == cluster_report(planted(), QUICK).cores


@pytest.mark.parametrize("seed", range(2))
def test_names_and_order_do_not_change_the_outcome(seed: int) -> None:
    """Other names for all nodes, and another order of nodes and links, give the same report."""
    graph = planted(seed=2)
    graph.remove_edges_from([("p0", t) for t in list(graph["p0"])[:2]])
    generator = dice(seed)
    names = sorted(graph)
    fresh = [f"n{n:03}" for n in range(len(names))]
    generator.shuffle(fresh)
    rename = dict(zip(names, fresh, strict=True))
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    generator.shuffle(nodes)
    generator.shuffle(edges)
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from((rename[node], data) for node, data in nodes)
    other.add_edges_from((rename[b], rename[a], data) for a, b, data in edges)
    assert _outcome(cluster_report(other, QUICK), {}) == _outcome(cluster_report(graph, QUICK), rename)


def _outcome(report: object, rename: dict[str, str]) -> object:
    """A report as plain values, with nodes renamed and in an order of its own."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return sorted((repr(plain(key)), repr(plain(item))) for key, item in value.items())
        if isinstance(value, list | tuple):
            return sorted(repr(plain(item)) for item in value)
        if isinstance(value, float):
            return round(value, 9)
        return rename.get(value, value) if isinstance(value, str) else value

    return plain(cluster_json(report))  # type: ignore[arg-type]


def test_cores_are_pilots_of_which_each_two_are_nearly_always_together() -> None:
    """By hand: d is often with a, less with b and never with c, so it belongs to no core; e and f are only a pair."""
    shares = dict.fromkeys(combinations("abcdef", 2), 0.0)
    shares |= {("a", "b"): 1.0, ("a", "c"): 0.9, ("b", "c"): 0.8, ("a", "d"): 0.95, ("b", "d"): 0.75, ("e", "f"): 1.0}
    core, pair = cores("abcdef", shares, 0.8)
    assert (pair.pilots, pair.lowest) == (("e", "f"), 1.0)
    assert (core.pilots, core.lowest, core.mean) == (("a", "b", "c"), 0.8, pytest.approx(0.9))
    listed = [(item.pilot, item.core, item.share) for item in between("abcdef", [core], shares)]
    assert listed == [("d", 0, pytest.approx(1.7 / 3)), ("e", 0, 0.0), ("f", 0, 0.0)]


def test_being_together_counts_each_method_the_same() -> None:
    """Two analyses by one method and one by another: half the weight each; absent pilots do not count."""
    divisions = [[{"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 2}], [{"a": 1, "b": 1, "c": 1}]]
    assert together("abc", divisions) == {("a", "b"): 0.75, ("a", "c"): 0.5, ("b", "c"): 0.5}


def test_what_holds_a_core_together_is_what_its_pilots_have_more_than_expected() -> None:
    """Weight and counts of every holding thing, computed anew from the graph."""
    graph = planted()
    report = cluster_report(graph, QUICK)
    links = graph.number_of_edges()
    for core in report.cores:
        share = sum(graph.degree[pilot] for pilot in core.pilots) / links
        expected = []
        for thing in (n for n, mode in graph.nodes(data="mode") if mode != "pilot"):
            having = sorted(set(graph[thing]) & set(core.pilots))
            weight = (len(having) - share * graph.degree[thing]) / links
            claims = tuple(sorted(f"c{pilot[1:]}-{thing[1:]}" for pilot in having))
            expected.append((-weight, thing, len(having), graph.degree[thing] - len(having), claims))
        assert [hold.weight for hold in core.holds] == pytest.approx([-row[0] for row in sorted(expected)[:6]])
        found = {(hold.thing, hold.inside, hold.outside, hold.claims) for hold in core.holds}
        assert found <= {tuple(row[1:]) for row in expected}


def test_a_division_by_others_is_compared_with_ours() -> None:
    """The same division agrees wholly, one across it not; overlapping groups have an index of their own."""
    same = {f"g{n}": frozenset(f"p{p}" for p in range(n * 6, n * 6 + 6)) for n in range(3)}
    across = {f"x{n}": frozenset(f"p{p}" for p in range(18) if p % 3 == n) for n in range(3)}
    doubled = same | {"more": frozenset(same["g0"] | {"p6"})}
    given_ = [Reference("same", "Same", same), Reference("across", "Across", across), Reference("two", "Two", doubled)]
    report = cluster_report(planted(), QUICK, given_)
    found = {(a.ours, a.reference): (a.pilots, round(a.adjusted_rand, 3)) for a in report.references}
    ours = ("projection", "two-mode", "cores")
    assert found == {(o, r): (18, v) for o in ours for r, v in (("same", 1.0), ("across", -0.133), ("two", 1.0))}
    assert [a.overlapping is None for a in report.references] == [True] * 6 + [False] * 3
    assert all(a.p == 0.01 for a in report.references if a.reference == "same")
    assert all(a.p > 0.5 for a in report.references if a.reference == "across")


def test_a_report_can_be_read_and_written_as_json() -> None:
    """The text tells verdict, cores and figures in both languages; the JSON round trip changes nothing."""
    report = cluster_report(planted(), QUICK)
    lines = cluster_text(report, "en").splitlines()
    assert lines[:2] == [
        (
            "Verdict: clear. The pilots fall into groups, and the groups hold whatever is left out. Passed: more "
            "grouped than 99% of the random networks, by both methods; the same outcome in repeated runs (adjusted "
            "Rand 0.80 or more); hardly changed when one thing or one pilot is left out (0.80 or more); much the same "
            "when some of the links are left out (0.65 or more); two methods that agree (0.65 or more)."
        ),
        "18 pilots linked by 18 things that two or more of them have, with 108 links; 0 alone.",
    ]
    assert "  Pilot 0; Pilot 1; Pilot 2; Pilot 3; Pilot 4; Pilot 5" in lines
    assert cluster_text(report, "nl").startswith("Oordeel: duidelijk. De pilots vallen in groepen uiteen")
    written = json.loads(json.dumps(cluster_json(report, "nl")))
    assert written["says"][0].startswith("De pilots vallen in groepen uiteen")
    assert [core["pilots"] for core in written["cores"]] == [list(core.pilots) for core in report.cores]
    assert math.isclose(written["methods"][0]["z"], report.methods[0].z)
