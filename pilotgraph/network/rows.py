"""The rows that networks are made of: answers to the queries in `queries/network/`, as plain texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.queries import CLAIMS_VARIABLE, bind, find_query
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.network.options import NetworkOptions
    from pilotgraph.store.base import Reader

Row = dict[str, str]


def slug(iri: str) -> str:
    """The last part of an IRI.

    >>> slug("https://example.org/id/concept/role/lead")
    'lead'
    """
    return iri.rsplit("/", 1)[-1]


def ask(dataset: Dataset, reader: Reader, name: str, language: str) -> list[Row]:
    """Answer a query of the network kind: a dictionary a row, empty text for what is unbound.

    Raises DatasetError if the data set has no such query.
    """
    query = find_query(dataset, name)
    answer = reader.select(bind(query, {}, dataset, reader, language))
    names = [variable.value for variable in answer.variables]
    return [{name: plain(row[name]) for name in names} for row in answer]


def links(dataset: Dataset, reader: Reader, name: str, options: NetworkOptions) -> list[Row]:
    """The rows of a query that options let through: one a claim, with `claim`, `label` and `knowing`.

    A claim is left out if it comes from another source, has a later reference date, or is about a role that is
    left out. `knowing` is stated, assigned (by an editor) or derived (from the register of places).
    """
    found = []
    for row in ask(dataset, reader, name, options.language):
        row["claim"] = row[CLAIMS_VARIABLE]
        row["label"] = row["thingLabel"] or slug(row["thing"])
        row["knowing"] = _knowing(row)
        if _kept(row, options):
            found.append(row)
    return found


def first_day(date: str) -> str:
    """The first day that a year, month or day can mean, comparable as text.

    >>> first_day("2022"), first_day("2022-06"), first_day("2022-06-30")
    ('2022-01-01', '2022-06-01', '2022-06-30')
    """
    return f"{date}-01-01"[:10]


def last_day(date: str) -> str:
    """The last day that a year, month or day can mean, comparable as text.

    >>> last_day("2022"), last_day("2022-06-30")
    ('2022-12-31', '2022-06-30')
    """
    return f"{date}-12-31"[:10] if len(date) <= len("2022") else f"{date}-31"[:10]


def _knowing(row: Row) -> str:
    if row.get("within") == "true":
        return "derived"
    return "assigned" if slug(row.get("how", "")) == "assigned" else "stated"


def _kept(row: Row, options: NetworkOptions) -> bool:
    if options.sources and slug(row["source"]) not in options.sources:
        return False
    if options.as_of and row["asOf"] and first_day(row["asOf"]) > options.as_of:
        return False
    return slug(row.get("role", "")) not in options.left_out
