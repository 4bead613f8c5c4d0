"""The bundled data set, and a small one whose networks can be worked out by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory

if TYPE_CHECKING:
    from pilotgraph.store.embedded import EmbeddedStore

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MANIFEST = """base = "https://example.org/set/"
edition = "1"
issued = "2020-01-02"
licence = "https://example.org/licence"
[title]
en = "Small"
nl = "Klein"
[description]
en = "Invented."
nl = "Verzonnen."
"""


class Small(NamedTuple):
    """The small data set, opened."""

    dataset: Dataset
    reader: EmbeddedStore


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="session")
def reader(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set with its derived triples, in Oxigraph."""
    return in_memory(dataset)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Five pilots, three organisations and one professional group: `small.ttl`."""
    root = tmp_path_factory.mktemp("small")
    shutil.copytree(ROOT / "ontology", root / "ontology")
    shutil.copytree(ROOT / "queries", root / "queries")
    (root / "data/turtle").mkdir(parents=True)
    shutil.copy(HERE / "small.ttl", root / "data/turtle")
    (root / "data/dataset.toml").write_text(MANIFEST)
    sources = (
        f'[[source]]\nslug = "{slug}"\nfile = "{slug}.txt"\nsha256 = ""\naddress = ""\n' for slug in ("one", "two")
    )
    (root / "data/sources.toml").write_text("".join(sources))
    opened = Dataset.open(root)
    return Small(opened, in_memory(opened))
