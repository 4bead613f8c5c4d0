"""What a catalogue asks for and the graph does not say: publisher, contact, themes, area, keywords.

It stands in the table ``[catalogue]`` of ``data/dataset.toml``; each entry may be left out::

    [catalogue]
    publisher = "…"                 # a name; otherwise the creator of the data set
    publisher_iri = "https://…"     # its identifier, such as that of TOOI for a Dutch government body
    publisher_page = "https://…"    # its web page
    contact_page = "https://…"      # where a visitor can ask; otherwise the home page of the data set
    contact_email = "…"
    themes = ["JUST", "GOVE"]       # codes of the EU's list of data themes; otherwise GOVE
    spatial = ["https://…"]         # the area: EU country or place, or GeoNames
    start = "2020"                  # the period that the data are about
    end = "2023"
    frequency = "IRREG"             # a code of the EU's list of frequencies
    endpoint = "https://…"          # a live SPARQL endpoint, if there is one
    address = "https://…"           # where the files lie, if that is not the base itself
    keywords.nl = ["…"]
    keywords.en = ["…"]

    [[catalogue.earlier]]           # editions that went before, newest first
    edition = "0.0.9"
    issued = "2026-01-31"
    summary.nl = "…"
    summary.en = "…"
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from pilotgraph.errors import SourceError

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset

AUTHORITY = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True)
class Edition:
    """An edition of the data set: its number, its day, and what is new in it."""

    number: str
    issued: str
    summary: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """The table ``[catalogue]``, as written above."""

    name: str
    publisher_iri: str = ""
    publisher_page: str = ""
    contact_page: str = ""
    contact_email: str = ""
    themes: tuple[str, ...] = ("GOVE",)
    spatial: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    frequency: str = "IRREG"
    endpoint: str = ""
    address: str = ""
    keywords: dict[str, list[str]] = field(default_factory=dict)
    earlier: tuple[Edition, ...] = ()

    def publisher(self, base: str) -> NamedNode:
        """The IRI of the publisher: its identifier, or a name in the catalogue."""
        return NamedNode(self.publisher_iri or f"{base}dcat.ttl#publisher")


def settings(dataset: Dataset) -> Settings:
    """Read the settings of a data set. Raises SourceError for an entry that is unknown or of the wrong kind."""
    given: dict[str, Any] = dict(dataset.catalogue)
    where = dataset.root / "data/dataset.toml"
    known = set(Settings.__dataclass_fields__) - {"name"} | {"publisher"}
    if unknown := sorted(set(given) - known):
        fault = f"[catalogue] has no entry {unknown[0]}; it takes {', '.join(sorted(known))}"
        raise SourceError(fault, where)
    try:
        return Settings(
            name=str(given.pop("publisher", dataset.creator) or dataset.title.get("en", dataset.base)),
            themes=tuple(given.pop("themes", ("GOVE",))),
            spatial=tuple(_iri(place) for place in given.pop("spatial", ())),
            earlier=tuple(_edition(entry) for entry in given.pop("earlier", ())),
            publisher_iri=_iri(given.pop("publisher_iri", "")),
            publisher_page=_iri(given.pop("publisher_page", "")),
            contact_page=_iri(given.pop("contact_page", "")),
            endpoint=_iri(given.pop("endpoint", "")),
            address=_folder(given.pop("address", "")),
            **given,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        fault = f"[catalogue] has an entry that is missing or of the wrong kind ({error}); compare docs/publishing.md"
        raise SourceError(fault, where) from error


def editions(dataset: Dataset, chosen: Settings) -> list[Edition]:
    """All editions, newest first."""
    return [Edition(dataset.edition, dataset.issued), *chosen.earlier]


def _edition(entry: dict[str, Any]) -> Edition:
    return Edition(entry["edition"], str(entry["issued"]), dict(entry.get("summary", {})))


def _folder(text: str) -> str:
    return _iri(text if text.endswith("/") else f"{text}/") if text else ""


def _iri(text: str) -> str:
    return NamedNode(text).value if text else ""
