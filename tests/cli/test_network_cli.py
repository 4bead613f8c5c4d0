"""`pilotgraph network` at the command line: forms of output, messages and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pilotgraph.network import MEASURES, WHOLE

if TYPE_CHECKING:
    from conftest import Command

BUILT = Path(__file__).parents[2] / "viz" / "dist" / "explorer.css"


def test_a_table_is_the_default(pilotgraph: Command) -> None:
    """The best linked first, what the columns mean on standard error, and nothing else."""
    done = pilotgraph("network", "--limit", 2)
    assert done.code == 0
    assert done.out == (
        "label                                     what          degree  betweenness  articulation  node\n"
        "────────────────────────────────────────  ────────────  ──────  ───────────  ────────────  "
        "─────────────────────────────────────\n"
        "Legal Aid Board                           organisation      18       0.4112             9  "
        "organisation:raad-voor-rechtsbijstand\n"
        "Juridisch Loket (Legal Services Counter)  organisation      13       0.4056             3  "
        "organisation:juridisch-loket\n"
        "… 92 more\n"
    )
    assert done.err.splitlines() == [
        (
            "34 pilots, 60 organisations, 110 links; without links 0, pieces 3, density 0.054, two-mode clustering "
            "0.117. Without professional groups and kinds of organisation."
        ),
        *(f"{name}: {MEASURES[name].sentence['en']}" for name in ("degree", "betweenness", "articulation")),
    ]
    assert pilotgraph("network", "--limit", 2, "--quiet") == (0, done.out, "")


def test_dutch(pilotgraph: Command) -> None:
    """Labels, kinds of things and explanations are in Dutch; names of columns are those of the measures."""
    done = pilotgraph("network", "--lang", "nl", "--limit", 1, "--measure", "pagerank")
    assert done.out.splitlines()[2].split("  ")[0] == "Raad voor Rechtsbijstand"
    assert "34 pilots, 60 organisaties, 110 verbindingen; zonder verbinding 0, stukken 3" in done.err
    assert f"pagerank: {MEASURES['pagerank'].sentence['nl']}" in done.err


def test_measures_are_explained(pilotgraph: Command) -> None:
    """--list gives each measure with its sentence, formula and source, in both languages."""
    for lang in ("en", "nl"):
        done = pilotgraph("network", "--list", "--lang", lang)
        assert (done.code, done.err) == (0, "")
        for found in [*MEASURES.values(), *WHOLE.values()]:
            for text in (found.name, found.sentence[lang], found.formula, found.source):
                assert text in done.out


def test_links_with_their_passages(pilotgraph: Command) -> None:
    """The heaviest link first, what both share, and where the source says so."""
    arguments = ("network", "--projection", "pilot", "--weighting", "newman", "--without-funders", "--links")
    done = pilotgraph(*arguments, "--evidence", "--limit", 1)
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[2].startswith(
        "Neighbourhood Court Eindhoven  ZSM (more legal aid in fast-track criminal cases)   2.250"
    )
    passages = [line for line in lines if line.startswith("    ↳ pilotoverzicht-2022, ")]
    assert len(passages) == len(set(passages)) >= 2
    csv = pilotgraph(*arguments, "--format", "csv")
    assert csv.out.splitlines()[0] == "from,to,weight,shared,fromNode,toNode"
    assert len(csv.out.splitlines()) == 1 + 94


@pytest.mark.parametrize("format_", ["csv", "json", "graphml", "gexf", "png"])
def test_the_same_bytes_every_time(pilotgraph: Command, tmp_path: Path, format_: str) -> None:
    """Two processes that order their sets differently write the same file."""
    files = [tmp_path / f"{seed}.out" for seed in ("1", "2")]
    for seed, file in zip(("1", "2"), files, strict=True):
        arguments = ("--relation", "place", "--format", format_, "-o", file, "--quiet")
        done = pilotgraph("network", *arguments, PYTHONHASHSEED=seed)
        assert done == (0, "", f"written: {file}\n")
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("network.graphml", b"<?xml version='1.0' encoding='utf-8'?>\n<graphml"),
        ("network.gexf", b"<gexf"),
        ("network.dot", b"graph pilotgraph {"),
        ("network.json", b'{\n "directed": false'),
        ("network.cyjs", b'{\n "data": ['),
        ("network.csv", b"label,what,degree,betweenness,articulation,node\n"),
        ("network.svg", b"<svg"),
        ("network.png", b"\x89PNG"),
        ("network.html", b"<!doctype html>"),
    ],
)
def test_the_extension_picks_the_form(pilotgraph: Command, tmp_path: Path, name: str, begins: bytes) -> None:
    """A file appears whole, in the format of its name."""
    file = tmp_path / name
    done = pilotgraph("network", "-o", file)
    assert (done.code, done.out) == (0, "")
    assert file.read_bytes().startswith(begins)


def test_a_file_is_kept(pilotgraph: Command, tmp_path: Path) -> None:
    """A file that exists is written over only with --force."""
    file = tmp_path / "network.csv"
    file.write_text("mine")
    done = pilotgraph("network", "-o", file)
    assert (done.code, done.out) == (3, "")
    assert "exists; add --force" in done.err
    assert file.read_text() == "mine"
    assert pilotgraph("network", "-o", file, "--force").code == 0
    assert file.read_text().startswith("label,")


def test_html_as_before(pilotgraph: Command, tmp_path: Path) -> None:
    """--html FILE writes the quick look, with the professional groups if asked for."""
    file = tmp_path / "network.html"
    done = pilotgraph("network", "--html", file, "--kinds", "--without", "scheme-administrator")
    assert done.code == 0
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "34 pilots, 60 organisations, 38 professional groups, 221 links" in done.err
    assert pilotgraph("network", "--html", "-", "--quiet").out.startswith("<!doctype html>")


def test_clusters(pilotgraph: Command) -> None:
    """The verdict comes first, and JSON holds the same; with all relations there are more links."""
    text = pilotgraph("network", "--relation", "place", "--clusters")
    assert text.code == 0
    assert text.out.startswith("Verdict: ")
    data = json.loads(pilotgraph("network", "--relation", "place", "--clusters", "--format", "json").out)
    assert " ".join(data["says"]) in text.out.replace("\n", " ")


@pytest.mark.skipif(not BUILT.is_file(), reason="viz/dist is not built: run make viz")
def test_explorer(pilotgraph: Command, tmp_path: Path) -> None:
    """The explorer is one page."""
    done = pilotgraph("network", "--format", "explorer", "-o", tmp_path / "explorer.html", "--lang", "nl")
    assert done.code == 0
    assert (tmp_path / "explorer.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--measure", "betweenes"), 3, "betweenes: no such measure; did you mean betweenness?"),
        (("--measure", "xyz"), 3, "xyz: no such measure; there are degree, weighted-degree, betweenness"),
        (("--measure", "clustering"), 3, "this one is two-mode; use two-mode-clustering"),
        (("--without", "consult"), 3, "--without consult: no such role; did you mean consulted?"),
        (("--source", "pilotoverzicht"), 3, "no such source; did you mean pilotoverzicht-2022?"),
        (("--as-of", "2021-02-30"), 3, "as of 2021-02-30: that is no date; write it as 2021-06-30"),
        (("--relation", "goals"), 2, "'goals' is not one of 'actor', 'goal', 'domain', 'place', 'all'"),
        (("--weighting", "newmann"), 2, "'newmann' is not one of 'count', 'newman', 'inverse'"),
        (("-o", "network.docx"), 3, "the extension .docx is no format here; use one of table, csv"),
        (("--links", "-o", "x.svg"), 2, "--links is for table and csv; svg holds the links anyway"),
        (("--evidence",), 2, "--evidence is for --links"),
        (("--clusters", "-o", "x.svg"), 2, "--clusters gives a table or json, not svg"),
        (("--clusters", "--projection", "pilot"), 2, "leave out --projection"),
        (("--relation", "goal", "--html", "x.html"), 2, "for another network use svg, png or explorer"),
        (("--relation", "all", "--projection", "actor"), 2, "there is nothing else to project onto"),
        (("--html", "a", "-o", "b"), 2, "give one of the two"),
        (("--format", "svg", "--measure", "degree"), 2, "--measure is for the table of things and the exports"),
        (("--format", "explorer", "--kinds"), 2, "the explorer holds every network"),
        (("--report", "--as-of", "2021-06-30"), 2, "the report holds every network"),
    ],
)
def test_mistakes(pilotgraph: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    """Each mistake gets one message that says what to do, the right exit code, and writes nothing."""
    done = pilotgraph("network", *arguments, cwd=tmp_path)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []
