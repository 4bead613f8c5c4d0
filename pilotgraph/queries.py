"""The query library: find a query, read its header, bind its parameters.

A query is one `.rq` file with a header of `#+` lines (the grlc convention)::

    #+ summary: Who takes part in what, and how?
    #+ summary_nl: Wie doet waaraan mee, en hoe?
    #+ reading: one row a pilot, actor and role
    #+ answers: a.viii, o.a
    #+ param: pilot | pilot | optional | a pilot, by slug or IRI | een pilot, met slug of IRI
    #+ chart: bar ?label ?count

A parameter is a `VALUES ?name { … }` block inside WHERE, which holds `UNDEF` or the default; binding
replaces what stands between the braces by a serialised term, never by text. `?lang` (nl or en) is a
parameter of every query that has such a block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.errors import DatasetError, SourceError
from pilotgraph.rdf import read_bytes
from pilotgraph.terms import PREFIXES, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

LANGUAGES = ("en", "nl")
CLAIMS_VARIABLE = "claims"
_HEADER = re.compile(r"^#\+ ?([a-z_]+):\s*(.*)$", re.MULTILINE)
_LITERAL_TYPES = {
    "integer": (re.compile(r"[+-]?[0-9]+"), "integer", "a whole number"),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "date", "a date such as 2022-07-06"),
    "string": (re.compile(r".*", re.DOTALL), "string", "a text"),
}
_PARAMETER_FIELDS = 5


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: `kind` is integer, date, string, or a kind of thing such as pilot or concept/goal."""

    name: str
    kind: str
    required: bool
    about: dict[str, str]


@dataclass(frozen=True)
class Query:
    """A query with what its header says."""

    name: str
    text: str
    path: Path | None = None
    header: dict[str, str] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The numbers of the research questions that it helps to answer, as `#+ answers:` lists them."""
        return tuple(part.strip() for part in self.header.get("answers", "").split(",") if part.strip())

    def say(self, key: str, language: str) -> str:
        """Give a header entry in a language; English where there is no translation."""
        return self.header.get(f"{key}_{language}", self.header.get(key, ""))


def parse_query(text: str, name: str, path: Path | None = None) -> Query:
    """Read a query's header. Raises SourceError for a parameter line that cannot be read."""
    header: dict[str, str] = {}
    parameters = []
    for match in _HEADER.finditer(text):
        key, value = match[1], match[2].strip()
        if key == "param":
            line = text.count("\n", 0, match.start()) + 1
            parameters.append(_parameter(value, path or name, line))
        else:
            header[key] = f"{header[key]} {value}" if key in header else value
    return Query(name, text, path, header, tuple(parameters))


def read_query(path: Path) -> Query:
    """Read a query from a file."""
    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        msg = "is not UTF-8; save it as UTF-8"
        raise SourceError(msg, path) from error
    return parse_query(text, path.stem, path)


def library(dataset: Dataset, kind: str = "question") -> list[Query]:
    """All queries of a kind, by name."""
    return [read_query(path) for path in dataset.query_files(kind)]


