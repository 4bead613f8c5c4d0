"""What is looked at in a visitor's query before the engine evaluates it: size, nesting, and that it asks no other host.

A query that may contact another host has the word SERVICE in it as a keyword. Where the word stands in the text at
all, three independent readers must say that it is something else each time, or the query is refused:

- a lexer by the longest-match rules of the grammar (SPARQL 1.1 Query Language, W3C 2013, section 19.8), which places
  every occurrence within one string, IRI, comment, prefixed name, variable, label or language tag;
- the engine's own parser, which must accept the text with the word misspelt: a misspelt keyword is a syntax error.
  It has no lexer and takes `?a<?b)SERVICE?x#>` for a comparison where the rules above see an IRI;
- rdflib's parser, in whose tree there must be no service pattern.

LOAD is treated alike, although the engine reads no update. This is the first of two walls: behind it the worker can
open no connection (:mod:`pilotgraph.serve.sandbox`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from pilotgraph.errors import SourceError
from pilotgraph.serve.jobs import Refused
from pilotgraph.store.base import QUERY
from pilotgraph.store.syntax import absent_letters, check_size, parse

if TYPE_CHECKING:
    from collections.abc import Iterator


_WORDS = re.compile("service|load", re.IGNORECASE)
_FROM = re.compile("from", re.IGNORECASE)
# The terminals of the grammar, longest first where one can begin like another.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHAR = rf"{_BASE}_\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PREFIX = rf"(?:[{_BASE}](?:[{_CHAR}.]*[{_CHAR}])?)?"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:(?:[{_BASE}_:0-9]|{_PLX})(?:(?:[{_CHAR}.:]|{_PLX})*(?:[{_CHAR}:]|{_PLX}))?)?"
_TOKEN = re.compile(
    rf"""(?P<harmless>
        \#[^\r\n]*
      | <[^<>"{{}}|^`\\\x00-\x20]*>
      | \"{{3}}(?:"{{0,2}}(?:[^"\\]|\\[tbnrf\\"']))*\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|\\[tbnrf\\"']))*'{{3}}
      | "(?:[^"\\\r\n]|\\[tbnrf\\"'])*" | '(?:[^'\\\r\n]|\\[tbnrf\\"'])*'
      | {_PREFIX}:{_LOCAL}
      | [?$][{_BASE}_0-9][{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040]*
      | _:[{_BASE}_0-9](?:[{_CHAR}.]*[{_CHAR}])?
      | @[A-Za-z]+(?:-[A-Za-z0-9]+)*
    ) | [A-Za-z][A-Za-z0-9_]* | .""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATE = re.compile(
    rf"(?:\s|\#[^\r\n]*|PREFIX\s+{_PREFIX}:\s*<[^>]*>|BASE\s*<[^>]*>)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
# How often the marks that open a level may stand in the text, wherever they stand: a count can not be talked past by
# what looks like an IRI to one reader and like brackets to another. The engine ends at 1,000 levels of braces and at
# 5,000 of brackets or 20,000 negations (pyoxigraph 0.5.13).
_MOST = {"{": 500, "(": 3000, "[": 3000, "!": 3000}
# rdflib's parser calls itself some thirty times for each level of brackets.
_FRAMES = 20_000
MALFORMED = "Malformed query"


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may be evaluated, and whether it names its own data set (FROM, FROM NAMED)."""

    text: str
    has_dataset: bool


def check(text: str) -> Checked:
    """Look at a query. Raises Refused: 400 for what is malformed, 403 for what reaches out or writes."""
    _check_characters(text)
    if _UPDATE.match(text):
        detail = "this is an update, and nothing can be changed here; write SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise Refused(HTTPStatus.FORBIDDEN, "Updates are refused", detail)
    plain = _unescaped(text)
    try:
        for version in {text, plain}:
            _check_counts(version)
            check_size(version)
        if _WORDS.search(plain) or _WORDS.search(text):
            parse(text)
            _prove_local(text, plain)
    except SourceError as error:
        raise malformed(error) from error
    return Checked(text, bool(_FROM.search(text)) and not _accepts(_misspelt(text, _FROM)))


def malformed(error: SourceError) -> Refused:
    """Say what is wrong with a query, with the place."""
    return Refused(HTTPStatus.BAD_REQUEST, MALFORMED, error.message)


def _check_characters(text: str) -> None:
    """Refuse what is no Unicode text: a lone surrogate cannot be handed to the engine."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        detail = f"the query has half a surrogate pair at character {error.start + 1}; send it as UTF-8"
        raise Refused(HTTPStatus.BAD_REQUEST, MALFORMED, detail) from error


def _check_counts(text: str) -> None:
    for mark, most in _MOST.items():
        if text.count(mark) > most:
            fault = f"has {mark} more than {most} times, which is more than the engine can stand; ask in smaller steps"
            raise SourceError(fault, QUERY)


def _unescaped(text: str) -> str:
    r"""Read \u and \U as section 19.2 does, before anything else; the engine reads them in strings and IRIs only."""
    if "\\u" not in text and "\\U" not in text:
        return text
    return _ESCAPE.sub(lambda match: _character(int(match[1] or match[2], 16), match[0]), text)


def _character(number: int, otherwise: str) -> str:
    valid = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - the bounds of Unicode
    return chr(number) if valid else otherwise


def _prove_local(text: str, plain: str) -> None:
    for version in {text, plain}:
        _require(all(_is_harmless(version)), "it stands outside of strings, IRIs, comments and names")
    _require(_accepts(_misspelt(text, _WORDS)), "it is a keyword")
    _require(not _has_service(plain), "a second parser finds a request to another server")


def _require(holds: bool, reason: str) -> None:  # noqa: FBT001 - a proof either holds or not
    if not holds:
        detail = (
            "queries here reach no other server: SERVICE and LOAD are refused. This query has one of these words, and "
            f"{reason}; leave it out, or write it in a string or name"
        )
        raise Refused(HTTPStatus.FORBIDDEN, "SERVICE and LOAD are refused", detail)


def _is_harmless(text: str) -> Iterator[bool]:
    """Tell of each occurrence whether it lies within one token that is no keyword."""
    tokens = _TOKEN.finditer(text)
    token = next(tokens)
    for word in _WORDS.finditer(text):
        while token.end() <= word.start():
            token = next(tokens)
        yield token["harmless"] is not None and word.end() <= token.end()


def _misspelt(text: str, words: re.Pattern[str]) -> str:
    """Put letters into each word, such that no name becomes another name of the text."""
    letters = absent_letters(text)
    return words.sub(lambda match: match[0][:2] + letters + match[0][2:], text)


def _accepts(text: str) -> bool:
    try:
        parse(text)
    except SourceError:
        return False
    return True


def _has_service(text: str) -> bool:
    """Whether rdflib's parser finds a service pattern, or does not read the text as a query."""
    from pyparsing import ParseBaseException  # noqa: PLC0415 - slow to import, and few queries have the words
    from rdflib.plugins.sparql.parser import parseQuery  # noqa: PLC0415

    try:
        with _deep():
            todo = [parseQuery(text)]
    except (ParseBaseException, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        return True
    while todo:
        node = todo.pop()
        if getattr(node, "name", "") == "ServiceGraphPattern":
            return True
        if isinstance(node, dict):
            todo.extend(node.values())
        elif not isinstance(node, str) and hasattr(node, "__iter__"):
            todo.extend(node)
    return False


@contextmanager
def _deep() -> Iterator[None]:
    import sys  # noqa: PLC0415

    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
