"""Bad input: one clear message with its place, a documented exit code, no traceback, nothing half-written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command, Tiny

PREFIX = "@prefix ex: <http://ex.org/> .\n"
GOOD = f"{PREFIX}ex:a ex:b 1 .\n"
DATE = f'{PREFIX}ex:a ex:b "2021-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
ILL_TYPED = (
    ":2: violation: <http://ex.org/b>: “2021-02-30” is no xsd:date [validate/ill-typed]\n"
    "    http://ex.org/a\n    what to do: correct the value, or its type\n"
)
CUT_OFF = (
    'standard input:1: syntax error at column 27: expected one of ",", ".", ";", "{", "{|", "}", "~", [_]; '
    "correct the query\n  SELECT ?s { ?s a pg:Pilot \n                            ^"
)
REFUSED_CALL = (
    "standard input: an endpoint did not answer (Connection refused (os error 111)); "
    "check the address behind SERVICE, and the network"
)
HOSTS = "can name files and hosts that the parser then reads; convert it to Turtle first"
PILOTS = "SELECT ?p { ?p a pg:Pilot } ORDER BY ?p"
NO_SPACE = "no space left on device; make room on the disk"

# What stands in the file, and what is said of it behind its path.
FILES: dict[str, tuple[bytes, str]] = {
    "syntax error": (
        f"{GOOD}ex:d ex:e ;; ex:f .\n".encode(),
        ":3: column 11: ; is not a valid RDF object; correct the syntax at this place",
    ),
    "truncated": (
        f'{PREFIX}ex:a ex:b "half'.encode(),
        ":2: column 11: Unexpected end of file; the file seems cut off; restore its end",
    ),
    "bad UTF-8": (
        f'{PREFIX}ex:a ex:b "café" .\n'.encode("latin-1"),
        ":2: is not UTF-8 here (byte 0xE9); save the file as UTF-8",
    ),
    "BOM": (GOOD.encode("utf-8-sig"), ":1: starts with a byte order mark; save it as UTF-8 without one"),
    "UTF-16": (GOOD.encode("utf-16"), ":1: is UTF-16; save it as UTF-8"),
    "empty": (b"", ":1: is empty; restore its content, or remove the file"),
    "relative IRI": (
        b"<a> <http://ex.org/b> 1 .\n",
        ":1: column 1: No scheme found in an absolute IRI; write the IRI in full, or add an @base line",
    ),
    "undeclared prefix": (
        b"\nex:a ex:b 1 .\n",
        ":2: column 1: The prefix ex: has not been declared; add the @prefix line, or correct the prefix",
    ),
    "deep and cut off": (
        f"{PREFIX}ex:a ex:b {'[ ex:b ' * 10_000}".encode(),
        ":2: column 70011: Unexpected end; the file seems cut off; restore its end",
    ),
    "XML": (b'<?xml version="1.0"?>\n<rdf:RDF/>\n', ":1: is XML under the name bad.ttl; convert it to Turtle first"),
    "JSON": (b'{"@context": "https://ex.org/"}', ":1: is JSON under the name bad.ttl; convert it to Turtle first"),
    "HTML": (
        b"<!doctype html><html></html>",
        ":1: is a web page under the name bad.ttl; download the data itself",
    ),
    "an archive": (
        b"PK\x03\x04\x14\0\0\0",
        ":1: is not text in UTF-8 (it holds zero bytes); save it as UTF-8",
    ),
}
REFUSED = {
    ".rdf": f"RDF/XML {HOSTS}",
    ".xml": f"RDF/XML and TriX {HOSTS}",
    ".trix": f"TriX {HOSTS}",
    ".jsonld": "JSON-LD can fetch a context from another host; convert it to Turtle first",
    ".n3": "N3 holds rules and formulas that are no data; convert it to Turtle first",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_named_by_validate(tmp_path: Path, pilotgraph: Command, kind: str) -> None:
    """`validate` of a file that cannot be read: one line on standard error, exit 3."""
    content, message = FILES[kind]
    path = tmp_path / "bad.ttl"
    path.write_bytes(content)
    assert pilotgraph("validate", path) == (3, "", f"pilotgraph: {path}{message}\n")


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_of_a_data_set_stops_every_verb(tiny: Tiny, pilotgraph: Command, tmp_path: Path, kind: str) -> None:
    """In a data set the same file stops verify and load with the same message, and no store is made."""
    content, message = FILES[kind]
    path = tiny.root / "data/turtle/bad.ttl"
    path.write_bytes(content)
    expected = (3, "", f"pilotgraph: {path}{message}\n")
    assert pilotgraph("load", "--to", tmp_path / "store", "--dataset", tiny.root) == expected
    assert [entry.name for entry in (tmp_path / "store").iterdir()] == [".lock"]
    assert pilotgraph("verify", "--sources", tiny.root / "sources", "--dataset", tiny.root) == expected


@pytest.mark.parametrize("suffix", REFUSED)
def test_a_dangerous_format_is_refused_with_the_reason(tmp_path: Path, pilotgraph: Command, suffix: str) -> None:
    """RDF/XML, JSON-LD, N3 and TriX are not read at all."""
    path = tmp_path / f"data{suffix}"
    path.write_text(GOOD)
    message = f"pilotgraph: {path}: {suffix} is not read, for {REFUSED[suffix]}\n"
    assert pilotgraph("validate", path) == (3, "", message)


def test_an_ill_typed_literal_is_a_finding(tmp_path: Path, pilotgraph: Command) -> None:
    """30 February parses, and is told as a finding with its line; no library speaks in between."""
    path = tmp_path / "date.ttl"
    path.write_text(DATE)
    assert pilotgraph("validate", path) == (
        1,
        f"{path}{ILL_TYPED}",
        "checked 1 file: 1 violation, 0 warnings, 0 info\n",
    )


def test_deep_nesting_is_no_crash(tmp_path: Path, pilotgraph: Command) -> None:
    """10,000 levels of blank nodes are read and counted."""
    path = tmp_path / "deep.ttl"
    path.write_text(f"{PREFIX}ex:a ex:b {'[ ex:b ' * 10_000} 1 {']' * 10_000} .\n")
    result = pilotgraph("validate", path)
    assert (result.code, result.err) == (0, "checked 1 file: 0 violations, 1 warning, 0 info\n")
    assert "    value: 10000\n" in result.out


def test_deep_queries_are_refused(pilotgraph: Command) -> None:
    """10,000 levels of a query would end the engine's process: they are refused."""
    message = "pilotgraph: standard input:1: is nested more than 100 levels deep for the engine; ask in smaller steps\n"
    assert pilotgraph("query", "-", stdin="SELECT * " + "{" * 10_000 + "}" * 10_000) == (3, "", message)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder.ttl", "is a directory"),
        ("file.ttl/below.ttl", "not a directory"),
        ("nowhere.ttl", "no such file or directory"),
    ],
)
def test_what_is_no_file_is_named(tmp_path: Path, pilotgraph: Command, name: str, reason: str) -> None:
    """A folder, a path below a file, and nothing at all: the path and the reason."""
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "file.ttl").write_text(GOOD)
    result = pilotgraph("validate", tmp_path / name)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"pilotgraph: {tmp_path / name}: {reason}; ")
    assert result.err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_named(tmp_path: Path, pilotgraph: Command) -> None:
    """A file without read permission is named."""
    path = tmp_path / "secret.ttl"
    path.write_text(GOOD)
    path.chmod(0)
    result = pilotgraph("validate", path)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"pilotgraph: {path}: permission denied; ")


