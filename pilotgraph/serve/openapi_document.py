"""The named queries described for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), and as a page."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from pilotgraph.pages.site.page import LANGUAGES
from pilotgraph.queries import CLAIMS_VARIABLE
from pilotgraph.serve.negotiation import ANSWERS
from pilotgraph.serve.words import SERVED

if TYPE_CHECKING:
    from pilotgraph.queries import Parameter, Query
    from pilotgraph.serve.edition import Edition

# A list of more than this is better looked up than read.
_FEW: Final = 60
_EXAMPLES: Final = 3
_VARIABLE: Final = re.compile(r"\?(\w+)")
_BEFORE: Final = re.compile(r"^\s*(?:PREFIX\s+\S*\s*<[^>]*>\s*|BASE\s*<[^>]*>\s*|#[^\n]*\n\s*)*", re.IGNORECASE)
_FORMS: Final = {
    "json": (
        "JSON voor programma’s: kolommen met hun soort, en rijen met gewone waarden.",
        "JSON for programs: columns with their types, and rows of plain values.",
    ),
    "csv": ("Tabel met komma’s, voor spreadsheets, R en pandas.", "Table with commas, for spreadsheets, R and pandas."),
    "tsv": ("Tabel met tabs.", "Table with tabs."),
    "srj": (
        "SPARQL 1.1 Query Results JSON, met alle RDF-termen.",
        "SPARQL 1.1 Query Results JSON, with all RDF terms.",
    ),
    "ttl": (
        "RDF: de rijen in het vocabulaire van het W3C voor antwoorden.",
        "RDF: the rows in the W3C’s vocabulary for result sets.",
    ),
    "xlsx": ("Excel, met de passages op een eigen blad.", "Excel, with the passages on a sheet of their own."),
    "md": ("Markdown, voor een verslag.", "Markdown, for a report."),
    "html": ("Een pagina met formulier en antwoord.", "A page with a form and the answer."),
}
_COMMON: Final = {
    "lang": ("Taal van de namen: nl of en.", "Language of the names: nl or en."),
    "evidence": ("true: met de passages die elke rij dragen.", "true: with the passages that carry each row."),
}
_PROBLEMS: Final = {
    "400": "A parameter is unknown, missing, given twice, or names nothing that is there.",
    "404": "There is no such query, or no such form of its answer.",
    "406": "None of the forms is accepted.",
    "422": "The answer is larger than this server gives.",
    "429": "This client has too many questions in flight; see Retry-After.",
    "503": "The server is busy, or the answer took too long; see Retry-After.",
}
_TYPES: Final = ["iri", "text", "integer", "number", "boolean", "date", "month", "year", "time", None]


@lru_cache(2)
def _cached(fingerprint: str, edition: _ByFingerprint) -> bytes:  # noqa: ARG001 - the fingerprint is the key
    return (json.dumps(_document(edition.edition), ensure_ascii=False, indent=1) + "\n").encode()


class _ByFingerprint:
    """An edition as a key: two with one fingerprint are one."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByFingerprint) and other.edition.fingerprint == self.edition.fingerprint

    def __hash__(self) -> int:
        return hash(self.edition.fingerprint)


def document(edition: Edition) -> bytes:
    """Write the description of an edition's queries."""
    return _cached(edition.fingerprint, _ByFingerprint(edition))


def columns(query: Query) -> list[str]:
    """The names of the columns of a query's answer, as its SELECT clause tells; nothing for ``SELECT *``.

    >>> from pilotgraph.queries import parse_query
    >>> columns(parse_query("SELECT DISTINCT ?a (COUNT(?b) AS ?n) WHERE { ?a ?b ?c }", "x"))
    ['a', 'n']
    """
    text = re.sub(r"(?m)^#.*$", "", query.text)
    head = re.match(r"SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?", text[_BEFORE.match(text).end() :], re.IGNORECASE)  # type: ignore[union-attr]
    if not head:
        return []
    rest = text[_BEFORE.match(text).end() + head.end() :]  # type: ignore[union-attr]
    found, depth, inside = [], 0, ""
    for part in re.findall(r"[()]|\?\w+|[{]|\bWHERE\b|\bFROM\b|\bAS\b|\"[^\"\n]*\"|'[^'\n]*'", rest, re.IGNORECASE):
        if not depth and (part == "{" or part.upper() in {"WHERE", "FROM"}):
            break
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part.startswith("?"):
            if not depth:
                found.append(part[1:])
            inside = part[1:]
        elif part == ")" and not depth:
            found.append(inside)
    return [name for name in found if name != CLAIMS_VARIABLE]


