"""Answers to queries: rows with the passages that carry them, and the formats they leave in.

Which claims carry a row is what the row itself says in the column `claims`, as our own queries do; for any
other query :mod:`pilotgraph.proof` finds them, or says why there are none or that it cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    serialize,
)

from pilotgraph.errors import DatasetError
from pilotgraph.queries import CLAIMS_VARIABLE
from pilotgraph.terminal import is_number, text_table
from pilotgraph.terms import PG, PREFIXES, compact, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import QueryTriples, Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.proof import RowProof
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

FORMATS = ("table", "csv", "tsv", "json", "xlsx", "ttl", "jsonld", "md")
GRAPH_FORMATS = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Passage:
    """A passage that carries a row: where it stands, and its first and last words."""

    claim: str
    source: str
    section: str
    page: str
    starts_with: str
    ends_with: str
    link: str
    knowing: str

    def cite(self) -> str:
        """Write the passage in one line."""
        page = f", p. {self.page}" if self.page else ""
        words = self.starts_with if self.starts_with == self.ends_with else f"{self.starts_with} … {self.ends_with}"
        state = "" if self.knowing == "stated" else f" [{self.knowing}]"
        return f"{self.source}, {self.section}{page}: “{words}”{state}"


@dataclass
class Table:
    """The rows of a SELECT query, without the column `claims`, and the passages of each row."""

    variables: list[str]
    rows: list[list[Term | None]]
    claims: list[list[str]]
    passages: list[list[Passage]] = field(default_factory=list)
    # Why no claim carries a row, or what cannot be told about it; and the rules whose triples it used.
    reasons: list[str] = field(default_factory=list)
    rules: list[tuple[str, ...]] = field(default_factory=list)
    names_claims: bool = True


def take(solutions: QuerySolutions) -> Table:
    """Read all rows of an answer."""
    names = [variable.value for variable in solutions.variables]
    shown = [name for name in names if name != CLAIMS_VARIABLE]
    rows, claims = [], []
    for solution in solutions:
        rows.append([solution[name] for name in shown])
        listed = plain(solution[CLAIMS_VARIABLE]).split() if CLAIMS_VARIABLE in names else []
        claims.append(sorted(set(listed)))
    return Table(shown, rows, claims, names_claims=CLAIMS_VARIABLE in names)


def add_evidence(table: Table, reader: Reader, language: str, proofs: Sequence[RowProof] = ()) -> int:
    """Look up the passages of every row; returns the number of rows for which there are none.

    `proofs` (:func:`proofs_of`) says what carries the rows of a table that does not name claims itself.
    """
    for number, proof in enumerate(proofs):
        table.claims[number] = [*proof.claims, *proof.records]
    table.reasons = [proof.reason for proof in proofs] or ["" for _ in table.rows]
    table.rules = [proof.rules for proof in proofs] or [() for _ in table.rows]
    wanted = sorted({claim for claims in table.claims for claim in claims})
    found = _passages(wanted, reader, language)
    table.passages = [[p for claim in claims for p in found.get(claim, [])] for claims in table.claims]
    for number, proof in enumerate(proofs):
        table.passages[number] = [
            replace(p, knowing=proof.knowing.get(p.claim, p.knowing)) for p in table.passages[number]
        ]
    return sum(not passages for passages in table.passages)


def proofs_of(table: Table, text: str, reader: Reader, dataset: Dataset) -> list[RowProof]:
    """What carries each row of the answer to a query; nothing for a table that names its claims itself."""
    if table.names_claims:
        return []
    from pilotgraph.proof import prove  # noqa: PLC0415 - only a free query with --evidence needs it

    return prove(text, table.variables, table.rows, reader, dataset)


def untold(table: Table) -> list[str]:
    """Say how many rows lack passages, and why, in one line per reason."""
    empty = [number for number, passages in enumerate(table.passages) if not passages]
    why = [table.reasons[number] or "its claims have no passage" for number in empty]
    partly = [r for r, passages in zip(table.reasons, table.passages, strict=True) if r and passages]
    lines = [f"no passage for {why.count(r)} of the rows: {r}" for r in sorted(set(why))]
    return lines + [f"not all passages for {partly.count(r)} of the rows: {r}" for r in sorted(set(partly))]


def _passages(claims: list[str], reader: Reader, language: str) -> dict[str, list[Passage]]:
    if not claims:
        return {}
    query = f"""PREFIX pg: <{PG}> PREFIX oa: <{PREFIXES["oa"]}> PREFIX skos: <{PREFIXES["skos"]}>
    PREFIX dct: <{PREFIXES["dct"]}>
    SELECT ?claim ?source ?section ?page ?starts ?ends ?link ?at ?contradicted {{
      VALUES ?claim {{ {" ".join(f"<{claim}>" for claim in claims)} }}
      # A row about what a record does not say rests on the record that was read.
      {{ ?claim pg:evidence ?passage }} UNION {{ ?claim a pg:Record BIND(?claim AS ?passage) }}
      ?passage oa:hasSource/dct:identifier ?source ; pg:startsWith ?starts ; pg:endsWith ?ends .
      OPTIONAL {{ ?passage pg:start ?at }}
      OPTIONAL {{ ?passage pg:section/skos:prefLabel ?section . FILTER(LANG(?section) = "{language}") }}
      OPTIONAL {{ ?passage pg:page ?page }}
      OPTIONAL {{ ?passage pg:passageLink ?link }}
      OPTIONAL {{ SELECT DISTINCT ?claim ?clashes {{
        ?claim pg:contradictedBy ?clash
        BIND(true AS ?clashes) }} }}
      BIND(BOUND(?clashes) AS ?contradicted)
    }} ORDER BY ?claim ?source ?at"""
    found: dict[str, list[Passage]] = {}
    for row in reader.select(query):
        claim = plain(row["claim"])
        knowing = "contradicted" if plain(row["contradicted"]) == "true" else "stated"
        source, section, page, starts, ends, link = (
            plain(row[name]) for name in ("source", "section", "page", "starts", "ends", "link")
        )
        found.setdefault(claim, []).append(Passage(claim, source, section, page, starts, ends, link, knowing))
    return found


def render(  # noqa: PLR0913 - two of them concern one format
    table: Table,
    format_: str,
    base: str,
    *,
    evidence: bool,
    width: int | None = None,
    limit: int | None = None,
) -> str | bytes:
    """Write a table in one of the formats that hold rows. Raises DatasetError for a graph format.

    `width` and `limit` concern the format "table" only (:func:`pilotgraph.terminal.text_table`).
    """
    match format_:
        case "table":
            cells = [[cell(node, base) for node in row] for row in table.rows]
            return text_table(table, cells, evidence=evidence, width=width, limit=limit)
        case "md":
            return _markdown(table, base, evidence=evidence)
        case "csv" | "tsv":
            return _separated(table, "," if format_ == "csv" else "\t", base, evidence=evidence)
        case "json":
            return _json(table, evidence=evidence)
        case "xlsx":
            return _xlsx(table, base, evidence=evidence)
    msg = f"the format {format_} holds a graph, but this query gives rows; use one of {', '.join(FORMATS[:5])}, md"
    raise DatasetError(msg)


def render_graph(triples: QueryTriples | Iterable[Triple], format_: str, base: str) -> str | bytes:
    """Write the triples of a CONSTRUCT or DESCRIBE query: Turtle in our canonical form, or JSON-LD."""
    if format_ == "jsonld":
        ordered = sorted(triples, key=str)
        return serialize(ordered, format=RdfFormat.JSON_LD) or b""
    if format_ not in {"ttl", "table"}:
        msg = f"the query gives a graph, and {format_} holds rows; use --format ttl or jsonld"
        raise DatasetError(msg)
    from pilotgraph.turtle import write_turtle  # noqa: PLC0415 - only graph answers need the writer

    return write_turtle(triples, base)


def render_boolean(answer: QueryBoolean, format_: str) -> str | bytes:
    """Write the answer to an ASK query: true or false, or SPARQL's JSON form."""
    if format_ == "json":
        return answer.serialize(format=QueryResultsFormat.JSON) or b""
    return f"{'true' if answer else 'false'}\n"


