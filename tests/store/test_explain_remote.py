"""A remote endpoint is an equal: it explains as the embedded store does, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pilotgraph.explain import explain
from pilotgraph.explain.render import as_json

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.store.embedded import EmbeddedStore
    from pilotgraph.store.remote import RemoteStore


@pytest.mark.parametrize(
    "names",
    [
        ("rotterdam-zuid", "wijkrechtspraak-op-zuid"),
        ("zsm", "wijkrechtbank-eindhoven"),
        ("regie-op-geschiloplossing-huurdomein", "wijkrechtspraak-op-zuid"),
        ("mijn-zaak", "rechtsbijstandsportaal", "dynamisch-zaaksysteem"),
        ("juridisch-loket", "uwv"),
        ("villa-pinedo", "weener-xl"),
        ("mijn-zaak", "juridisch-loket"),
    ],
    ids=" ".join,
)
def test_a_server_explains_the_same(
    dataset: Dataset, store: EmbeddedStore, remote: RemoteStore, names: tuple[str, ...]
) -> None:
    """In both languages, reasons, passages and absences alike."""
    for language in ("en", "nl"):
        here, there = (as_json(explain(dataset, reader, list(names), language)) for reader in (store, remote))
        assert there == here
