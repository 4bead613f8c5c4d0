"""Turtle as the project writes it, and the lines on which subjects stand.

One writer, one form: prefixes, then subjects, predicates and objects sorted, one object a line. The same
triples give the same bytes. Comments that stand on lines of their own keep their place before their
subject.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pilotgraph.errors import SourceError
from pilotgraph.terms import PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pilotgraph.terms import Term

# RDF 1.1 Turtle, section 6.5 (terminals), as far as finding statements in a valid text needs them.
_PLAIN = r"""[^\s<>"'\[\](){};,.\#\\@]"""
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\n]*)
      | (?P<string>\"{{3}}(?:[^"\\]|\\.|"(?!""))*\"{{3}}|'{{3}}(?:[^'\\]|\\.|'(?!''))*'{{3}}
          |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<iri><(?:[^<>"{{}}|^`\\\s]|\\[uU][0-9A-Fa-f]+)*>)
      | (?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|(?:[0-9]*\.)?[0-9]+(?:[eE][+-]?[0-9]+)?))
      | (?P<language>@[A-Za-z0-9-]+)
      | (?P<curly>[{{}}])
      | (?P<word>(?:\\.|{_PLAIN})(?:\\.|{_PLAIN}|\.+(?=\\|{_PLAIN}))*)
      | (?P<mark>[\[\]().;,])""",
    re.VERBOSE | re.DOTALL,
)
_DEPTH = {"[": 1, "(": 1, "]": -1, ")": -1}
_UNICODE_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PREFIX_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
# Where subject_comments keeps the comments behind the last statement: no IRI is written so.
FOOT = "#"
_STRING_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\u0000"})
_XSD = PREFIXES["xsd"]
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}


def write_turtle(triples: Iterable[Triple], base: str = "", comments: dict[str, str] | None = None) -> str:
    """Write triples as canonical Turtle.

    `base` is the data set's base IRI, whose things get prefixes of their own. `comments` maps a subject's
    IRI to the comment lines above it; the key "" holds those at the head of the file, FOOT those at its end.
    """
    comments = comments or {}
    grouped: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        grouped[triple.subject][triple.predicate].add(triple.object)
    writer = _Writer(grouped, base)
    blocks = []
    for subject in sorted(grouped, key=lambda node: (isinstance(node, BlankNode), writer.term(node))):
        above = comments.get(getattr(subject, "value", ""), "")
        blocks.append(above + writer.block(subject, grouped[subject]))
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(writer.prefixes.items()))
    parts = [head, "\n".join(blocks), comments.get(FOOT, "")]
    return comments.get("", "") + "\n".join(part for part in parts if part)


def subject_lines(text: str) -> dict[str, int]:
    """Map each subject's IRI in a text of RDF to the line (from 1) of its first statement.

    The text is Turtle, TriG, N-Triples or N-Quads that a parser has accepted.
    """
    lines: dict[str, int] = {}
    names = _Names()
    for statement in _statements(text):
        words = [token for token, _ in statement]
        name = None if names.declare(words) else names.expand(words[0])
        if name:
            lines.setdefault(name, statement[0][1])
    return lines


def subject_comments(text: str, path: Path) -> dict[str, str]:
    """Map each subject's IRI to the full comment lines above it, "" to those at the head, FOOT to those at the end.

    Raises SourceError for a comment inside or behind a statement, which the canonical form has no place for.
    """
    starts = sorted((line, name) for name, line in subject_lines(text).items())
    rows = text.split("\n")
    spans = [range(s[0][1], s[-1][1] + 1) for s in _statements(text)]
    inside = {line for span in spans for line in span}
    first = min(inside, default=len(rows) + 1)
    found: dict[str, str] = defaultdict(str)
    for kind, token, line in _tokens(text):
        if kind != "comment":
            continue
        if line in inside:
            fault = "a comment stands inside or behind a statement and would be lost; put it above the subject"
            raise SourceError(fault, path, line)
        owner = "" if line < first else next((name for at, name in starts if at > line), FOOT)
        found[owner] += token + "\n"
    return dict(found)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Give each token's kind, text and line."""
    line, seen = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        yield str(match.lastgroup), match.group(), line


def _statements(text: str) -> Iterator[list[tuple[str, int]]]:
    """Give each statement as tokens with their lines, the full stop among them.

    A statement ends at a full stop outside brackets, at a brace of TriG, and behind the IRI of PREFIX or BASE.
    """
    statement: list[tuple[str, int]] = []
    depth = 0
    for kind, written, line in _tokens(text):
        if kind == "comment":
            continue
        if kind == "curly":
            # What stands before an opening brace names a graph and is no statement.
            if statement and written == "}":
                yield statement
            statement = []
            continue
        statement.append((written, line))
        depth += _DEPTH.get(written, 0)
        sparql_style = kind == "iri" and statement[0][0].upper() in {"PREFIX", "BASE"}
        if sparql_style or (written == "." and depth == 0):
            yield statement
            statement = []
    if statement:
        yield statement


class _Names:
    """The prefixes and the base that hold at a place of a text."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self.base = ""

    def declare(self, words: list[str]) -> bool:
        """Take a statement in, and tell whether it was a declaration."""
        match [words[0].lower().lstrip("@"), *words[1:]]:
            case ["prefix", name, iri, *_]:
                self.prefixes[name.removesuffix(":")] = self._absolute(iri)
            case ["base", iri, *_]:
                self.base = self._absolute(iri)
            case _:
                return False
        return True

    def expand(self, token: str) -> str | None:
        """The IRI that a token stands for, None if it stands for no IRI."""
        if token.startswith("<"):
            return self._absolute(token)
        prefix, colon, local = token.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        return None

    def _absolute(self, bracketed: str) -> str:
        iri = _UNICODE_ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), bracketed[1:-1])
        return urljoin(self.base, iri) if self.base else iri


class _Writer:
    """Writes the terms of a set of triples; knows which prefixes they use.

    A prefix that two namespaces would claim goes to the first in order of IRI; the other is written in full.
    """

    def __init__(self, grouped: dict[Term, dict[NamedNode, set[Term]]], base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        for iri in sorted({iri for node in _nodes(grouped) if (iri := _iri_of(node))}):
            shortened = self._shorten(iri)
            if shortened:
                name, namespace = shortened
                self.prefixes.setdefault(name, namespace)

    def term(self, node: Term) -> str:
        """Write one term."""
        if isinstance(node, NamedNode):
            return self._iri(node.value)
        if not isinstance(node, Literal):
            return str(node)
        if _is_bare(node):
            return node.value
        text = f'"{node.value.translate(_STRING_ESCAPES)}"'
        if node.language:
            return f"{text}@{node.language}"
        datatype = node.datatype.value
        return text if datatype == _XSD + "string" else f"{text}^^{self._iri(datatype)}"

    def block(self, subject: Term, properties: dict[NamedNode, set[Term]]) -> str:
        """Write all that is said of a subject."""
        parts = []
        for predicate in sorted(properties, key=lambda p: (p != RDF_TYPE, self._iri(p.value))):
            name = "a" if predicate == RDF_TYPE else self._iri(predicate.value)
            objects = sorted(self.term(value) for value in properties[predicate])
            parts.append(name + " " + " ,\n        ".join(objects))
        return f"{self.term(subject)} " + " ;\n    ".join(parts) + " .\n"

    def _iri(self, iri: str) -> str:
        shortened = self._shorten(iri)
        if shortened and self.prefixes.get(shortened[0]) == shortened[1]:
            return f"{shortened[0]}:{iri.removeprefix(shortened[1])}"
        return f"<{iri}>"

    def _shorten(self, iri: str) -> tuple[str, str] | None:
        """The prefix and namespace under which an IRI would be written."""
        written = compact(iri, self.base)
        if written.startswith("<"):
            return None
        name, _, local = written.partition(":")
        return (name, iri.removesuffix(local)) if _PREFIX_NAME.fullmatch(name) else None


def _is_bare(node: Literal) -> bool:
    datatype = node.datatype.value
    return datatype in _BARE and bool(_BARE[datatype].fullmatch(node.value))


def _iri_of(node: Term) -> str:
    """The IRI for which a term may need a prefix, empty if for none."""
    if isinstance(node, NamedNode):
        return "" if node == RDF_TYPE else node.value
    if not isinstance(node, Literal) or node.language or _is_bare(node):
        return ""
    return "" if node.datatype.value == _XSD + "string" else node.datatype.value


def _nodes(grouped: dict[Term, dict[NamedNode, set[Term]]]) -> Iterator[Term]:
    for subject, properties in grouped.items():
        yield subject
        for predicate, objects in properties.items():
            yield predicate
            yield from objects
