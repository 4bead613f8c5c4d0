"""Tables as files: CSV with its description (CSV on the Web), all of them in a ZIP, and a workbook.

The description follows "Metadata Vocabulary for Tabular Data" (W3C Recommendation, 17 December 2015): titles and
descriptions in each language, datatypes, separators, the property of the graph behind each column, the key of
each table and the tables that a column refers to.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.publish.downloads import METADATA, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.content import Content
    from pilotgraph.publish.tables import Column, Sheet, Tables
    from pilotgraph.publish.words import Words

# The limits of a sheet in Excel: beyond them a row or a text would be lost without a word.
_MOST_ROWS: Final = 1_048_575
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_ROWS_IN_MEMORY: Final = 50_000
_PIECE: Final = 1 << 20
_NEUTRAL: Final = {
    "nl": "Een tekst die begint met = + - of @ heeft een apostrof ervoor, zodat geen spreadsheet hem uitvoert.",
    "en": "A text that begins with = + - or @ has an apostrophe in front, so that no spreadsheet runs it.",
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def spreadsheets(dataset: Dataset, tables: Tables, base: str) -> Iterator[tuple[str, Content]]:
    """The files of the tables: `data/tables/`, `data/tables.zip` and `data/tables.xlsx`.

    A table is in memory only while it is made; ZIP and workbook are put together from the files.
    """
    if not tables:
        return
    with tempfile.TemporaryDirectory(prefix="pilotgraph-") as folder:
        work = Path(folder)
        made = []
        for sheet in tables:
            made.append(_made(sheet, work / f"{sheet.name}.csv", base))
            yield f"{TABLES}{sheet.name}.csv", _read(made[-1].path)
        described = _metadata(dataset, made, base)
        metadata = work / METADATA.removeprefix(TABLES)
        metadata.write_bytes(described)
        yield METADATA, described
        stem = TABLES.rstrip("/")
        _zip(work / "all", [*(one.path for one in made), metadata])
        yield f"{stem}.zip", _read(work / "all")
        _workbook(work / "book", dataset, made)
        yield f"{stem}.xlsx", _read(work / "book")


@dataclass(frozen=True)
class _Made:
    """A table that stands in a file: what is left to know of it."""

    name: str
    words: Words
    columns: list[Column]
    rows: int
    path: Path
    described: dict[str, Any]


def _made(sheet: Sheet, path: Path, base: str) -> _Made:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in sheet.columns])
        writer.writerows(sheet.rows)
    return _Made(sheet.name, sheet.words, sheet.columns, len(sheet.rows), path, _table(sheet, base))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _rows(made: _Made) -> Iterator[list[str]]:
    """The rows of a table, as they were written."""
    with made.path.open(encoding="utf-8", newline="") as stream:
        yield from islice(csv.reader(stream), 1, None)


def _metadata(dataset: Dataset, tables: list[_Made], base: str) -> bytes:
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": dataset.title,
        "dc:description": dataset.description,
        "rdfs:comment": _NEUTRAL,
        "dc:license": {"@id": dataset.licence},
        "dc:source": {"@id": base},
        "tables": [table.described for table in tables],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _table(sheet: Sheet, base: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "aboutUrl": f"{base}id/{{+id}}",
        "columns": [_column(column, base) for column in sheet.columns],
        "primaryKey": "id",
    }
    full = (all(row[place] for row in sheet.rows) for place, _ in enumerate(sheet.columns))
    found = (_foreign_key(column) for column, is_full in zip(sheet.columns, full, strict=True) if is_full)
    if keys := [key for key in found if key]:
        schema["foreignKeys"] = keys
    return {
        "url": f"{sheet.name}.csv",
        "dc:title": sheet.words.title,
        "dc:description": sheet.words.about,
        "tableSchema": schema,
    }


def _column(column: Column, base: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name]},
        "dc:title": column.words.title,
        "dc:description": column.words.about,
        "datatype": column.datatype,
    }
    if column.property:
        described["propertyUrl"] = column.property
    if column.language:
        described["lang"] = column.language
    if column.separator:
        described["separator"] = column.separator
    if column.refers:
        described["valueUrl"] = f"{base}id/{{+{column.name}}}"
        described["datatype"] = "string"
    return described


def _foreign_key(column: Column) -> dict[str, Any] | None:
    """The table that a column refers to, if all its values are in one. To CSV on the Web an empty cell is none."""
    if len(column.refers) != 1 or "" in column.refers or column.separator:
        return None
    reference = {"resource": f"{next(iter(column.refers))}.csv", "columnReference": "id"}
    return {"columnReference": column.name, "reference": reference}


def _zip(target: Path, files: list[Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            # The day of a file would make two equal archives differ.
            entry = zipfile.ZipInfo(path.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.file_size = path.stat().st_size
            with archive.open(entry, "w") as stream:
                for piece in _read(path):
                    stream.write(piece)


def _workbook(target: Path, dataset: Dataset, tables: list[_Made]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only this file needs it

    # Of many rows a workbook holds one at a time, and then writes each text where it stands, not once for all.
    memory = "in_memory" if sum(table.rows for table in tables) <= _ROWS_IN_MEMORY else "constant_memory"
    options = {memory: True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(target), options)
    book.set_properties({"created": dt.datetime(*_EPOCH, tzinfo=dt.UTC).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    fitting = [table for table in tables if table.rows <= _MOST_ROWS]
    names = {table.name: _sheet_name(table.name, number) for number, table in enumerate(fitting)}
    _contents(book.add_worksheet("tables"), dataset, tables, names, bold)
    for table in fitting:
        page = book.add_worksheet(names[table.name])
        page.set_column(0, len(table.columns) - 1, 24)
        page.write_row(0, 0, [column.name for column in table.columns], bold)
        for line, row in enumerate(_rows(table), 1):
            for place, (column, text) in enumerate(zip(table.columns, row, strict=True)):
                _write(page, (line, place), column, text)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, table.rows, len(table.columns) - 1)
    book.close()


def _contents(page: Any, dataset: Dataset, tables: list[_Made], names: dict[str, str], bold: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """The first sheet: what the workbook holds, and what each column says, in both languages."""
    for line, language in enumerate(("nl", "en")):
        page.write_string(line, 0, dataset.title.get(language, ""), bold)
        page.write_string(line, 3, f"{dataset.edition} · {dataset.licence}")
        page.write_string(line, 4, _NEUTRAL[language])
    head = ("sheet", "column", "nl", "en", "nl", "en")
    page.write_row(3, 0, head, bold)
    line = 4
    for sheet in tables:
        place = names.get(sheet.name, f"{sheet.name}.csv")
        for name, words in (("", sheet.words), *((column.name, column.words) for column in sheet.columns)):
            cells = (place, name, *(part[tag] for part in (words.title, words.about) for tag in ("nl", "en")))
            for column, text in enumerate(cells):
                page.write_string(line, column, text, None if name else bold)
            line += 1
    page.set_column(0, 3, 28)
    page.set_column(4, 5, 80)
    page.freeze_panes(4, 0)


def _write(page: Any, place: tuple[int, int], column: Column, text: str) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if not text:
        return
    if column.datatype in {"integer", "decimal"}:
        page.write_number(*place, float(text))
    elif len(text) > _LONGEST_CELL:
        page.write_string(*place, f"{text[: _LONGEST_CELL - 40]} … [cut off; whole in the CSV]")
    else:
        page.write_string(*place, text)


def _sheet_name(name: str, number: int) -> str:
    """The name of a sheet, cut to what a workbook can hold, with its number where it was cut."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 5]}-{number}"
