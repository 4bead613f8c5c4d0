"""A small data set that means harm: whatever a page shows of it must stay text."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import http.server
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import Browser, sync_playwright

from pilotgraph import evidence
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.publish import discovery
from pilotgraph.publish.content import pieces
from pilotgraph.publish.site import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[2]
BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see scripts/system.sh")
AXE = ROOT / "viz/node_modules/axe-core/axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; run npm ci in viz/")
# ruff: noqa: E501 - Turtle reads best a statement a line
# The schemes that the claims below use; all the others would only make the tests slower.
SCHEMES = (
    "alignment-kind certainty contradiction-kind dimension finding-kind funding-kind goal knowing "
    "organisation-kind place-kind role section severity status theme unit"
)
ALARM = "window.alarm=1"
MARKUP = f"<img src=x onerror='{ALARM}'><b>vet</b>"
SCRIPT = f"</script><script>{ALARM}</script>"
QUOTES = "\\\"onmouseover=window.alarm=1 x='`"
RTL = "\u202etxet desrever\u2066 \ufeff\u2028line"
LONG = "Donaudampfschifffahrtsgesellschaft" * 9
TEXT = (
    "Pilot Alfa. Kosten € 1.500 voor drie zaken in Utrecht, van maart 2021 tot en met juni 2022. Pilot Beta doet mee."
)
HEAD = (
    "".join(
        f"@prefix {name}: <{BASE}id/{path}/> .\n"
        for name, path in (
            *(
                (kind, kind)
                for kind in [
                    "pilot",
                    "organisation",
                    "place",
                    "claim",
                    "evidence",
                    "record",
                    "source",
                    "contradiction",
                    "question",
                    "study",
                    "programme",
                ]
            ),
            *((scheme, f"concept/{scheme}") for scheme in SCHEMES.split()),
        )
    )
    + """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix pg: <https://w3id.org/pilotgraph/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
)
REGISTER = f"""
pilot:alfa a pg:Pilot ; skos:prefLabel "Alfa {MARKUP}"@nl , "Alfa {SCRIPT}"@en ; skos:altLabel "{QUOTES}"@nl ;
    dct:description "Over {MARKUP}"@nl , "About {SCRIPT}"@en .
pilot:beta a pg:Pilot ; skos:prefLabel "{LONG}"@nl ; dct:description "{RTL}"@nl .
<{BASE}id/pilot/%22%3Cscript%3E> a pg:Pilot ; skos:prefLabel "slug"@nl .
<{BASE}id/pilot/index> a pg:Pilot ; skos:prefLabel "Index"@nl .
<{BASE}id/pilot/../../etc> a pg:Pilot ; skos:prefLabel "Uit"@nl .
<{BASE}id/pilot/ÉÉN> a pg:Pilot ; skos:prefLabel "Eén"@nl .
<javascript:window.alarm=1> a pg:Pilot ; skos:prefLabel "script"@nl .
programme:p a pg:Programme ; skos:prefLabel "Programma {MARKUP}"@nl .
study:s a pg:Study ; skos:prefLabel "Onderzoek"@nl .
organisation:o a pg:Organisation ; skos:prefLabel "{SCRIPT}"@nl , "{MARKUP}"@en ;
    org:classification organisation-kind:gemeente ; skos:exactMatch <javascript:window.alarm=1> .
place:utrecht a pg:Place ; skos:prefLabel "Utrecht {MARKUP}"@nl ; geo:lat 52.09 ; geo:long 5.12 ;
    pg:placeKind place-kind:municipality .
place:ver a pg:Place ; skos:prefLabel "Ver"@nl ; geo:lat "noord" ; geo:long 5.12 .
source:s a pg:SourceDocument ; skos:prefLabel "Bron {MARKUP}"@nl ; dct:title "Bron"@nl ; dct:identifier "s" ;
    dct:issued "2022-07-06"^^xsd:date ; dcat:landingPage <javascript:window.alarm=1> ; dct:publisher organisation:o .
question:a a pg:ResearchQuestion ; pg:number "a.i" ; pg:about study:s ; pg:text "Wat {MARKUP}?"@nl , "What?"@en ;
    pg:evidence evidence:whole .
pilot:beta pg:knows _:one . _:one skos:prefLabel "{SCRIPT}" ; pg:knows _:two . _:two pg:knows _:one .
"""
CLAIMS = f"""
claim:who a pg:Participation ; pg:about pilot:alfa ; pg:participant organisation:o ; pg:role role:tester ;
    pg:namedAs "{QUOTES}" ; pg:note "{MARKUP}"@nl , "{SCRIPT}"@en ; pg:evidence evidence:whole .
claim:who2 a pg:Participation ; pg:about pilot:beta ; pg:participant organisation:o ; pg:role role:funder ;
    pg:namedAs "o" ; pg:evidence evidence:beta .
claim:where a pg:Location ; pg:about pilot:alfa ; pg:place place:utrecht ; pg:namedAs "Utrecht" ; pg:evidence evidence:kosten .
claim:money a pg:Funding ; pg:about pilot:alfa ; pg:amount "1500.0"^^xsd:decimal ; pg:currency "<b>" ;
    pg:fundingKind funding-kind:subsidy ; pg:covers "{MARKUP}"@nl ; pg:evidence evidence:kosten .
claim:when a pg:Period ; pg:about pilot:alfa ; dcat:startDate "2021-03"^^xsd:gYearMonth ;
    dcat:endDate "2022-06"^^xsd:gYearMonth ; pg:startText "{QUOTES}" ; pg:part "{SCRIPT}"@nl ; pg:evidence evidence:kosten .
claim:when2 a pg:Period ; pg:about pilot:beta ; dcat:endDate "2022"^^xsd:gYear ; pg:evidence evidence:beta .
claim:reach a pg:Reach ; pg:about pilot:alfa ; pg:value 3 ; pg:unit unit:case ; pg:what "{MARKUP}"@nl ; pg:evidence evidence:kosten .
claim:found a pg:Finding ; pg:about pilot:alfa ; pg:text "{SCRIPT}"@nl , "{MARKUP}"@en ; pg:theme theme:bezwaar ;
    pg:findingKind finding-kind:succesfactor ; pg:evidence evidence:whole .
claim:goal a pg:GoalAlignment ; pg:about pilot:alfa ; pg:goal goal:toegang-tot-het-recht ;
    pg:alignmentKind alignment-kind:assigned ; pg:evidence evidence:whole .
claim:link a pg:WebLink ; pg:about pilot:alfa ; foaf:page <javascript:window.alarm=1> ; pg:evidence evidence:whole .
claim:odd a pg:Unheard ; pg:about pilot:alfa ; pg:text "{MARKUP}"@nl ; pg:evidence evidence:whole .
claim:unproven a pg:Claim ; pg:about pilot:alfa .
contradiction:c a pg:Contradiction ; pg:joins claim:when , claim:when2 ; pg:contradictionKind contradiction-kind:date-date ;
    pg:explanation "{MARKUP}"@nl , "{SCRIPT}"@en ; pg:reason "{QUOTES}"@nl ; pg:severity severity:low .
"""
QUERY = """#+ summary: What <script>window.alarm=1</script> is there?
#+ summary_nl: Wat <img src=x onerror=window.alarm=1> is er?
#+ reading: One row <b>a thing</b>; ?label is "its name"
#+ answers: a.i
#+ chart: bar ?label ?n
PREFIX pg: <https://w3id.org/pilotgraph/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label ?n ?thing (STR(?claim) AS ?claims) WHERE {
  ?claim pg:about ?thing . OPTIONAL { ?thing skos:prefLabel ?label } BIND(STRLEN(STR(?claim)) AS ?n)
} ORDER BY ?claim ?label
"""


