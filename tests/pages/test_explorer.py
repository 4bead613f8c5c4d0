"""The explorer's data and page: whole, traceable, the same each time. The browser's side is tested in `viz/tests`."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pilotgraph.answers import Table, add_evidence
from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError
from pilotgraph.load import open_cached
from pilotgraph.network import LAYERS, RELATIONS, NetworkOptions, cross_links, two_mode
from pilotgraph.network.clusters import Settings, cluster_report
from pilotgraph.network.report.analysis import networks, ways_to_count
from pilotgraph.pages import browser_asset
from pilotgraph.pages.explorer import explorer_data, render_explorer
from pilotgraph.pages.explorer.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.network.clusters import ClusterReport
    from pilotgraph.store.embedded import EmbeddedStore

    Data = dict[str, Any]

ROOT = Path(__file__).parents[2]
needs_bundle = pytest.mark.skipif(
    not (ROOT / "viz/dist/explorer.js").is_file(), reason="viz/dist is not built; run: make viz"
)
# The test is of what the page tells, not of how long one must look for clusters.
QUICK = Settings(runs=4, tries=2, samples=39, noise_samples=2)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="module")
def reader(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set, loaded."""
    return open_cached(dataset)


@pytest.fixture(scope="module")
def report(dataset: Dataset, reader: EmbeddedStore) -> ClusterReport:
    """Clusters, found quickly."""
    return cluster_report(ways_to_count(networks(dataset, reader, "en"))["main"], QUICK)


@pytest.fixture(scope="module")
def data(dataset: Dataset, reader: EmbeddedStore, report: ClusterReport) -> Data:
    """What the explorer shows, in Dutch."""
    return explorer_data(dataset, reader, "nl", report)


def whole(data: Data, short: str) -> str:
    """The IRI that the data write short."""
    return str(data["base"] + short)


def linked(data: Data, layer: str) -> dict[tuple[str, str], set[str]]:
    """The claims of each link of a kind, in IRIs."""
    found: dict[tuple[str, str], set[str]] = {}
    for pilot, thing, claim, *_ in data["links"][layer]:
        ends = whole(data, data["nodes"][pilot]["id"]), whole(data, data["nodes"][thing]["id"])
        found.setdefault(ends, set()).add(whole(data, data["claims"][claim]["id"]))
    return found


@pytest.mark.parametrize("relation", [name for name in RELATIONS if name != "all"])
def test_every_node_link_and_claim_of_a_network_is_there(
    data: Data, dataset: Dataset, reader: EmbeddedStore, relation: str
) -> None:
    """The two-mode networks with everything in them can be read back from the data, node by node and link by link."""
    graph = two_mode(dataset, reader, NetworkOptions(relation=relation, kinds=True, language="nl"))
    told = {whole(data, node["id"]): (node["label"], node["mode"]) for node in data["nodes"]}
    expected = {iri: (node["label"], node["mode"]) for iri, node in graph.nodes(data=True)}
    assert {iri: told.get(iri) for iri in expected} == expected
    pilots = {node for node, mode in graph.nodes(data="mode") if mode == "pilot"}
    edges = {(a, b) if a in pilots else (b, a): set(edge["claims"]) for a, b, edge in graph.edges(data=True)}
    assert linked(data, relation) == edges


def test_every_cross_link_can_be_made_from_the_data(data: Data, dataset: Dataset, reader: EmbeddedStore) -> None:
    """No claim of a cross-link of any kind is missing, and every kind is there."""
    graph = cross_links(dataset, reader, NetworkOptions(kinds=True, language="nl"))
    for layer in LAYERS:
        told = set().union(*linked(data, layer).values())
        used = {
            claim for *_, key, edge in graph.edges(keys=True, data=True) if key == layer for claim in edge["claims"]
        }
        assert used
        assert used <= told


