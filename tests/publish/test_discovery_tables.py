"""The tables say what the graph says, and nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from pyoxigraph import Literal

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.terms import PG, PREFIXES, plain
from tests.publish.conftest import all_files

if TYPE_CHECKING:
    from conftest import Tiny

    from pilotgraph.store.embedded import EmbeddedStore

    Files = dict[str, bytes]

BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
TABLES = "data/tables/"


HOSTILE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
pilot:formula a pg:Pilot ; skos:prefLabel "=cmd|'/c calc'!A0"@nl , "@SUM(1)"@en .
pilot:markup a pg:Pilot ; skos:prefLabel "</script><img src=x onerror=\\"alert(1)\\">"@nl .
pilot:lines a pg:Pilot ; skos:prefLabel "een\\ntwee\\r\\ndrie\\t\\u202Evier"@nl ; skos:altLabel "a; b"@nl , "c | d"@nl .
pilot:long a pg:Pilot ; skos:prefLabel "LONG"@nl .
pilot:plain a pg:Pilot ; foaf:page <javascript:alert(1)> ; pg:note "-5"@nl , "+1"@en ; pg:number "-5" .
""".replace("LONG", "x" * 40_000)


def publish(dataset: Dataset, store: EmbeddedStore | None = None) -> Files:
    """All files of a data set; no path comes twice."""
    listed = all_files(dataset, store or in_memory(dataset))
    found = dict(listed)
    assert len(found) == len(listed)
    return found


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="module")
def store(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set, loaded."""
    return in_memory(dataset)


@pytest.fixture(scope="module")
def files(dataset: Dataset, store: EmbeddedStore) -> Files:
    """What is published of it."""
    return publish(dataset, store)


def test_a_table_has_a_row_for_each_thing(files: Files, store: EmbeddedStore) -> None:
    """Every class of the ontology that has things has a table with as many rows as the graph has things."""
    counted = f"""PREFIX skos: <{PREFIXES["skos"]}> SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) {{
      ?thing a ?class . FILTER(STRSTARTS(STR(?thing), "{BASE}id/"))
      FILTER(STRSTARTS(STR(?class), "{PG}") || ?class IN (skos:Concept, skos:ConceptScheme))
    }} GROUP BY ?class"""
    expected = {plain(row["class"]): int(plain(row["number"])) for row in store.select(counted)}
    named = {"".join(part.capitalize() for part in name.split("-")): rows for name, rows in tables(files).items()}
    assert {name: len(rows) for name, rows in named.items()} == {
        iri.replace(PG, "").replace(PREFIXES["skos"], ""): number for iri, number in expected.items()
    }


def test_the_tables_say_what_the_graph_says(files: Files, store: EmbeddedStore) -> None:
    """Read back with their description, the columns of a property give its triples, and no other."""
    described = json.loads(files[f"{TABLES}csv-metadata.json"])
    for table in described["tables"]:
        rows = read(files[TABLES + table["url"]])
        subjects = [f"{BASE}id/{row['id']}" for row in rows]
        assert len(set(subjects)) == len(subjects)
        said: dict[str, set[tuple[str, str, str]]] = {}
        for column in table["tableSchema"]["columns"]:
            if prop := column.get("propertyUrl"):
                found = said.setdefault(prop, set())
                for row, subject in zip(rows, subjects, strict=True):
                    found |= {(subject, value, column.get("lang", "")) for value in cell(row, column)}
        for prop, found in said.items():
            assert found == _graph_says(store, subjects, prop), (table["url"], prop)


def test_every_column_is_described_in_both_languages(files: Files) -> None:
    """The header is that of the description, and no description is a mere address."""
    for table in json.loads(files[f"{TABLES}csv-metadata.json"])["tables"]:
        header = next(csv.reader(io.StringIO(files[TABLES + table["url"]].decode(), newline="")))
        columns = table["tableSchema"]["columns"]
        assert header == [column["name"] for column in columns] == [column["titles"]["und"][0] for column in columns]
        for described in (table, *columns):
            for key in ("dc:title", "dc:description"):
                assert set(described[key]) == {"nl", "en"}
                assert not any(":" in text.split(" ", 1)[0].rstrip(":") for text in described[key].values()), described


def test_claims_tell_their_state(files: Files, store: EmbeddedStore) -> None:
    """Stated, contradicted or assigned, as the questions say it."""
    found = {row["id"]: row["state"] for rows in tables(files).values() for row in rows if "state" in row}
    clash = f"SELECT DISTINCT ?claim {{ ?claim <{PG}contradictedBy> ?clash }}"
    contradicted = {plain(row["claim"]).removeprefix(f"{BASE}id/") for row in store.select(clash)}
    assert {claim for claim, state in found.items() if state == "contradicted"} == contradicted & set(found)
    assert set(found.values()) == {"stated", "contradicted", "assigned"}


def test_what_a_rule_made_is_marked(files: Files) -> None:
    """Coverage is derived row by row; a pilot's shortcuts column by column."""
    found = tables(files)
    assert {row["derived"] for row in found["coverage"]} == {"true"}
    header = set(found["pilot"][0])
    assert {"has_partner_derived", "start_date_derived", "in_pillar_derived"} <= header
    assert {"has_partner", "start_date", "claimed_by", "claimed_by_derived"}.isdisjoint(header)


def test_references_between_tables_hold(files: Files) -> None:
    """Each foreign key of the description is met by every row."""
    found = tables(files)
    keys = 0
    for table in json.loads(files[f"{TABLES}csv-metadata.json"])["tables"]:
        for key in table["tableSchema"].get("foreignKeys", ()):
            target = key["reference"]["resource"].removesuffix(".csv")
            known = {row["id"] for row in found[target]}
            assert {row[key["columnReference"]] for row in found[table["url"].removesuffix(".csv")]} <= known
            keys += 1
    assert keys > 40


def test_the_archive_and_the_workbook_hold_the_same(files: Files) -> None:
    """As the CSV files, number for number and text for text."""
    with zipfile.ZipFile(io.BytesIO(files["data/tables.zip"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.removeprefix(TABLES): content for path, content in files.items() if path.startswith(TABLES)
        }
    book = openpyxl.load_workbook(io.BytesIO(files["data/tables.xlsx"]), read_only=True)
    assert book.sheetnames == ["tables", *sorted(tables(files))]
    for name, rows in tables(files).items():
        header, *lines = book[name].iter_rows(values_only=True)
        assert [str(title) for title in header] == list(rows[0])
        for line, row in zip(lines, rows, strict=True):
            for shown, text in zip(line, row.values(), strict=True):
                assert shown == (float(text) if isinstance(shown, int | float) else text or None)


def test_hostile_texts_are_only_texts(tiny: Tiny) -> None:
    """Formulas, markup, separators, line breaks, right-to-left marks, long texts: none runs, none is lost."""
    tiny.add("register", HOSTILE)
    dataset = Dataset.open(tiny.root)
    found = publish(dataset)
    rows = {row["id"]: row for row in tables(found)["pilot"]}
    assert rows["pilot/formula"]["name_nl"] == "'=cmd|'/c calc'!A0"
    assert rows["pilot/formula"]["name_en"] == "'@SUM(1)"
    assert rows["pilot/markup"]["name_nl"] == '</script><img src=x onerror="alert(1)">'
    assert rows["pilot/lines"]["name_nl"] == "een\ntwee\r\ndrie\t\u202evier"
    assert rows["pilot/long"]["name_nl"] == "x" * 40_000
    book = openpyxl.load_workbook(io.BytesIO(found["data/tables.xlsx"]))
    cells = [one for page in book for line in page.iter_rows() for one in line]
    assert not [one.value for one in cells if one.data_type == "f" or one.hyperlink]
    assert {str(one.value)[-27:] for one in cells if len(str(one.value)) > 32_000} == {"[cut off; whole in the CSV]"}
    described = json.loads(found[f"{TABLES}csv-metadata.json"])
    pilot = next(table for table in described["tables"] if table["url"] == "pilot.csv")
    column = next(c for c in pilot["tableSchema"]["columns"] if c["name"] == "other_names_nl")
    assert cell(rows["pilot/lines"], column) == ["a; b", "c | d"]


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def tables(files: Files) -> dict[str, list[dict[str, str]]]:
    """The rows of each table."""
    return {
        path.removeprefix(TABLES).removesuffix(".csv"): read(content)
        for path, content in files.items()
        if path.startswith(TABLES) and path.endswith(".csv")
    }


def cell(row: dict[str, str], column: dict[str, Any]) -> list[str]:
    """The values in a cell, by the description of its column."""
    text = row[column["name"]]
    if not text:
        return []
    values = text.split(column["separator"]) if "separator" in column else [text]
    stem = column.get("valueUrl", "").partition("{")[0]
    # The apostrophe stands before what a spreadsheet would run.
    return [stem + re.sub(r"^'(?=[=+\-@\t\r])", "", value) for value in values]


def _graph_says(store: EmbeddedStore, subjects: list[str], prop: str) -> set[tuple[str, str, str]]:
    wanted = set(subjects)
    rows = store.select(f"SELECT DISTINCT ?s ?o {{ ?s <{prop}> ?o FILTER(STRSTARTS(STR(?s), '{BASE}id/')) }}")
    said = [(plain(row["s"]), row["o"]) for row in rows]
    return {
        (subject, plain(value), (value.language or "") if isinstance(value, Literal) else "")
        for subject, value in said
        if subject in wanted
    }
