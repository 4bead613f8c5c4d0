"""Things, pages and files, as a visitor meets them: the running server, and a static host beside it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from pilotgraph import evidence
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.publish.site import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
OWN, BASE = "https://w3id.org/pilotgraph/rechtsbijstand/", "https://pilots.example.org/"
TEXT = "Pilot Alfa loopt in Utrecht en kost 1500 euro."
PATIENCE = 90
HEAD = (
    "@prefix pg: <https://w3id.org/pilotgraph/def#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    + "".join(
        f"@prefix {name}: <{OWN}id/{name}/> .\n"
        for name in ("pilot", "organisation", "claim", "evidence", "record", "source")
    )
)
REGISTER = f"""@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dct: <http://purl.org/dc/terms/> .
pilot:alfa a pg:Pilot ; skos:prefLabel "Alfa"@nl , "Alpha"@en .
organisation:new a pg:Organisation ; skos:prefLabel "Nieuw"@nl , "New"@en .
organisation:old a pg:Organisation ; skos:prefLabel "Oud"@nl ; owl:deprecated true ; dct:isReplacedBy organisation:new .
<{OWN}id/organisation/caf%C3%A9> a pg:Organisation ; skos:prefLabel "Café"@nl .
source:s a pg:SourceDocument ; dct:title "De bron"@nl , "The source"@en ; dct:identifier "s" .
claim:who a pg:Participation ; pg:about pilot:alfa ; pg:participant organisation:new ; pg:role <{OWN}id/concept/role/tester> ;
    pg:namedAs "Nieuw" ; pg:evidence evidence:whole .