def overview(edition: Edition, language: str) -> dict[str, Any]:
    """What the page for programmers shows."""
    index = LANGUAGES.index(language)
    return {
        "forms": [(form.suffix, form.media_type, _FORMS[form.suffix][index]) for form in ANSWERS],
        "common": [(name, about[index]) for name, about in _COMMON.items()],
        "groups": [
            (SERVED[language]["groups"][kind], [_operation_on_page(q, edition, language) for q in queries])
            for kind, queries in edition.groups.items()
            if queries
        ],
    }


def _operation_on_page(query: Query, edition: Edition, language: str) -> dict[str, Any]:
    own = [p for p in query.parameters if p.name != "lang"]
    example = _example(query, edition, language)
    return {
        "name": query.name,
        "title": query.say("summary", language) or query.name,
        "href": f"query/{query.name}.html?lang={language}",
        "reading": query.say("reading", language),
        "parameters": [
            {
                "name": p.name,
                "required": p.required,
                "about": p.about[language],
                "values": ", ".join(_few(p, edition)) if len(_few(p, edition)) <= _FEW // 4 else "",
            }
            for p in own
        ],
        "example": example,
        "shown": f"/{example}",
    }


def _example(query: Query, edition: Edition, language: str) -> str:
    """An address that answers: with the parameters that are needed."""
    given = {p.name: _first_value(p, edition) for p in query.parameters if p.required}
    return f"query/{query.name}.json?{urlencode(given | {'lang': language})}"


def _first_value(parameter: Parameter, edition: Edition) -> str:
    return next((one.slug for kind in parameter.kind.split(",") for one in edition.choices.get(kind, ())), "1")


def _few(parameter: Parameter, edition: Edition) -> list[str]:
    return [one.slug for kind in parameter.kind.split(",") for one in edition.choices.get(kind, ())]


def _document(edition: Edition) -> dict[str, Any]:
    dataset = edition.dataset
    return {
        "openapi": "3.1.1",
        "info": {
            "title": dataset.title.get("en", edition.base),
            "summary": "Named queries: every question is an address.",
            "description": _both(dataset.description.get("en", ""), dataset.description.get("nl", "")),
            "version": dataset.edition,
            "license": {"name": dataset.licence, "url": dataset.licence}
            if dataset.licence.startswith("https://")
            else {"name": dataset.licence},
        },
        "servers": [{"url": ".", "description": "the server that gave this file"}],
        "tags": [{"name": kind, "description": _both(*_said("group_about", kind))} for kind in edition.groups],
        "paths": {
            f"/query/{query.name}.{{format}}": {"get": _operation(query, kind, edition)}
            for kind, queries in edition.groups.items()
            for query in queries
        },
        "components": {
            "parameters": {
                "format": {
                    "name": "format",
                    "in": "path",
                    "required": True,
                    "description": "; ".join(f"{name}: {about[1]}" for name, about in _FORMS.items()),
                    "schema": {"type": "string", "enum": [form.suffix for form in ANSWERS]},
                    "example": "json",
                },
                "lang": _query_parameter("lang", _COMMON["lang"], {"type": "string", "enum": list(LANGUAGES)}),
                "evidence": _query_parameter(
                    "evidence", _COMMON["evidence"], {"type": "string", "enum": ["true", "false"], "default": "false"}
                ),
            },
            "schemas": _SCHEMAS,
            "responses": {
                f"Problem{status}": {
                    "description": about,
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                        "text/html": {"schema": {"type": "string"}},
                        "text/plain": {"schema": {"type": "string"}},
                    },
                }
                for status, about in _PROBLEMS.items()
            },
        },
    }


def _said(key: str, kind: str) -> tuple[str, str]:
    return SERVED["en"][key][kind], SERVED["nl"][key][kind]


def _both(english: str, dutch: str) -> str:
    """A description in both languages: OpenAPI has one text for all readers."""
    return "\n\n".join(
        part for part in (english, f"*Nederlands:* {dutch}" if dutch and dutch != english else "") if part
    )


