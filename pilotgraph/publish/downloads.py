"""What can be downloaded, told in two languages: for the page with downloads, and for the catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotgraph.publish.dumps import FOLDER, STEM, SUMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.publish.content import Sum

TABLES = f"{FOLDER}tables/"
METADATA = f"{TABLES}csv-metadata.json"
_TURTLE = "text/turtle"


@dataclass(frozen=True)
class Kind:
    """What files of a kind are. `file_type` is the code in the EU's list of file types, for the catalogue."""

    title: dict[str, str]
    about: dict[str, str]
    media_type: str
    file_type: str = ""
    compression: str = ""
    package: str = ""


@dataclass(frozen=True)
class Download:
    """One file: where it stands, what it is, how large it is, and its SHA-256."""

    path: str
    kind: Kind
    size: int
    sha256: str

    def entry(self) -> dict[str, Any]:
        """The file as a page shows it."""
        return {
            "path": self.path,
            "title": self.kind.title,
            "about": self.kind.about,
            "bytes": self.size,
            "sha256": self.sha256,
            "media_type": self.kind.media_type,
        }


def _kind(nl: str, en: str, about_nl: str, about_en: str, media_type: str, **more: str) -> Kind:
    return Kind({"nl": nl, "en": en}, {"nl": about_nl, "en": about_en}, media_type, **more)


WHOLE = {
    f"{TABLES.rstrip('/')}.xlsx": _kind(
        "Alles als werkmap (XLSX)",
        "Everything as a workbook (XLSX)",
        "Een tabblad per soort ding; voor wie met een spreadsheet werkt.",
        "A sheet for each kind of thing; for those who work with a spreadsheet.",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        file_type="XLSX",
    ),
    f"{TABLES.rstrip('/')}.zip": _kind(
        "Alle tabellen (CSV in ZIP)",
        "All tables (CSV in ZIP)",
        "Een tabel per soort ding, met een beschrijving van elke kolom (CSV on the Web).",
        "A table for each kind of thing, with a description of every column (CSV on the Web).",
        "text/csv",
        file_type="CSV",
        package="application/zip",
    ),
    f"{STEM}.ttl": _kind(
        "Alles als Turtle",
        "Everything as Turtle",
        "De hele graaf zonder de namen van de deelgrafen; het best leesbaar.",
        "The whole graph without the names of its parts; the easiest to read.",
        _TURTLE,
        file_type="RDF_TURTLE",
    ),
    f"{STEM}.trig": _kind(
        "Alles als TriG",
        "Everything as TriG",
        "De hele graaf met de namen van de deelgrafen: van welke bron iets komt, en wat is afgeleid.",
        "The whole graph with the names of its parts: which source a fact is from, and what is derived.",
        "application/trig",
        file_type="RDF_TRIG",
    ),
    f"{STEM}.nq.gz": _kind(
        "Alles als N-Quads",
        "Everything as N-Quads",
        "Als TriG, één feit per regel in vaste volgorde (RDFC-1.0); ingepakt met gzip. Het snelst te laden.",
        "Like TriG, one fact a line in a fixed order (RDFC-1.0); compressed with gzip. The fastest to load.",
        "application/n-quads",
        file_type="RDF_N_QUADS",
        compression="application/gzip",
    ),
    f"{STEM}.jsonld": _kind(
        "Alles als JSON-LD",
        "Everything as JSON-LD",
        "Als TriG, in JSON met korte namen; leesbaar voor elk programma dat JSON leest.",
        "Like TriG, in JSON with short names; readable for any program that reads JSON.",
        "application/ld+json",
        file_type="JSON_LD",
    ),
}
_BESIDE = {
    f"{FOLDER}shapes.ttl": _kind(
        "Regels waaraan de gegevens voldoen (SHACL)",
        "Rules that the data keep to (SHACL)",
        "Waarmee u eigen gegevens van deze vorm kunt controleren.",
        "With these you can check data of your own that has this form.",
        _TURTLE,
    ),
    "void.ttl": _kind(
        "Beschrijving van de graaf (VoID)",
        "Description of the graph (VoID)",
        "Hoeveel er van elke klasse en eigenschap is, en waarmee is verbonden.",
        "How much there is of each class and property, and what it links to.",
        _TURTLE,
    ),
    "dcat.ttl": _kind(
        "Beschrijving voor dataportalen (DCAT-AP-NL 3.0)",
        "Description for data portals (DCAT-AP-NL 3.0)",
        "Voor opname in een catalogus zoals data.overheid.nl.",
        "For inclusion in a catalogue such as data.overheid.nl.",
        _TURTLE,
    ),
    SUMS: _kind(
        "Controlegetallen (SHA-256)",
        "Checksums (SHA-256)",
        "Om na te gaan of een bestand ongeschonden is aangekomen: sha256sum --check SHA256SUMS.",
        "To see whether a file has arrived undamaged: sha256sum --check SHA256SUMS.",
        "text/plain",
    ),
}


def downloads(sums: Iterable[Sum], metadata: bytes = b"") -> list[Download]:
    """The files that are meant for people, in the order of the page: the whole, beside it, tables, named graphs.

    `metadata` is the description of the tables, where there are any.
    """
    found = {one.path: one for one in sums}
    kinds = WHOLE | _BESIDE | _tables(metadata) | _graphs(found)
    return [Download(path, kind, found[path].size, found[path].sha256) for path, kind in kinds.items() if path in found]


def _tables(metadata: bytes) -> dict[str, Kind]:
    if not metadata:
        return {}
    described = json.loads(metadata)
    kinds = {
        TABLES + table["url"]: Kind(table["dc:title"], table["dc:description"], "text/csv")
        for table in described["tables"]
    }
    kinds[METADATA] = _kind(
        "Beschrijving van de tabellen (CSV on the Web)",
        "Description of the tables (CSV on the Web)",
        "Elke kolom in twee talen, met de eigenschap in de graaf waarvan zij komt.",
        "Every column in two languages, with the property of the graph that it comes from.",
        "application/csvm+json",
    )
    return kinds


def _graphs(found: Iterable[str]) -> dict[str, Kind]:
    folder = f"{FOLDER}graph/"
    names = sorted(path.removeprefix(folder).removesuffix(".ttl") for path in found if path.startswith(folder))
    return {
        f"{folder}{name}.ttl": _kind(
            f"Deelgraaf {name}",
            f"Named graph {name}",
            f"Alleen wat in de deelgraaf {name} staat, als Turtle.",
            f"Only what stands in the named graph {name}, as Turtle.",
            _TURTLE,
        )
        for name in names
    }
