"""Answers that can be cited: a footnote with a fingerprint of the answer, and its check at a later time.

A footnote is a sentence for people, in English or Dutch, and behind it a part for machines in brackets::

    [pilotgraph:query=status&lang=en&data=https%3A%2F%2F…&edition=0.1.0&rows=68&answer=…&text=…]

`query` is the name of a query of the library, absent for a free one; `p.NAME` are parameters; `answer` is the
fingerprint of the answer and `text` that of the query's text, both SHA-256 in hexadecimal.

The fingerprint is taken over the *canonical answer*: a line of column names in order of name, then a line a row
with its terms in N-Triples notation in that order, tabs in between, lines sorted, in UTF-8. So it depends neither
on the form of output nor on the order of rows or columns, and a row that occurs twice counts twice. Blank nodes
have no lasting name and are all written `_:`. The passages (`--evidence`) are no part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from pyoxigraph import BlankNode, Literal, QueryBoolean, QuerySolutions

from pilotgraph.answers import Table, take
from pilotgraph.errors import DatasetError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyoxigraph import QueryTriples

    from pilotgraph.dataset import Dataset
    from pilotgraph.queries import Query
    from pilotgraph.terms import Term

MARK = "[pilotgraph:"
_MACHINE_PART = re.compile(r"\[pilotgraph:([^\[\]]+)\]")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHORT = 12
_NEEDED = ("data", "edition", "rows", "answer", "text")
_SAY = {
    "en": {
        "named": "“{summary}” (query {name}{parameters})",
        "free": "Query of our own (SHA-256 {text}{parameters})",
        "footnote": "{what}, answered with {rows} from {title}, edition {edition}; SHA-256 of the answer {answer}.",
        "row": "1 row",
        "rows": "{n} rows",
        "same": "The answer is the same: {rows}, SHA-256 {answer}.",
        "differs": "The answer differs: {then} when it was cited, {now} now.",
        "edition": "It was cited from edition {then}; this is edition {now}.",
        "query": "The query itself has been changed since.",
        "columns": "The columns differ: {then} when it was cited, {now} now.",
        "unkept": "Which rows differ cannot be told: a footnote holds a fingerprint only (--cite-file keeps the rows).",
        "gone": "gone",
        "new": "new",
    },
    "nl": {
        "named": "‘{summary}’ (vraag {name}{parameters})",
        "free": "Eigen vraag (SHA-256 {text}{parameters})",
        "footnote": "{what}, beantwoord met {rows} uit {title}, editie {edition}; SHA-256 van het antwoord {answer}.",
        "row": "1 rij",
        "rows": "{n} rijen",
        "same": "Het antwoord is hetzelfde: {rows}, SHA-256 {answer}.",
        "differs": "Het antwoord verschilt: toen {then}, nu {now}.",
        "edition": "Er is geciteerd uit editie {then}; dit is editie {now}.",
        "query": "De vraag zelf is sindsdien gewijzigd.",
        "columns": "De kolommen verschillen: toen {then}, nu {now}.",
        "unkept": "Welke rijen verschillen is niet te zeggen: een voetnoot bevat alleen een vingerafdruk "
        "(--cite-file bewaart de rijen).",
        "gone": "weg",
        "new": "nieuw",
    },
}


@dataclass(frozen=True)
class Citation:
    """What a footnote says to a machine. `query` is empty for a free query; `kept` are the rows, if kept."""

    query: str
    parameters: dict[str, str]
    language: str
    data: str
    edition: str
    rows: int
    answer: str
    text: str
    kept: tuple[str, ...] | None = None


@dataclass
class Verdict:
    """What became of a cited answer: the same, or what changed (rows in canonical form, with their number)."""

    same: bool
    remarks: list[str]
    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def write(self, language: str) -> str:
        """Write the verdict, one remark or row a line."""
        words = _SAY[language]
        rows = [f"{words[key]}: {line}" for key in ("gone", "new") for line in getattr(self, key)]
        return "\n".join([*self.remarks, *rows]) + "\n"


def whole_answer(answer: QuerySolutions | QueryBoolean | QueryTriples) -> Table:
    """Take any answer as a table: the triples of a graph have three columns, true or false has one."""
    if isinstance(answer, QuerySolutions):
        return take(answer)
    if isinstance(answer, QueryBoolean):
        return Table(["boolean"], [[Literal(bool(answer))]], [[]])
    rows: list[list[Term | None]] = [[t.subject, t.predicate, t.object] for t in answer]
    return Table(["subject", "predicate", "object"], rows, [[] for _ in rows])


def canonical(table: Table) -> list[str]:
    """Give the canonical answer, line by line.

    >>> from pyoxigraph import NamedNode
    >>> canonical(Table(["b", "a"], [[Literal("x"), NamedNode("i:1")], [Literal("w"), None]], [[], []]))
    ['a\\tb', '\\t"w"', '<i:1>\\t"x"']
    """
    order = sorted(range(len(table.variables)), key=lambda n: table.variables[n])
    rows = sorted("\t".join(_term(row[n]) for n in order) for row in table.rows)
    return ["\t".join(table.variables[n] for n in order), *rows]


def _term(node: Term | None) -> str:
    if node is None:
        return ""
    # In N-Triples a tab may stand in a literal as it is, but here it divides the columns.
    return "_:" if isinstance(node, BlankNode) else str(node).replace("\t", "\\t")


def fingerprint(lines: list[str] | tuple[str, ...]) -> str:
    """Give the SHA-256 of a canonical answer."""
    return hashlib.sha256("\n".join([*lines, ""]).encode()).hexdigest()


def text_fingerprint(query: Query) -> str:
    """Give the SHA-256 of a query's text, line ends and trailing space aside."""
    text = "\n".join(line.rstrip() for line in query.text.strip().splitlines())
    return hashlib.sha256(text.encode()).hexdigest()