def _query_parameter(name: str, about: tuple[str, str], schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": _both(about[1], about[0]), "schema": schema}


def _operation(query: Query, kind: str, edition: Edition) -> dict[str, Any]:
    common = [{"$ref": f"#/components/parameters/{name}"} for name in ("format", "lang", "evidence")]
    own = [_parameter(p, edition) for p in query.parameters if p.name != "lang"]
    names = columns(query)
    rows = {
        "type": "object",
        "properties": {name: {"$ref": "#/components/schemas/Value"} for name in names},
        **({"required": names, "additionalProperties": False} if names else {}),
    }
    table = {
        "allOf": [
            {"$ref": "#/components/schemas/Answer"},
            {"type": "object", "properties": {"rows": {"type": "array", "items": rows}}},
        ]
    }
    return {
        "operationId": query.name,
        "tags": [kind],
        "summary": query.header.get("summary", query.name),
        "description": _both(
            f"{query.header.get('summary', '')} {query.header.get('reading', '')}".strip(),
            f"{query.say('summary', 'nl')} {query.say('reading', 'nl')}".strip(),
        ),
        "parameters": [*common, *own],
        "responses": {
            "200": {
                "description": "The whole answer, never a part of it.",
                "headers": {"ETag": {"description": "changes with the answer", "schema": {"type": "string"}}},
                "content": {form.media_type: _content(form.suffix, table) for form in ANSWERS},
            },
            "304": {"description": "The visitor has this very answer (If-None-Match)."},
            **{status: {"$ref": f"#/components/responses/Problem{status}"} for status in _PROBLEMS},
        },
    }


def _content(suffix: str, table: dict[str, Any]) -> dict[str, Any]:
    if suffix == "json":
        return {"schema": table}
    if suffix == "srj":
        return {"schema": {"type": "object"}}
    return {"schema": {"type": "string", **({"format": "binary"} if suffix == "xlsx" else {})}}


def _parameter(parameter: Parameter, edition: Edition) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    values = _few(parameter, edition)
    if parameter.kind == "integer":
        schema = {"type": "string", "pattern": "^[+-]?[0-9]+$"}
    elif parameter.kind == "date":
        schema = {"type": "string", "format": "date"}
    elif 0 < len(values) <= _FEW:
        # Names and IRIs are taken too; who builds on this is best served by the slugs.
        schema = {"type": "string", "enum": values}
    described = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": _both(parameter.about["en"], parameter.about["nl"]),
        "schema": schema,
    }
    if values:
        described["examples"] = {slug: {"value": slug} for slug in values[:_EXAMPLES]}
    return described


_TEXT: Final = {"type": "string"}
_SCHEMAS: Final = {
    "Value": {
        "description": "A value as JSON has it; null where the data say nothing.",
        "type": ["string", "number", "boolean", "null"],
    },
    "Column": {
        "type": "object",
        "required": ["name", "title", "type"],
        "properties": {
            "name": _TEXT,
            "title": _TEXT,
            "type": {"description": "what all values of the column are; null if it has none", "enum": _TYPES},
        },
    },
    "Passage": {
        "type": "object",
        "required": ["claim", "source", "section", "page", "starts_with", "ends_with", "link", "knowing"],
        "properties": {
            "claim": {"type": "string", "description": "IRI of the claim; it resolves"},
            "source": _TEXT,
            "section": _TEXT,
            "page": _TEXT,
            "starts_with": {"type": "string", "description": "the first words of the passage"},
            "ends_with": {"type": "string", "description": "its last words"},
            "link": {"type": "string", "description": "address of the passage, if the source has one"},
            "knowing": {"enum": ["stated", "contradicted", "derived", "not-stated", "not-applicable"]},
        },
    },
    "Evidence": {
        "type": "object",
        "required": ["passages", "reason"],
        "properties": {
            "passages": {"type": "array", "items": {"$ref": "#/components/schemas/Passage"}},
            "reason": {"type": "string", "description": "why there are none, or not all"},
        },
    },
    "Answer": {
        "type": "object",
        "required": ["query", "title", "reading", "language", "parameters", "edition", "licence", "columns", "rows"],
        "properties": {
            "query": _TEXT,
            "title": _TEXT,
            "reading": _TEXT,
            "language": {"enum": list(LANGUAGES)},
            "parameters": {"type": "object", "additionalProperties": _TEXT},
            "edition": _TEXT,
            "licence": _TEXT,
            "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
            "rows": {"type": "array", "items": {"type": "object"}},
            "evidence": {
                "type": "array",
                "description": "one entry for each row, in the same order; only with evidence=true",
                "items": {"$ref": "#/components/schemas/Evidence"},
            },
        },
    },
    "Problem": {
        "description": "Problem details (RFC 9457)",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    },
}
