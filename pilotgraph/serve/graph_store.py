"""SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 21 March 2013), for reading.

A graph is named by the parameter `graph` or `default` at one address, or is its own address below the base of the
data set. What writes is refused.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from pilotgraph.serve import negotiation
from pilotgraph.serve.answering import Asked, answer, refuse
from pilotgraph.serve.jobs import GraphJob, Refused
from pilotgraph.serve.problems import Reply, not_allowed, preflight
from pilotgraph.serve.sparql_protocol import is_absolute, not_acceptable

if TYPE_CHECKING:
    from pilotgraph.serve.server import Server

ALLOWED: Final = "GET, HEAD, OPTIONS"
PATH: Final = "/graph-store"
DIRECT: Final = "/graph/"
_WRITING: Final = frozenset({"PUT", "POST", "DELETE", "PATCH"})
_MOST_PARAMETERS: Final = 20


async def graph_store(server: Server, asked: Asked) -> Reply:
    """Give a graph whole; every refusal is a reply too."""
    try:
        if asked.method in _WRITING:
            return refuse(asked, _read_only())
        if asked.method == "OPTIONS":
            return preflight(ALLOWED)
        if asked.method not in {"GET", "HEAD"}:
            refused, extra = not_allowed(ALLOWED, f"{asked.method} is not for graphs; use GET")
            return refuse(asked, refused, extra)
        graph = _named(server, asked)
        form = negotiation.preferred(asked.accept, negotiation.GRAPHS)
        if form is None:
            raise not_acceptable(negotiation.GRAPHS)
        return await answer(server, GraphJob(graph, form.media_type, gzip=asked.gzip), asked)
    except Refused as refused:
        return refuse(asked, refused)


def _read_only() -> Refused:
    return Refused(HTTPStatus.FORBIDDEN, "Read-only", "graphs cannot be changed here; this server is for reading")


def _named(server: Server, asked: Asked) -> str | None:
    """The graph that is asked for, None for the default graph. Raises Refused if it is not exactly one."""
    path: str = asked.scope["path"]
    if path.startswith(DIRECT):
        return f"{server.current.edition.base}{path[1:]}"
    try:
        text = asked.query_string.decode("ascii")
        found = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        detail = "the parameters cannot be read; write them in UTF-8, percent-encoded"
        raise Refused(HTTPStatus.BAD_REQUEST, "Not UTF-8", detail) from error
    named = [value for name, value in found if name == "graph"]
    default = [value for name, value in found if name == "default"]
    if len(named) + len(default) != 1:
        detail = "name exactly one graph: ?default, or ?graph= and its IRI"
        raise Refused(HTTPStatus.BAD_REQUEST, "Not exactly one graph", detail)
    if named and not is_absolute(named[0]):
        detail = f"{named[0][:200]!r} is no absolute IRI; name a graph by its whole IRI"
        raise Refused(HTTPStatus.BAD_REQUEST, "Not a graph name", detail)
    return named[0] if named else None
