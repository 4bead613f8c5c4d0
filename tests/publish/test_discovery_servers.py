"""The rules for web servers, on real servers: nginx and Apache httpd on loopback, asked with curl."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.publish.rebase import in_memory_under
from tests.publish.conftest import all_files

if TYPE_CHECKING:
    from collections.abc import Iterator

W3ID = "https://w3id.org/pilotgraph/rechtsbijstand/"
PUBLISHER = "https://publisher.example/"
PATIENCE = 20
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/html;q=0.2,application/xhtml+xml;q=0.18"
)
# What is asked for, and the form in which the thing must be given.
ACCEPTED = {
    "nothing said": ("", "html"),
    "curl": ("*/*", "html"),
    "a browser": (BROWSER, "html"),
    "Turtle": ("text/turtle", "ttl"),
    "JSON-LD with a profile": ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    "N-Triples, in capitals": ("Application/N-Triples", "nt"),
    "Turtle or anything": ("text/turtle, */*", "ttl"),
    "HTML before Turtle": ("text/turtle;q=0.5,text/html;q=0.9", "html"),
    "Turtle before HTML": ("text/html;q=0.3, text/turtle;charset=utf-8;q=0.4", "ttl"),
    "anything before Turtle": ("text/turtle;q=0.4,*/*;q=0.8", "html"),
    "Turtle least of all, and no HTML": ("application/pdf, text/turtle;q=0.05", "ttl"),
    "not Turtle": ("text/turtle;q=0, application/ld+json;q=0.1", "jsonld"),
    "Comunica": (COMUNICA, "nt"),
    "rdflib": ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1", "ttl"),
    "rdflib for JSON-LD": ("application/ld+json, application/json;q=0.9, */*;q=0.1", "jsonld"),
    "Jena": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
        "ttl",
    ),
    "OWL API": ("application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09", "ttl"),
    "only a picture": ("image/png", "html"),
    "a name within a name": ("application/x-text/turtle-like", "html"),
    "no header at all": ("☃;q=;,,", "html"),
}
LANGUAGES = {
    "": "nl",
    "nl": "nl",
    "en": "en",
    "en-US,en;q=0.9,nl;q=0.8": "en",
    "nl-BE, en;q=0.9": "nl",
    "de,en;q=0.7,nl;q=0.3": "en",
    "en;q=0,nl;q=0.1": "nl",
    "fr": "nl",
    "end,eng;q=1": "nl",
}
APACHE = """\
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {work}/httpd.pid
ErrorLog {work}/error.log
{user}
{modules}
TypesConfig /dev/null
DocumentRoot {root}
<Directory {root}>
    AllowOverride All
    Require all granted
</Directory>
"""
APACHE_MODULES = Path("/usr/lib/apache2/modules")
NEEDED = ("mpm_event", "authz_core", "dir", "mime", "setenvif", "rewrite", "headers", "filter", "deflate", "brotli")
NGINX = """\
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    include {work}/site.conf;
}}
"""
LISTEN, ROOT_LINE = "listen 8080;", "root /srv/www;"


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """A server with a site: asks for paths in the site's folder."""

    def __init__(self, line: list[str], origin: str, prefix: str, log: Path) -> None:
        self.origin = origin
        self.prefix = prefix
        self._process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                pytest.fail(f"{line[0]} does not start: {log.read_text() if log.exists() else ''}")
            time.sleep(0.05)

    def get(self, path: str, *options: str, **headers: str) -> Answer:
        """Ask with curl, following nothing; a header without a value is not sent."""
        line = ["curl", "-sSi", "--path-as-is", *options, f"{self.origin}{self.prefix}{path}"]
        for name, value in headers.items():
            line += ["-H", f"{name.replace('_', '-')}: {value}".rstrip()]
        out = subprocess.run(line, capture_output=True, check=True, timeout=PATIENCE).stdout
        head, _, body = out.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        found: dict[str, str] = {}
        for row in rest:
            name, _, value = row.partition(": ")
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        return Answer(int(first.split()[1]), found, body)

    def leads_to(self, path: str, **headers: str) -> str:
        """The path in the site to which a path redirects; the redirect is 303, open, and says on what it depends."""
        answer = self.get(path, **headers)
        assert answer.status == 303, (path, headers, answer.status)
        varies = answer.headers["vary"].lower().replace(" ", "").split(",")
        assert {"accept", "accept-language"} <= set(varies)
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer.headers["location"].removeprefix(self.origin).removeprefix(self.prefix)

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.origin}{self.prefix}feed.atom", timeout=2):  # noqa: S310 - our own server
                return True
        except HTTPError as error:
            error.close()
            return True
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _apache(root: Path, work: Path, prefix: str) -> Server:
    if not shutil.which("apache2"):
        pytest.skip("Apache httpd is not installed: it is the Debian package apache2-bin (make system)")
    found = [name for name in NEEDED if (APACHE_MODULES / f"mod_{name}.so").is_file()]
    modules = "\n".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in found)
    port = _free_port()
    user = "User daemon\nGroup daemon" if os.geteuid() == 0 else ""
    (work / "httpd.conf").write_text(APACHE.format(port=port, work=work, root=root, user=user, modules=modules))
    line = ["apache2", "-d", str(work), "-f", str(work / "httpd.conf"), "-DFOREGROUND"]
    return Server(line, f"http://127.0.0.1:{port}", prefix, work / "error.log")


