"""Requests that nobody thought of: whatever is sent, the answer is one of those that are documented, and never 500."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    import httpx

# docs/serving.md lists these.
DOCUMENTED = {200, 204, 301, 303, 304, 400, 403, 404, 405, 406, 413, 414, 415, 422, 429, 431, 503}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY")
PATHS = ("/sparql", "/sparql/", "/graph-store", "/graph/register", "/health", "/metrics", "/query/", "/id/pilot/zsm")
QUERIES = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <urn:x>",
    "SELECT",
    "CLEAR ALL",
)
NAMES = ("query", "default-graph-uri", "named-graph-uri", "graph", "default", "update", "x", "lang", "evidence")
TYPES = ("application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update", "text/plain", "")
HEADERS = ("accept", "accept-encoding", "accept-language", "if-none-match", "content-type", "range", "origin", "expect")
VALUES = (
    *("*/*", "text/turtle", "application/sparql-results+json;q=0.3", "gzip", "*;q=0", "*", 'W/"x"', "bytes=0-1"),
    *("nl", "text/html", "100-continue", ";;;", '"', "charset=utf-8;x", "a/b/c;q=9"),
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(QUERIES) | st.text(max_size=20)), max_size=4)
headers = st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(VALUES) | printable.map(str.strip), max_size=4)


def encoded(found: list[tuple[str, str]]) -> str:
    """Parameters as an address or a form holds them."""
    return "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in found)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS) | st.text(max_size=30).map(lambda text: "/" + quote(text, errors="surrogatepass")),
    address=pairs,
    form=pairs,
    sent=headers,
    kind=st.sampled_from(TYPES),
)
def test_any_request(  # noqa: PLR0913, PLR0917 - the parts of a request
    live: Any,  # noqa: ANN401
    method: str,
    path: str,
    address: list[tuple[str, str]],
    form: list[tuple[str, str]],
    sent: dict[str, str],
    kind: str,
) -> None:
    """Any combination of method, path, parameters, body and headers gets a documented status with a body that fits."""
    body = (form[0][1] if kind == "application/sparql-query" and form else encoded(form)).encode("utf-8", "replace")
    wanted = {"content-type": kind} | sent if kind else sent
    url = f"{path}?{encoded(address)}" if address else path
    answer = live.client.request(method, url, headers=wanted, content=body if method in {"POST", "PUT"} else None)
    assert answer.status_code in DOCUMENTED, answer.text
    check(answer)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.binary(max_size=40), body=st.binary(max_size=200), kind=st.sampled_from(TYPES))
def test_any_bytes(live: Any, path: bytes, body: bytes, kind: str) -> None:  # noqa: ANN401
    """Bytes of any kind, as parameters and as a body, get a documented status."""
    for answer in (
        live.client.get("/sparql?query=" + quote(path)),
        live.client.post("/sparql", content=body, headers={"content-type": kind}),
        live.client.get("/graph-store?graph=" + quote(path)),
    ):
        assert answer.status_code in DOCUMENTED, answer.text
        check(answer)


def check(answer: httpx.Response) -> None:
    """What holds for every answer: its form is named, a refusal says why, and a wait says how long."""
    if answer.status_code in {204, 304, 303, 301} or answer.request.method == "HEAD":
        assert answer.content == b""
        return
    assert answer.headers["content-type"]
    if answer.status_code >= 400:
        assert answer.content
        if answer.headers["content-type"] == "application/problem+json":
            assert answer.json()["status"] == answer.status_code
    if answer.status_code == 429:
        assert answer.headers["retry-after"]
