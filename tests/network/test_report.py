"""The page on cross-links and clusters: fresh, true to the graph, and with a passage behind every statement."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest

import pilotgraph
from pilotgraph.explain.weights import DISTANT_ROLES
from pilotgraph.network.clusters import cluster_report, references
from pilotgraph.network.report import Analysis, analyse, figures, write_page
from pilotgraph.network.report.analysis import LOOSE_ROLES, networks
from pilotgraph.network.report.page import ranges

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "nl")
_PASSAGE = re.compile(r"([a-z0-9-]+-2022), [^“]*“(.*?)”(?=; [a-z0-9-]+-2022, |$)")
_FUNDING = {"funder", "scheme-administrator", "programme-lead"}


@pytest.fixture(scope="module")
def graph() -> pilotgraph.api.PilotGraph:
    """The bundled data."""
    return pilotgraph.open()


@pytest.fixture(scope="module")
def analysis(graph: pilotgraph.api.PilotGraph) -> Analysis:
    """The figures, which take some tens of seconds."""
    return analyse(graph.dataset, graph._reader)  # noqa: SLF001 - the reader that the API opened


@pytest.fixture(scope="module")
def pages(graph: pilotgraph.api.PilotGraph, analysis: Analysis) -> dict[str, str]:
    """The page in both languages."""
    return {lang: write_page(analysis, graph.dataset, graph._reader, lang) for lang in LANGUAGES}  # noqa: SLF001


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_docs_is_what_the_tool_writes_now(pages: dict[str, str], language: str) -> None:
    """Same data, same bytes: the page in the repository is the one written from it."""
    assert (ROOT / f"docs/cross-links.{language}.md").read_text(encoding="utf-8") == pages[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_leads_to_a_claim_and_its_passages(
    graph: pilotgraph.api.PilotGraph, pages: dict[str, str], language: str
) -> None:
    """Each number in brackets stands in the list; each claim there is in the graph, with those words and places."""
    body, proofs = re.split(r"\n## (?:Passages|Vindplaatsen)\n", pages[language])
    listed = re.findall(r"^(\d+)\. (.*) \(\[(?:claim|bewering)\]\((\S+?)\)", proofs, re.MULTILINE)
    assert [int(n) for n, *_ in listed] == list(range(1, len(listed) + 1))
    cited: set[int] = set()
    for numbers in re.findall(r"\\\[([\d–, ]+)\\\]", body):
        for run in numbers.split(", "):
            first, *last = map(int, run.split("–"))
            cited |= set(range(first, (last or [first])[0] + 1))
    assert cited == set(range(1, len(listed) + 1))
    rows = graph.rows(
        "SELECT ?claim ?source ?starts ?ends { ?claim pg:about ?x ; pg:evidence ?e . "
        "?e oa:hasSource/dct:identifier ?source ; pg:startsWith ?starts ; pg:endsWith ?ends }"
    )
    known: dict[str, set[str]] = {}
    for row in rows:
        words = row["starts"] if row["starts"] == row["ends"] else f"{row['starts']} … {row['ends']}"
        known.setdefault(row["claim"], set()).add(f"{row['source']}: {words}")
    for _, where, claim in listed:
        plain = re.sub(r"\\(.)", r"\1", where)
        found = {f"{source}: {words}" for source, words in _PASSAGE.findall(plain)}
        assert found
        assert found == known[claim]


def test_the_figures_of_the_page_are_those_of_the_data(graph: pilotgraph.api.PilotGraph, analysis: Analysis) -> None:
    """Partners, pairs, hub and goals, counted anew from the answers to plain queries."""
    rows = graph.rows(
        "SELECT ?pilot ?actor ?role { ?c a pg:Participation ; pg:about ?pilot ; pg:role ?role ; "
        "pg:participant ?actor . ?pilot a pg:Pilot . ?actor a pg:Organisation }"
    )
    pilots = {row["pilot"] for row in graph.rows("SELECT ?pilot { ?pilot a pg:Pilot }")}
    having: dict[str, set[str]] = {pilot: set() for pilot in pilots}
    for row in rows:
        if row["role"].rsplit("/", 1)[-1] not in LOOSE_ROLES | _FUNDING:
            having[row["pilot"]].add(row["actor"])
    shared = [having[a] & having[b] for a, b in combinations(sorted(pilots), 2) if having[a] & having[b]]
    hub = max(
        {actor for actors in having.values() for actor in actors}, key=lambda a: sum(a in h for h in having.values())
    )
    linked = {p for a, b in combinations(pilots, 2) if having[a] & having[b] for p in (a, b)}
    goals = graph.rows(
        "SELECT ?how (COUNT(*) AS ?n) { SELECT DISTINCT ?p ?g ?how { ?c pg:goal ?g ; pg:about ?p ; "
        "pg:alignmentKind ?how . ?p a pg:Pilot } } GROUP BY ?how"
    )
    counted = {row["how"].rsplit("/", 1)[-1]: row["n"] for row in goals}
    assert (analysis.pilots, analysis.possible) == (len(pilots), len(pilots) * (len(pilots) - 1) // 2) == (34, 561)
    assert analysis.layers["actor"] == len(shared) == 32
    assert (analysis.partners[0].thing, analysis.hub_only) == (hub, sum(found == {hub} for found in shared))
    assert set(analysis.unshared) == pilots - linked
    assert set(analysis.nameless) == {pilot for pilot in pilots if not having[pilot]}
    assert analysis.knowing["goal"] == counted == {"assigned": 102, "stated": 19}


def test_clusters_of_the_bundled_data_are_told_with_their_doubt(analysis: Analysis) -> None:
    """By content weak, with one large group; by partners alone, and by what the sources state, none."""
    verdicts = {name: variant.report.verdict for name, variant in analysis.variants.items()}
    assert (analysis.main.verdict, verdicts["partners"], verdicts["stated"]) == ("weak", "none", "none")
    slugs = {pilot.rsplit("/", 1)[-1] for pilot in analysis.main.cores[0].pilots}
    assert {"digitaal-bezwaarplatform", "samenwerking-hjl-uwv", "divosa-tilburg", "divosa-deurne"} < slugs
    assert not slugs & {"divosa-hollands-kroon", "divosa-wijk-bij-duurstede"}
    assert all(result.p <= 0.01 and result.z > 3 for result in analysis.main.methods)
    pairs = [{pilot.rsplit("/", 1)[-1] for pilot in pair.pilots} for pair in analysis.main.pairs]
    assert {"wijkrechtbank-eindhoven", "wijkrechtspraak-op-zuid"} in pairs


def test_the_divisions_of_others_are_those_of_the_records_and_the_report(graph: pilotgraph.api.PilotGraph) -> None:
    """Pillars and programmes as the questions count them; the nine Divosa pilots, and the seven for six on divorce."""
    found = {reference.name: reference for reference in references(graph._reader, "en")}  # noqa: SLF001
    sizes = {name: sorted((len(group) for group in found[name].groups.values()), reverse=True) for name in found}
    assert (sizes["pillar"], sizes["programme"]) == ([20, 11, 3], [11, 9])
    assert {name: len(group) for name, group in found["theme"].groups.items()} == {
        "conflict resolution in general": 1,
        "cooperation between legal and social professionals": 9,
        "divorce": 7,
    }
    hub = next(pilot for pilot in found["theme"].division if pilot.endswith("divosa-hollands-kroon"))
    assert found["theme"].division[hub] == "divorce"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_groups_the_page_says_so(graph: pilotgraph.api.PilotGraph, analysis: Analysis, language: str) -> None:
    """With the verdict none, no group is drawn and the reason is told."""
    report = cluster_report(figures.stated(networks(graph.dataset, graph._reader, "en")["actor"]))  # noqa: SLF001
    variants = {name: replace(variant, kept=()) for name, variant in analysis.variants.items()}
    none = replace(analysis, main=report, variants=variants)
    page = write_page(none, graph.dataset, graph._reader, language)  # noqa: SLF001
    assert {"en": "**By content there are no groups**", "nl": "**Naar inhoud zijn er geen groepen"}[language] in page
    assert {"en": "No groups are drawn.", "nl": "Er worden geen groepen getekend."}[language] in page
    assert "### A." not in page


def test_the_page_holds_no_sentence_of_the_sources(pages: dict[str, str], sources: Path, tmp_path: Path) -> None:
    """No run of twelve words of a source stands on the page."""
    for language, page in pages.items():
        (tmp_path / f"{language}.md").write_text(page, encoding="utf-8")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S607 - git by its name
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True)  # noqa: S607
    script = sources.parent / "checks/source_sentences.py"
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_who_hardly_takes_part_is_at_least_who_is_distant_in_explanations() -> None:
    """The page and `explain` do not differ on who is only asked, hoped for or spoken of."""
    assert LOOSE_ROLES > DISTANT_ROLES


def small() -> nx.Graph[str]:
    """Four pilots: a hub for three, a partner of two of them, one pilot with a partner of its own; nested places."""
    graph: nx.Graph[str] = nx.Graph()
    for pilot in "abcd":
        graph.add_node(pilot, mode="pilot", label=pilot)
    for thing, having in {"hub": "abc", "two": "ab", "own": "d"}.items():
        graph.add_node(thing, mode="organisation", label=thing)
        for pilot in having:
            graph.add_edge(pilot, thing, claims=[f"{pilot}-{thing}"], knowing="stated", role_slugs=["lead"], sources=[])
    return graph


def test_what_pilots_share_and_who_connects_by_hand() -> None:
    """Without the hub two pilots share a partner; of three pairs, two share the hub only."""
    graph = small()
    found = [(shared.thing, shared.pilots, shared.claims) for shared in figures.shared_things(graph)]
    assert found == [
        ("hub", ("a", "b", "c"), ("a-hub", "b-hub", "c-hub")),
        ("two", ("a", "b"), ("a-two", "b-two")),
    ]
    assert figures.only_through(graph, "hub") == 2
    tying = figures.tying(graph)
    assert sorted(tying) == ["a", "b", "c", "hub", "two"]
    bridges = {bridge.node: bridge.linked_without for bridge in figures.bridges(tying, figures.things_of(tying))}
    assert bridges == {"hub": 2, "two": 3}
    graph.edges["a", "two"]["role_slugs"] = graph.edges["b", "two"]["role_slugs"] = ["funder"]
    assert [(payer.thing, payer.pilots) for payer in figures.payers(graph)] == [("two", ("a", "b"))]


def test_of_nested_places_the_smallest_that_the_same_pilots_share_is_told() -> None:
    """Two pilots in a district are not told to share its city; a third pilot in the city makes it worth telling."""
    graph: nx.Graph[str] = nx.Graph()
    for pilot in "abc":
        graph.add_node(pilot, mode="pilot", label=pilot)
    graph.add_node("district", mode="place", label="district", within=["city"])
    graph.add_node("city", mode="place", label="city", within=[])
    for pilot, place in (("a", "district"), ("b", "district"), ("a", "city"), ("b", "city")):
        graph.add_edge(pilot, place, claims=[f"{pilot}-{place}"], knowing="stated")
    assert [shared.thing for shared in figures.shared_things(graph)] == ["district"]
    graph.add_edge("c", "city", claims=["c-city"], knowing="stated")
    assert [shared.thing for shared in figures.shared_things(graph)] == ["city", "district"]


def test_numbers_are_written_short() -> None:
    """Runs become ranges, whatever the order."""
    assert ranges([5, 1, 2, 9, 3, 2]) == "1–3, 5, 9"
