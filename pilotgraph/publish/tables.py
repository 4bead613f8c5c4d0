"""The graph as tables, for those who want neither RDF nor SPARQL: one for each class, a row for each thing.

A table is made from the graph alone: its columns are the properties that the things of the class have, and their
titles and descriptions are the ontology's. So no class and no property of another data set is left out.

- ``id`` is the thing's IRI without ``{base}id/``. A reference to another thing is written so too, with its name
  beside it in a column for each language. Any other IRI is given whole.
- Several values stand in one cell, behind a separator that none of them contains; the description names it.
- ``state`` tells of a claim whether it is stated, contradicted or assigned. ``derived`` marks rows that a rule
  made, and ``_derived`` in a column's name says that rules made its values.
- A text that a spreadsheet would run as a formula has an apostrophe in front.

Left out are the inverse of a property that is there, and references to what has no table (such as the Web
Annotation selectors of a passage).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.answers import neutral
from pilotgraph.pages.site.addresses import table_name
from pilotgraph.proof import states
from pilotgraph.publish.words import DERIVED, ID, NAME_OF, REUSED, STATE, Words, ontology_words
from pilotgraph.terms import PG, PREFIXES, compact, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

    # The values of each property of a thing; none comes twice.
    Said = dict[str, tuple[Term, ...]]

# The first that no value contains is taken; the last is a sign for this purpose and stands in no text.
SEPARATORS: Final = ("; ", " | ", " ¦ ", "\N{SYMBOL FOR UNIT SEPARATOR}")
_NAMES = (PREFIXES["skos"] + "prefLabel", PREFIXES["dct"] + "title")
_FIRST = (*_NAMES, PREFIXES["skos"] + "altLabel", PG + "about")
_LAST = (PG + "note", PG + "evidence")
_REUSED_CLASSES = (PREFIXES["skos"] + "Concept", PREFIXES["skos"] + "ConceptScheme")
_XSD = PREFIXES["xsd"]
_DATATYPES = {_XSD + name: name for name in ("integer", "decimal", "date", "gYear", "gYearMonth", "boolean", "anyURI")}

_CLASSES = f"""PREFIX owl: <{PREFIXES["owl"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?class {{
  ?class a owl:Class ; rdfs:label ?label ; rdfs:isDefinedBy ?ontology . ?ontology a owl:Ontology .
}}"""
_THINGS = "SELECT DISTINCT ?thing ?property ?value {{ ?thing a <{}> ; ?property ?value . FILTER(isIRI(?thing)) }}"
_MEMBERS = "SELECT DISTINCT ?thing {{ ?thing a <{}> . FILTER(isIRI(?thing)) }}"
_INVERSES = f"SELECT ?property {{ ?property <{PREFIXES['owl']}inverseOf> ?other . FILTER(isIRI(?property)) }}"
_BY_RULE = "SELECT DISTINCT ?property {{ GRAPH <{0}> {{ ?thing ?property ?value }} }}"
_OTHERWISE = "SELECT DISTINCT ?property {{ GRAPH ?graph {{ ?thing ?property ?value }} FILTER(?graph != <{0}>) }}"
_MADE_BY_RULE = "SELECT DISTINCT ?thing {{ GRAPH <{}> {{ ?thing a ?class }} }}"
_NAMED = f"SELECT ?thing ?name {{ ?thing <{_NAMES[0]}>|<{_NAMES[1]}> ?name . FILTER(isLiteral(?name)) }}"


@dataclass(frozen=True)
class Column:
    """A column: its header, what it says, and how its cells are to be read.

    `property` is the IRI that it comes from, empty for none. `refers` holds the tables of the things that its cells
    name, if they name nothing else; the name is empty for a thing without a table.
    """

    name: str
    words: Words
    property: str = ""
    datatype: str = "string"
    language: str = ""
    separator: str = ""
    refers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A table: what it is of, its columns, and its rows as text that is safe in a spreadsheet."""

    name: str
    words: Words
    columns: list[Column]
    rows: list[list[str]]


def sheets(reader: Reader, base: str) -> Tables:
    """The tables of a graph, by name: one for each class of its ontology, and of SKOS, that has things."""
    return Tables(reader, base)


class Tables:
    """The tables of a graph in the order of their names, each made when it is asked for.

    `homes` tells for each identifier of a thing the first table that it has a row in.
    """

    def __init__(self, reader: Reader, base: str) -> None:
        self._reader = reader
        self._base = base
        classes = {plain(row["class"]) for row in reader.select(_CLASSES)} | set(_REUSED_CLASSES)
        self._classes: list[str] = []
        self.homes: dict[str, str] = {}
        for class_ in sorted(sorted(classes), key=table_name):
            if found := self._identifiers(class_):
                self._classes.append(class_)
                for identifier in found:
                    self.homes.setdefault(identifier, table_name(class_))

    def _identifiers(self, class_: str) -> list[str]:
        stem = f"{self._base}id/"
        found = (plain(row[0]) for row in self._reader.select(_MEMBERS.format(class_)))
        return [thing.removeprefix(stem) for thing in found if thing.startswith(stem)]

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._classes)

    def __iter__(self) -> Iterator[Sheet]:
        """Make each table."""
        graph = _Graph(self._reader, self._base, self.homes)
        for class_ in self._classes:
            yield _Table(graph, class_, _things(class_, self._reader, self._base)).sheet()


def _things(class_: str, reader: Reader, base: str) -> dict[str, Said]:
    """The things of a class, and what is said of each."""
    found: dict[str, Said] = defaultdict(dict)
    # Each row brings names and values of its own; one of each is kept.
    names: dict[str, str] = {}
    values: dict[Term, Term] = {}
    for row in reader.select(_THINGS.format(class_)):
        thing, value = plain(row["thing"]), row["value"]
        # The name of a blank node means nothing outside its store.
        if thing.startswith(f"{base}id/") and value is not None and not isinstance(value, BlankNode):
            name = plain(row["property"])
            said, value = found[thing], values.setdefault(value, value)
            said[names.setdefault(name, name)] = (*said.get(name, ()), value)
    return found


class _Graph:
    """What all tables need to know of the graph."""

    def __init__(self, reader: Reader, base: str, homes: Mapping[str, str]) -> None:
        self.reader = reader
        self.stem = f"{base}id/"
        self.homes = homes
        derived = f"{base}graph/derived"
        self.by_rule = _column(reader, _BY_RULE.format(derived)) - _column(reader, _OTHERWISE.format(derived))
        self.made_by_rule = _column(reader, _MADE_BY_RULE.format(derived))
        self.left_out = _column(reader, _INVERSES) | {PREFIXES["rdf"] + "type"}
        self.words = REUSED | ontology_words(reader)
        self.names: dict[str, dict[str, str]] = defaultdict(dict)
        for row in sorted(reader.select(_NAMED), key=str, reverse=True):
            name = row["name"]
            if isinstance(name, Literal) and name.language:
                self.names[plain(row["thing"])][name.language] = name.value

    def describe(self, iri: str) -> Words:
        """The words for a class or property; its short IRI where there are none."""
        short = compact(iri).strip("<>")
        words = self.words.get(iri, Words())
        title = {"nl": short, "en": short} | words.title
        return Words(title, title | words.about)

    def identifier(self, term: Term) -> str:
        """How a value is written in a cell."""
        return plain(term).removeprefix(self.stem) if isinstance(term, NamedNode) else plain(term)


class _Table:
    """Makes the table of one class, column by column."""

    def __init__(self, graph: _Graph, class_: str, things: dict[str, Said]) -> None:
        self._graph = graph
        self._class = class_
        self._things = sorted(things)
        self._said = things
        self._columns: list[tuple[Column, list[str]]] = []

    def sheet(self) -> Sheet:
        graph = self._graph
        self._add(Column("id", ID), [thing.removeprefix(graph.stem) for thing in self._things])
        used = {prop for said in self._said.values() for prop in said} - graph.left_out
        headers = _headers(used, graph.by_rule)
        for prop in sorted(used, key=_order):
            self._property(prop, headers[prop])
        if PG + "evidence" in used:
            known = states(self._things, graph.reader)
            self._add(Column("state", STATE), [known[thing] for thing in self._things])
        if graph.made_by_rule.intersection(self._things):
            made = [str(thing in graph.made_by_rule).lower() for thing in self._things]
            self._add(Column("derived", DERIVED, datatype="boolean"), made)
        rows = [list(row) for row in zip(*(cells for _, cells in self._columns), strict=True)]
        return Sheet(
            table_name(self._class), graph.describe(self._class), [column for column, _ in self._columns], rows
        )

    def _add(self, column: Column, cells: list[str]) -> None:
        self._columns.append((column, cells))

    def _property(self, prop: str, header: str) -> None:
        """One column; or one for each language; or one and the names of what it refers to."""
        values = [self._said[thing].get(prop, ()) for thing in self._things]
        terms = {term for cell in values for term in cell}
        homes = self._homes(terms)
        if homes and not any(homes):
            return
        languages = {_language(term) for term in terms}
        for language in sorted(languages):
            own = [tuple(term for term in cell if _language(term) == language) for cell in values]
            name = f"{header}_{language.replace('-', '_')}" if language else header
            column = self._values(prop, name, language, own)
            if column.refers and not column.separator:
                self._names_of(column, own)

    def _values(self, prop: str, name: str, language: str, values: list[tuple[Term, ...]]) -> Column:
        written = [sorted({self._graph.identifier(term) for term in cell}) for cell in values]
        several = any(len(cell) > 1 for cell in written)
        terms = {term for cell in values for term in cell}
        separator = _separator({text for cell in written for text in cell}) if several else ""
        datatype = "string" if several else _datatype(terms)
        refers = frozenset(self._homes(terms)) if all(map(self._is_inside, terms)) else frozenset()
        column = Column(name, self._graph.describe(prop), prop, datatype, language, separator, refers)
        if several:
            self._add(column, [_safe(separator.join(cell)) for cell in written])
        else:
            self._add(column, ["".join(self._cell(term) for term in cell) for cell in values])
        return column

    def _names_of(self, column: Column, values: list[tuple[Term, ...]]) -> None:
        names = [self._graph.names.get(plain(next(iter(cell), None)), {}) for cell in values]
        words = Words(
            {tag: text.format(column.words.title[tag]) for tag, text in NAME_OF.title.items()},
            {tag: text.format(column.words.title[tag]) for tag, text in NAME_OF.about.items()},
        )
        for language in sorted({tag for known in names for tag in known}):
            header = f"{column.name}_name_{language.replace('-', '_')}"
            self._add(Column(header, words, language=language), [_safe(known.get(language, "")) for known in names])

    def _homes(self, terms: Collection[Term]) -> set[str]:
        """The tables in which the things among some values have their rows, an empty name for none."""
        graph = self._graph
        return {graph.homes.get(graph.identifier(term), "") for term in terms if self._is_inside(term)}

    def _is_inside(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._graph.stem)

    def _cell(self, term: Term) -> str:
        return neutral(term, "") if isinstance(term, Literal) else _safe(self._graph.identifier(term))


def _column(reader: Reader, query: str) -> set[str]:
    """The one column of an answer."""
    return {plain(row[0]) for row in reader.select(query)}


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def _safe(text: str) -> str:
    return neutral(Literal(text), "")


def _separator(texts: set[str]) -> str:
    return next((s for s in SEPARATORS if not any(s.strip() in text for text in texts)), SEPARATORS[-1])


def _datatype(terms: set[Term]) -> str:
    """The datatype that all values share, in the words of CSV on the Web."""
    kinds = {_DATATYPES.get(t.datatype.value, "string") if isinstance(t, Literal) else "anyURI" for t in terms}
    if kinds == {"integer", "decimal"}:
        return "decimal"
    return kinds.pop() if len(kinds) == 1 else "string"


def _order(prop: str) -> tuple[int, str]:
    """Names come first, notes and evidence last."""
    if prop in _FIRST:
        return _FIRST.index(prop) - len(_FIRST), prop
    return (1 + _LAST.index(prop) if prop in _LAST else 0), _local(prop)


def _headers(used: Iterable[str], by_rule: set[str]) -> dict[str, str]:
    """A header for each property: its local name; a number behind it where two vocabularies have the same."""
    taken: dict[str, str] = {}
    for prop in sorted(used, key=lambda prop: (not prop.startswith(PG), prop)):
        wanted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _local(prop)).lower()
        wanted = {"pref_label": "name", "alt_label": "other_names"}.get(wanted, wanted) or "value"
        header, number = wanted, 1
        while header in taken.values() or header in {"id", "state", "derived"}:
            number += 1
            header = f"{wanted}_{number}"
        taken[prop] = header
    return {prop: header + ("_derived" if prop in by_rule else "") for prop, header in taken.items()}


def _local(iri: str) -> str:
    """The letters and digits behind the last # or /."""
    return re.sub(r"[^A-Za-z0-9]+", "_", re.split(r"[#/]", iri)[-1]).strip("_")