QUERIES: dict[str, tuple[bytes, int, str]] = {
    "syntax error": (
        b"SELECT ?s { ?s a pg:Pilot ",
        3,
        CUT_OFF,
    ),
    "bad UTF-8": (b"\xff\xfe", 3, "standard input: is not UTF-8; save the query as UTF-8"),
    "empty": (b"", 3, "standard input: is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query"),
    "update": (
        b"INSERT DATA { <a:a> <a:a> <a:a> }",
        3,
        "standard input: is an update, and a query only reads; write SELECT, ASK, CONSTRUCT or DESCRIBE",
    ),
    "endpoint": (
        b"SELECT * { SERVICE <http://127.0.0.1:1024/> { ?a ?b ?c } }",
        4,
        REFUSED_CALL,
    ),
}


@pytest.mark.parametrize("kind", QUERIES)
def test_a_bad_query_is_explained(pilotgraph: Command, kind: str) -> None:
    """A query that cannot be answered: where it came from, what is wrong, and for a syntax error the place."""
    content, code, message = QUERIES[kind]
    assert pilotgraph("query", "-", stdin=content) == (code, "", f"pilotgraph: {message}\n")


def test_a_query_file_is_named_in_its_faults(tmp_path: Path, pilotgraph: Command) -> None:
    """The message about a file names the file and the line in it."""
    path = tmp_path / "mine.rq"
    path.write_text("# mine\nSELECT ?s {\n  ?s a a }")
    assert pilotgraph("query", path).err.startswith(f"pilotgraph: {path}:3: syntax error at column ")
    assert pilotgraph("query", tmp_path).err == f"pilotgraph: {tmp_path}: is a folder; give the query file in it\n"