def test_every_claim_has_the_passages_of_the_graph(data: Data, reader: EmbeddedStore) -> None:
    """Source, section, page, first and last words and link of each passage are those that `--evidence` tells."""
    claims = [whole(data, claim["id"]) for claim in data["claims"]]
    table = Table([], [[] for _ in claims], [[claim] for claim in claims])
    assert add_evidence(table, reader, "nl") == 0
    for claim, passages in zip(data["claims"], table.passages, strict=True):
        told = [
            (
                data["sources"][passage["source"]]["slug"],
                *(passage.get(key, "") for key in ("section", "page", "first", "last", "link")),
            )
            for passage in (data["passages"][number] for number in claim["passages"])
        ]
        assert told == [(p.source, p.section, p.page, p.starts_with, p.ends_with, p.link) for p in passages]
        assert {data["sources"][number]["slug"] for number in claim["sources"]} == {p.source for p in passages}


def test_clusters_are_those_of_the_report_with_their_claims(data: Data, report: ClusterReport) -> None:
    """Each core has its pilots, and each thing that holds it together the claims that say so."""
    told = data["clusters"]
    assert told["verdict"] == report.verdict == "weak"
    assert report.cores
    names = [[whole(data, data["nodes"][node]["id"]) for node in core["nodes"]] for core in told["cores"]]
    assert names == [list(core.pilots) for core in report.cores]
    for core, found in zip(told["cores"], report.cores, strict=True):
        held = [(whole(data, data["nodes"][hold["node"]]["id"]), hold["inside"]) for hold in core["holds"]]
        assert held == [(hold.thing, hold.inside) for hold in found.holds]
        claims = [[whole(data, data["claims"][n]["id"]) for n in hold["claims"]] for hold in core["holds"]]
        assert claims == [list(hold.claims) for hold in found.holds]


def test_every_network_has_a_layout_with_all_its_nodes(data: Data) -> None:
    """Whatever can be chosen in the explorer has a place in its layout, and no two nodes have the same place."""
    modes = [node["mode"] for node in data["nodes"]]
    for name, things in {
        "actor": {"pilot", "organisation"},
        "actor-kinds": {"pilot", "organisation", "kind"},
        "goal": {"pilot", "goal"},
        "domain": {"pilot", "domain"},
        "place": {"pilot", "place"},
        "pilots": {"pilot"},
        "actors": {"organisation"},
        "actors-kinds": {"organisation", "kind"},
    }.items():
        layout = data["layouts"][name]
        assert layout["nodes"] == [number for number, mode in enumerate(modes) if mode in things], name
        places = list(zip(layout["at"][::2], layout["at"][1::2], strict=True))
        assert len(set(places)) == len(layout["nodes"]), name


