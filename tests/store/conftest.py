"""Servers with the bundled data set, one of each kind a test process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory, load
from pilotgraph.store.protocol import Connection
from pilotgraph.store.remote import RemoteStore
from pilotgraph.store.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pilotgraph.store.embedded import EmbeddedStore


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's own endpoint settings and passwords take part."""
    for name in os.environ:
        if name.startswith("PILOTGRAPH_ENDPOINT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Makes connections, which are closed after the test; it does not wait long between attempts."""
    made: list[Connection] = []

    def connect(url: str, timeout: float = 60) -> Connection:
        made.append(Connection(url, timeout, pause=0.01))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="session")
def store(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set in memory."""
    return in_memory(dataset)


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def loaded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    dataset: Dataset,
    servers: Any,  # noqa: ANN401
) -> Iterator[Any]:
    """A server that holds the bundled data set and a graph that is not ours."""
    server = servers.STARTERS[request.param](tmp_path_factory.mktemp(request.param))
    server.start()
    try:
        connection = Connection(server.url)
        load(dataset, Upload(connection, dataset.base))
        foreign = (
            "INSERT DATA { GRAPH <https://example.org/foreign> { <urn:x> a <https://w3id.org/pilotgraph/def#Pilot> } }"
        )
        connection.update(server.url.replace("/query", "/update"), foreign)
        connection.close()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def remote(loaded: Any, dataset: Dataset) -> Iterator[RemoteStore]:  # noqa: ANN401
    """The bundled data set on a server, as a Reader."""
    store = RemoteStore.open(Connection(loaded.url), dataset.base)
    yield store
    store.close()


@pytest.fixture(params=["oxigraph", "virtuoso"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path, servers: Any) -> Iterator[Any]:  # noqa: ANN401
    """An empty server of each kind, for one test."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = servers.STARTERS[request.param](folder)
    server.start()
    yield server
    server.kill()
