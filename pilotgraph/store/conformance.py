"""Whether a server speaks SPARQL 1.1 as our queries need it.

A few small questions that need no data, with the constructs that the named questions use. What is right is
what the embedded store answers. A server that answers otherwise would give other, silently wrong, answers to
the named questions as well: see :mod:`pilotgraph.store.remote` for what is done then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.errors import EndpointError
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import QuerySolutions

# What each question is about, and the question. Each gives its rows in one order only.
PROBES = {
    "values of a parameter inside OPTIONAL": """SELECT ?s ?label {
        VALUES ?lang { "en" } VALUES ?s { <urn:a> <urn:b> }
        OPTIONAL {
          VALUES (?s ?label) { (<urn:a> "x"@en) (<urn:a> "y"@nl) (<urn:b> "z"@nl) }
          FILTER(LANG(?label) = ?lang)
        } } ORDER BY ?s""",
    "a parameter left open": """SELECT ?s ?n {
        VALUES ?s { UNDEF } VALUES (?s ?n) { (<urn:a> 1) (<urn:b> 2) } } ORDER BY ?n""",
    "types of computed values": """SELECT ?yes ?no ?half ?text ?year {
        BIND(1 = 1 AS ?yes) BIND(BOUND(?nothing) AS ?no) BIND(1 / 2 AS ?half)
        BIND(CONCAT("– é ", "☃") AS ?text) BIND("2020"^^<http://www.w3.org/2001/XMLSchema#gYear> AS ?year) }""",
    "order of texts": """SELECT ?x {
        VALUES ?x { "b" "B" "a" "é" "Z" "_" "-" "a b" "ab" "" } } ORDER BY LCASE(?x) ?x""",
    "order with gaps": """SELECT ?x ?y {
        VALUES ?x { 1 2 3 } OPTIONAL { VALUES (?x ?y) { (1 "b") (3 "a") } } } ORDER BY ?y ?x""",
    "groups": """SELECT ?g (COUNT(DISTINCT ?v) AS ?n) (SUM(?v) AS ?sum)
        (GROUP_CONCAT(DISTINCT ?one; SEPARATOR="; ") AS ?all) {
        VALUES (?g ?v ?one) { (<urn:a> 1 "x") (<urn:a> 2 "x") (<urn:a> 2 "x") (<urn:b> 5 "y") } }
        GROUP BY ?g HAVING(COUNT(*) > 0) ORDER BY DESC(?n) ?g""",
}


def first_failure(ask: Callable[[str], QuerySolutions]) -> str:
    """Ask a server the probes; gives the name of the first that it fails, empty if it fails none.

    Raises EndpointError only if the server cannot be asked at all.
    """
    right = EmbeddedStore()
    ask("SELECT ?x { VALUES ?x { 1 } }")
    for name, query in PROBES.items():
        try:
            if _rows(ask(query)) != _rows(right.select(query)):
                return name
        except EndpointError:
            return name
    return ""


def _rows(solutions: QuerySolutions) -> list[list[str]]:
    names = [variable.value for variable in solutions.variables]
    return [names, *([str(solution[name]) for name in names] for solution in solutions)]