"""  # noqa: E501 - Turtle reads best a statement a line
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
ACCEPTED = (
    "*/*",
    BROWSER,
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "text/turtle, */*",
    "text/turtle;q=0.5,text/html;q=0.9",
    "text/html;q=0.3, text/turtle;charset=utf-8;q=0.4",
    "text/turtle;q=0.4,*/*;q=0.8",
    "application/pdf, text/turtle;q=0.05",
    "application/rdf+xml",
    "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1",
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
    "☃;q=;,,".encode().decode("latin-1"),
)
SPOKEN = ("en", "nl", "en-US,en;q=0.9,nl;q=0.8", "en;q=0,nl;q=0.1", "fr")
PATHS = (
    "/",
    "/doc/pilot/alfa",
    "/id/organisation/old",
    "/id/claim/who",
    "/id/query/pilots",
    "/id/concept/role",
    "/def",
    "/def/0.1.0",
    "/doc/pilot/alfa.ttl",
    "/doc/pilot/alfa.jsonld",
    "/doc/pilot/alfa.nt",
    "/id/record/r",
    "/id/pilot/none",
    "/id/nothing/x",
    "/.well-known/void",
    "/void.ttl",
    "/data/tables/pilot.csv",
    "/data/tables/csv-metadata.json",
    "/data/pilotgraph.nq.gz",
    "/nl/pilot/alfa.html",
    "/en/sparql/index.html",
    "/assets/site.css",
    "/sitemap.xml",
    "/robots.txt",
    "/nl/none.html",
)
# Requests that the server and a static host answer alike: address, Accept and Accept-Language.
ALIKE = [
    *(("/id/pilot/alfa", accept, "") for accept in ACCEPTED),
    *(("/id/pilot/alfa", BROWSER, spoken) for spoken in SPOKEN),
    *((path, accept, "en") for accept in (BROWSER, "text/turtle") for path in PATHS),
]
NGINX = """daemon off; pid {work}/nginx.pid; error_log {work}/error.log; {user}
events {{ }}
http {{ access_log off; client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f;
uwsgi_temp_path {work}/u; scgi_temp_path {work}/s; include {work}/site.conf; }}
"""


def write_set(folder: Path) -> Path:
    """A data set with a pilot, a thing that was replaced, an odd name, and a thing without a page."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    for path in (folder / "queries").rglob("*.rq"):
        if path.stem not in {"pilots", "partners-of-pilots", "pilot-dossier"}:
            path.unlink()
    (folder / "data/turtle").mkdir(parents=True)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (folder / "data/sources.toml").write_text(
        f'[[source]]\nslug = "s"\nfile = "s.txt"\nsha256 = "{digest}"\naddress = ""\n'
    )
    (folder / "data/dataset.toml").write_text(
        f'base = "{OWN}"\nedition = "1"\nlicence = "https://creativecommons.org/licenses/by/4.0/"\n'
        'issued = "2026-01-01"\n'
        '[title]\nen = "Tiny"\nnl = "Klein"\n[description]\nen = "Invented."\nnl = "Verzonnen."\n'
    )
    words = (
        f'    pg:start 0 ; pg:end {len(TEXT)} ; pg:startsWith "{evidence.first_words(TEXT)}" ;\n'
        f'    pg:endsWith "{evidence.last_words(TEXT)}" ; pg:digest "{evidence.digest(TEXT)}" .\n'
    )
    oa = "<http://www.w3.org/ns/oa#hasSource> source:s ;\n"
    passages = f"evidence:whole a pg:Evidence ; {oa}{words}record:r a pg:Record ; pg:recordOf pilot:alfa ; {oa}{words}"
    (folder / "data/turtle/register.ttl").write_text(HEAD + REGISTER + passages)
    return folder


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the data set."""
    return write_set(tmp_path_factory.mktemp("served") / "set")


@pytest.fixture(scope="module")
def served(start: Callable[..., Any], dataset: Path) -> httpx.Client:
    """The running server, under another base, once its pages are there."""
    live = start("--dataset", dataset, "--base", BASE)
    waiting = live.client.get("/nl/index.html", headers={"accept": BROWSER})
    assert waiting.status_code in {200, 503}
    until = time.monotonic() + PATIENCE
    while live.client.get("/nl/index.html").status_code == 503:
        assert time.monotonic() < until, live.lines
        time.sleep(0.5)
    client: httpx.Client = live.client
    return client


@pytest.fixture(scope="module")
def static(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The site as `pilotgraph site` writes it, on nginx with the rules that stand in it."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: it is the Debian package nginx-light (make system)")
    work = tmp_path_factory.mktemp("nginx")
    own = Dataset.open(dataset)
    publish(own, in_memory(own), work / "www", base=BASE)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    rules = (work / "www/nginx.conf").read_text().replace("listen 8080;", f"listen 127.0.0.1:{port};")
    (work / "site.conf").write_text(rules.replace("root /srv/www;", f"root {work}/www;"))
    user = "user root;" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format(work=work, user=user))
    line = ["nginx", "-c", str(work / "nginx.conf"), "-e", str(work / "error.log")]
    process = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                client.get("/robots.txt")
                break
            except httpx.TransportError:
                assert time.monotonic() < until
                time.sleep(0.05)
        yield client
    process.terminate()
    process.wait(PATIENCE)


def arrived(client: httpx.Client, path: str, accept: str, spoken: str) -> tuple[int, str, str, bytes]:
    """Where a request ends: its status, the file that it gives, the type and the body."""
    headers = {"Accept": accept.encode("latin-1"), "Accept-Language": spoken}
    got = client.get(path, headers={k: v for k, v in headers.items() if v}, follow_redirects=True)
    where = urljoin(str(got.url), got.headers.get("content-location", "")).removeprefix(str(client.base_url))
    if got.status_code != 200:
        return got.status_code, "", "", b""
    type_ = got.headers["content-type"].lower().replace("application/xml", "text/xml")
    return got.status_code, where.strip("/"), type_, got.content


def test_the_server_and_a_static_host_answer_alike(served: httpx.Client, static: httpx.Client) -> None:
    """The same address with the same headers ends at the same file, of the same type, byte for byte."""
    found = {request: (arrived(served, *request), arrived(static, *request)) for request in ALIKE}
    assert {request: live[:3] for request, (live, _) in found.items()} == {
        request: host[:3] for request, (_, host) in found.items()
    }
    assert [request for request, (live, host) in found.items() if live[3] != host[3]] == []
    missing = {path for (path, *_), (live, _) in found.items() if live[0] == 404}
    assert missing == {"/id/pilot/none", "/id/nothing/x", "/nl/none.html"}


def test_a_thing_leads_to_its_description(served: httpx.Client) -> None:
    """303 to /doc/ whatever is asked for; there RDF at once, or on to the page, which is a document of its own."""
    for accept in ("text/turtle", BROWSER, "*/*", "image/png"):
        got = served.get("/id/pilot/alfa", headers={"accept": accept})
        assert (got.status_code, urljoin("/id/pilot/alfa", got.headers["location"])) == (303, "/doc/pilot/alfa")
    got = served.get("/doc/pilot/alfa", headers={"accept": "text/turtle"})
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/turtle; charset=utf-8"
    assert urljoin("/doc/pilot/alfa", got.headers["content-location"]) == "/doc/pilot/alfa.ttl"
    assert got.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["link"].split(", ") == [
        '<alfa.jsonld>; rel="alternate"; type="application/ld+json"',
        '<alfa.nt>; rel="alternate"; type="application/n-triples"',
        '<../../nl/pilot/alfa.html>; rel="alternate"; type="text/html"; hreflang="nl"',
        '<../../en/pilot/alfa.html>; rel="alternate"; type="text/html"; hreflang="en"',
        '<../../void.ttl>; rel="describedby"; type="text/turtle"',
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
    ]
    page = served.get("/doc/pilot/alfa", headers={"accept": BROWSER, "accept-language": "en"})
    assert (page.status_code, urljoin("/doc/pilot/alfa", page.headers["location"])) == (303, "/en/pilot/alfa.html")


def test_the_iris_in_the_data_resolve(served: httpx.Client) -> None:
    """With --base every IRI under it that the RDF of a thing names leads somewhere on this server, or is a graph."""
    triples = list(parse(served.get("/doc/pilot/alfa.ttl").content, format=RdfFormat.TURTLE))
    subjects = {t.subject.value for t in triples if hasattr(t.subject, "value")}
    assert f"{BASE}id/pilot/alfa" in subjects
    own = sorted(iri for iri in subjects if iri.startswith(f"{BASE}id/"))
    codes = {
        iri: served.get(
            f"/{iri.removeprefix(BASE)}", headers={"accept": "text/turtle"}, follow_redirects=True
        ).status_code
        for iri in own
    }
    assert set(codes.values()) == {200}


def test_none_of_our_forms(served: httpx.Client) -> None:
    """Who takes neither a page nor RDF is told what there is: the one thing that a static host cannot do."""
    got = served.get("/doc/pilot/alfa", headers={"accept": "image/png"})
    assert (got.status_code, got.headers["content-type"]) == (406, "application/problem+json")
    assert got.json()["detail"] == "this is here as text/turtle, application/ld+json, application/n-triples, text/html"


def test_a_thing_without_a_page(served: httpx.Client) -> None:
    """It leads to the file in which it stands; one that is not there is not found."""
    got = served.get("/doc/record/r", headers={"accept": BROWSER})
    assert (got.status_code, urljoin("/doc/record/r", got.headers["location"])) == (303, "/data/graph/register.ttl")
    assert served.get("/doc/record/none", headers={"accept": BROWSER}).status_code == 404


def test_a_name_with_other_letters(served: httpx.Client) -> None:
    """It is found as it was sent, for so it stands in the data."""
    got = served.get("/id/organisation/caf%C3%A9", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert (got.status_code, "Café" in got.text) == (200, True)


def test_what_was_replaced_says_so(served: httpx.Client) -> None:
    """The page of a deprecated thing stays, and leads to what replaces it."""
    page = served.get("/nl/organisation/old.html").text
    assert "Dit wordt niet meer gebruikt; het adres blijft bestaan. Gebruik in plaats hiervan" in page
    assert '<a href="new.html"><bdi>Nieuw</bdi></a>' in page
    assert "niet meer gebruikt" not in served.get("/nl/organisation/new.html").text


def test_the_ontology_and_its_version(served: httpx.Client) -> None:
    """In each form, at its own address and at that of its version; a version that is not here is not found."""
    turtle = served.get("/def", headers={"accept": "text/turtle"})
    triples = served.get("/def/0.1.0", headers={"accept": "application/n-triples"})
    linked = served.get("/def", headers={"accept": "application/ld+json"})
    kinds = [got.headers["content-type"].partition(";")[0] for got in (turtle, triples, linked)]
    assert kinds == ["text/turtle", "application/n-triples", "application/ld+json"]
    count = len(list(parse(turtle.content, format=RdfFormat.TURTLE)))
    assert count == len(list(parse(triples.content, format=RdfFormat.N_TRIPLES))) > 500
    page = served.get("/def", headers={"accept": BROWSER})
    assert urljoin("/def", page.headers["location"]) == "/nl/def/index.html"
    missing = served.get("/def/9.9.9", headers={"accept": "text/turtle"})
    assert missing.status_code == 404
    assert "0.1.0" in missing.json()["detail"]


def test_what_is_not_there(served: httpx.Client) -> None:
    """A page in the style of the site for people, in the language of the address; problem details for programs."""
    page = served.get("/en/pilot/none.html", headers={"accept": BROWSER, "accept-language": "nl"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<html lang="en">' in page.text
    assert "This page does not exist" in page.text
    assert 'href="../../assets/site.css"' in page.text
    problem = served.get("/en/pilot/none.html", headers={"accept": "text/turtle"})
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    assert problem.json()["status"] == 404


ESCAPES = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252fetc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "..\\..\\etc\\passwd",
    "%5c..%5c..%5cetc",
    "nl/../../served",
    "assets/../../../CURRENT",
    "//etc/passwd",
    "%00",
    "nl/index.html%00.ttl",
    "nginx.conf",
    ".htaccess",
    ".pilotgraph-site",
    "id/pilot/..%2f..%2fetc/passwd",
    "id/pilot/../../../etc/passwd",
    "id/pilot/alfa%0d%0aSet-Cookie:%20a=b",
    "id/pilot/zsm%3f//evil.example",
    "id//evil.example",
    "id/pilot/",
    "doc/pilot/alfa%0d%0aX: y",
    "file:///etc/passwd",
    "nl/pilot/alfa.html/",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leads_out(served: httpx.Client, path: str) -> None:
    """Whatever the encoding: only files of the list are given, and nothing redirects to another host."""
    request = f"GET /{path.replace(' ', '%20')} HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\nConnection: close\r\n\r\n"
    with socket.create_connection((served.base_url.host, served.base_url.port or 80), timeout=10) as connection:
        connection.sendall(request.encode())
        got = b""
        while part := connection.recv(65536):
            got += part
    head = got.partition(b"\r\n\r\n")[0].lower()
    assert head.split()[1] in {b"400", b"404"}, got[:300]
    assert b"location:" not in head
    assert b"set-cookie" not in head
    assert b"root:" not in got


def test_a_file_is_kept_and_asked_for_again(served: httpx.Client) -> None:
    """An entity tag by content: 304 without a body; packed and plain have their own; HEAD tells the same."""
    for path in ("/nl/pilot/alfa.html", "/doc/pilot/alfa.ttl", "/data/graph/ontology.ttl"):
        packed = served.get(path, headers={"accept-encoding": "gzip"})
        plain = served.get(path, headers={"accept-encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.content == plain.content
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        assert packed.headers["etag"] != plain.headers["etag"]
        again = served.get(path, headers={"accept-encoding": "identity", "if-none-match": plain.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", plain.headers["etag"])
        head = served.head(path, headers={"accept-encoding": "identity"})
        assert (head.content, head.headers["content-length"]) == (b"", str(len(plain.content)))
        assert plain.headers["cache-control"] == "no-cache"


def test_pages_are_guarded(served: httpx.Client) -> None:
    """The policy of the site; wider only where SPARQL runs in the page; programs elsewhere may read the data."""
    page, data = served.get("/nl/pilot/alfa.html"), served.get("/doc/pilot/alfa.ttl")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "'wasm-unsafe-eval'" in served.get("/nl/sparql/index.html").headers["content-security-policy"]
    assert {page.headers["x-content-type-options"], data.headers["x-content-type-options"]} == {"nosniff"}
    assert ("access-control-allow-origin" in page.headers, data.headers["access-control-allow-origin"]) == (False, "*")
    asked = served.options("/doc/pilot/alfa")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert served.post("/doc/pilot/alfa").status_code == 405


def test_every_link_of_a_page_leads_somewhere(served: httpx.Client) -> None:
    """On the pages that the server makes itself."""
    for path in ("/query/", "/query/pilots.html?lang=nl&evidence=true", "/api.html?lang=en", "/nl/none.html"):
        page = served.get(path, headers={"accept": BROWSER})
        links = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="([^"#]+)"', page.text)}
        own = {urljoin(path, link) for link in links if "://" not in link}
        broken = {link: served.get(link, follow_redirects=True).status_code for link in sorted(own)}
        assert {link: code for link, code in broken.items() if code != 200} == {}
