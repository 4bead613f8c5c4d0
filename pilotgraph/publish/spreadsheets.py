"""Tables as files: CSV with its description (CSV on the Web), all of them in a ZIP, and a workbook.

The description follows "Metadata Vocabulary for Tabular Data" (W3C Recommendation, 17 December 2015): titles and
descriptions in each language, datatypes, separators, the property of the graph behind each column, the key of
each table and the tables that a column refers to.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.publish.downloads import METADATA, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.tables import Column, Sheet

# The limits of a sheet in Excel: beyond them a row or a text would be lost without a word.
_MOST_ROWS: Final = 1_048_575
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_NEUTRAL: Final = {
    "nl": "Een tekst die begint met = + - of @ heeft een apostrof ervoor, zodat geen spreadsheet hem uitvoert.",
    "en": "A text that begins with = + - or @ has an apostrophe in front, so that no spreadsheet runs it.",
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def spreadsheets(dataset: Dataset, tables: list[Sheet], base: str) -> Iterator[tuple[str, bytes]]:
    """The files of the tables: `data/tables/`, `data/tables.zip` and `data/tables.xlsx`."""
    if not tables:
        return
    files = {f"{TABLES}{sheet.name}.csv": _csv(sheet) for sheet in tables}
    files[METADATA] = _metadata(dataset, tables, base)
    yield from files.items()
    stem = TABLES.rstrip("/")
    yield f"{stem}.zip", _zip({path.removeprefix(TABLES): content for path, content in files.items()})
    yield f"{stem}.xlsx", _workbook(dataset, tables)


def _csv(sheet: Sheet) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in sheet.columns])
    writer.writerows(sheet.rows)
    return stream.getvalue().encode()


def _metadata(dataset: Dataset, tables: list[Sheet], base: str) -> bytes:
    homes = {row[0]: sheet.name for sheet in reversed(tables) for row in sheet.rows}
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": dataset.title,
        "dc:description": dataset.description,
        "rdfs:comment": _NEUTRAL,
        "dc:license": {"@id": dataset.licence},
        "dc:source": {"@id": base},
        "tables": [_table(sheet, base, homes) for sheet in tables],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _table(sheet: Sheet, base: str, homes: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "aboutUrl": f"{base}id/{{+id}}",
        "columns": [_column(column, base) for column in sheet.columns],
        "primaryKey": "id",
    }
    cells = zip(*sheet.rows, strict=True)
    found = (_foreign_key(column, homes) for column, some in zip(sheet.columns, cells, strict=True) if all(some))
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


def _foreign_key(column: Column, homes: dict[str, str]) -> dict[str, Any] | None:
    """The table that a column refers to, if all its values are in one. To CSV on the Web an empty cell is none."""
    tables = {homes.get(identifier, "") for identifier in column.refers}
    if len(tables) != 1 or "" in tables or column.separator:
        return None
    reference = {"resource": f"{tables.pop()}.csv", "columnReference": "id"}
    return {"columnReference": column.name, "reference": reference}


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            # The day of a file would make two equal archives differ.
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return stream.getvalue()


def _workbook(dataset: Dataset, tables: list[Sheet]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only this file needs it

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": dt.datetime(*_EPOCH, tzinfo=dt.UTC).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    fitting = [sheet for sheet in tables if len(sheet.rows) <= _MOST_ROWS]
    names = {sheet.name: _sheet_name(sheet.name, number) for number, sheet in enumerate(fitting)}
    _contents(book.add_worksheet("tables"), dataset, tables, names, bold)
    for sheet in fitting:
        page = book.add_worksheet(names[sheet.name])
        page.write_row(0, 0, [column.name for column in sheet.columns], bold)
        for line, row in enumerate(sheet.rows, 1):
            for place, (column, text) in enumerate(zip(sheet.columns, row, strict=True)):
                _write(page, (line, place), column, text)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        page.set_column(0, len(sheet.columns) - 1, 24)
    book.close()
    return stream.getvalue()


def _contents(page: Any, dataset: Dataset, tables: list[Sheet], names: dict[str, str], bold: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
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