def _nginx(root: Path, work: Path, prefix: str) -> Server:
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: it is the Debian package nginx-light (make system)")
    port = _free_port()
    rules = (root / prefix.strip("/") / "nginx.conf").read_text()
    assert rules.count(LISTEN) == rules.count(ROOT_LINE) == 1
    rules = rules.replace(LISTEN, f"listen 127.0.0.1:{port};").replace(ROOT_LINE, f"root {root};")
    (work / "site.conf").write_text(rules)
    user = "user root;" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format(work=work, user=user))
    line = ["nginx", "-c", str(work / "nginx.conf"), "-e", str(work / "error.log")]
    return Server(line, f"http://127.0.0.1:{port}", prefix, work / "error.log")


STARTERS = {"apache": _apache, "nginx": _nginx}
BASES = {"w3id": W3ID, "subfolder": "http://127.0.0.1/pilots/legal-aid/"}


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    """A folder that the server's own user can read, which pytest's is not."""
    with tempfile.TemporaryDirectory(prefix="pilotgraph-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def roots(work: Path) -> dict[str, tuple[Path, str]]:
    """For each base: the root of a server, and the prefix under which a site stands there, with stand-in pages."""
    own, found = Dataset.open(), {}
    for name, base in BASES.items():
        prefix = "/" if base == W3ID else base.removeprefix("http://127.0.0.1")
        root = work / name
        folder = root / prefix.strip("/")
        pages = (
            "index.html",
            "nl/index.html",
            "en/index.html",
            "nl/sparql/index.html",
            "nl/pilot/zsm.html",
            "en/pilot/zsm.html",
            "assets/site.css",
        )
        stand_ins = [(path, f"<!doctype html><title>{path}</title>{' ' * 4000}".encode()) for path in pages]
        rdf = [
            (f"doc/pilot/zsm.{form}", b"<http://x.org/a> <http://x.org/b> <http://x.org/c> .\n" * 99)
            for form in ("ttl", "nt")
        ]
        dataset, store = in_memory_under(own, in_memory(own), base)
        for path, content in [*stand_ins, *rdf, *all_files(dataset, store)]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        found[name] = (root, prefix)
    return found


@pytest.fixture(scope="module", params=[f"{server}-{base}" for server in STARTERS for base in BASES])
def server(request: pytest.FixtureRequest, work: Path, roots: dict[str, tuple[Path, str]]) -> Iterator[Server]:
    """Each server with the site at its root, and in a subfolder."""
    name, _, base = request.param.partition("-")
    place = work / request.param
    place.mkdir()
    root, prefix = roots[base]
    started = STARTERS[name](root, place, prefix)
    yield started
    started.stop()


@pytest.mark.parametrize("who", ACCEPTED)
def test_a_thing_leads_to_the_form_that_is_preferred(server: Server, who: str) -> None:
    """By the quality values of Accept, and as a program that names RDF would want it."""
    accept, form = ACCEPTED[who]
    expected = "nl/pilot/zsm.html" if form == "html" else f"doc/pilot/zsm.{form}"
    for path in ("id/pilot/zsm", "doc/pilot/zsm"):
        assert server.leads_to(path, Accept=accept, Accept_Language="") == expected


@pytest.mark.parametrize("accepted", LANGUAGES)
def test_a_page_is_given_in_the_language_that_is_preferred(server: Server, accepted: str) -> None:
    """By the quality values of Accept-Language; Dutch where neither language is named."""
    language = LANGUAGES[accepted]
    headers = {"Accept": BROWSER, "Accept_Language": accepted}
    assert server.leads_to("id/concept/goal/eigen-regie", **headers) == f"{language}/concept/goal/eigen-regie.html"
    assert server.leads_to("", **headers) == f"{language}/index.html"


def test_every_kind_of_address_leads_somewhere(server: Server) -> None:
    """The data set, queries, named graphs, the ontology, and things without a page, for people and programs."""
    turtle, page = {"Accept": "text/turtle"}, {"Accept": "text/html", "Accept_Language": "en"}
    assert {path: (server.leads_to(path, **turtle), server.leads_to(path, **page)) for path in EVERY} == EVERY
    assert server.leads_to("", Accept="application/ld+json") == "dcat.jsonld"
    assert server.leads_to("id/query/status", Accept="application/n-triples") == "queries/status.nt"


EVERY = {
    "": ("void.ttl", "en/index.html"),
    "id/query/money-totals": ("queries/money-totals.ttl", "en/query/money-totals.html"),
    "id/claim/po22-zsm-period": ("doc/claim/po22-zsm-period.ttl", "en/claim/po22-zsm-period.html"),
    "id/coverage/zsm-reach": ("data/graph/derived.ttl", "data/graph/derived.ttl"),
    "id/record/pilotoverzicht-2022-zsm": ("data/graph/register.ttl", "data/graph/register.ttl"),
    "graph/register": ("data/graph/register.ttl", "data/graph/register.ttl"),
    "def": ("data/graph/ontology.ttl", "en/def/index.html"),
    "def/0.1.0": ("data/graph/ontology.ttl", "en/def/index.html"),
}


@pytest.mark.parametrize(
    "path",
    [
        "id/nothing/of-that-kind",
        "id/pilot/",
        "id/pilot/..%2f..%2fetc/passwd",
        "id/pilot/../../../etc/passwd",
        "id/pilot/zsm%0d%0aSet-Cookie:%20a=b",
        "id/pilot/%00",
        "id/pilot/zsm%3f//evil.example",
        "id//evil.example",
        "doc/pilot/no-such.ttl",
    ],
)
def test_an_address_that_is_no_thing_is_refused(server: Server, path: str) -> None:
    """It redirects nowhere, least of all to another host or out of the folder."""
    answer = server.get(path, Accept="text/turtle")
    assert answer.status in {400, 403, 404}
    assert not {"location", "set-cookie"} & answer.headers.keys()


@pytest.mark.parametrize(
    ("path", "expected"),
    {
        "nl/pilot/zsm.html": "text/html; charset=utf-8",
        "doc/pilot/zsm.ttl": "text/turtle; charset=utf-8",
        "doc/pilot/zsm.nt": "application/n-triples; charset=utf-8",
        "data/pilotgraph.trig": "application/trig; charset=utf-8",
        "data/pilotgraph.jsonld": "application/ld+json; charset=utf-8",
        "data/pilotgraph.nq.gz": "application/gzip",
        "data/tables/pilot.csv": "text/csv; charset=utf-8",
        "data/tables/csv-metadata.json": "application/csvm+json",
        "data/tables.zip": "application/zip",
        "data/tables.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".well-known/void": "text/turtle; charset=utf-8",
        "dcat.rdf": "application/rdf+xml; charset=utf-8",
        "feed.atom": "application/atom+xml; charset=utf-8",
    }.items(),
)
def test_a_file_says_what_it_is(server: Server, path: str, expected: str) -> None:
    """Its media type, never guessed, and not what it is packed in; programs elsewhere may read the data."""
    answer = server.get(path)
    assert (answer.status, answer.headers["content-type"].replace("UTF-8", "utf-8")) == (200, expected)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in answer.headers
    assert answer.headers.get("access-control-allow-origin") == (None if path.endswith(".html") else "*")


def test_pages_are_guarded(server: Server, root: Path) -> None:
    """The policy is that of the pages' own meta tag, and wider only where SPARQL runs in the page."""
    layout = (root / "viz/templates/site/layout.html").read_text(encoding="utf-8")
    own = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', layout)[0]
    frame = "; frame-ancestors 'none'"
    for path, scripts in {"nl/pilot/zsm.html": "'self'", "nl/sparql/index.html": "'self' 'wasm-unsafe-eval'"}.items():
        answer = server.get(path)
        assert answer.headers["content-security-policy"] == own.replace("{{ page.csp_script }}", scripts) + frame
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_copy_is_used_again_if_it_is_still_the_same(server: Server) -> None:
    """Also when it came compressed."""
    for compressed in ((), ("--compressed",)):
        first = server.get("nl/pilot/zsm.html", *compressed)
        assert first.headers["cache-control"] == "no-cache"
        assert server.get("nl/pilot/zsm.html", *compressed, If_None_Match=first.headers["etag"]).status == 304
    assert server.get("assets/site.css").headers["cache-control"] == "public, max-age=3600"


def test_texts_travel_compressed(server: Server) -> None:
    """Pages and RDF do; what is packed already does not."""
    for path in ("nl/pilot/zsm.html", "doc/pilot/zsm.ttl", "data/pilotgraph.jsonld"):
        answer = server.get(path, Accept_Encoding="gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert "content-encoding" not in server.get("data/pilotgraph.nq.gz", Accept_Encoding="gzip").headers


def test_rules_and_lists_of_folders_are_not_shown(server: Server) -> None:
    """Nor is what the writer of the site keeps for itself."""
    for path in (".htaccess", "nginx.conf", "w3id.htaccess", "data/", "doc/pilot/"):
        assert server.get(path).status in {403, 404}, path


@pytest.fixture(scope="module")
def w3id(work: Path, roots: dict[str, tuple[Path, str]]) -> Iterator[Server]:
    """The rules for w3id.org in a folder of the data set's name there, as its server has it."""
    place, root = work / "w3id-work", work / "w3id-org"
    (root / "pilotgraph").mkdir(parents=True)
    place.mkdir()
    folder, _ = roots["w3id"]
    shutil.copy(folder / "w3id.htaccess", root / "pilotgraph/.htaccess")
    started = _apache(root, place, "/")
    yield started
    started.stop()


@pytest.mark.parametrize("who", ACCEPTED)
def test_permanent_addresses_resolve_on_a_host_without_rules(w3id: Server, who: str) -> None:
    """The entry at w3id.org negotiates, so that a host of plain files is enough."""
    accept, form = ACCEPTED[who]
    expected = "nl/pilot/zsm.html" if form == "html" else f"doc/pilot/zsm.{form}"
    found = w3id.leads_to("pilotgraph/rechtsbijstand/id/pilot/zsm", Accept=accept, Accept_Language="")
    assert found == f"{PUBLISHER}{expected}"


def test_the_entry_at_w3id_leads_to_files_and_ontology(w3id: Server) -> None:
    """Files keep their names; the ontology and the shapes, which data sets share, have addresses of their own."""
    base = "pilotgraph/rechtsbijstand/"
    file = w3id.get(f"{base}data/tables/pilot.csv")
    assert (file.status, file.headers["location"]) == (302, f"{PUBLISHER}data/tables/pilot.csv")
    turtle = {"Accept": "text/turtle"}
    assert w3id.leads_to("pilotgraph/def", **turtle) == f"{PUBLISHER}data/graph/ontology.ttl"
    assert w3id.leads_to("pilotgraph/def/0.1.0", Accept="text/html") == f"{PUBLISHER}nl/def/index.html"
    assert w3id.leads_to("pilotgraph/shapes", **turtle) == f"{PUBLISHER}data/shapes.ttl"
    assert w3id.leads_to(base, Accept=BROWSER, Accept_Language="en") == f"{PUBLISHER}en/index.html"


def test_the_entry_at_w3id_names_the_address_to_change_once(roots: dict[str, tuple[Path, str]]) -> None:
    """One line holds the address of the files; a base elsewhere has no entry."""
    folder, _ = roots["w3id"]
    assert (folder / "w3id.htaccess").read_text().count(PUBLISHER) == 1
    other, prefix = roots["subfolder"]
    assert not list((other / prefix.strip("/")).glob("w3id*"))
