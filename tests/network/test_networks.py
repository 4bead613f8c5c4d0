"""Networks from queries: whole networks of a small data set, worked out by hand, and the bundled one counted anew."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

import pilotgraph
from pilotgraph.errors import DatasetError
from pilotgraph.network import (
    FUNDING_ROLES,
    LAYERS,
    NetworkOptions,
    check_roles,
    check_sources,
    cross_links,
    describe,
    pilot_actor_network,
    two_mode,
)
from pilotgraph.network.networks import everything
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    import networkx as nx
    from conftest import Small

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.embedded import EmbeddedStore

BASE = "https://example.org/set/id/"


def short(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rsplit("/", 1)[-1]


def edges(graph: nx.Graph[str]) -> dict[str, str]:
    """The links of a two-mode network, as "a-x": the claims that make it."""
    return {
        f"{short(one)}-{short(two)}": " ".join(map(short, data["claims"])) for one, two, data in graph.edges(data=True)
    }


def network(small: Small, **options: Any) -> nx.Graph[str]:  # noqa: ANN401 - options of several types
    """A two-mode network of the small data set."""
    return two_mode(small.dataset, small.reader, NetworkOptions(**options))


ALL = {"a-x": "a-x-funder a-x-lead", "b-x": "b-x", "b-y": "b-y", "c-x": "c-x", "c-y": "c-y", "c-z": "c-z"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ALL),
        ({"kinds": True}, {**ALL, "a-k": "a-k", "d-k": "d-k"}),
        ({"funders": False}, {**ALL, "a-x": "a-x-lead", "c-x": None}),
        ({"without_roles": frozenset({"partner"})}, {**ALL, "b-x": None, "b-y": None, "c-y": None}),
        ({"without_roles": frozenset({"lead"}), "funders": False}, {**ALL, "a-x": None, "c-x": None}),
        ({"sources": frozenset({"one"})}, {**ALL, "b-y": None}),
        # The second source names pilot E only, and says nothing of its partners.
        ({"sources": frozenset({"two"})}, {}),
        # A had begun; B begins in March; of C the preferred reading begins in 2022; D and E have no dates.
        ({"as_of": "2021-02-28"}, {"a-x": "a-x-funder a-x-lead"}),
        # The claim b-y is of 2022.
        ({"as_of": "2021-03-01"}, {"a-x": "a-x-funder a-x-lead", "b-x": "b-x"}),
        ({"as_of": "2021-07-01"}, {"b-x": "b-x"}),
        ({"as_of": "2022-01-01"}, {**ALL, "a-x": None}),
        ({"relation": "goal"}, {"a-one": "a-goal", "b-one": "b-goal", "c-two": "c-goal"}),
        ({"relation": "domain"}, {"a-one": "a-domain", "c-one": "c-domain"}),
        # A district lies in its city; the country is left out.
        (
            {"relation": "place"},
            {"a-west": "a-place", "a-city": "a-place", "b-east": "b-place", "b-city": "b-place", "c-city": "c-place"},
        ),
    ],
)
def test_links_by_hand(small: Small, options: dict[str, Any], expected: dict[str, str | None]) -> None:
    """Each option leaves in and out what it says, with the claims that make each link."""
    assert edges(network(small, **options)) == {name: claims for name, claims in expected.items() if claims}


@pytest.mark.parametrize(
    ("options", "pilots"),
    [
        ({}, "abcde"),
        ({"sources": frozenset({"one"})}, "abcd"),
        ({"sources": frozenset({"two"})}, "e"),
        ({"sources": frozenset({"one", "two"})}, "abcde"),
        ({"as_of": "2019-12-31"}, "de"),
        ({"as_of": "2020-01-01"}, "ade"),
        ({"as_of": "2021-06-30"}, "abde"),
        ({"as_of": "2023-01-01"}, "cde"),
    ],
)
def test_pilots_without_links_stay(small: Small, options: dict[str, Any], pilots: str) -> None:
    """Every pilot that the sources name and that may have run is there, linked or not."""
    graph = network(small, **options)
    assert "".join(short(node) for node, data in graph.nodes(data=True) if data["mode"] == "pilot") == pilots


def test_a_node_and_an_edge_by_hand(small: Small) -> None:
    """A pilot has its traits, an organisation its kind, a link its roles, sources and state; all as JSON can hold."""
    graph = network(small, kinds=True)
    assert graph.nodes[f"{BASE}pilot/a"] == {
        "label": "Pilot A",
        "slug": "a",
        "mode": "pilot",
        "pillar": "one",
        "pillar_label": "pillar one",
        "status": "live; running",
        "status_label": "status live; status running",
        "statuses": ["live", "running"],
        "status_labels": ["status live", "status running"],
        "programmes": ["plan"],
        "programme_labels": ["The plan"],
        "domains": ["one"],
        "domain_labels": ["domain one"],
        "goals": ["one"],
        "goal_labels": ["goal one"],
        "target_groups": ["one"],
        "target_group_labels": ["target group one"],
        "places": ["city", "west"],
        "place_labels": ["City", "West"],
        "start": "2020",
        "end": "2021-06",
        "sources": ["one"],
    }
    dates = {short(n): (d["start"], d["end"]) for n, d in graph.nodes(data=True) if d["mode"] == "pilot"}
    assert dates == {
        "a": ("2020", "2021-06"),
        "b": ("2021-03", "2022"),
        "c": ("2022", ""),
        "d": ("", ""),
        "e": ("", ""),
    }
    assert graph.nodes[f"{BASE}organisation/x"] == {
        "label": "Body X",
        "slug": "x",
        "mode": "organisation",
        "kind": "court",
        "kind_label": "court",
    }
    assert graph.nodes[f"{BASE}concept/organisation-kind/k"]["mode"] == "kind"
    assert graph.edges[f"{BASE}pilot/a", f"{BASE}organisation/x"] == {
        "roles": "as funder, as lead",
        "role_slugs": ["funder", "lead"],
        "claims": [f"{BASE}claim/a-x-funder", f"{BASE}claim/a-x-lead"],
        "sources": ["one"],
        "knowing": "stated",
    }
    json.dumps([list(graph.nodes(data=True)), list(graph.edges(data=True))])


def test_how_a_link_is_known(small: Small) -> None:
    """By the editors, by the register of places, or against another claim; what only seems to clash is stated."""
    known = {
        f"{short(one)}-{short(two)}": data["knowing"]
        for relation in ("actor", "goal", "place")
        for one, two, data in network(small, relation=relation).edges(data=True)
    }
    assert {name for name, state in known.items() if state == "stated"} == {
        *(set(ALL) - {"c-z"}),
        "a-one",
        "c-two",
        "a-west",
        "b-east",
        "c-city",
    }
    assert {name: state for name, state in known.items() if state != "stated"} == {
        "c-z": "contradicted",
        "b-one": "assigned",
        "a-city": "derived",
        "b-city": "derived",
    }


def test_cross_links_by_hand(small: Small) -> None:
    """Each kind of cross-link is a link of its own, and names what is shared and the claims of both sides."""
    graph = cross_links(small.dataset, small.reader, NetworkOptions(kinds=True))
    found = {
        f"{short(one)}-{short(two)} {layer}": (
            " ".join(map(short, data["shared"])),
            " ".join(map(short, data["claims"])),
            data["knowing"],
        )
        for one, two, layer, data in graph.edges(keys=True, data=True)
    }
    assert found == {
        "a-b actor": ("x", "a-x-funder a-x-lead b-x", "stated"),
        "a-b goal": ("one", "a-goal b-goal", "assigned"),
        "a-b place": ("city", "a-place b-place", "derived"),
        "a-b programme": ("plan", "a-plan b-plan", "stated"),
        "a-c actor": ("x", "a-x-funder a-x-lead c-x", "stated"),
        "a-c domain": ("one", "a-domain c-domain", "stated"),
        "a-c finding": ("finding", "finding", "stated"),
        "a-c place": ("city", "a-place c-place", "derived"),
        "a-d actor": ("k", "a-k d-k", "stated"),
        "a-d relation": ("follow-up-of", "d-a", "stated"),
        "a-e target-group": ("one", "a-group e-group", "stated"),
        "b-c actor": ("x y", "b-x b-y c-x c-y", "stated"),
        "b-c place": ("city", "b-place c-place", "derived"),
    }
    texts = graph.edges[f"{BASE}pilot/a", f"{BASE}pilot/c", "finding"]["shared_labels"]
    assert texts == ["Both are late."]
    assert "".join(map(short, graph)) == "abcde"


def test_who_meets_in_a_district_has_not_also_met_in_its_city(dataset: Dataset, reader: EmbeddedStore) -> None:
    """Of nested places that two pilots share only the smallest is named, as of the two in Hillesluis."""
    graph = cross_links(dataset, reader)
    pair = dataset.iri("pilot", "rotterdam-zuid"), dataset.iri("pilot", "wijkrechtspraak-op-zuid")
    assert [short(place) for place in graph.edges[(*pair, "place")]["shared"]] == ["hillesluis"]


def test_everything_is_the_union(small: Small) -> None:
    """The network of all relations together has the links of each."""
    parts = [network(small, relation=relation) for relation in ("actor", "goal", "domain", "place")]
    assert {frozenset(edge) for edge in everything(small.dataset, small.reader).edges} == {
        frozenset(edge) for part in parts for edge in part.edges
    }


def test_dutch_labels(small: Small) -> None:
    """All labels are in the language that is asked for."""
    graph = network(small, language="nl")
    assert all(data["label"].endswith("(nl)") for _, data in graph.nodes(data=True))
    assert graph.edges[f"{BASE}pilot/b", f"{BASE}organisation/x"]["roles"] == "as partner (nl)"


@pytest.mark.parametrize("funders", [True, False])
def test_the_bundled_network_is_that_of_its_claims(dataset: Dataset, reader: EmbeddedStore, *, funders: bool) -> None:
    """The links are the pairs that the claims of participation name, read by another query."""
    graph = two_mode(dataset, reader, NetworkOptions(kinds=True, funders=funders))
    rows = reader.select(
        with_prefixes(
            "SELECT ?p ?a ?r { ?c pg:participant ?a ; pg:about ?p ; pg:role ?r ; a ?class . ?p a pg:Pilot . "
            "FILTER(?class = pg:Participation) }"
        )
    )
    pairs = {(plain(r["p"]), plain(r["a"])) for r in rows if funders or short(plain(r["r"])) not in FUNDING_ROLES}
    assert set(graph.edges) == pairs
    assert describe(graph)["pilots"] == 34


def test_cross_links_of_the_bundled_data_by_another_way(dataset: Dataset, reader: EmbeddedStore) -> None:
    """Two pilots are linked in a layer if and only if the derived shortcuts share something."""
    graph = cross_links(dataset, reader)
    for layer, shortcut in {"goal": "servesGoal", "domain": "inDomain", "programme": "inProgramme"}.items():
        values: dict[str, set[str]] = {}
        for row in reader.select(with_prefixes(f"SELECT ?p ?v {{ ?p a pg:Pilot ; pg:{shortcut} ?v }}")):
            values.setdefault(plain(row["p"]), set()).add(plain(row["v"]))
        sharing = {pair: values[pair[0]] & values[pair[1]] for pair in combinations(sorted(values), 2)}
        found = {(a, b): set(d["shared"]) for a, b, d in graph.edges(data=True) if d["layer"] == layer}
        assert found == {pair: both for pair, both in sharing.items() if both}


def test_every_edge_has_proof(dataset: Dataset, reader: EmbeddedStore) -> None:
    """Each claim behind a link has a passage, in every network."""
    rows = reader.select(with_prefixes("SELECT DISTINCT ?c { ?c pg:evidence ?passage }"))
    proved = {plain(row["c"]) for row in rows}
    graphs = [everything(dataset, reader, NetworkOptions(kinds=True)), cross_links(dataset, reader)]
    for graph in graphs:
        for *_, data in graph.edges(data=True):
            assert data["claims"]
            assert set(data["claims"]) <= proved


@pytest.mark.parametrize("relation", ["actor", "goal", "domain", "place"])
def test_order_is_that_of_the_iris(dataset: Dataset, reader: EmbeddedStore, relation: str) -> None:
    """Pilots, then things, then links, each sorted, so that the same data gives the same bytes."""
    graph = two_mode(dataset, reader, NetworkOptions(relation=relation))
    nodes = list(graph)
    pilots = [node for node in nodes if graph.nodes[node]["mode"] == "pilot"]
    things = [node for node in nodes if graph.nodes[node]["mode"] != "pilot"]
    assert nodes == sorted(pilots) + sorted(things)
    assert list(graph.edges) == sorted(graph.edges)
    links = list(cross_links(dataset, reader).edges(keys=True))
    assert links == sorted(links)
    assert {layer for *_, layer in links} == set(LAYERS)


def test_old_door_and_new_door(dataset: Dataset, reader: EmbeddedStore) -> None:
    """`pilot_actor_network` and the Python API give the network that `two_mode` gives."""
    options = NetworkOptions(kinds=True, without_roles=frozenset({"consulted"}))
    graph = two_mode(dataset, reader, options)
    old = pilot_actor_network(dataset, reader, kinds=True, without_roles=frozenset({"consulted"}))
    new = pilotgraph.open().network(kinds=True, without_roles=["consulted"])
    for other in (old, new):
        assert list(other.nodes(data=True)) == list(graph.nodes(data=True))
        assert list(other.edges(data=True)) == list(graph.edges(data=True))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"relation": "goals"}, "goals: no such network; did you mean goal"),
        ({"relation": "xyz"}, "xyz: no such network; there are actor, goal, domain, place, all"),
        ({"as_of": "2021-02-30"}, "as of 2021-02-30: that is no date"),
        ({"as_of": "2021"}, "as of 2021: that is no date"),
        ({"as_of": "20210630"}, "as of 20210630: that is no date"),
    ],
)
def test_options_that_mean_nothing(options: dict[str, Any], said: str) -> None:
    """A relation or date that is none is refused in one line, with what was meant."""
    with pytest.raises(DatasetError, match=said):
        NetworkOptions(**options)


def test_names_that_mean_nothing(small: Small) -> None:
    """A role or source that the data set does not have is refused, with what was meant."""
    with pytest.raises(DatasetError, match="--without partners: no such role; did you mean partner"):
        check_roles(["lead", "partners"], small.reader)
    with pytest.raises(DatasetError, match="--source three: no such source; there are one, two"):
        check_sources(["one", "three"], small.dataset)
    with pytest.raises(DatasetError, match="all: joins pilots with each other; use cross_links"):
        two_mode(small.dataset, small.reader, replace(NetworkOptions(), relation="all"))
