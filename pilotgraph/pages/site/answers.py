"""Research questions and named queries: how to read them, and their answers with the proof of each row."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from pilotgraph import answers
from pilotgraph.pages.site import data, paging
from pilotgraph.pages.site.addresses import stem_of
from pilotgraph.pages.site.claims import proofs
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import p, shortened, slug
from pilotgraph.pages.site.page import Page, Sheet, Text
from pilotgraph.queries import bind, with_prefixes
from pilotgraph.terminal import is_number
from pilotgraph.terms import PG, PREFIXES, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.answers import Table
    from pilotgraph.pages.site.page import Made, Site
    from pilotgraph.queries import Query
    from pilotgraph.terms import Term

MOST_ROWS = 400
# Some answers grow with the square of the number of pilots; above this number none is written out.
MOST_ANSWERED = 2500
_MOST_CLAIMS = 6
# A cell that names every pilot would make a page of megabytes.
_LONGEST_CELL = 4000
_MOST_BARS = 60
_CHART = re.compile(r"bar \?(\w+) \?(\w+)")
_HEADER = re.compile(r"^#\+.*\n?", re.MULTILINE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LABEL = re.compile(r"Labels?$")
_VARIABLE = re.compile(r"\?(\w+)")


def pages(site: Site, language: str) -> Iterator[Made]:
    """A page for each research question and each named query."""
    for query in site.queries:
        yield partial(_asked, site, language, query)
    for iri in site.graph.of_class("ResearchQuestion"):
        if stem := stem_of(iri, site.base):
            yield _question(Sheet(site, language, f"{stem}.html"), iri, stem)


def _asked(site: Site, language: str, query: Query) -> Page:
    return _query(Sheet(site, language, f"query/{query.name}.html"), query)


def _query(sheet: Sheet, query: Query) -> Page:
    words, language = sheet.words, sheet.language
    parameters = [x for x in query.parameters if x.name != "lang"]
    needed = [x for x in parameters if x.required]
    values: dict[str, Any] = {
        "reading": in_words(sheet, query.say("reading", language)),
        "parameters": [(x.name, x.about.get(language, ""), x.required) for x in parameters],
        "needed": [x.name for x in needed],
        "sparql": _HEADER.sub("", query.text).strip(),
        "questions": _answered(sheet, query),
        "editor": sheet.here(f"sparql/index.html#query={query.name}"),
        "name": query.name,
    }
    files = {}
    if not needed and len(sheet.graph.of_class("Pilot")) > MOST_ANSWERED:
        values["unanswered"] = words["unanswered"]
    elif not needed:
        table = answers.take(sheet.site.reader.select(bind(query, {}, sheet.site.dataset, sheet.site.reader, language)))
        values |= _table(sheet, table) | {"bars": _bars(sheet, query, table)}
        path = f"queries/{query.name}.{language}.csv"
        content = answers.render(table, "csv", sheet.site.base, evidence=False)
        files[path] = content.encode() if isinstance(content, str) else content
        values["csv"] = sheet.to(path)
    summary = query.say("summary", language) or query.name
    return Page(
        path=f"query/{query.name}.html",
        template="site/query.html",
        title=summary,
        description=sheet.about(summary, values["reading"]),
        values=values,
        rdf=f"queries/{query.name}",
        trail=((words["questions"], "query/index.html"),),
        section="query/index.html",
        found=(words["kinds"]["query"], f"{values['reading']} {query.name.replace('-', ' ')}"),
        files=files,
    )


def _answered(sheet: Sheet, query: Query) -> list[Text]:
    """The research questions that a query helps to answer."""
    numbers = {part.strip() for part in query.header.get("answers", "").split(",")}
    graph = sheet.graph
    found = [q for q in graph.of_class("ResearchQuestion") if graph.value(q, p("pg:number")) in numbers]
    return [Text(f"{graph.value(q, p('pg:number'))} {sheet.text(q, 'pg:text').text}", sheet.href(q)) for q in found]


def _table(sheet: Sheet, table: Table) -> dict[str, Any]:
    """The answer for a reader, and the proof of each row."""
    columns, cells = laid_out(sheet, table)
    return {
        "columns": columns,
        "rows": [(row, _proof(sheet, claims)) for row, claims in zip(cells, table.claims, strict=False)],
        "total": len(table.rows),
        "has_proof": any(table.claims),
    }


def laid_out(sheet: Sheet, table: Table) -> tuple[list[tuple[str, bool]], list[list[Text]]]:
    """The columns of an answer (heading, whether numbers) and its first rows: names with links in place of IRIs."""
    labelled = {_LABEL.sub("", name): number for number, name in enumerate(table.variables) if name.endswith("Label")}
    shown = [n for n, name in enumerate(table.variables) if name not in labelled]
    linked = {labelled[name]: n for n, name in enumerate(table.variables) if name in labelled}
    rows = [
        [_cell(sheet, row[n], row[linked[n]] if n in linked else None) for n in shown] for row in table.rows[:MOST_ROWS]
    ]
    return [(heading(sheet, table.variables[n]), _is_numeric(table, n)) for n in shown], rows


def _cell(sheet: Sheet, value: Term | None, thing: Term | None) -> Text:
    if value is None:
        return Text("")
    if isinstance(thing, NamedNode):
        return Text(plain(value), sheet.href(thing.value))
    said = sheet.said(value)
    if len(said.text) > _LONGEST_CELL:
        return Text(f"{shortened(said.text, _LONGEST_CELL)} {sheet.words['cut_text']}", language=said.language)
    if isinstance(value, Literal) and value.language:
        return Text(said.text)
    return Text(sheet.words["yes_no"].get(said.text, said.text), said.href, "", said.outside)


def _is_numeric(table: Table, column: int) -> bool:
    values = [row[column] for row in table.rows if row[column] is not None]
    return bool(values) and all(is_number(value) for value in values)


def _proof(sheet: Sheet, claims: list[str]) -> dict[str, Any]:
    links = []
    for claim in claims[:_MOST_CLAIMS]:
        first = next(iter(proofs(sheet, claim)), None)
        record = sheet.graph.iri(claim, p("pg:recordOf"))
        if record:
            links.append(Text(f"{sheet.words['record']}: {sheet.label(record)}", sheet.href(record)))
        elif first:
            links.append(Text(f"{first.source}, {first.place}", sheet.href(claim)))
        else:
            links.append(Text(slug(claim), sheet.href(claim)))
    return {
        "links": [link for link in links if link.text],
        "number": len(claims),
        "rest": max(0, len(claims) - _MOST_CLAIMS),
    }


def in_words(sheet: Sheet, text: str) -> str:
    """Name the columns in a reading guide as the page heads them, in place of their variables."""
    return _VARIABLE.sub(lambda match: f"‘{heading(sheet, match[1])}’", text)


def heading(sheet: Sheet, variable: str) -> str:
    """A column's heading: the label of the property, class or dimension of its name, else the name in words.

    A variable is an identifier in English; the ontology knows what most of them are called in Dutch.
    """
    name = _LABEL.sub("", variable)
    if word := sheet.words["columns"].get(name):
        return capital(word)
    dashed = _CAMEL.sub("-", name).lower()
    for iri in (PG + name, PG + name[:1].upper() + name[1:], sheet.site.concept("dimension", dashed)):
        if iri in sheet.graph.out:
            return capital(sheet.label(iri) if iri.startswith(sheet.site.base) else sheet.term(iri).text)
    return capital(dashed.replace("-", " "))


def _bars(sheet: Sheet, query: Query, table: Table) -> list[dict[str, Any]]:
    """The bars of a query that asks for them: one a row, if there are few enough and all are numbers."""
    match = _CHART.fullmatch(query.header.get("chart", "").strip())
    if not match or not {match[1], match[2]} <= set(table.variables) or not 1 < len(table.rows) <= _MOST_BARS:
        return []
    label, value = (table.variables.index(match[n]) for n in (1, 2))
    rows = [row for row in table.rows if is_number(row[value])]
    names = [plain(row[label]) for row in rows]
    if len(set(names)) < len(names):
        # What stands before tells equal names apart: the same kind of amount in two programmes.
        names = [", ".join(dict.fromkeys(plain(node) for node in row[: label + 1] if node is not None)) for row in rows]
    return bars(
        sheet, [(name, float(plain(row[value])), plain(row[value])) for name, row in zip(names, rows, strict=True)]
    )


def bars(sheet: Sheet, rows: list[tuple[str, float, str]]) -> list[dict[str, Any]]:
    """Bars in percents of the longest; each is a row of a table, so that the picture is the table."""
    longest = max((value for _, value, _ in rows), default=0)
    if longest <= 0:
        return []
    said = [sheet.said(Literal(int(value)) if value == int(value) else Literal(value)).text for _, value, _ in rows]
    return [
        {"label": name, "percent": f"{100 * max(0.0, value) / longest:.4g}", "value": text}
        for (name, value, _), text in zip(rows, said, strict=True)
    ]


def _question(sheet: Sheet, iri: str, stem: str) -> Page:
    graph, words = sheet.graph, sheet.words
    number, text = graph.value(iri, p("pg:number")), sheet.text(iri, "pg:text")
    answering = [q for q in sheet.site.queries if number in {x.strip() for x in q.header.get("answers", "").split(",")}]
    return Page(
        path=f"{stem}.html",
        template="site/question.html",
        title=f"{number} {text.text}",
        description=sheet.about(text.text, words["queries_that_answer"].format(n=len(answering))),
        values={
            "note": sheet.text(iri, "pg:note"),
            "study": [sheet.thing(x) for x in graph.iris(iri, p("pg:about"))],
            "queries": [
                (
                    Text(q.say("summary", sheet.language) or q.name, sheet.here(f"query/{q.name}.html")),
                    in_words(sheet, q.say("reading", sheet.language)),
                )
                for q in answering
            ],
            "coverage": coverage_of(sheet, number),
            "passages": proofs(sheet, iri),
            "data": data.whole(sheet, iri),
        },
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=((words["lists"]["question"], "question/index.html"),),
        section="query/index.html",
        found=(words["kinds"]["question"], text.text),
    )


def coverage_of(sheet: Sheet, number: str) -> list[tuple[str, list[Text], int]]:
    """For which pilots the sources bear on a question, by state, and how many these are."""
    matrix = sheet.site.matrix
    if matrix is None or number not in matrix.questions:
        return []
    states: dict[str, list[str]] = {}
    for pilot in matrix.pilots:
        states.setdefault(matrix.states[pilot, number], []).append(sheet.site.dataset.iri("pilot", pilot))
    order = ("stated", "contradicted", "not-applicable", "not-stated")
    return [
        (s, paging.some(sheet, sheet.site.names(states[s], sheet.language), paging.MOST_NAMED), len(states[s]))
        for s in order
        if s in states
    ]


def index(site: Site) -> dict[str, Any]:
    """What `queries/index.json` holds: every named query with its texts, parameters and SPARQL."""
    listed = [
        {
            "name": q.name,
            "summary": {language: q.say("summary", language) for language in ("nl", "en")},
            "reading": {language: q.say("reading", language) for language in ("nl", "en")},
            "answers": [x.strip() for x in q.header.get("answers", "").split(",") if x.strip()],
            "chart": q.header.get("chart", ""),
            "group": "question",
            "params": [
                {"name": x.name, "kind": x.kind, "required": x.required, "about": x.about} for x in q.parameters
            ],
            "text": with_prefixes(_HEADER.sub("", q.text).strip()),
        }
        for q in site.queries
    ]
    return {"base": site.base, "prefixes": PREFIXES, "queries": listed}
