"""Compares an executor with pySHACL on one case, result by result, and makes a difference small."""

from __future__ import annotations

import logging
import re
import sys
import warnings
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyshacl
from pyoxigraph import BlankNode, Literal, RdfFormat, Store, serialize
from pyshacl.rdfutil.stringify import stringify_blank_node

from pilotgraph.shacl.columns.executor import run
from pilotgraph.shacl.columns.read import Columns
from pilotgraph.shacl.compile import compile_shapes
from pilotgraph.shacl.endpoint.executor import validate
from pilotgraph.shacl.messages import Messages
from pilotgraph.shacl.results import description, report
from pilotgraph.store.embedded import EmbeddedStore

sys.path.insert(0, str(Path(__file__).parent))

from strategies import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Triple

    from pilotgraph.shacl.model import Node
    from pilotgraph.shacl.results import Description, Result
    from pilotgraph.store.base import Reader

    Statements = Iterable[tuple[Any, Any, Any]]

_MESSAGE = "<http://www.w3.org/ns/shacl#resultMessage>"
_ROUNDS = 12
_WORD = re.compile(r"[\s,'\"()\[\]]+")
_CUT = '"…"'
_hidden: list[bool] = []
_LABEL = re.compile(r"\bN[0-9a-f]{32}\b|\bb\d\b|\b[0-9a-f]{24,32}\b")


# Faults of pySHACL that random cases meet, by how its refusal begins; the names are those of the documentation.
LISTED = {
    "ParseException": "path-in-query",
    "ReportableRuntimeError: Cannot use sh:lessThan": "less-than-incomparable",
    "TypeError: '<": "less-than-incomparable",
    "error: bad escape": "message-backslash",
}


@dataclass(frozen=True)
class Verdict:
    """What an engine says: the normal form of its report; or why it does not judge (pySHACL must, or refuses)."""

    statements: tuple[str, ...] = ()
    refused: str = ""


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Write triples as canonical N-Triples, after a comment: pySHACL takes a short text for the name of a file."""
    return b"# " + 300 * b"-" + b"\n" + (serialize(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b"")


def reference(case: Case) -> Verdict:
    """Ask pySHACL, given bytes."""
    try:
        found = reference_report(case)
    except Exception as error:  # noqa: BLE001 - whatever it raises is its verdict
        return Verdict(refused=f"{type(error).__name__}: {error}".split("\n", 1)[0])
    return Verdict(refused="a validation failure") if found is None else Verdict(normal_form(found))


def reference_report(case: Case) -> Any:  # noqa: ANN401 - rdflib's graph
    """Give pySHACL's report; None for what it calls a validation failure. Raises what it raises."""
    forget()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, graph, _ = pyshacl.validate(
            n_triples(quad.triple for quad in case.data),
            shacl_graph=n_triples(case.shapes),
            data_graph_format="nt",
            shacl_graph_format="nt",
            advanced=False,
            inplace=True,
        )
    return None if isinstance(graph, Exception) else graph


def endpoint(case: Case) -> Verdict:
    """Ask the SPARQL executor over an embedded store."""
    store = Store()
    store.bulk_extend(case.data)
    return over(EmbeddedStore(store), case)


def over(reader: Reader, case: Case) -> Verdict:
    """Ask the SPARQL executor over a store that holds the data of the case."""
    forget()
    plan = compile_shapes(case.shapes)
    outcome, data = validate(plan, reader, case.shapes)
    return _verdict(case, outcome.results, plan.fallback | outcome.unsupported, data)


def columns(case: Case) -> Verdict:
    """Ask the executor over columns."""
    forget()
    plan = compile_shapes(case.shapes)
    triples = list(dict.fromkeys(quad.triple for quad in case.data))
    data = description(triples)
    results, left = run(plan, Columns.of_triples(triples), Messages(case.shapes, data))
    return _verdict(case, results, plan.fallback | left, data)


def _verdict(case: Case, results: list[Result], left: dict[Node, str], data: Description) -> Verdict:
    if left:
        return Verdict(refused="; ".join(dict.fromkeys(left.values())))
    triples = report(results, description(case.shapes), data)
    return Verdict(normal_form((t.subject, t.predicate, t.object) for t in triples))


def forget() -> None:
    """Empty what pySHACL keeps by the address of a graph: it would be taken for another graph's, and never go away."""
    stringify_blank_node.dict_cache.clear()


ENGINES: dict[str, Callable[[Case], Verdict]] = {"endpoint": endpoint, "columns": columns}


def stored(case: Case) -> Case:
    """Give the case with the data as a store gives them back: engines normalise literals."""
    store = Store()
    store.bulk_extend(case.data)
    return Case(list(store), case.shapes)


