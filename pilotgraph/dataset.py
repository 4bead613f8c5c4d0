"""A data set: a folder of plain files, and the only module that knows where they are.

::

    DIR/data/dataset.toml    base IRI, titles, licence, edition
    DIR/data/sources.toml    the source documents: file, digest, public address, where pages begin
    DIR/data/turtle/         register/, decisions/, sources.ttl and a folder per source
    DIR/ontology/            pilotgraph.ttl, alignments.ttl, schemes/, shapes/, rules/
    DIR/queries/             question/, check/, network/
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotgraph.errors import DatasetError, SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIRED = (
    "data/dataset.toml",
    "data/sources.toml",
    "data/turtle",
    "ontology/pilotgraph.ttl",
    "ontology/schemes",
    "ontology/shapes",
    "ontology/rules",
    "queries",
)
RDF_SUFFIXES = {".ttl", ".trig", ".nt", ".nq"}


@dataclass(frozen=True)
class Source:
    """One source document, as the manifest describes it.

    `pages` holds pairs of a page number and the position (code points in the normalised text) where that
    page begins; text outside the listed pages has no known page.
    """

    slug: str
    file: str
    sha256: str
    address: str
    pages: tuple[tuple[int, int], ...] = ()
    pages_known_until: int | None = None


@dataclass(frozen=True)
class Dataset:
    """A data set on disk. Make one with :meth:`open`, which checks that no part is missing."""

    root: Path
    base: str
    edition: str
    licence: str
    title: dict[str, str]
    description: dict[str, str]
    sources: tuple[Source, ...]
    creator: str = ""
    issued: str = ""
    # What a catalogue asks for: see pilotgraph.publish.settings.
    catalogue: dict[str, Any] = field(default_factory=dict)
    # How the data were made and checked, by language.
    provenance: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, root: Path | str | None = None) -> Dataset:
        """Open the data set in the folder `root`, or the one that pilotgraph carries with it.

        Raises DatasetError if the folder or one of its parts is missing, SourceError if a manifest is wrong.
        """
        folder = Path(root) if root is not None else bundled_root()
        if not folder.is_dir():
            msg = f"{folder}: is no folder; --dataset takes the folder that holds data/, ontology/ and queries/"
            raise DatasetError(msg)
        for part in REQUIRED:
            if not (folder / part).exists():
                msg = f"{folder / part}: is missing; a data set needs {', '.join(REQUIRED)}"
                raise DatasetError(msg)
        manifest = _read_toml(folder / "data/dataset.toml")
        listed = _read_toml(folder / "data/sources.toml").get("source", [])
        try:
            return cls(
                root=folder,
                base=manifest["base"],
                edition=manifest["edition"],
                licence=manifest["licence"],
                title=dict(manifest["title"]),
                description=dict(manifest["description"]),
                creator=manifest.get("creator", ""),
                issued=manifest.get("issued", ""),
                catalogue=dict(manifest.get("catalogue", {})),
                provenance=dict(manifest.get("provenance", {})),
                sources=tuple(_source(entry) for entry in listed),
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = f"the entry {error} is missing or of the wrong kind; compare it with the bundled data set's"
            raise SourceError(msg, folder / "data") from error

    def iri(self, kind: str, slug: str) -> str:
        """Return the IRI of a thing, for example ``iri("pilot", "zsm")``."""
        return f"{self.base}id/{kind}/{slug}"

    def graph(self, name: str) -> str:
        """Return the IRI of a named graph."""
        return f"{self.base}graph/{name}"

    def data_files(self) -> list[Path]:
        """All files under data/turtle, sorted."""
        return _rdf_files(self.root / "data/turtle")

    def graph_files(self) -> Iterator[tuple[str, Path]]:
        """Each file that is loaded, with the name of its graph: the folder or file under data/turtle."""
        turtle = self.root / "data/turtle"
        for path in self.data_files():
            first = path.relative_to(turtle).parts[0]
            yield self.graph(Path(first).stem), path
        for path in _rdf_files(self.root / "ontology/schemes"):
            yield self.graph("schemes"), path
        for path in sorted((self.root / "ontology").glob("*.ttl")):
            yield self.graph("ontology"), path

    def shape_files(self) -> list[Path]:
        """The SHACL files, sorted."""
        return _rdf_files(self.root / "ontology/shapes")

    def vocabulary_files(self) -> list[Path]:
        """The ontology and the SKOS schemes, sorted."""
        return sorted((self.root / "ontology").glob("*.ttl")) + _rdf_files(self.root / "ontology/schemes")

    def rule_files(self) -> list[Path]:
        """The CONSTRUCT queries that make the derived graph, in the order in which they run."""
        return sorted((self.root / "ontology/rules").glob("*.rq"))

    def query_files(self, kind: str) -> list[Path]:
        """The queries of one kind (question, check, network), sorted."""
        return sorted((self.root / "queries" / kind).glob("*.rq"))

    def all_files(self) -> list[Path]:
        """Every file that the loaded store depends on, sorted."""
        loaded = [path for _, path in self.graph_files()]
        manifests = [self.root / "data/dataset.toml", self.root / "data/sources.toml"]
        return sorted({*loaded, *self.rule_files(), *self.query_files("question"), *manifests})


def bundled_root() -> Path:
    """The folder of the data set that pilotgraph carries: inside the wheel, or the working copy's root."""
    inside = Path(__file__).parent / "bundled"
    return inside if inside.is_dir() else Path(__file__).parent.parent


def _rdf_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in RDF_SUFFIXES)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"is no valid TOML ({error}); correct it"
        raise SourceError(msg, path) from error


def _source(entry: dict[str, Any]) -> Source:
    return Source(
        slug=entry["slug"],
        file=entry["file"],
        sha256=entry["sha256"],
        address=entry["address"],
        pages=tuple((int(number), int(start)) for number, start in entry.get("pages", ())),
        pages_known_until=entry.get("pages_known_until"),
    )