def test_a_full_disk_behind_standard_output(pilotgraph: Command) -> None:
    """What cannot be printed is said, with exit 3."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            pilotgraph.line("query", "-", "-q"),
            input=PILOTS,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, f"pilotgraph: standard output: {NO_SPACE}\n")


def test_a_full_disk_behind_an_output_file(tmp_path: Path, pilotgraph: Command) -> None:
    """A device without space is named; a file that cannot grow leaves no part behind, and an old one as it was."""
    result = pilotgraph("query", "-", "-o", "/dev/full", "--format", "csv", stdin=PILOTS)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("pilotgraph: /dev/full: no space left on device; ")
    old = tmp_path / "old.csv"
    old.write_text("old")
    done = subprocess.run(
        pilotgraph.line("query", "-", "-o", old, "--force"),
        input=PILOTS.encode(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.decode().startswith(f"pilotgraph: {old}: file too large; ")
    assert ([path.name for path in tmp_path.iterdir()], old.read_text()) == (["old.csv"], "old")


@pytest.mark.parametrize("arguments", [["query", "-", "-q"], ["info"]], ids=" ".join)
def test_a_closed_standard_output_is_said(pilotgraph: Command, arguments: list[str]) -> None:
    """Without a standard output there is a message, not a traceback."""
    words = ["sh", "-c", 'exec "$@" >&-', "sh", *pilotgraph.line(*arguments)]
    done = subprocess.run(words, input=PILOTS, stderr=subprocess.PIPE, text=True, check=False)
    message = "pilotgraph: standard output is closed; write to a file with --output FILE\n"
    assert (done.returncode, done.stderr) == (3, message)


@pytest.mark.parametrize("arguments", [["query", "-", "-q", "--format", "csv"], ["--help"], ["info"]], ids=" ".join)
def test_head_ends_it_in_silence(pilotgraph: Command, arguments: list[str]) -> None:
    """A reader that stops after a line, as `| head` does, is no error and brings no message."""
    process = subprocess.Popen(
        pilotgraph.line(*arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.close()
    _, err = process.communicate(b"SELECT * { ?s ?p ?o }")
    assert (process.returncode, err) == (128 + signal.SIGPIPE, b"")


def wait_for_the_verb(process: subprocess.Popen[bytes]) -> None:
    """Wait until the engine is in memory: the command line is at work, and not the interpreter at its start."""
    maps = Path(f"/proc/{process.pid}/maps")
    for _ in range(600):
        if not maps.exists() or "pyoxigraph" in maps.read_text():
            return
        time.sleep(0.05)


@pytest.mark.parametrize("verb", ["validate", "load"])
@pytest.mark.parametrize("after", [0.05, 0.35, 0.7])
def test_ctrl_c_stops_at_once(tmp_path: Path, root: Path, pilotgraph: Command, verb: str, after: float) -> None:
    """Interrupted in the middle: one message, exit 130, and nothing half-written."""
    store = tmp_path / "store"
    process = subprocess.Popen(
        pilotgraph.line(
            *{"validate": ["validate", "-o", tmp_path / "out.json"], "load": ["load", "--to", store]}[verb]
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
    )
    wait_for_the_verb(process)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().strip() == "pilotgraph: stopped; nothing was left half-written"
    if (store / "CURRENT").exists():
        # The signal came when all was done: then the store is whole.
        assert pilotgraph("query", "-", "--store", store, stdin="ASK { ?p a pg:Pilot }").out == "true\n"
    else:
        left = [path.name for path in tmp_path.rglob("*") if path.name not in {"store", ".lock"}]
        assert left == []


def test_ctrl_c_stops_the_engine(pilotgraph: Command) -> None:
    """A question that would take for ever can be stopped too: the process ends by the signal."""
    text = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert pilotgraph("info").code == 0
    process = subprocess.Popen(pilotgraph.line("query", "-"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin
    process.stdin.write(text)
    process.stdin.close()
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) in {-signal.SIGINT, 130}


def test_an_existing_file_is_not_overwritten(tmp_path: Path, pilotgraph: Command) -> None:
    """Only --force overwrites, and what was written is said."""
    path = tmp_path / "out.csv"
    first = pilotgraph("query", "-", "-q", "-o", path, stdin=PILOTS)
    content = path.read_bytes()
    path.write_text("mine")
    second = pilotgraph("query", "-", "-q", "-o", path, stdin=PILOTS)
    assert (first, second) == (
        (0, "", f"written: {path}\n"),
        (3, "", f"pilotgraph: {path}: exists; add --force to overwrite it\n"),
    )
    assert path.read_text() == "mine"
    assert pilotgraph("query", "-", "-q", "--force", "-o", path, stdin=PILOTS) == first
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["frobnicate"], 2, "Error: No such command 'frobnicate'.\n"),
        (["query"], 2, "Error: give a question, a file, or - for standard input; --list shows the questions\n"),
        (["load"], 2, "Error: Missing option '--to'.\n"),
        (["query", "-", "-o", "x.pdf"], 3, "the extension .pdf is no format here; "),
        (["query", "-", "-o", "."], 3, "pilotgraph: .: is a folder; give the name of a file in it\n"),
        (["query", "-", "-p", "x"], 3, "pilotgraph: --param x: write it as name=value\n"),
        (["query", "-", "--format", "ttl"], 3, "the format ttl holds a graph, but this query gives rows; "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_explained(pilotgraph: Command, arguments: list[str], code: int, message: str) -> None:
    """A call that cannot be meant so is answered with what is wrong, without a traceback."""
    result = pilotgraph(*arguments, stdin=PILOTS)
    assert (result.code, result.out) == (code, "")
    assert message in result.err
    assert "Traceback" not in result.err
