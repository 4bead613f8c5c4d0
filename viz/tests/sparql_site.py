"""The pages of viz/src/sparql and viz/src/ask with all that they load, in a folder: `sparql_site.py OUT [--hostile]`.

A site of four pages instead of thousands, so that a test of the browser side need not wait for `pilotgraph site`.
The hostile one has labels with markup and script, and IRIs that no page may follow.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.pages import templates
from pilotgraph.queries import Query, library
from pilotgraph.terms import PG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

VIZ = Path(__file__).parents[1]
KINDS = "pilot programme study organisation place source question concept contradiction decision claim evidence"
NAMES = {
    "sparql": {"nl": "SPARQL", "en": "SPARQL"},
    "ask": {"nl": "Vragen zonder SPARQL", "en": "Asking without SPARQL"},
}
CSP = "'self' 'wasm-unsafe-eval'"
# Not in a test of its own: whatever shows a label must show these.
HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "\u202egnp.exe",
    "{{ 7 * 7 }}`${alert(1)}`",
    "x" * 300,
    "=cmd|' /C calc'!A0",
)


def main(out: Path, *, hostile: bool) -> None:
    """Write the site."""
    dataset = Dataset.open()
    questions = [_entry(query) for query in library(dataset)]
    quads = {str(quad) + " .\n" for quad in in_memory(dataset).quads()}
    if hostile:
        quads |= {str(quad) + " .\n" for quad in _hostile(dataset.base)}
        questions.append(_hostile_question())
    _write(out / "data/pilotgraph.nq.gz", gzip.compress("".join(sorted(quads)).encode(), mtime=0))
    rules = [{"name": path.stem, "text": path.read_text(encoding="utf-8")} for path in dataset.rule_files()]
    index = {"base": dataset.base, "prefixes": PREFIXES, "queries": questions, "rules": rules}
    _write(out / "queries/index.json", json.dumps(index, ensure_ascii=False).encode())
    shutil.copytree(VIZ / "dist", out / "assets", dirs_exist_ok=True)
    for path in (VIZ / "style").iterdir():
        shutil.copy(path, out / "assets" / path.name)
    for language in ("nl", "en"):
        for page in NAMES:
            _write(out / language / page / "index.html", _page(page, language, dataset, questions).encode())


def _entry(query: Query) -> dict[str, Any]:
    header = query.header
    return {
        "name": query.name,
        "summary": {"en": header["summary"], "nl": header["summary_nl"]},
        "reading": {"en": header["reading"], "nl": header["reading_nl"]},
        "answers": header.get("answers", "").split(", "),
        "chart": header.get("chart", ""),
        "params": [
            {"name": p.name, "kind": p.kind, "required": p.required, "about": p.about} for p in query.parameters
        ],
        "text": re.sub(r"^#\+.*\n", "", query.text, flags=re.MULTILINE),
    }


def _page(name: str, language: str, dataset: Dataset, questions: list[dict[str, Any]]) -> str:
    other = "en" if language == "nl" else "nl"
    title = NAMES[name][language]
    page = {
        "language": language, "other": other, "other_href": f"../../{other}/{name}/index.html", "title": title,
        "description": title, "csp_script": CSP, "path": f"{language}/{name}/index.html", "root": "../../",
        "translations": [], "rdf": [], "finder": False, "trail": [], "canonical": f"{dataset.base}{language}/{name}/",
    }  # fmt: skip
    words = {
        "skip": "↓",
        "other_language": other,
        "main_menu": "Menu",
        "more": "…",
        "about_data": "…",
        "locale": language,
    }
    site = {"title": dataset.title[language], "edition": dataset.edition, "licence": "CC BY 4.0"}
    settings = {
        "base": dataset.base, "root": "../../", "lang": language, "data": "../../data/pilotgraph.nq.gz",
        "queries": "../../queries/index.json", "kinds": KINDS.split(), "endpoint": None, "edition": dataset.edition,
    }  # fmt: skip
    environment = templates()
    given = {"page": page, "words": words, "site": site, "settings": settings, "questions": questions}
    return environment.get_template(f"site/{name}.html").render(
        to=lambda path: f"../../{path}", menu=[], footer=[], **given
    )


def _hostile(base: str) -> Iterator[Quad]:
    graph = NamedNode(f"{base}graph/register")
    prefer = NamedNode(PREFIXES["skos"] + "prefLabel")
    kind, clas = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PG + "Pilot")
    things = [*(f"{base}id/pilot/hostile-{n}" for n in range(len(HOSTILE))), "javascript:alert(1)", "data:text/html,x"]
    for number, iri in enumerate(things):
        label = HOSTILE[number % len(HOSTILE)]
        yield Quad(NamedNode(iri), kind, clas, graph)
        for language in ("nl", "en"):
            yield Quad(NamedNode(iri), prefer, Literal(f"{number} {label}", language=language), graph)


def _hostile_question() -> dict[str, Any]:
    text = "SELECT ?pilot ?pilotLabel ?link { ?pilot a pg:Pilot ; skos:prefLabel ?pilotLabel BIND(?pilot AS ?link) }"
    said = {"en": HOSTILE[0], "nl": HOSTILE[1]}
    about = {"en": HOSTILE[2], "nl": HOSTILE[2]}
    pilot = {"name": "pilot", "kind": "pilot", "required": False, "about": about}
    return {
        "name": "hostile", "summary": said, "reading": said, "answers": [], "chart": "bar ?pilot ?link",
        "params": [pilot], "text": text.replace("{ ?pilot a", "{ VALUES ?pilot { UNDEF } ?pilot a"),
    }  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), hostile="--hostile" in sys.argv)