def all_files(dataset: Dataset, store: EmbeddedStore) -> list[tuple[str, bytes]]:
    """What is published of a data set besides pages, each file whole."""
    return [(path, b"".join(pieces(content))) for path, content in discovery.Files(dataset, store, dataset.base)]


class Built(NamedTuple):
    """A site that was written, and the data set it was written from."""

    folder: Path
    dataset: Dataset


def passage(name: str, words: str, kind: str = "pg:Evidence") -> str:
    """Describe a passage of the source, as a steward would."""
    start = TEXT.index(words)
    of = " ; pg:recordOf pilot:alfa" if kind == "pg:Record" else " ; pg:section section:kosten"
    where = f"{'record' if kind == 'pg:Record' else 'evidence'}:{name}"
    return (
        f"{where} a {kind}{of} ; oa:hasSource source:s ; pg:start {start} ; pg:end {start + len(words)} ;\n"
        f'    pg:startsWith "{evidence.first_words(words)}" ; pg:endsWith "{evidence.last_words(words)}" ;\n'
        f'    pg:digest "{evidence.digest(words)}" .\n'
    )


def write_hostile(folder: Path) -> Path:
    """Write the data set."""
    for part in ("ontology/rules", "ontology/shapes", "data/turtle", "queries/question", "sources"):
        (folder / part).mkdir(parents=True)
    for name in ("pilotgraph.ttl", "alignments.ttl", "context.jsonld"):
        shutil.copy(ROOT / "ontology" / name, folder / "ontology")
    shutil.copytree(ROOT / "ontology/rules", folder / "ontology/rules", dirs_exist_ok=True)
    shutil.copy(ROOT / "ontology/shapes/funding.ttl", folder / "ontology/shapes")
    (folder / "ontology/schemes").mkdir()
    for scheme in SCHEMES.split():
        shutil.copy(ROOT / f"ontology/schemes/{scheme}.ttl", folder / "ontology/schemes")
    for name in ("places-map", "running-times", "coverage-by-question", "pilot-dossier", "contradictions"):
        shutil.copy(ROOT / f"queries/question/{name}.rq", folder / "queries/question")
    (folder / "queries/question/hostile.rq").write_text(QUERY)
    (folder / "sources/s.txt").write_text(TEXT)
    (folder / "data/sources.toml").write_text(
        f'[[source]]\nslug = "s"\nfile = "s.txt"\nsha256 = "{hashlib.sha256(TEXT.encode()).hexdigest()}"\naddress = ""\n'
    )
    (folder / "data/dataset.toml").write_text(
        f'base = "{BASE}"\nedition = "<b>1</b>"\nlicence = "javascript:window.alarm=1"\nissued = "2026-01-01"\n'
        f"creator = '''{MARKUP}'''\n[title]\nen = '''Set {SCRIPT}'''\nnl = '''Set <b>x</b>'''\n"
        f"[description]\nen = '''{SCRIPT}'''\nnl = 'Proef'\n"
    )
    passages = (
        passage("whole", TEXT)
        + passage("kosten", "Kosten € 1.500 voor drie zaken")
        + passage("beta", "Pilot Beta doet mee.")
    )
    (folder / "data/turtle/register.ttl").write_text(HEAD + REGISTER)
    (folder / "data/turtle/claims.ttl").write_text(HEAD + CLAIMS + passages + passage("r", TEXT, "pg:Record"))
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The data set that means harm."""
    return Dataset.open(write_hostile(tmp_path_factory.mktemp("hostile") / "set"))


@pytest.fixture(scope="session")
def site(hostile: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Its site, with the source text at hand."""
    folder = tmp_path_factory.mktemp("built") / "site"
    publish(hostile, in_memory(hostile), folder, sources=hostile.root / "sources")
    return Built(folder, hostile)


@pytest.fixture(scope="session")
def flagship_site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site of the bundled data set."""
    dataset = Dataset.open()
    folder = tmp_path_factory.mktemp("flagship") / "site"
    publish(dataset, in_memory(dataset), folder)
    return Built(folder, dataset)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A bare static file server: no rule, no header of its own."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