def cite(query: Query, parameters: Mapping[str, str], dataset: Dataset, table: Table, language: str) -> str:
    """Write the footnote for an answer: a sentence, then the part for machines.

    `parameters` are those given by the user, `table` is the whole answer (:func:`whole_answer`), `language` (en
    or nl) is that of the sentence and of the labels in the answer.
    """
    words = _SAY[language]
    name = query.name if _is_named(query, dataset) else ""
    answer, text = fingerprint(canonical(table)), text_fingerprint(query)
    said = "".join(f", {key} = {value}" for key, value in sorted(parameters.items()))
    summary = " ".join(query.say("summary", language).split()) or name
    what = words["named" if name else "free"].format(summary=summary, name=name, text=text[:_SHORT], parameters=said)
    title = dataset.title.get(language, "") or dataset.base
    # A bracket in a text would look like the machine part.
    sentence = (
        words["footnote"]
        .format(
            what=what,
            rows=_rows(len(table.rows), language),
            title=title,
            edition=dataset.edition,
            answer=answer[:_SHORT],
        )
        .translate(str.maketrans("[]", "()"))
    )
    pairs = [("query", name)] if name else []
    pairs += [(f"p.{key}", value) for key, value in sorted(parameters.items())]
    pairs += [("lang", language), ("data", dataset.base), ("edition", dataset.edition)]
    pairs += [("rows", str(len(table.rows))), ("answer", answer), ("text", text)]
    return f"{sentence} {MARK}{urlencode(pairs)}]"


def _is_named(query: Query, dataset: Dataset) -> bool:
    return query.path is not None and (dataset.root / "queries") in query.path.parents


def _rows(number: int, language: str) -> str:
    return _SAY[language]["row"] if number == 1 else _SAY[language]["rows"].format(n=number)


def keep(citation: str, table: Table) -> str:
    """Write a citation with its canonical answer as JSON, so that a later check can tell what changed."""
    lines = canonical(table)
    return (
        json.dumps({"citation": citation, "columns": lines[0], "rows": lines[1:]}, ensure_ascii=False, indent=1) + "\n"
    )


