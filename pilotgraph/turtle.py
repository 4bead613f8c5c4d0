"""Turtle as the project writes it, and the lines on which subjects stand.

One writer, one form: prefixes, then subjects, predicates and objects sorted, one object a line. The same
triples give the same bytes. Comments that stand on lines of their own keep their place before their
subject.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pilotgraph.errors import SourceError
from pilotgraph.terms import PREFIXES, RDF_TYPE, compact, data_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pilotgraph.terms import Term

_TOKEN = re.compile(
    r'''(?P<comment>\#[^\n]*)
      | (?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
          |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<bracket>[\[\](){}])
      | (?P<end>[.;,](?=\s|$|\#|<|"|'|\[|\]|\)|\(|\}))
      | (?P<word>[^\s<>"'\[\](){};,\#]+?(?=[.;,]?(?:\s|$|[<>"'\[\](){};,\#])))
      | (?P<newline>\n)''',
    re.VERBOSE | re.DOTALL,
)
_STRING_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_XSD = PREFIXES["xsd"]
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}


def write_turtle(triples: Iterable[Triple], base: str = "", comments: dict[str, str] | None = None) -> str:
    """Write triples as canonical Turtle.

    `base` is the data set's base IRI, whose things get prefixes of their own. `comments` maps a subject's
    IRI to the comment lines above it; the key "" holds those at the head of the file.
    """
    comments = comments or {}
    grouped: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        grouped[triple.subject][triple.predicate].add(triple.object)
    blocks = []
    for subject in sorted(grouped, key=lambda node: _subject_key(node, base)):
        above = comments.get(getattr(subject, "value", ""), "")
        blocks.append(above + _block(subject, grouped[subject], base))
    body = "\n".join(blocks)
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in _used_prefixes(grouped, base))
    return comments.get("", "") + head + ("\n" if head and body else "") + body


def subject_lines(text: str, path: Path | None = None) -> dict[str, int]:
    """Map each subject's IRI in a Turtle or TriG text to the line (from 1) of its first statement."""
    lines: dict[str, int] = {}
    for name, line in _statement_starts(text):
        lines.setdefault(name, line)
    if path is not None and path.suffix in {".nt", ".nq"}:
        return {k: v for k, v in lines.items() if k}
    return lines


def subject_comments(text: str, path: Path) -> dict[str, str]:
    """Map each subject's IRI to the full comment lines above it, and "" to those at the head of the file.

    Raises SourceError for a comment behind a statement, which the canonical form has no place for.
    """
    starts = sorted((line, name) for name, line in subject_lines(text).items())
    found: dict[str, str] = defaultdict(str)
    first_content = next((n for n, row in enumerate(text.split("\n"), 1) if row.strip() and row.lstrip()[0] != "#"), 0)
    line = 1
    for match in _TOKEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match.lastgroup != "comment":
            continue
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.strip():
            fault = "a comment stands behind a statement and would be lost; put it on a line of its own"
            raise SourceError(fault, path, line)
        owner = "" if line < first_content else next((name for at, name in starts if at > line), "")
        found[owner] += match.group() + "\n"
    return dict(found)


def _statement_starts(text: str) -> Iterator[tuple[str, int]]:
    prefixes: dict[str, str] = {}
    base = ""
    statement: list[str] = []
    depth, line, at_line = 0, 1, 1
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        at_line, line = line, line + token.count("\n")
        if kind in {"comment", "newline"}:
            continue
        if kind == "bracket" and token in "{}":
            statement, depth = [], 0
            continue
        if kind == "end" and token == "." and depth == 0:
            base = _declare(statement, prefixes, base)
            statement = []
            continue
        if kind == "bracket":
            depth += 1 if token in "[(" else -1
        statement.append(token)
        if statement[0].upper() in {"PREFIX", "BASE"} and kind == "iri":
            base = _declare(statement, prefixes, base)
            statement = []
        elif len(statement) == 1 and not statement[0].startswith(("@", "[", "(", "_:")):
            name = _expand(token, prefixes, base)
            if name:
                yield name, at_line


def _declare(statement: list[str], prefixes: dict[str, str], base: str) -> str:
    match [word.lower().lstrip("@") if n == 0 else word for n, word in enumerate(statement)]:
        case ["prefix", name, iri]:
            prefixes[name.removesuffix(":")] = base + iri[1:-1] if "://" not in iri else iri[1:-1]
        case ["base", iri]:
            return iri[1:-1]
    return base


def _expand(token: str, prefixes: dict[str, str], base: str) -> str | None:
    if token.startswith("<"):
        return token[1:-1] if ":" in token else base + token[1:-1]
    prefix, colon, local = token.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
    return None


def _subject_key(node: Term, base: str) -> tuple[bool, str]:
    return isinstance(node, BlankNode), write_term(node, base)


def _block(subject: Term, properties: dict[NamedNode, set[Term]], base: str) -> str:
    parts = []
    for predicate in sorted(properties, key=lambda p: (p != RDF_TYPE, compact(p.value, base))):
        name = "a" if predicate == RDF_TYPE else compact(predicate.value, base)
        objects = sorted(write_term(value, base) for value in properties[predicate])
        parts.append(name + " " + " ,\n        ".join(objects))
    return f"{write_term(subject, base)} " + " ;\n    ".join(parts) + " .\n"


def write_term(node: Term, base: str = "") -> str:
    """Write one term in Turtle's syntax."""
    if isinstance(node, NamedNode):
        return compact(node.value, base)
    if not isinstance(node, Literal):
        return str(node)
    if node.language:
        return f'"{node.value.translate(_STRING_ESCAPES)}"@{node.language}'
    datatype = node.datatype.value
    if datatype in _BARE and _BARE[datatype].fullmatch(node.value):
        return node.value
    text = f'"{node.value.translate(_STRING_ESCAPES)}"'
    return text if datatype == _XSD + "string" else f"{text}^^{compact(datatype, base)}"


def _used_prefixes(grouped: dict[Term, dict[NamedNode, set[Term]]], base: str) -> list[tuple[str, str]]:
    used: dict[str, str] = {}
    for node in _nodes(grouped):
        iri = node.datatype.value if isinstance(node, Literal) else getattr(node, "value", "")
        if isinstance(node, BlankNode) or iri == RDF_TYPE.value or _is_bare(node):
            continue
        written = compact(iri, base)
        if not written.startswith("<"):
            name = written.split(":", 1)[0]
            own = data_prefix(iri, base) if base else None
            used[name] = own[1] if own and own[0] == name else PREFIXES[name]
    return sorted(used.items())


def _is_bare(node: Term) -> bool:
    if not isinstance(node, Literal):
        return False
    datatype = node.datatype.value
    plain_string = bool(node.language) or datatype == _XSD + "string"
    return plain_string or (datatype in _BARE and bool(_BARE[datatype].fullmatch(node.value)))


def _nodes(grouped: dict[Term, dict[NamedNode, set[Term]]]) -> Iterator[Term]:
    for subject, properties in grouped.items():
        yield subject
        for predicate, objects in properties.items():
            yield predicate
            yield from objects
