"""The structure of a SELECT or ASK query: its groups, patterns and paths; expressions stay as they were written.

Only a query that the engine has accepted is read here, so this reader need not refuse what is wrong. It keeps
the text of every expression and only looks inside for EXISTS, because the engine itself evaluates them
(:mod:`pilotgraph.proof.plan`). Section numbers are those of the SPARQL 1.1 Query Language (W3C, 2013).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_NAME = r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%-]|\\.)(?:(?:[\w:%.-]|\\.)*(?:[\w:%-]|\\.))?)?"
_STRING = (
    r'"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|\'{3}(?:[^\'\\]|\\.|\'(?!\'\'))*\'{3}|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
)
_TOKEN = re.compile(
    rf"(?P<space>\s+|\#[^\n]*)|{_IRI}|(?:{_STRING})(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\s*\^\^\s*(?:{_IRI}|{_NAME}))?"
    rf"|[?$]\w+|_:\w+(?:[.-]+\w+)*|{_NAME}|[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)"
    r"|\w+|&&|\|\||!=|<=|>=|\^\^|<<|>>|.",
    re.DOTALL,
)
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_MODIFIERS = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
_ELEMENTS = {"OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "SERVICE", "LATERAL"}
_UNFOLLOWED = {"(": "a list ( … ) in a pattern", "<<": "a quoted triple", "~": "a reifier", "|": "an annotation"}


class CannotTellError(Exception):
    """The query has a construct through which no claim can be followed."""


@dataclass(frozen=True)
class Exists:
    """EXISTS inside an expression; `negative` if NOT or ! stands before it."""

    group: Group
    negative: bool


@dataclass(frozen=True)
class Expression:
    """An expression as written, and the EXISTS in it."""

    text: str
    exists: tuple[Exists, ...] = ()
    aggregates: bool = False


@dataclass(frozen=True)
class Link:
    """A predicate: an IRI or a variable."""

    term: str


@dataclass(frozen=True)
class Inverse:
    """^path."""

    path: Path


@dataclass(frozen=True)
class Sequence:
    """path/path."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """path|path."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path with ?, * or + behind it."""

    path: Path
    mark: str


@dataclass(frozen=True)
class Negated:
    """!(a|^b): any predicate but these."""

    forward: tuple[str, ...]
    backward: tuple[str, ...]