def find_query(dataset: Dataset, name: str) -> Query:
    """Find a query by its name; DatasetError suggests near names."""
    paths = {p.stem: p for kind in ("question", "network", "check") for p in dataset.query_files(kind)}
    if name not in paths:
        msg = f"{name}: no such query, and no such file{did_you_mean(name, paths)}; see: pilotgraph query --list"
        raise DatasetError(msg)
    return read_query(paths[name])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known words, as a clause to append to a message."""
    import difflib  # noqa: PLC0415 - only a mistake needs it

    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def bind(query: Query, given: Mapping[str, str], dataset: Dataset, reader: Reader, language: str | None = None) -> str:
    """Put the given values into the query's VALUES blocks and return the SPARQL text, prefixes declared.

    `language` fills ?lang where the query has it and no value is given. Raises DatasetError for a
    parameter that is unknown, missing, of the wrong type, or that names a thing which the data set does not have.
    """
    declared = {p.name: p for p in query.parameters}
    if _block("lang").search(query.text):
        declared["lang"] = Parameter("lang", "string", required=False, about={})
        given = {"lang": language, **given} if language else given
    for name in given:
        if name not in declared:
            has = f"it has {', '.join(sorted(declared))}" if declared else "it has none"
            msg = f"{query.name}: no parameter {name}{did_you_mean(name, declared)}; {has}"
            raise DatasetError(msg)
    text = query.text
    for parameter in declared.values():
        if parameter.name in given:
            value = _serialise(parameter, given[parameter.name], query, dataset, reader)
            text = _replace_block(text, parameter.name, value, query)
        elif parameter.required:
            msg = f"{query.name}: the parameter {parameter.name} is missing; add --param {parameter.name}=…"
            raise DatasetError(msg)
    return with_prefixes(text)


def with_prefixes(text: str) -> str:
    """Declare the project's prefixes where a query has not done so itself.

    >>> with_prefixes("ASK { ?p a pg:Pilot }")
    'PREFIX pg: <https://w3id.org/pilotgraph/def#> ASK { ?p a pg:Pilot }'
    """
    declared = set(re.findall(r"PREFIX\s+([\w-]*):", text, re.IGNORECASE))
    used = {name for name in PREFIXES if re.search(rf"(?<![\w-]){name}:", text)}
    head = " ".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in sorted(used - declared))
    # On the first line, so that the line numbers of a message stay those of the query.
    return f"{head} {text}" if head else text


def _parameter(value: str, where: Path | str, line: int) -> Parameter:
    fields = [part.strip() for part in value.split("|")]
    if len(fields) != _PARAMETER_FIELDS or fields[2] not in {"required", "optional"}:
        fault = "a param line reads: name | type | required or optional | description | beschrijving"
        raise SourceError(fault, where, line)
    return Parameter(fields[0], fields[1], fields[2] == "required", {"en": fields[3], "nl": fields[4]})


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*\{{)[^{{}}]*(\}})", re.IGNORECASE)


def _replace_block(text: str, name: str, value: str, query: Query) -> str:
    replaced, times = _block(name).subn(lambda match: f"{match[1]} {value} {match[2]}", text)
    if not times:
        fault = f"the header declares ?{name}, but there is no VALUES ?{name} {{ UNDEF }} block; add it to WHERE"
        raise SourceError(fault, query.path or query.name)
    return replaced


def _serialise(parameter: Parameter, value: str, query: Query, dataset: Dataset, reader: Reader) -> str:
    where = f"{query.name}: the parameter {parameter.name}"
    if parameter.name == "lang" and value not in LANGUAGES:
        msg = f"{where} is {' or '.join(LANGUAGES)}, not {value!r}"
        raise DatasetError(msg)
    if parameter.kind in _LITERAL_TYPES:
        pattern, datatype, wanted = _LITERAL_TYPES[parameter.kind]
        if not pattern.fullmatch(value):
            msg = f"{where} must be {wanted}, not {value!r}"
            raise DatasetError(msg)
        return str(Literal(value, datatype=NamedNode(PREFIXES["xsd"] + datatype)))
    return str(_thing(parameter.kind, value, where, dataset, reader))


def _thing(kind: str, value: str, where: str, dataset: Dataset, reader: Reader) -> NamedNode:
    """Find a thing by IRI, slug or label."""
    stems = [f"{dataset.base}id/{part}/" for part in kind.split(",")]
    for candidate in [value, *(stem + value for stem in stems)]:
        try:
            node = NamedNode(candidate)
        except ValueError:
            continue
        if reader.ask(f"ASK {{ {node} a ?class }}"):
            return node
    known = _known_things(stems, reader)
    by_label = {label.casefold(): iri for iri, labels in known.items() for label in labels}
    if value.casefold() in by_label:
        return NamedNode(by_label[value.casefold()])
    slugs = {iri.rsplit("/", 1)[-1] for iri in known}
    hint = (
        did_you_mean(value, slugs | set(by_label))
        or f"; there are {len(slugs)}, such as {', '.join(sorted(slugs)[:3])}"
    )
    msg = f"{where}: no {kind.replace(',', ' or ')} {value!r}{hint}"
    raise DatasetError(msg)


def _known_things(stems: list[str], reader: Reader) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    label = f"<{PREFIXES['skos']}prefLabel>|<{PREFIXES['skos']}altLabel>"
    for stem in stems:
        pattern = f"?thing {label} ?label . FILTER(STRSTARTS(STR(?thing), {Literal(stem)}))"
        for row in reader.select(f"SELECT ?thing ?label {{ {pattern} }}"):
            found.setdefault(plain(row["thing"]), set()).add(plain(row["label"]))
    return found
