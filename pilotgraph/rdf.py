"""RDF files in: parsed with pyoxigraph, with the place of every error.

Turtle, TriG, N-Triples and N-Quads are read. RDF/XML, JSON-LD, N3 and TriX are refused as input: their
parsers can be made to read other files, to call other hosts or to exhaust memory.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

from pilotgraph.errors import DatasetError, SourceError, unreadable

if TYPE_CHECKING:
    from pathlib import Path

READABLE = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
REFUSED = {
    ".rdf": "RDF/XML can name files and hosts that the parser then reads",
    ".xml": "RDF/XML and TriX can name files and hosts that the parser then reads",
    ".owl": "RDF/XML can name files and hosts that the parser then reads",
    ".trix": "TriX can name files and hosts that the parser then reads",
    ".jsonld": "JSON-LD can fetch a context from another host",
    ".json": "JSON-LD can fetch a context from another host",
    ".n3": "N3 holds rules and formulas that are no data",
}
CONVERT = "convert it to Turtle first"
# The mark of UTF-32 (little endian) begins with that of UTF-16, so it comes first.
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF8, "starts with a byte order mark; save it as UTF-8 without one"),
    (codecs.BOM_UTF32_LE, "is UTF-32; save it as UTF-8"),
    (codecs.BOM_UTF32_BE, "is UTF-32; save it as UTF-8"),
    (codecs.BOM_UTF16_LE, "is UTF-16; save it as UTF-8"),
    (codecs.BOM_UTF16_BE, "is UTF-16; save it as UTF-8"),
)


_RDF12 = re.compile(rb"<<|\{\||@[A-Za-z0-9-]+--(?:ltr|rtl)")


def rdf_format(path: Path) -> RdfFormat:
    """Tell the format of a file by its extension.

    Raises DatasetError for a format that is refused or unknown.
    """
    suffix = path.suffix.lower()
    if suffix in REFUSED:
        msg = f"{path}: {suffix} is not read, for {REFUSED[suffix]}; {CONVERT}"
        raise DatasetError(msg)
    if suffix not in READABLE:
        msg = f"{path}: the extension {suffix or '(none)'} is not known; give a file in {', '.join(READABLE)}"
        raise DatasetError(msg)
    return READABLE[suffix]


def read_bytes(path: Path) -> bytes:
    """Read a file whole; DatasetError says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def read_text(path: Path) -> str:
    """Read a text file whole; SourceError names the line on which it is not UTF-8."""
    content = read_bytes(path)
    _check_encoding(content, path)
    return content.decode("utf-8")


def parse_bytes(content: bytes, path: Path) -> list[Quad]:
    """Parse the content of the file `path`; SourceError names the line of the first fault."""
    format_ = rdf_format(path)
    _check_encoding(content, path)
    try:
        quads = list(parse(content, format_))
    except SyntaxError as error:
        raise SourceError(_explain(error, content, path), path, error.lineno or 1) from error
    if any(_is_rdf12(quad.object) for quad in quads):
        mark = _RDF12.search(content)
        line = content.count(b"\n", 0, mark.start()) + 1 if mark else 1
        fault = "a triple term or a text with a direction is RDF 1.2; write it in RDF 1.1"
        raise SourceError(fault, path, line)
    return quads


def parse_file(path: Path) -> list[Quad]:
    """Parse one file into quads, lexical forms as written.

    Raises DatasetError (unreadable, refused format) and SourceError (empty, syntax, encoding; with the line).
    """
    return parse_bytes(read_data(path), path)


def read_data(path: Path) -> bytes:
    """Read a file that should hold data. An empty one is an accident, and SourceError says so."""
    content = read_bytes(path)
    if not content.strip():
        fault = "is empty; restore its content, or remove the file"
        raise SourceError(fault, path, 1)
    return content


def _check_encoding(content: bytes, path: Path) -> None:
    for mark, fault in _OTHER_ENCODINGS:
        if content.startswith(mark):
            raise SourceError(fault, path, 1)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = f"is not UTF-8 here (byte 0x{content[error.start]:02X}); save the file as UTF-8"
        raise SourceError(fault, path, line) from error


def _is_rdf12(node: object) -> bool:
    return isinstance(node, Triple) or (isinstance(node, Literal) and node.direction is not None)


def _explain(error: SyntaxError, content: bytes, path: Path) -> str:
    detail = str(error.msg)
    start = content.lstrip()[:100].lower()
    if b"\0" in start:
        return "is not text in UTF-8 (it holds zero bytes); save it as UTF-8"
    if start.startswith((b"<?xml", b"<rdf:rdf")):
        return f"is XML under the name {path.name}; {CONVERT}"
    if start.startswith((b"{", b'[{"')) and path.suffix.lower() != ".trig":
        return f"is JSON under the name {path.name}; {CONVERT}"
    if start.startswith((b"<!doctype html", b"<html")):
        return f"is a web page under the name {path.name}; download the data itself"
    hints = {
        "has not been declared": "add the @prefix line, or correct the prefix",
        "No scheme found": "write the IRI in full, or add an @base line",
        "Unexpected end": "the file seems cut off; restore its end",
    }
    hint = next((advice for sign, advice in hints.items() if sign in detail), "correct the syntax at this place")
    text = detail.split(": ", 1)[-1].rsplit(" (line", 1)[0]
    column = f"column {error.offset}: " if error.offset else ""
    return f"{column}{text}; {hint}"