Path = Link | Inverse | Sequence | Alternative | Repeat | Negated


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; its predicate may be a path."""

    subject: str
    path: Path
    object: str


@dataclass(frozen=True)
class Filter:
    """FILTER, with its expression."""

    expression: Expression


@dataclass(frozen=True)
class Bind:
    """BIND(expression AS variable); also a computed column or group key."""

    expression: Expression
    variable: str


@dataclass(frozen=True)
class Values:
    """VALUES, as written."""

    text: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Optional:
    """OPTIONAL { … }."""

    group: Group


@dataclass(frozen=True)
class Minus:
    """MINUS { … }."""

    group: Group


@dataclass(frozen=True)
class Within:
    """GRAPH term { … }."""

    term: str
    group: Group


@dataclass(frozen=True)
class Union:
    """{ … } UNION { … }, or one group within another."""

    branches: tuple[Group, ...]


Element = Pattern | Filter | Bind | Values | Optional | Minus | Within | Union


@dataclass(frozen=True)
class Group:
    """A group graph pattern: elements in order, or one sub-select. `text` has its braces."""

    elements: tuple[Element | Select, ...]
    text: str

    def mentioned(self) -> list[str]:
        """All variables in the text, in order of appearance."""
        return list(dict.fromkeys(token for token in tokens(self.text) if token[0] == "?" and len(token) > 1))

    def visible(self) -> list[str]:
        """The in-scope variables (section 18.2.1), in order of appearance."""
        return list(dict.fromkeys(name for element in self.elements for name in _in_scope(element)))


@dataclass(frozen=True)
class Select:
    """A SELECT with its modifiers. `keys` is what it groups by, None without aggregation."""

    distinct: bool
    columns: tuple[str | Bind, ...]
    dataset: str
    where: Group
    keys: tuple[str | Bind, ...] | None
    having: str
    values: str
    limited: bool
    text: str
    unclear: bool = False

    def visible(self) -> list[str]:
        """The names of the columns."""
        names = [column.variable if isinstance(column, Bind) else column for column in self.columns]
        return names or self.where.visible()


@dataclass(frozen=True)
class Query:
    """A whole query; `select` holds the pattern of ASK and CONSTRUCT too."""

    prologue: str
    form: str
    select: Select
    fresh: str
    template: tuple[Pattern, ...] = field(default=())


def tokens(text: str) -> list[str]:
    """Split a query into tokens, without white space and comments; variables are written with a question mark."""
    found = [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "space"]
    return ["?" + token[1:] if token[0] == "$" else token for token in found]


def parse(text: str) -> Query:
    """Read a query that an engine has accepted. Raises CannotTellError for what is not followed."""
    return _Parser(text).query()


def _in_scope(element: Element | Select) -> list[str]:
    """The variables that an element brings into scope: none for FILTER and MINUS."""
    match element:
        case Pattern(subject, path, value):
            found = [subject, path.term if isinstance(path, Link) else "", value]
        case Bind(_, variable):
            found = [variable]
        case Values(_, variables):
            found = list(variables)
        case Within(term, group):
            found = [term, *group.visible()]
        case Optional(group):
            found = group.visible()
        case Union(branches):
            found = [name for branch in branches for name in branch.visible()]
        case Select():
            found = element.visible()
        case _:
            found = []
    return [name for name in found if name.startswith("?")]


class _Parser:
    """Recursive descent over the tokens, after the grammar in section 19.8."""

    def __init__(self, text: str) -> None:
        self._whole = text
        found = [match for match in _TOKEN.finditer(text) if match.lastgroup != "space"]
        self._spans = [match.span() for match in found]
        self._tokens = tokens(text)
        self._at = 0
        self._names = 0
        self._fresh = "?_w"
        while any(token.startswith((self._fresh, self._fresh.replace("?", "_:"))) for token in self._tokens):
            self._fresh += "w"

    def fresh_name(self) -> str:
        """A variable that the query does not have."""
        self._names += 1
        return f"{self._fresh}n{self._names}"

    def query(self) -> Query:
        """Read everything."""
        while self._word() in {"BASE", "PREFIX"}:
            self._at += 2 if self._word() == "BASE" else 3
        prologue, form = self._text(0), self._word()
        if form == "SELECT":
            return Query(prologue, form, self._select(), self._fresh)
        if form not in {"ASK", "CONSTRUCT"}:
            raise CannotTellError(form)
        start, template = self._next(), self._template()
        pattern = self._after_columns(start, distinct=False, columns=())
        return Query(prologue, form, pattern, self._fresh, template)

    # Tokens.

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _word(self) -> str:
        return self._peek().upper()

    def _next(self) -> int:
        self._at += 1
        return self._at - 1

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, *words: str) -> bool:
        found = self._word() in words
        self._at += found
        return found

    def _text(self, start: int) -> str:
        """What was read since token `start`, as it was written: engines differ in where they allow spaces."""
        return self._whole[self._spans[start][0] : self._spans[self._at - 1][1]] if start < self._at else ""

    # Queries.

    def _template(self) -> tuple[Pattern, ...]:
        """What CONSTRUCT makes; its short form CONSTRUCT WHERE and ASK have none."""
        if self._peek() != "{" or self._tokens[self._at - 1].upper() == "ASK":
            return ()
        self._next()
        found = self._triples()
        self._next()
        return tuple(pattern for pattern in found if isinstance(pattern, Pattern))

    def _select(self) -> Select:
        start = self._next()
        distinct = self._word() in {"DISTINCT", "REDUCED"}
        self._at += distinct
        columns: list[str | Bind] = []
        while self._peek() not in {"{", ""} and self._word() not in {"FROM", "WHERE"}:
            columns.append(self._column())
        return self._after_columns(start, distinct=distinct, columns=tuple(c for c in columns if c != "*"))

    def _column(self) -> str | Bind:
        return self._bound() if self._peek() == "(" else self._take()

    def _after_columns(self, start: int, *, distinct: bool, columns: tuple[str | Bind, ...]) -> Select:
        from_ = self._at
        while self._accept("FROM"):
            self._at += 2 if self._word() == "NAMED" else 1
        dataset = self._text(from_)
        self._accept("WHERE")
        where = self._group()
        keys = self._group_by()
        having = self._having()
        self._order_by()
        limited = False
        while self._accept("LIMIT", "OFFSET"):
            self._next()
            limited = True
        values = self._values().text if self._word() == "VALUES" else ""
        computed = [column.expression for column in columns if isinstance(column, Bind)]
        aggregated = keys is not None or having.aggregates or any(e.aggregates for e in computed)
        unclear = aggregated and any(e.exists for e in [*computed, having])
        return Select(
            distinct=distinct,
            columns=columns,
            dataset=dataset,
            where=where,
            keys=(keys or ()) if aggregated else None,
            having=having.text,
            values=values,
            limited=limited,
            text=self._text(start),
            unclear=unclear,
        )

    def _group_by(self) -> tuple[str | Bind, ...] | None:
        if not self._accept("GROUP"):
            return None
        self._next()
        found: list[str | Bind] = []
        while self._peek() not in {"", "}"} and self._word() not in _MODIFIERS:
            found.append(self._key())
        return tuple(found)

    def _key(self) -> str | Bind:
        if self._peek().startswith("?"):
            return self._take()
        if self._peek() != "(":
            return Bind(self._constraint(), self.fresh_name())
        self._next()
        expression, variable = self._expression(), self.fresh_name()
        if self._accept("AS"):
            variable = self._take()
        self._next()
        return Bind(expression, variable)

    def _having(self) -> Expression:
        if not self._accept("HAVING"):
            return Expression("")
        found = []
        while self._peek() not in {"", "}"} and self._word() not in _MODIFIERS:
            found.append(self._constraint())
        exists = tuple(e for part in found for e in part.exists)
        return Expression("HAVING " + " ".join(part.text for part in found), exists, aggregates=True)

    def _order_by(self) -> None:
        if not self._accept("ORDER"):
            return
        self._next()
        while self._peek() not in {"", "}"} and self._word() not in _MODIFIERS:
            if self._accept("ASC", "DESC"):
                continue
            if self._peek().startswith("?"):
                self._next()
            else:
                self._constraint()

    # Expressions.

    def _constraint(self) -> Expression:
        """A bracketed expression, a call of a function, or EXISTS."""
        start = self._at
        if self._word() in {"NOT", "EXISTS"}:
            self._accept("NOT")
            exists = self._exists()
            return Expression(self._text(start), (exists,))
        if self._peek() != "(":
            self._next()
        opened = self._at
        inside = self._until(lambda depth: depth == 0 and self._at > opened)
        return Expression(self._text(start), inside.exists, inside.aggregates)

    def _expression(self) -> Expression:
        """Everything up to AS or to the closing bracket, neither of which is taken."""
        return self._until(lambda depth: depth == 0 and (self._word() == "AS" or self._peek() == ")"))

    def _until(self, ended: Callable[[int], bool]) -> Expression:
        start, depth, exists, aggregates = self._at, 0, [], False
        while not ended(depth):
            if self._word() == "EXISTS":
                exists.append(self._exists())
                continue
            aggregates |= self._word() in _AGGREGATES and self._peek(1) == "("
            depth += {"(": 1, ")": -1}.get(self._take(), 0)
        return Expression(self._text(start), tuple(exists), aggregates)

    def _exists(self) -> Exists:
        before = self._at - 1
        while self._tokens[before] == "(":
            before -= 1
        negative = self._tokens[before].upper() in {"NOT", "!"}
        self._next()
        return Exists(self._group(), negative)

    # Groups.

    def _group(self) -> Group:
        start = self._next()
        found: list[Element | Select] = []
        if self._word() == "SELECT":
            found.append(self._select())
        while self._peek() != "}":
            found.extend(self._elements())
            self._accept(".")
        self._next()
        return Group(tuple(found), self._text(start))

    def _elements(self) -> list[Element]:
        """The next element, or all patterns of the next block of triples."""
        word = self._word()
        if word in _ELEMENTS:
            return [self._keyword(word)]
        if word != "{":
            return self._triples()
        branches = [self._group()]
        while self._accept("UNION"):
            branches.append(self._group())
        return [Union(tuple(branches))]

    def _keyword(self, word: str) -> Element:
        if word == "VALUES":
            return self._values()
        self._next()
        match word:
            case "OPTIONAL":
                return Optional(self._group())
            case "MINUS":
                return Minus(self._group())
            case "GRAPH":
                return Within(self._take(), self._group())
            case "FILTER":
                return Filter(self._constraint())
            case "BIND":
                return self._bound()
        raise CannotTellError(word)

    def _bound(self) -> Bind:
        self._next()
        expression = self._expression()
        self._next()
        variable = self._take()
        self._next()
        return Bind(expression, variable)

    def _values(self) -> Values:
        start = self._next()
        while self._peek() != "{":
            self._next()
        variables = tuple(token for token in self._tokens[start : self._at] if token.startswith("?"))
        while self._take() != "}":
            pass
        return Values(self._text(start), variables)

    # Triples.

    def _triples(self) -> list[Element]:
        found: list[Element] = []
        while self._peek() not in {"}", "{", ""} and self._word() not in _ELEMENTS:
            subject = self._node(found)
            if self._peek() not in {".", "}"}:
                self._properties(subject, found)
            if not self._accept("."):
                break
        return found

    def _properties(self, subject: str, found: list[Element]) -> None:
        while self._peek() not in {".", "}", "]"}:
            path = self._path()
            found.append(Pattern(subject, path, self._node(found)))
            while self._accept(","):
                found.append(Pattern(subject, path, self._node(found)))
            if not self._accept(";"):
                return
            while self._accept(";"):
                pass

    def _node(self, found: list[Element]) -> str:
        token = self._take()
        if token in _UNFOLLOWED:
            raise CannotTellError(_UNFOLLOWED[token])
        if token != "[":  # noqa: S105 - a token of SPARQL, no secret
            return token
        node = f"_:{self.fresh_name()[1:]}"
        self._properties(node, found)
        self._next()
        return node

    # Paths.

    def _path(self) -> Path:
        parts = [self._sequence()]
        while self._accept("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Alternative(tuple(parts))

    def _sequence(self) -> Path:
        parts = [self._step()]
        while self._accept("/"):
            parts.append(self._step())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _step(self) -> Path:
        inverse = self._accept("^")
        path = self._primary()
        if self._peek() in {"?", "*", "+"}:
            path = Repeat(path, self._take())
        return Inverse(path) if inverse else path

    def _primary(self) -> Path:
        if self._accept("!"):
            return self._negated()
        if not self._accept("("):
            return Link(self._take())
        path = self._path()
        self._next()
        return path

    def _negated(self) -> Negated:
        forward: list[str] = []
        backward: list[str] = []
        several = self._accept("(")
        while self._peek() != ")":
            side = backward if self._accept("^") else forward
            side.append(self._take())
            if not (several and self._accept("|")):
                break
        self._at += several
        return Negated(tuple(forward), tuple(backward))
