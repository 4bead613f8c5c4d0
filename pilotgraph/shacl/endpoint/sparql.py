"""sh:sparql for all focus nodes at once.

SHACL runs the query of a constraint once for each focus node, with ``$this`` bound beforehand. Here it is run once:
the focus nodes are joined to each group that mentions ``$this``, so that the variable is bound wherever it would
have been. Queries whose answer for one focus node could depend on another (LIMIT, an aggregate over all) are not.

Source: Shapes Constraint Language, W3C, 20 July 2017, section 5 and appendix A.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from pilotgraph.shacl.endpoint.paths import written
from pilotgraph.shacl.endpoint.scope import Scope, UnsupportedError
from pilotgraph.shacl.results import Result
from pilotgraph.terms import PREFIXES, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.shacl.endpoint.rows import Rows
    from pilotgraph.shacl.model import Shape, Sparql, Value

_COMPONENT = term("sh:SPARQLConstraintComponent")
# pySHACL declares these whether or not the shapes graph does.
_KNOWN = ("rdf", "rdfs", "owl")
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]* | <[^<>"{}|^`\\\s]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | \w*:[\w.:%\\-]*)
      | [?$](?P<variable>\w+) | (?P<brace>[{}]) | (?P<word>[A-Za-z]\w*) | .""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED = {"LIMIT", "OFFSET", "MINUS", "VALUES", "SERVICE", "GRAPH", "FROM", "ASK", "CONSTRUCT", "DESCRIBE"}
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_ONE_PATTERN = re.compile(r"\?this <[^>]*> <[^>]*> \.")
_ADDING = {"COUNT", "SUM", "AVG", "GROUP_CONCAT"}
_RESERVED = {"shapesGraph", "currentShape", "failure"}


@dataclass(frozen=True)
class _Token:
    text: str
    variable: str
    brace: str
    word: str


def violations(rows: Rows, shape: Shape, constraint: Sparql, scope: Scope) -> Iterator[tuple[Value, Result]]:
    """Give each focus node with a result of the constraint. Raises UnsupportedError if only pySHACL can run it."""
    seen: set[tuple[tuple[str, Value], ...]] = set()
    text, projects_this = rewritten(shape, constraint, scope)
    for row in rows.bindings(text):
        focus = row["this"]
        key = tuple(sorted(row.items()))
        bound = dict(row) if projects_this else {name: value for name, value in row.items() if name != "this"}
        if key in seen or not bound.keys() & {"this", "path", "value"}:
            continue
        seen.add(key)
        yield focus, result(shape, constraint, focus, bound)


def result(shape: Shape, constraint: Sparql, focus: Value, bound: dict[str, Value]) -> Result:
    """Make the result of one row of a constraint's query, `bound` by variable."""
    value = bound.get("value", focus if shape.path is None else None)
    path = bound.get("path")
    if value is not None:
        bound = bound | {"value": value}
    if isinstance(path, Literal):
        msg = "the query of sh:sparql gives a literal as its path"
        raise UnsupportedError(msg)
    own = tuple(message for message in constraint.messages if message not in shape.messages)
    return Result(
        focus=focus,
        shape=shape.id,
        component=_COMPONENT,
        severity=shape.severity,
        path=path or shape.path_node,
        value=value,
        messages=tuple(dict.fromkeys(_filled(message, bound) for message in (*own, *shape.messages))),
        constraint=constraint.node,
    )


def _filled(message: Value, bound: dict[str, Value]) -> Value:
    """Put the values of a row in the place of ``{?name}`` and ``{$name}``; the language is lost, as in pySHACL."""
    if not isinstance(message, Literal):
        return message
    text = message.value
    # The order in which pySHACL puts them in: a value that itself holds a place is filled again.
    last = [name for name in ("this", "path", "value") if name in bound]
    for name in (*(name for name in bound if name not in last), *last):
        for place in (f"{{?{name}}}", f"{{${name}}}"):
            text = text.replace(place, bound[name].value)
    return Literal(text)


