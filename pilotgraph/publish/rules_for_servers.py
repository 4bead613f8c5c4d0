"""Rules for web servers: an IRI leads to its page or its RDF, and every file says what it is.

`id/…` answers 303 (See Other), as "Cool URIs for the Semantic Web" (W3C, 2008) and the Dutch URI strategy ask,
to the page in the visitor's language or to the RDF, as the visitor prefers. Nothing in a site needs these rules;
with them its addresses resolve.

The texts are in `rules/`: for Apache httpd, for nginx, and for w3id.org, whose rules negotiate too, so that the
addresses of a data set resolve even if its files lie on a host that knows no rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

from pyoxigraph import NamedNode

from pilotgraph.pages.site.addresses import PAGED, kind_of
from pilotgraph.publish.dumps import STEM, graph_path
from pilotgraph.publish.negotiation import forms, languages
from pilotgraph.terms import PG, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.settings import Settings

W3ID: Final = "https://w3id.org/"
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: Final = {
    "text/html": "html",
    "text/css": "css",
    "text/plain": "txt md",
    "text/csv": "csv",
    "text/turtle": "ttl",
    "text/javascript": "js mjs",
    "application/json": "json map",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/trig": "trig",
    "application/rdf+xml": "rdf",
    "application/atom+xml": "atom",
    "application/xml": "xml",
    "application/wasm": "wasm",
    "application/gzip": "gz",
    "application/zip": "zip",
    _WORKBOOK: "xlsx",
    "image/svg+xml": "svg",
    "image/png": "png",
    "font/woff2": "woff2",
}
PACKED: Final = {"application/gzip", "application/zip", "image/png", "font/woff2", _WORKBOOK}
# What programs on other hosts may read: the data, not the pages.
OPEN: Final = r"\.(?:ttl|nt|nq|trig|jsonld|rdf|csv|json|gz|zip|xlsx|atom)$|/\.well-known/void$"
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src {}; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The pages that run SPARQL in the page, and need WebAssembly for it.
WASM_PAGES: Final = ("sparql", "ask")
_SEGMENT: Final = "[a-z0-9_~-][A-Za-z0-9._~-]*"
_NO_FILE: Final = r"(?!.*\.(?:ttl|jsonld|nt)$)"


@dataclass(frozen=True)
class Redirect:
    """Where a path of the site leads: `pattern` is a regular expression over it without the site's own prefix.

    `forms` gives the target for a form, `page` that for HTML, behind the language. Each may name group 1 as ``{}``.
    """

    pattern: str
    page: str
    forms: dict[str, str]

    @property
    def named(self) -> str:
        """The pattern with a name for group 1, which nginx needs."""
        return re.sub(r"\((?!\?)", "(?<pilotgraph_thing>", self.pattern)


def rules(dataset: Dataset, quads: Iterable[Quad], base: str, chosen: Settings) -> Iterator[tuple[str, bytes]]:
    """The rules for each server; those for w3id.org only where the base is there."""
    address = chosen.address or ("" if base.startswith(W3ID) else base)
    prefix = unquote(urlsplit(address).path) or "/"
    values: dict[str, Any] = {
        "base": base,
        "prefix": quote(prefix, safe="/~"),
        "matched": re.escape(prefix),
        "host": urlsplit(address).hostname or "",
        "forms": list(forms()),
        "languages": list(languages()),
        "redirects": list(redirects(quads, base)),
        "types": MEDIA_TYPES,
        "compressed": sorted(set(MEDIA_TYPES) - PACKED),
        "open": OPEN,
        "policy": POLICY.format("'self'"),
        "wasm_policy": POLICY.format("'self' 'wasm-unsafe-eval'"),
        "wasm_pages": f"/(?:nl|en)/(?:{'|'.join(WASM_PAGES)})/",
    }
    yield ".htaccess", _render("apache", values)
    yield "nginx.conf", _render("nginx", values)
    # Some static hosts leave out names that begin with a dot or an underscore unless this file is there.
    yield ".nojekyll", b""
    if base.startswith(W3ID):
        yield from _w3id(dataset, base, address, values)


def redirects(quads: Iterable[Quad], base: str) -> Iterator[Redirect]:
    """What the addresses of a data set lead to, the narrower patterns first."""
    yield Redirect("", "index.html", {"ttl": "void.ttl", "nt": "void.ttl", "jsonld": "dcat.jsonld"})
    yield Redirect("id/query/([a-z0-9-]+)", "query/{}.html", _each("queries/{}"))
    kinds = "|".join(sorted(PAGED))
    yield Redirect(f"(?:id|doc)/({_NO_FILE}(?:{kinds})(?:/{_SEGMENT})+)", "{}.html", _each("doc/{}"))
    for kind, path in sorted(_unpaged(quads, base).items()):
        yield Redirect(f"id/{kind}/.+", "", dict.fromkeys(("ttl", "nt", "jsonld", "html"), path))
    yield Redirect("graph/([a-z0-9-]+)", "", dict.fromkeys(("ttl", "nt", "jsonld", "html"), "data/graph/{}.ttl"))
    ontology = dict.fromkeys(("ttl", "nt", "jsonld"), "data/graph/ontology.ttl")
    yield Redirect("def(?:/[a-z0-9.-]+)?/?", "def/index.html", ontology)


def _each(stem: str) -> dict[str, str]:
    return {form: f"{stem}.{form}" for form in ("ttl", "nt", "jsonld")}


def _unpaged(quads: Iterable[Quad], base: str) -> dict[str, str]:
    """The kinds of things without a page, and the dump in which they stand."""
    found: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.subject, NamedNode):
            kind = kind_of(quad.subject.value, base)
            if kind and kind not in PAGED and kind.replace("-", "").isalnum():
                graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
                found.setdefault(kind, set()).add(graph_path(graph, base) or f"{STEM}.trig")
    return {kind: paths.pop() if len(paths) == 1 else f"{STEM}.trig" for kind, paths in found.items()}


def _w3id(dataset: Dataset, base: str, address: str, values: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """What a person submits to w3id.org: rules and a word of explanation for the folder of that name there."""
    folder, _, inside = base.removeprefix(W3ID).partition("/")
    own = values | {
        "folder": folder,
        "inside": inside,
        "address": address or "https://publisher.example/",
        "known": bool(address),
        # A comment ends where the line ends.
        "title": " ".join(dataset.title.get("en", base).split()),
        "ontology": f"{W3ID}{folder}/def#" == PG,
    }
    yield "w3id.htaccess", _render("w3id", own)
    yield "w3id-README.md", _render("w3id-readme", own)


def _render(name: str, values: dict[str, Any]) -> bytes:
    from jinja2 import StrictUndefined, Template  # noqa: PLC0415 - heavy

    text = (files("pilotgraph.publish") / "rules" / f"{name}.txt").read_text(encoding="utf-8")
    template = Template(text, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return str(template.render(values)).encode()
