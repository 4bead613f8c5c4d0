"""What can be told of a query without asking it: whether it is well formed, of which form it is, its data set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Store, Variable

from pilotgraph.errors import SourceError
from pilotgraph.store.base import QUERY
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from pilotgraph.terms import Term

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MAX_EXPECTED = 160
# The engine's parser and planner call themselves for each level and operator, and a deeper query than these
# would end the process without a word. The largest query of the project has 20 levels and 300 marks.
_MAX_DEPTH = 100
_MAX_MARKS = 3000
_QUERY_TOKEN = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\s]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | (?P<open>[(\[{]) | (?P<close>[)\]}]) | [A-Za-z_][\w-]*(?::[\w.-]*)?
      | (?P<mark>[.,;+*/|&!^=<>-])""",
    re.VERBOSE | re.DOTALL,
)
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_ADDED_PREFIXES = re.compile(
    rf"(?:{'|'.join(f'PREFIX {name}: <{re.escape(iri)}> ' for name, iri in PREFIXES.items())})*"
)
_PROLOGUE = re.compile(r"(?:\s|\#[^\n]*\n?|PREFIX\s+\S*:\s*<[^>]*>|BASE\s*<[^>]*>)*", re.IGNORECASE)
_WORD = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\s]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | [?$@]\w+ | [\w.-]*:[\w.:%\\-]*
      | (?P<word>[A-Za-z]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Shape:
    """The form of a query (one of FORMS), and whether it names its data set itself (FROM, FROM NAMED)."""

    form: str
    has_dataset: bool


def shape(text: str) -> Shape:
    """Check a query and tell its shape. Raises SourceError as the embedded store does."""
    check_size(text)
    parse(text)
    words = [match["word"].upper() for match in _WORD.finditer(text) if match["word"]]
    return Shape(next(word for word in words if word in FORMS), "FROM" in words)


def parse(text: str) -> None:
    """Have the engine parse a query and not evaluate it: a SERVICE clause calls nobody, and nothing is computed.

    Raises SourceError with the place. A text that is too deep for the engine ends the process: :func:`check_size`.
    """
    # The engine refuses to bind a variable that the query does not give, after it has parsed the query.
    nowhere: dict[Variable, Term] = {Variable(absent_letters(text)): Literal("")}
    try:
        Store().query(text, substitutions=nowhere)
    except SyntaxError as error:
        raise query_syntax_error(text, str(error)) from error
    except RuntimeError:
        pass


def absent_letters(text: str) -> str:
    """Letters that stand nowhere in a text.

    >>> absent_letters("SELECT ?w { ?w ?p ?o }")
    'ww'
    """
    lowered = text.lower()
    return next("w" * number for number in count(1) if "w" * number not in lowered)


def query_syntax_error(text: str, message: str) -> SourceError:
    """Turn the engine's message into one with line, column and a caret under the place."""
    match = _PLACE.search(message)
    fault = _why_no_query(text)
    if fault or not match:
        return SourceError(fault or message, QUERY)
    line, column, expected = int(match[1]), int(match[2]), " ".join(match[3].split())
    if len(expected) > _MAX_EXPECTED:
        expected = expected[:_MAX_EXPECTED].rsplit(",", 1)[0] + ", …"
    rows = text.split("\n")
    row = rows[line - 1] if line <= len(rows) else ""
    added = _ADDED_PREFIXES.match(row) if line == 1 else None
    if added and added.end() < column:
        # These were put in front of the query (pilotgraph.queries.with_prefixes).
        row, column = row[added.end() :], column - added.end()
    return SourceError(
        f"syntax error at column {column}: {expected}; correct the query\n  {row}\n  {' ' * (column - 1)}^",
        QUERY,
        line,
    )


def check_size(text: str) -> None:
    """Refuse a query that the engine would not survive."""
    depth, marks = 0, 0
    for match in _QUERY_TOKEN.finditer(text):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        marks += match.lastgroup is not None
        if depth > _MAX_DEPTH or marks > _MAX_MARKS:
            what = f"is nested more than {_MAX_DEPTH} levels deep" if depth > _MAX_DEPTH else "is too long a chain"
            fault = f"{what} for the engine; ask in smaller steps"
            raise SourceError(fault, QUERY, text.count("\n", 0, match.start()) + 1)


def _why_no_query(text: str) -> str:
    """Say what a text is if it is not even the beginning of a query, empty otherwise."""
    start = _PROLOGUE.match(text)
    body = text[start.end() :] if start else text
    if not body.strip():
        return "is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query"
    if _UPDATE.match(body):
        return "is an update, and a query only reads; write SELECT, ASK, CONSTRUCT or DESCRIBE"
    return ""
