"""HTTP as analysts and their tools use it: forms of an answer, caching, compression, CORS, methods, logs, metrics."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

if TYPE_CHECKING:
    from collections.abc import Callable

PILOTS = "SELECT ?p { ?p a <https://w3id.org/pilotgraph/def#Pilot> } ORDER BY ?p"
GRAPH = "CONSTRUCT { ?p a <urn:Pilot> } WHERE { ?p a <https://w3id.org/pilotgraph/def#Pilot> }"
RESULTS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/trig", "application/n-quads")


@pytest.mark.parametrize("kind", RESULTS)
def test_forms_of_a_table(live: Any, kind: str) -> None:  # noqa: ANN401
    """Each form of results holds the same 34 pilots, under the media type that was asked for."""
    answer = live.query(PILOTS, accept=kind)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    if kind == "text/csv":
        rows = [line for line in answer.text.split("\r\n")[1:] if line]
    else:
        found = parse_query_results(answer.content, format=QueryResultsFormat.from_media_type(kind))
        assert isinstance(found, QuerySolutions)
        rows = [row["p"].value for row in found]
    assert len(rows) == 34
    assert rows == sorted(rows)


@pytest.mark.parametrize("kind", GRAPHS)
def test_forms_of_a_graph(live: Any, kind: str) -> None:  # noqa: ANN401
    """Each form of graphs holds the same 34 triples; Turtle is exactly text/turtle."""
    answer = live.query(GRAPH, accept=kind)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    form = RdfFormat.from_media_type(kind)
    assert form is not None
    assert len(list(parse(answer.content, format=form))) == 34


@pytest.mark.parametrize(
    ("accept", "query", "status", "kind"),
    [
        ("*/*", PILOTS, 200, "application/sparql-results+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", GRAPH, 200, "text/turtle"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", PILOTS, 200, "application/sparql-results+xml"),
        ("*/*, application/sparql-results+json;q=0", "ASK {}", 200, "application/sparql-results+xml"),
        ("text/turtle", PILOTS, 406, "application/problem+json"),
        ("text/csv", GRAPH, 406, "application/problem+json"),
        ("image/png", PILOTS, 406, "application/problem+json"),
        ("application/sparql-results+json;q=0", "ASK {}", 406, "application/problem+json"),
    ],
)
def test_negotiation(live: Any, accept: str, query: str, status: int, kind: str) -> None:  # noqa: ANN401
    """The form follows Accept, with its qualities; where none of ours is wanted, the answer is 406 and says so."""
    answer = live.query(query, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)


def test_head_is_get_without_a_body(live: Any) -> None:  # noqa: ANN401
    """HEAD gives the status and the headers of GET, and no body."""
    for params in ({"query": PILOTS}, {"query": "SELECT"}, {}):
        get = live.client.get("/sparql", params=params)
        head = live.client.head("/sparql", params=params)
        assert head.content == b""
        assert head.status_code == get.status_code
        assert _lasting(head.headers) == _lasting(get.headers)


def _lasting(headers: Any) -> dict[str, str]:  # noqa: ANN401
    return {name: value for name, value in headers.items() if name != "date"}


def test_entity_tags(live: Any) -> None:  # noqa: ANN401
    """An answer that was given before is 304 for who has it; another form, and what was never given, is not."""
    query = f"{PILOTS} LIMIT 7"
    first = live.query(query, accept="text/csv")
    tag = first.headers["etag"]
    again = live.query(query, accept="text/csv", if_none_match=f'"x", {tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == first.headers["vary"] == "Accept, Accept-Encoding"
    assert again.headers["cache-control"] == first.headers["cache-control"] == "public, max-age=60, must-revalidate"
    other = live.query(query, accept="application/sparql-results+xml", if_none_match=tag)
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert live.query("SELECT * {", if_none_match="*").status_code == 400
    assert live.query(f"{PILOTS} LIMIT 8", if_none_match=tag).status_code == 200


def test_what_varies_is_not_cached(live: Any) -> None:  # noqa: ANN401
    """A query whose answer is another each time gets neither a tag nor a place in a cache."""
    texts = [live.query("SELECT (RAND() AS ?x) {}", accept="text/csv") for _ in range(2)]
    assert texts[0].text != texts[1].text
    assert [answer.headers["cache-control"] for answer in texts] == ["no-store", "no-store"]
    assert "etag" not in texts[0].headers


def test_the_same_query_is_evaluated_once(live: Any) -> None:  # noqa: ANN401
    """The second time an answer comes from the cache, and is the same."""
    before = live.metric("pilotgraph_cache_hits_total")
    query = f"{PILOTS} LIMIT 11"
    first, second = (live.query(query) for _ in range(2))
    assert first.content == second.content
    assert live.metric("pilotgraph_cache_hits_total") == before + 1


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("gzip;q=0", False), ("identity", False), ("br, gzip;q=0.2", True), ("*;q=0", False), ("", False)],
)
def test_compression(live: Any, accepted: str, packed: bool) -> None:  # noqa: ANN401, FBT001
    """A large answer is packed for who takes gzip, and only then; unpacked it is the same."""
    query = "SELECT * { ?s ?p ?o } LIMIT 200"
    with live.client.stream("GET", "/sparql", params={"query": query}, headers={"accept-encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert json.loads(gzip.decompress(body) if packed else body)["results"]["bindings"][199]


def test_any_page_may_read(live: Any) -> None:  # noqa: ANN401
    """CORS: the preflight of a browser is granted, and answers and refusals can be read by any page."""
    preflight = live.client.options(
        "/sparql", headers={"origin": "https://example.org", "access-control-request-method": "POST"}
    )
    assert (preflight.status_code, preflight.headers["access-control-allow-methods"]) == (
        204,
        "GET, HEAD, POST, OPTIONS",
    )
    for answer in (live.query(PILOTS), live.query("SELECT"), live.client.get("/graph/register"), preflight):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/sparql", "GET, HEAD, POST, OPTIONS"),
        ("DELETE", "/sparql", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
        ("TRACE", "/graph-store", "GET, HEAD, OPTIONS"),
    ],
)
def test_wrong_methods(live: Any, method: str, path: str, allowed: str) -> None:  # noqa: ANN401
    """A method that an address does not take is 405, with those that it takes."""
    answer = live.client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("params", "status", "title"),
    [
        ([("query", "ASK {}"), ("query", "ASK {}")], 400, "Not exactly one query"),
        ([("default-graph-uri", "urn:x")], 400, "Not exactly one query"),
        ([("query", "ASK {}"), ("default-graph-uri", "")], 400, "Not a graph name"),
        ([("query", "ASK {}"), ("named-graph-uri", "relative")], 400, "Not a graph name"),
        ([("query", "")], 400, "Malformed query"),
        ([("update", "CLEAR ALL")], 403, "Read-only"),
        ([("query", "ASK {}"), ("using-graph-uri", "urn:x")], 403, "Read-only"),
        ([("x", str(n)) for n in range(300)], 400, "Too many parameters"),
    ],
)
def test_refusals(live: Any, params: list[tuple[str, str]], status: int, title: str) -> None:  # noqa: ANN401
    """What the protocol does not allow is refused in a form by POST as in an address by GET, with the reason."""
    for answer in (live.client.get("/sparql", params=params), live.client.post("/sparql", data=_form(params))):
        assert answer.status_code == status
        told = answer.json()
        assert (told["title"], told["status"]) == (title, status)
        assert told["detail"]


def _form(params: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in params:
        found.setdefault(name, []).append(value)
    return found


def test_parameters_that_are_not_ours_are_ignored(live: Any) -> None:  # noqa: ANN401
    """Clients send parameters that the standard does not know; they change nothing."""
    answer = live.client.get("/sparql", params={"query": "ASK {}", "format": "xml", "output": "x", "timeout": "1"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/sparql-results+json")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/sparql-query; charset=utf-8", "ASK { FILTER('é' = 'é') }".encode(), 200),
        ("application/sparql-query;charset=UTF-16", "ASK {}".encode("utf-16"), 400),
        ("application/sparql-query", b"ASK { FILTER('\xff' = 'x') }", 400),
        ("application/x-www-form-urlencoded", b"query=ASK%20%7B%20FILTER('%FF'%20=%20'x')%20%7D", 400),
        ("application/x-www-form-urlencoded", b"query=ASK+\xff", 400),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"ASK {}", 415),
        ("APPLICATION/SPARQL-QUERY", b"ASK {}", 200),
    ],
)
def test_bodies(live: Any, kind: str, body: bytes, status: int) -> None:  # noqa: ANN401
    """A body is read as what it says it is, in UTF-8, or refused."""
    assert live.client.post("/sparql", content=body, headers={"content-type": kind}).status_code == status


def test_a_long_query_goes_by_post(live: Any) -> None:  # noqa: ANN401
    """A query of 60 kB is answered by POST; one above the limit is 413, in a form and as the body."""
    query = f"ASK {{}} # {'x' * 60_000}"
    assert live.client.post("/sparql", data={"query": query}).json() == {"head": {}, "boolean": True}
    longer = f"ASK {{}} # {'x' * 70_000}"
    assert live.client.post("/sparql", data={"query": longer}).status_code == 413
    direct = {"content-type": "application/sparql-query"}
    assert live.client.post("/sparql", content=longer, headers=direct).status_code == 413


def test_an_error_shows_the_place(live: Any) -> None:  # noqa: ANN401
    """A malformed query is told with line and column, as problem details, as text, or as a page."""
    query = "SELECT *\nWHERE { ?s ?p }"
    told = live.query(query).json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert "query:2" in told["detail"]
    assert "^" in told["detail"]
    assert live.query(query, accept="text/plain").text.startswith("400 Malformed query\n\n")
    page = live.query(f"{query}<script>", accept="text/html, */*;q=0.1", accept_language="nl")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="nl">' in page.text
    assert "<script>" not in page.text


def test_a_browser_is_led_to_the_page(start: Callable[..., Any]) -> None:
    """Who opens the endpoint in a browser gets the page on which queries are written, in its language."""
    live = start("--workers", "1")
    answer = live.client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8", "accept-language": "nl"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/nl/sparql/index.html")
    assert live.stop() == 0


def test_the_log_holds_no_query(live: Any) -> None:  # noqa: ANN401
    """A request is a line of JSON with what one needs to look after a server, and a digest in place of the query."""
    live.query("ASK { <urn:secret-thing> ?p ?o }", user_agent="x")
    line = [entry for entry in live.log() if entry.get("path") == "/sparql"][-1]
    assert set(line) == {"time", "method", "path", "status", "bytes", "ms", "client", "query"}
    assert (line["method"], line["status"], line["client"]) == ("GET", 200, "127.0.0.1")
    assert not any("secret-thing" in text for text in live.lines)


def test_metrics_count(live: Any) -> None:  # noqa: ANN401
    """Requests are counted by route and status, and every line is one that Prometheus reads."""
    name = 'pilotgraph_requests_total{route="sparql",status="400"}'
    before = live.metric(name)
    live.query("SELECT")
    assert live.metric(name) == before + 1
    assert live.client.get("/metrics").headers["content-type"].startswith("text/plain")
    assert live.metric("pilotgraph_workers") >= 2


def test_health(live: Any) -> None:  # noqa: ANN401
    """Health tells the edition, the workers and what protects them."""
    told = live.health()
    assert (told["status"], told["version"]) == ("ok", "0.2.0")
    assert told["workers"] >= 2
    assert "no network" in told["protections"]