def cell(node: Term | None, base: str) -> str:
    """Write a value for a reader: an IRI short, a literal bare."""
    if isinstance(node, NamedNode):
        return compact(node.value, base).strip("<>")
    return plain(node)


def neutral(node: Term | None, base: str) -> str:
    """Write a value for a spreadsheet: a text that would be run as a formula gets an apostrophe in front."""
    text = cell(node, base)
    numeric = is_number(node)
    return "'" + text if text.startswith(_FORMULA_STARTS) and not numeric else text


def _proof_cell(table: Table, number: int) -> str:
    """The passages of a row in one cell, and behind them why there are none or not all."""
    reason = [f"({table.reasons[number]})"] if table.reasons[number] else []
    return "; ".join([*(p.cite() for p in table.passages[number]), *reason])


def _markdown(table: Table, base: str, *, evidence: bool) -> str:
    head = [*table.variables, *(["evidence"] if evidence else [])]
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for number, row in enumerate(table.rows):
        values = [cell(node, base) for node in row]
        if evidence:
            values.append(_proof_cell(table, number))
        out.append("| " + " | ".join(_markdown_cell(value) for value in values) + " |")
    return "\n".join(out) + "\n"


def _markdown_cell(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return escaped.replace("[", "\\[").replace("`", "\\`")


def _separated(table: Table, delimiter: str, base: str, *, evidence: bool) -> str:
    import csv  # noqa: PLC0415 - a table on the terminal needs none of these
    import io  # noqa: PLC0415

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*table.variables, *(["evidence"] if evidence else [])])
    for number, row in enumerate(table.rows):
        values = [neutral(node, base) for node in row]
        if evidence:
            values.append(_proof_cell(table, number))
        writer.writerow(values)
    return stream.getvalue()


