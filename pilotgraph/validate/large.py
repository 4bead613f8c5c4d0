"""Validation of a large data set: the same findings, without an object for every triple.

The shapes are given files. What the other checks could object to is found by columns, and only that is given to them;
places are looked up for what has a finding. Rules derive what check queries and shapes read
(:mod:`pilotgraph.rules`); what only the shapes read goes to them as a file.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np
from pyoxigraph import Literal, NamedNode, Triple, parse

from pilotgraph import rules
from pilotgraph.bulk import is_plain
from pilotgraph.facts import Facts
from pilotgraph.findings import ordered
from pilotgraph.load import for_queries, rule_texts
from pilotgraph.queries import library
from pilotgraph.rdf import rdf_format, read_data
from pilotgraph.shacl import engine as shacl
from pilotgraph.shacl.columns import Columns
from pilotgraph.terms import PG, RDF_TYPE
from pilotgraph.validate import checks, focus
from pilotgraph.validate.literals import is_well_typed
from pilotgraph.validate.outcome import COVERAGE, Validation, beside_shapes, placed, shapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.shacl.columns.terms import Mask

_SUBJECT: Final = re.compile(rb"[ \t]*<([^>]*)>")
# N-Triples in which a line could hold more than one statement, or an IRI be written in another way.
_SEVERAL: Final = re.compile(rb"\.[ \t]*<|\r|<[^>]*\\")


def validate(dataset: Dataset, engine: str, tell: Tell) -> Validation:
    """Validate a whole data set as :func:`pilotgraph.validate.validate` does."""
    tell("reading files", 0, 0)
    known = Facts.read(dataset.vocabulary_files())
    facts = _suspects(dataset, known)
    making = [text for text in rule_texts(dataset).values() if rules.makes(text, COVERAGE)]
    queries = [query.text for query in library(dataset, "check")]
    store = for_queries(dataset, [*queries, *making], tell)
    with TemporaryDirectory() as folder:
        made = Path(folder) / "derived.nt"
        with made.open("wb") as stream:
            for number, text in enumerate(making):
                tell("deriving", number, len(making))
                store.write_constructed(text, stream)
        derived = made.stat().st_size > 0
        tell("checking shapes", 0, 0)
        files = [*dataset.data_files(), *dataset.vocabulary_files(), *([made] if derived else [])]
        verdict = shacl.validate(files, shapes(dataset), engine)
    found = [*verdict.findings(), *beside_shapes(facts, known, dataset)]
    found += focus.without_focus(facts, known, dataset, {COVERAGE} if derived else set())
    found += checks.run(dataset, store, tell)
    tell("looking up places", 0, 0)
    facts.places = _places(dataset.data_files(), {finding.focus for finding in found if finding.focus})
    return Validation(ordered(placed(found, facts, known, dataset)), verdict)


def _suspects(dataset: Dataset, known: Facts) -> Facts:
    """The facts of a data set, of the files without blank nodes only as far as a check could object to them.

    Of each class there is one subject, the first.
    """
    files = dataset.data_files()
    plain = [path for path in files if is_plain(path)]
    facts = Facts.read(path for path in files if path not in set(plain))
    columns = Columns.of_files(plain)
    telling = [path for path in plain if not _says_nothing(path)]
    facts.triples |= {path: [] for path in plain if path not in set(telling)}
    concepts = dataset.base + "id/concept/"
    suspected = list(_objectionable(columns, set(known.places), concepts))
    if suspected:
        facts.triples[telling[0]] = suspected
    types, classes = columns.pairs(RDF_TYPE.value)
    for class_ in np.unique(classes):
        first = columns.terms.lexical(types[classes == class_]).min()
        facts.by_type[columns.terms.texts[int(class_)][1:-1]].append(str(first))
    unknown = (t.object.value for t in suspected if isinstance(t.object, NamedNode))
    facts.places |= _places(plain, {iri for iri in unknown if iri.startswith(concepts)})
    return facts


def _says_nothing(path: Path) -> bool:
    return next(iter(parse(path=str(path), format=rdf_format(path))), None) is None


def _objectionable(columns: Columns, declared: Collection[str], concepts: str) -> Iterator[Triple]:
    """The triples with a literal that is not of its type, or a term of ours that is not declared."""
    objects = _ill_typed(columns) | _undeclared(columns, declared, concepts)
    term = columns.terms.term
    for iri, subjects, values in columns.tables():
        strange = iri.startswith((PG, concepts)) and iri not in declared
        for place in range(len(values)) if strange else np.flatnonzero(objects[values]):
            subject = term(int(subjects[place]))
            if isinstance(subject, NamedNode):
                yield Triple(subject, NamedNode(iri), term(int(values[place])))


def _ill_typed(columns: Columns) -> Mask:
    terms = columns.terms
    found = np.zeros(len(terms), dtype=np.bool_)
    for code in terms.datatypes:
        for number in np.flatnonzero(terms.suffixes == code):
            literal = terms.term(int(number))
            found[number] = isinstance(literal, Literal) and not is_well_typed(literal)
    return found


def _undeclared(columns: Columns, declared: Collection[str], concepts: str) -> Mask:
    texts = columns.terms.texts
    ours = (texts.str.starts_with(f"<{PG}") | texts.str.starts_with(f"<{concepts}")).to_numpy()
    found = np.zeros(len(texts), dtype=np.bool_)
    found[[number for number in np.flatnonzero(ours) if texts[int(number)][1:-1] not in declared]] = True
    return found


def _places(paths: list[Path], wanted: set[str]) -> dict[str, tuple[Path, int]]:
    """Find the first file and line where each of some subjects stands."""
    found: dict[str, tuple[Path, int]] = {}
    for path in paths:
        missing = wanted - found.keys()
        if not missing:
            break
        content = read_data(path) if path.suffix.lower() == ".nt" else b""
        here = _lines(path, content, missing) if content and not _SEVERAL.search(content) else _read(path)
        found |= {iri: place for iri, place in here.items() if iri in missing}
    return found


def _lines(path: Path, content: bytes, wanted: set[str]) -> dict[str, tuple[Path, int]]:
    """Find subjects in N-Triples of one statement a line."""
    sought = {iri.encode() for iri in wanted}
    found: dict[str, tuple[Path, int]] = {}
    for number, line in enumerate(content.split(b"\n"), 1):
        match = _SUBJECT.match(line)
        if match and match[1] in sought:
            sought.remove(match[1])
            found[match[1].decode()] = (path, number)
    return found


def _read(path: Path) -> dict[str, tuple[Path, int]]:
    return Facts.read([path]).places
