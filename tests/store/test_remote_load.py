"""A data set goes to a server whole, leaves what is not ours alone, and survives that the server is killed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from pilotgraph.errors import EndpointError
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.store.protocol import Connection
from pilotgraph.store.record import graph_of
from pilotgraph.store.remote import RemoteStore, count
from pilotgraph.store.upload import Step, Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pilotgraph.store.protocol import Answer, Request

BASE = "https://example.org/set/"
OTHERS = "https://example.org/others"
P = NamedNode("urn:p")


def graph(name: str, number: int, word: str = "") -> set[Quad]:
    """A graph of our data set with so many triples, and two that share a blank node."""
    iri = NamedNode(f"{BASE}graph/{name}")
    quads = {Quad(NamedNode(f"urn:{name}{i}"), P, Literal(f"{word}é “{i}”\n"), iri) for i in range(number - 2)}
    shared = BlankNode("b")
    return quads | {Quad(NamedNode("urn:a"), P, shared, iri), Quad(shared, P, Literal("x", language="nl"), iri)}


def upload(connection: Connection, *graphs: set[Quad], dry_run: bool = False) -> list[tuple[str, str, int, int]]:
    """Upload graphs; gives what was done with each."""
    told: list[Step] = []
    writer = Upload(connection, BASE, dry_run=dry_run, told=told.append)
    for quads in graphs:
        writer.add(quads)
    writer.finish()
    assert told == writer.steps
    return [(step.action, step.graph.rsplit("/", 1)[-1], step.before, step.after) for step in told]


def held(connection: Connection) -> list[str]:
    """The quads that a reader sees, with blank nodes by what they hold together."""
    here = EmbeddedStore()
    here.add(RemoteStore.open(connection, BASE).quads())
    query = "SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?o . FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } }"
    joined = "SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?b . ?b ?p ?o } FILTER(ISBLANK(?b)) }"
    return sorted(
        " ".join(str(row[name]) for name in ("g", "s", "o")) for q in (query, joined) for row in here.select(q)
    )


def expected(*graphs: set[Quad]) -> list[str]:
    """What `held` should give."""
    lines = []
    for quad in (quad for quads in graphs for quad in quads):
        if not isinstance(quad.subject, BlankNode):
            value = Literal("x", language="nl") if isinstance(quad.object, BlankNode) else quad.object
            lines.append(f"{quad.graph_name} {quad.subject} {value}")
    return sorted(lines)


class Fatal:
    """The content of a request during which something happens."""

    def __init__(self, content: bytes, happen: Callable[[], None]) -> None:
        self.content, self.happen = content, happen

    def __iter__(self) -> Iterator[bytes]:
        """The first half, the accident, the second half."""
        middle = len(self.content) // 2
        yield self.content[:middle]
        self.happen()
        yield self.content[middle:]


@pytest.mark.parametrize("graphs_url", ["", "none"])
def test_upload(graphs_url: str, fresh: Any, connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    """By the Graph Store Protocol and by updates: added, kept, replaced, removed; what is not ours stays."""
    monkeypatch.setenv("PILOTGRAPH_ENDPOINT_GRAPHS", graphs_url)
    connection = connect(fresh.url)
    update = fresh.url.replace("/query", "/update")
    connection.update(update, f"INSERT DATA {{ GRAPH <{OTHERS}> {{ <urn:x> <urn:p> 1 }} }}")
    connection.update(update, f"INSERT DATA {{ GRAPH <{BASE}other/g> {{ <urn:x> <urn:p> 1 }} }}")
    one, two = graph("one", 1203), graph("two", 10)
    with pytest.raises(EndpointError, match=rf"holds nothing of the data set {BASE}; bring it there with: pilotgraph"):
        RemoteStore.open(connection, BASE)
    planned = [("add", "one", 0, 1203), ("add", "two", 0, 10)]
    assert upload(connection, one, two, dry_run=True) == planned
    assert count(connection, f"{BASE}graph/one") == 0
    assert upload(connection, one, two) == planned
    assert held(connection) == expected(one, two)
    assert upload(connection, one, two) == [("keep", "one", 1203, 1203), ("keep", "two", 10, 10)]
    three = graph("two", 11, "new ")
    assert upload(connection, one, three) == [("keep", "one", 1203, 1203), ("replace", "two", 10, 11)]
    assert held(connection) == expected(one, three)
    assert upload(connection, three) == [("keep", "two", 11, 11), ("remove", "one", 1203, 0)]
    assert held(connection) == expected(three)
    assert count(connection, f"{BASE}graph/one") == 0
    assert (count(connection, OTHERS), count(connection, f"{BASE}other/g")) == (1, 1)


def test_triples_lost_since(fresh: Any, connect: Any) -> None:  # noqa: ANN401
    """A graph that somebody has touched since is sent again, though the record says that it is there."""
    connection = connect(fresh.url)
    one = graph("one", 50)
    upload(connection, one)
    connection.update(fresh.url.replace("/query", "/update"), f"CLEAR GRAPH <{BASE}graph/one>")
    assert upload(connection, one) == [("add", "one", 0, 50)]
    assert held(connection) == expected(one)


def test_killed_between_graphs(fresh: Any, connect: Any) -> None:  # noqa: ANN401
    """Killed after one graph of two: readers refuse the half, and a second run sends only the rest."""
    one, two = graph("one", 600), graph("two", 700)
    connection = connect(fresh.url)
    done: list[Step] = []

    def told(step: Step) -> None:
        done.append(step)
        if len(done) == 1:
            fresh.kill()

    writer = Upload(connection, BASE, told=told)
    writer.add(one | two)
    with pytest.raises(EndpointError, match=r"cannot be reached|broke off"):
        writer.finish()
    fresh.start()
    again = connect(fresh.url)
    assert count(again, graph_of(BASE)) in {0, 2}
    if count(again, graph_of(BASE)):
        with pytest.raises(EndpointError, match=rf"holds an unfinished upload of {BASE}; finish it with: pilotgraph"):
            RemoteStore.open(again, BASE)
    actions = [action for action, *_ in upload(again, one, two)]
    assert actions[1] != "keep"
    assert held(again) == expected(one, two)


@pytest.mark.parametrize("graphs_url", ["", "none"])
@pytest.mark.parametrize("moment", [1, 3, 5])
def test_killed_in_the_middle_of_sending(
    moment: int,
    graphs_url: str,
    fresh: Any,  # noqa: ANN401
    connect: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed when half of the n-th request that writes is sent: a second run ends in the right state."""
    monkeypatch.setenv("PILOTGRAPH_ENDPOINT_GRAPHS", graphs_url)
    connection = connect(fresh.url)
    upload(connection, graph("one", 2500, "old "), graph("two", 1500, "old "), graph("gone", 5))
    send, writes = Connection.send, []

    def sent(self: Connection, request: Request) -> Answer:
        content = request.content if isinstance(request.content, bytes) else b"".join(request.content)
        if request.method == "PUT" or content.startswith(b"update="):
            writes.append(request)
            if len(writes) == moment:
                request = replace(request, content=Fatal(content, fresh.kill))
        return send(self, request)

    one, two = graph("one", 4500), graph("two", 3500)
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "send", sent)
        # A server may have said that the half does not please it before it is gone.
        with pytest.raises(EndpointError, match=r"cannot be reached|broke off|refuses"):
            upload(connection, one, two)
    fresh.start()
    again = connect(fresh.url)
    upload(again, one, two)
    assert held(again) == expected(one, two)
    assert upload(again, one, two) == [("keep", "one", 4500, 4500), ("keep", "two", 3500, 3500)]