def parse_citation(text: str, where: str = "the citation") -> Citation:
    """Read the part for machines of a footnote; white space in it, as from a broken line, is of no account.

    Raises SourceError if there is none or more than one, or if it is damaged.
    """
    found = _MACHINE_PART.findall(text)
    if len(found) != 1:
        number = "none" if not found else f"{len(found)} of them"
        msg = f"needs one part {MARK}…], but there is {number}; give one footnote whole"
        raise SourceError(msg, where)
    values = dict(parse_qsl("".join(found[0].split()), keep_blank_values=True))
    missing = [name for name in _NEEDED if name not in values]
    sound = not missing and values["rows"].isdecimal() and values.get("lang", "en") in _SAY
    if not sound or not all(_DIGEST.fullmatch(values[name]) for name in ("answer", "text")):
        msg = f"is damaged ({', '.join(missing) or 'a value'} is missing or cut off); give the footnote whole"
        raise SourceError(msg, where)
    parameters = {key.removeprefix("p."): value for key, value in values.items() if key.startswith("p.")}
    return Citation(
        values.get("query", ""),
        parameters,
        values.get("lang", "en"),
        values["data"],
        values["edition"],
        int(values["rows"]),
        values["answer"],
        values["text"],
    )


def read_kept(content: str, path: Path | str) -> Citation:
    """Read a file that holds a footnote, or a footnote with its rows (:func:`keep`).

    Raises SourceError if it is damaged, or if its rows are not those of the footnote.
    """
    if not content.lstrip().startswith("{"):
        return parse_citation(content, str(path))
    try:
        document = json.loads(content)
        cited = parse_citation(document["citation"], str(path))
        lines = (document["columns"], *document["rows"])
        whole = fingerprint(lines) == cited.answer
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        msg = f"is no citation file ({error}); make one with: pilotgraph query NAME --cite --cite-file FILE"
        raise SourceError(msg, path) from error
    if not whole:
        msg = "its rows are not those of its footnote; restore the file as it was written"
        raise SourceError(msg, path)
    return Citation(**{**vars(cited), "kept": lines})


def check_query(cited: Citation, query: Query, dataset: Dataset) -> None:
    """Raise DatasetError if a citation cannot be checked with this data set or this query."""
    if cited.data != dataset.base:
        msg = f"the citation is of the data set {cited.data}, and this is {dataset.base}; name it with --dataset DIR"
        raise DatasetError(msg)
    if cited.query and not (query.name == cited.query and _is_named(query, dataset)):
        msg = f"{query.name}: is not the query that was cited, {cited.query}; leave the name out, the citation has it"
        raise DatasetError(msg)
    if not cited.query and text_fingerprint(query) != cited.text:
        msg = f"{query.name}: is not the query that was cited; give that query, unchanged"
        raise DatasetError(msg)


def check(cited: Citation, query: Query, dataset: Dataset, table: Table, language: str) -> Verdict:
    """Compare the answer of now with a cited one.

    `table` is the whole answer of now to the cited query with the cited parameters. Where the citation kept its
    rows the verdict lists each row that is gone or new.
    """
    words, now = _SAY[language], canonical(table)
    remarks = []
    if cited.edition != dataset.edition:
        remarks.append(words["edition"].format(then=cited.edition, now=dataset.edition))
    if cited.text != text_fingerprint(query):
        remarks.append(words["query"])
    rows = _rows(len(table.rows), language)
    if fingerprint(now) == cited.answer:
        return Verdict(same=True, remarks=[words["same"].format(rows=rows, answer=cited.answer[:_SHORT]), *remarks])
    remarks.insert(0, words["differs"].format(then=_rows(cited.rows, language), now=rows))
    if cited.kept is None:
        return Verdict(same=False, remarks=[*remarks, words["unkept"]])
    then = cited.kept
    if then[0] != now[0]:
        columns = {"then": then[0].replace("\t", ", "), "now": now[0].replace("\t", ", ")}
        remarks.append(words["columns"].format(**columns))
    gone, new = Counter(then[1:]), Counter(now[1:])
    return Verdict(
        same=False,
        remarks=remarks,
        gone=sorted((gone - new).elements()),
        new=sorted((new - gone).elements()),
    )
