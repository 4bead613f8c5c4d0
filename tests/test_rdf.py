"""RDF files in: what is read, what is refused, and where each message points."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotgraph.errors import DatasetError, PilotGraphError, SourceError
from pilotgraph.rdf import parse_bytes, parse_file

PREFIX = b"@prefix ex: <http://ex.org/> .\n"
GOOD = PREFIX + b"ex:a ex:b ex:c .\n"
HOSTS = "can name files and hosts that the parser then reads; convert it to Turtle first"

FAULTS = {
    "a wrong object": (
        PREFIX + b"ex:a ex:b ex:c .\nex:d ex:e ;; ex:f .\n",
        "3: column 11: ; is not a valid RDF object; correct the syntax at this place",
    ),
    "a file cut off between terms": (
        PREFIX + b"ex:a ex:b",
        "2: column 10: Unexpected end; the file seems cut off; restore its end",
    ),
    "a file cut off in a text": (
        PREFIX + b'ex:a ex:b "half',
        "2: column 11: Unexpected end of file; the file seems cut off; restore its end",
    ),
    "a file cut off in deep nesting": (
        PREFIX + b"ex:a ex:b " + b"[ ex:b " * 100_000,
        "2: column 700011: Unexpected end; the file seems cut off; restore its end",
    ),
    "another encoding": (
        PREFIX + b'ex:a ex:b "caf\xe9" .\n',
        "2: is not UTF-8 here (byte 0xE9); save the file as UTF-8",
    ),
    "another encoding in a comment": (
        PREFIX + b"# caf\xe9\nex:a ex:b ex:c .\n",
        "2: is not UTF-8 here (byte 0xE9); save the file as UTF-8",
    ),
    "a byte order mark": (
        b"\xef\xbb\xbf" + GOOD,
        "1: starts with a byte order mark; save it as UTF-8 without one",
    ),
    "UTF-16": (GOOD.decode().encode("utf-16"), "1: is UTF-16; save it as UTF-8"),
    "UTF-16, big end first": (b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), "1: is UTF-16; save it as UTF-8"),
    "UTF-16 without a mark": (
        GOOD.decode().encode("utf-16-le"),
        "1: is not text in UTF-8 (it holds zero bytes); save it as UTF-8",
    ),
    "UTF-32": (GOOD.decode().encode("utf-32"), "1: is UTF-32; save it as UTF-8"),
    "a relative IRI without a base": (
        b"\n<a> <http://ex.org/b> 1 .\n",
        "2: column 1: No scheme found in an absolute IRI; write the IRI in full, or add an @base line",
    ),
    "an undeclared prefix": (
        b"\n\nex:a ex:b ex:c .\n",
        "3: column 1: The prefix ex: has not been declared; add the @prefix line, or correct the prefix",
    ),
    "XML": (b'<?xml version="1.0"?><rdf:RDF/>', "1: is XML under the name data.ttl; convert it to Turtle first"),
    "JSON": (b'{"@id": "x"}', "1: is JSON under the name data.ttl; convert it to Turtle first"),
    "a web page": (
        b"<!DOCTYPE html><html></html>",
        "1: is a web page under the name data.ttl; download the data itself",
    ),
    "prose": (
        b"Dear reader,\n",
        "1: column 1: Dear is not a valid subject or graph name; correct the syntax at this place",
    ),
    "a triple term": (
        PREFIX + b"ex:a ex:b <<( ex:a ex:b ex:c )>> .\n",
        "2: a triple term or a text with a direction is RDF 1.2; write it in RDF 1.1",
    ),
    "an annotation, nested deeply": (
        PREFIX + b"ex:a ex:b ex:c " + b"{| ex:b ex:c " * 10_000 + b" |}" * 10_000 + b" .\n",
        "2: a triple term or a text with a direction is RDF 1.2; write it in RDF 1.1",
    ),
    "a text with a direction": (
        PREFIX + b'ex:a ex:b "x"@en--ltr .\n',
        "2: a triple term or a text with a direction is RDF 1.2; write it in RDF 1.1",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_its_line(fault: str) -> None:
    """A message gives the file, the line, what is wrong there and what to do."""
    content, message = FAULTS[fault]
    with pytest.raises(SourceError) as caught:
        parse_bytes(content, Path("data.ttl"))
    assert caught.value.message == f"data.ttl:{message}"


@pytest.mark.parametrize("opening", ["[ ex:b ", "( "])
def test_deep_nesting_is_read(opening: str) -> None:
    """10,000 levels of brackets are data like any other."""
    closing = {"[": "]", "(": ")"}[opening[0]]
    text = f"ex:a ex:b {opening * 10_000} 1 {closing * 10_000} .\n"
    assert len(parse_bytes(PREFIX + text.encode(), Path("data.ttl"))) == {"[": 10_001, "(": 20_001}[opening[0]]


@pytest.mark.parametrize(
    ("suffix", "reason"),
    [
        (".rdf", f"RDF/XML {HOSTS}"),
        (".owl", f"RDF/XML {HOSTS}"),
        (".xml", f"RDF/XML and TriX {HOSTS}"),
        (".trix", f"TriX {HOSTS}"),
        (".jsonld", "JSON-LD can fetch a context from another host; convert it to Turtle first"),
        (".json", "JSON-LD can fetch a context from another host; convert it to Turtle first"),
        (".n3", "N3 holds rules and formulas that are no data; convert it to Turtle first"),
    ],
)
def test_dangerous_formats_are_refused_with_the_reason(suffix: str, reason: str) -> None:
    """A format whose parser can read files or call out is not read, whatever its content."""
    with pytest.raises(DatasetError) as caught:
        parse_bytes(GOOD, Path(f"data{suffix.upper()}"))
    assert caught.value.message == f"data{suffix.upper()}: {suffix} is not read, for {reason}"


def test_an_unknown_extension_is_refused() -> None:
    """What is not named as RDF is not guessed at."""
    with pytest.raises(DatasetError) as caught:
        parse_bytes(GOOD, Path("data.csv"))
    assert caught.value.message == "data.csv: the extension .csv is not known; give a file in .ttl, .trig, .nt, .nq"


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_file_is_an_accident(content: bytes, tmp_path: Path) -> None:
    """A file without content is refused, for a data set that loses a file would otherwise pass in silence."""
    path = tmp_path / "data.ttl"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        parse_file(path)
    assert caught.value.message == f"{path}:1: is empty; restore its content, or remove the file"


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nt", ".nq"])
def test_all_four_formats_are_read(suffix: str) -> None:
    """One N-Triples line is valid in each of the four formats, and means the same."""
    line = b'<http://ex.org/a> <http://ex.org/b> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    (quad,) = parse_bytes(line, Path(f"data{suffix}"))
    assert [quad.subject.value, quad.predicate.value, quad.object.value] == [
        "http://ex.org/a",
        "http://ex.org/b",
        "007",
    ]


@given(st.binary(max_size=200) | st.text(alphabet='@prefix:<>"\\[](){}.;,#_ab1\n', max_size=60).map(str.encode))
def test_any_bytes_give_triples_or_one_message(content: bytes) -> None:
    """Whatever stands in a file, it is read or refused with a place: nothing else can happen."""
    try:
        parse_bytes(content, Path("data.ttl"))
    except PilotGraphError as error:
        assert error.message.startswith("data.ttl:")  # noqa: PT017 - either outcome is right