def _json(table: Table, *, evidence: bool) -> str:
    import json  # noqa: PLC0415 - a table on the terminal does not need it

    bindings = [
        {name: _json_term(node) for name, node in zip(table.variables, row, strict=True) if node is not None}
        for row in table.rows
    ]
    document: dict[str, Any] = {"head": {"vars": table.variables}, "results": {"bindings": bindings}}
    if evidence:
        document["evidence"] = [[vars(passage) for passage in passages] for passages in table.passages]
        if not table.names_claims:
            told = zip(table.reasons, table.rules, strict=True)
            document["proof"] = [{"reason": reason, "rules": list(rules)} for reason, rules in told]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_term(node: Term) -> dict[str, str]:
    """Write a term as SPARQL 1.1 Query Results JSON Format, section 3.2.2."""
    if isinstance(node, NamedNode):
        return {"type": "uri", "value": node.value}
    if not isinstance(node, Literal):
        return {"type": "bnode", "value": plain(node)}
    out = {"type": "literal", "value": node.value}
    if node.language:
        out["xml:lang"] = node.language
    elif node.datatype.value != PREFIXES["xsd"] + "string":
        out["datatype"] = node.datatype.value
    return out


def _xlsx(table: Table, base: str, *, evidence: bool) -> bytes:
    import datetime as dt  # noqa: PLC0415 - only spreadsheets need these
    import io  # noqa: PLC0415

    import xlsxwriter  # noqa: PLC0415

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    # A clock in the file would make two equal answers differ.
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("answer")
    sheet.write_row(0, 0, table.variables, bold)
    for number, row in enumerate(table.rows, 1):
        for column, node in enumerate(row):
            if is_number(node):
                sheet.write_number(number, column, float(plain(node)))
            else:
                sheet.write_string(number, column, neutral(node, base))
    sheet.freeze_panes(1, 0)
    if evidence:
        _evidence_sheet(book.add_worksheet("evidence"), table, bold)
    book.close()
    return stream.getvalue()


def _evidence_sheet(sheet: Any, table: Table, bold: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    names = ["row", "claim", "source", "section", "page", "starts_with", "ends_with", "link", "knowing"]
    sheet.write_row(0, 0, names, bold)
    line = 1
    for number, passages in enumerate(table.passages, 2):
        for passage in passages:
            sheet.write_number(line, 0, number)
            for column, name in enumerate(names[1:], 1):
                sheet.write_string(line, column, neutral(Literal(getattr(passage, name)), ""))
            line += 1
        if reason := table.reasons[number - 2]:
            sheet.write_number(line, 0, number)
            sheet.write_string(line, len(names) - 1, neutral(Literal(reason), ""))
            line += 1
    sheet.freeze_panes(1, 0)