def rewritten(shape: Shape, constraint: Sparql, scope: Scope) -> tuple[str, bool]:
    """Give the query for all focus nodes, and whether the constraint's own projects ``$this``.

    Raises UnsupportedError with the reason if it cannot be run for all at once.
    """
    tokens = _tokens(constraint.select)
    first = next((i for i, token in enumerate(tokens) if token.brace == "{"), len(tokens))
    head = tokens[:first]
    _check(tokens, head)
    nodes = _focus_pattern(scope)
    path = f"({written(shape.path)})" if shape.path is not None else ""
    parts, projected = [], any(token.variable == "this" for token in head)
    for index, token in enumerate(tokens):
        text = token.text
        if token.variable == "PATH":
            if not path:
                msg = "its query has $PATH, but the shape has no path"
                raise UnsupportedError(msg)
            text = path
        elif token.brace == "{" and _mentions(tokens, index) and _next_word(tokens, index) != "SELECT":
            text = f"{{ {nodes} "
        elif token.word.upper() == "SELECT" and not projected and index < first:
            text = "SELECT ?this"
            text = "SELECT" if _next_word(tokens, index) in {"DISTINCT", "REDUCED"} else text
        elif token.word.upper() in {"DISTINCT", "REDUCED"} and not projected and index < first:
            text = f"{text} ?this"
        parts.append(text)
    prefixes = {name: PREFIXES[name] for name in _KNOWN} | dict(constraint.prefixes)
    declared = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in prefixes.items())
    return declared + "".join(parts), projected


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(m.group(), m["variable"] or "", m["brace"] or "", "" if m["skip"] else m["word"] or "")
        for m in _TOKEN.finditer(text)
    ]


def _check(tokens: list[_Token], head: list[_Token]) -> None:
    words = [token.word.upper() for token in tokens]
    for index, token in enumerate(tokens):
        if token.word.upper() in _REFUSED or token.variable in _RESERVED:
            msg = f"its query has {token.text}, which is not for all focus nodes at once"
            raise UnsupportedError(msg)
        following = "".join(t.text for t in tokens[index + 1 : index + 4])
        if token.word.upper() == "AS" and re.match(r"\s+[?$]this\b", following):
            msg = "its query computes $this"
            raise UnsupportedError(msg)
    if any(token.text == "*" for token in head):
        msg = "its query selects *"
        raise UnsupportedError(msg)
    grouped = sum(_groups_by_this(tokens, index) for index, word in enumerate(words) if word == "GROUP")
    aggregating = sum(_aggregates(tokens, index) for index, word in enumerate(words) if word == "SELECT")
    if words.count("GROUP") != grouped or aggregating > grouped or ("HAVING" in words and not grouped):
        msg = "its query counts over all focus nodes: it does not group by $this"
        raise UnsupportedError(msg)
    if any(_counts_twice(tokens, index) for index in range(len(tokens))):
        msg = "its query counts without DISTINCT, and a triple that is in two graphs would count twice"
        raise UnsupportedError(msg)
    if not any(token.variable == "this" for token in tokens[len(head) :]):
        msg = "its query does not say how its answers hang together with $this"
        raise UnsupportedError(msg)


def _groups_by_this(tokens: list[_Token], start: int) -> bool:
    for token in tokens[start:]:
        if token.brace or token.word.upper() in {"HAVING", "ORDER"}:
            return False
        if token.variable == "this":
            return True
    return False


def _counts_twice(tokens: list[_Token], start: int) -> bool:
    """Tell whether an aggregate sees a triple twice that is in two graphs: a union of graphs repeats it in Oxigraph."""
    following = [token for token in tokens[start + 1 :] if token.text.strip()][:2]
    return tokens[start].word.upper() in _ADDING and not (
        len(following) > 1 and following[0].text == "(" and following[1].word.upper() == "DISTINCT"
    )


def _aggregates(tokens: list[_Token], start: int) -> bool:
    for token in tokens[start:]:
        if token.brace:
            return False
        if token.word.upper() in _AGGREGATES:
            return True
    return False


def _next_word(tokens: list[_Token], start: int) -> str:
    """Give the word that follows, if nothing but white space stands between; a group may be a SELECT itself."""
    return next((token.word.upper() for token in tokens[start + 1 :] if token.text.strip()), "")


def _mentions(tokens: list[_Token], start: int) -> bool:
    """Tell whether the group that begins here mentions $this, or holds a group that does."""
    depth = 0
    for token in tokens[start:]:
        depth += (token.brace == "{") - (token.brace == "}")
        if token.variable == "this":
            return True
        if depth == 0:
            return False
    return False


def _focus_pattern(scope: Scope) -> str:
    """Write the focus nodes as ?this, each once: what follows may count."""
    pattern = re.sub(re.escape(scope.focus) + r"\b", "?this", scope.pattern)
    return pattern if _ONE_PATTERN.fullmatch(pattern) else f"{{ SELECT DISTINCT ?this {{ {pattern} }} }}"