def test_the_same_data_give_the_same_bytes() -> None:
    """Two processes that hash differently write the same data, layouts and clusters included."""
    script = (
        "import hashlib, json\n"
        "from pilotgraph.dataset import Dataset\n"
        "from pilotgraph.load import open_cached\n"
        "from pilotgraph.network.clusters import Settings, cluster_report\n"
        "from pilotgraph.network.report.analysis import networks, ways_to_count\n"
        "from pilotgraph.pages.explorer import explorer_data\n"
        "dataset = Dataset.open()\n"
        "reader = open_cached(dataset)\n"
        "main = ways_to_count(networks(dataset, reader, 'en'))['main']\n"
        "report = cluster_report(main, Settings(runs=2, tries=1, samples=21, noise_samples=1))\n"
        "print(json.dumps(explorer_data(dataset, reader, 'en', report)))\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "HOME": str(Path.home())},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]


@needs_bundle
def test_page_holds_the_data_and_lets_only_its_own_script_run(data: Data) -> None:
    """The data stand in the page as they are; the policy names the digests of script and style, and no address."""
    html = render_explorer(data)
    block = re.search(r'<script type="application/json" id="explorer-data">(.*?)</script>', html, re.DOTALL)
    assert block
    assert json.loads(block[1]) == json.loads(json.dumps(data))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy
    assert script
    assert style

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy[1].split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{digest(script[1])}'",
        f"style-src 'sha256-{digest(style[1])}'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    own = html.replace(script[1], "").replace(style[1], "").replace(block[1], "")
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import|style\s*=|\son\w+\s*=""", own)
    assert not re.search(r"url\(|@import", style[1])


@needs_bundle
def test_page_shows_a_table_without_a_script(data: Data) -> None:
    """Who takes part in which pilot stands in the page for those who have no script, a row a link."""
    html = render_explorer(data)
    fallback = html[html.index("<noscript>") : html.index("</noscript>")]
    assert fallback.count("<tr>") == len(linked(data, "actor")) + 1


def test_a_bundle_that_is_not_built_is_said_so() -> None:
    """A missing script is one clear message, not a broken page."""
    with pytest.raises(DatasetError, match=r"nothing\.js: viz/dist is not built; run: make viz"):
        browser_asset("nothing.js")


def overlapping(places: list[tuple[int, int]], boxes: list[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """The pairs of labels that lie over each other, by a pixel or more; a label hangs below its node."""
    for a in range(len(places)):
        for b in range(a):
            across = (boxes[a][0] + boxes[b][0]) / 2 - abs(places[a][0] - places[b][0])
            middles = [places[n][1] - boxes[n][1] / 2 for n in (a, b)]
            upwards = (boxes[a][1] + boxes[b][1]) / 2 - abs(middles[0] - middles[1])
            if across > 1 and upwards > 1:
                yield a, b


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (0, []),
        (1, []),
        (5, []),
        (2, [(0, 1, 1.0)]),
        (40, [(0, n, 1.0) for n in range(1, 40)]),
        (60, [(n, (n + 1) % 60, 1.0) for n in range(60)]),
        (30, [(a, b, 1.0) for a in range(10) for b in range(a)] + [(n, n + 1, 1.0) for n in range(10, 29)]),
    ],
    ids=["nothing", "one node", "nodes alone", "a pair", "a star", "a ring", "two parts"],
)
def test_layout_keeps_labels_apart(count: int, edges: list[tuple[int, int, float]]) -> None:
    """Whatever the shape of the network, no label lies over another, and the same network gets the same places."""
    boxes = [(60.0 + 7 * (n % 5), 24.0 + 13 * (n % 3)) for n in range(count)]
    places = lay_out(count, edges, boxes)
    assert list(overlapping(places, boxes)) == []
    assert places == lay_out(count, edges, boxes)


def test_layout_draws_together_what_hangs_together() -> None:
    """Linked nodes lie nearer than others, in a small network and in one that is laid out by forces."""
    for size, groups in ((12, 6), (60, 20)):
        count = size * groups
        edges = [(n, n - n % size, 1.0) for n in range(count)] + [(n, n - 1, 1.0) for n in range(1, count) if n % size]
        edges += [(n * size, (n - 1) * size, 1.0) for n in range(1, groups)]
        places = lay_out(count, edges, [(10.0, 10.0)] * count)

        def distance(a: int, b: int, at: list[tuple[int, int]] = places) -> float:
            return ((at[a][0] - at[b][0]) ** 2 + (at[a][1] - at[b][1]) ** 2) ** 0.5

        near = [distance(a, b) for a, b, _ in edges]
        far = [distance(n, (n * 7 + 3 * size) % count) for n in range(count)]
        assert sum(near) / len(near) < 0.5 * sum(far) / len(far)


def test_layout_of_a_large_network_takes_seconds() -> None:
    """Five thousand nodes with twenty thousand edges are laid out within the time that a reader waits for a page."""
    edges = [(n * n % 1000, 1000 + (n * 7919 + n // 7) % 4000, 1.0) for n in range(20_000)]
    begun = time.process_time()
    places = lay_out(5000, edges, [(60.0, 20.0)] * 5000)
    assert time.process_time() - begun < 30
    assert len(set(places)) > 4900