def normal_form(statements: Statements) -> tuple[str, ...]:
    """Give a form that two graphs share if they are isomorphic.

    Blank nodes are named by what surrounds them, refined until nothing changes (as the first step of any
    isomorphism test; reports are trees but for shared blank nodes, so that this tells them apart). The words of
    a message are sorted: pySHACL lists some in the order of a set.
    """
    triples = [(_name(s), _name(p), _object(_name(p), o)) for s, p, o in statements]
    colours = {name: "" for s, _, o in triples for name in (s, o) if name.startswith("_:")}
    classes = 0
    for _ in range(_ROUNDS):
        around: dict[str, list[str]] = {name: [] for name in colours}
        for s, p, o in triples:
            if s in around:
                around[s].append(f">{p} {colours.get(o, o)}")
            if o in around:
                around[o].append(f"<{p} {colours.get(s, s)}")
        colours = {name: f"_:{hash((colours[name], *sorted(parts)))}" for name, parts in around.items()}
        found = len(set(colours.values()))
        if found == classes:
            break
        classes = found
    return tuple(sorted(f"{colours.get(s, s)} {p} {colours.get(o, o)}" for s, p, o in triples))


@contextmanager
def without_messages() -> Iterator[None]:
    """Make normal forms in which all messages are alike."""
    _hidden.append(True)
    try:
        yield
    finally:
        _hidden.pop()


def _name(term: Any) -> str:  # noqa: ANN401 - a term of pyoxigraph or of rdflib
    if type(term).__module__.startswith("rdflib"):
        kind = type(term).__name__
        if kind == "BNode":
            return f"_:{term}"
        if kind == "URIRef":
            return f"<{term}>"
        language = term.language.lower() if term.language else None
        datatype = "" if term.datatype is None or term.datatype.endswith("#string") else str(term.datatype)
        return f'"{term}"@{language}^^{"" if language else datatype}'
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    if isinstance(term, Literal):
        datatype = "" if term.language or term.datatype.value.endswith("#string") else term.datatype.value
        return f'"{term.value}"@{term.language}^^{datatype}'
    return f"<{term.value}>"


def _object(predicate: str, value: Any) -> str:  # noqa: ANN401
    name = _name(value)
    if predicate != _MESSAGE:
        return name
    # A cycle of blank nodes is cut where pySHACL happens to be; the labels of blank nodes are nobody's.
    if _hidden or "recursion.too.deep" in name:
        return _CUT
    return " ".join(sorted(_WORD.split(_LABEL.sub("_", name))))


@dataclass(frozen=True)
class Outcome:
    """How an engine and pySHACL compare: equal, left to pySHACL, listed (a known fault of pySHACL) or different."""

    kind: str
    reason: str = ""


def compare(case: Case, engine: str, theirs: Verdict | None = None) -> Outcome:
    """Compare the engine of that name with pySHACL."""
    ours = ENGINES[engine](case)
    if ours.refused:
        return Outcome("left to pySHACL", ours.refused)
    theirs = theirs or reference(case)
    if theirs.refused:
        listed = next((name for start, name in LISTED.items() if theirs.refused.startswith(start)), "")
        return Outcome("listed", listed) if listed else Outcome("different", theirs.refused)
    return Outcome("equal" if _same(case, ours, theirs, engine) else "different")


def _same(case: Case, ours: Verdict, theirs: Verdict, engine: str) -> bool:
    if ours.statements == theirs.statements:
        return True
    if not any(_CUT in statement for statement in (*ours.statements, *theirs.statements)):
        return False
    # Where pySHACL cuts a message changes from run to run, and with it the names of what surrounds it.
    with without_messages():
        return ENGINES[engine](case).statements == reference(case).statements


def explained(case: Case, engine: str) -> str:
    """Give the smallest part of a case that still differs, and what each of the two says of it."""

    def differs(smaller: Case) -> bool:
        try:
            return compare(smaller, engine).kind == "different"
        except Exception:  # noqa: BLE001 - what is left out can leave a shapes graph that nobody reads
            return False

    small = smallest(case, differs)
    ours, theirs = ENGINES[engine](small), reference(small)
    if theirs.refused:
        return f"{show(small)}\npySHACL: {theirs.refused}"
    left, right = Counter(theirs.statements), Counter(ours.statements)
    only = "\n  ".join(sorted((left - right).elements())), "\n  ".join(sorted((right - left).elements()))
    return f"{show(small)}\npySHACL only:\n  {only[0]}\n{engine} only:\n  {only[1]}"


def smallest(case: Case, differs: Callable[[Case], bool]) -> Case:
    """Leave out triples as long as the case still differs."""
    changed = True
    while changed:
        changed = False
        for part in ("data", "shapes"):
            size = max(1, len(getattr(case, part)) // 2)
            while size:
                start = 0
                while start < len(getattr(case, part)):
                    whole = getattr(case, part)
                    fewer = whole[:start] + whole[start + size :]
                    smaller = Case(fewer, case.shapes) if part == "data" else Case(case.data, fewer)
                    if differs(smaller):
                        case, changed = smaller, True
                    else:
                        start += size
                size //= 2
    return case


def quiet() -> None:
    """Keep rdflib and pySHACL from writing about ill-typed literals and ill-formed shapes."""
    for name in ("rdflib.term", "pyshacl-validate", "pyshacl"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def show(case: Case) -> str:
    """Write a case to be read: data, then shapes, as Turtle."""
    prefixes = {
        "": "http://example.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    prefixes["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#"
    parts = [(quad.triple for quad in case.data), case.shapes]
    texts = [
        (serialize(dict.fromkeys(part), format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode() for part in parts
    ]
    return "\n".join("\n".join(line for line in text.splitlines() if not line.startswith("@prefix")) for text in texts)
