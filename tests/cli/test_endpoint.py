"""Every command that reads takes --endpoint, and `load` brings the data there; here with an Oxigraph server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Command

SECRET = "correct-horse-battery"  # noqa: S105 - invented
READERS = [
    ["info"],
    ["info", "--format", "json", "--lang", "nl"],
    ["query", "money-totals", "--evidence"],
    ["query", "pilots", "--format", "json"],
    ["explain", "rotterdam-zuid", "wijkrechtspraak-op-zuid"],
    ["network", "--html", "-"],
    ["network", "--relation", "all", "--format", "graphml"],
]


@pytest.fixture(scope="module")
def endpoint(pilotgraph: Command, servers: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ANN401
    """An Oxigraph server that holds the bundled data set."""
    server = servers.oxigraph(tmp_path_factory.mktemp("oxigraph"))
    server.start()
    try:
        first = pilotgraph("load", "--to", server.url, "--dry-run")
        assert first.err.splitlines()[-1].startswith(f"{server.url}: nothing was written; would send ")
        assert pilotgraph("load", "--to", server.url).code == 0
        yield server.url
    finally:
        server.kill()


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_same_output(arguments: list[str], endpoint: str, pilotgraph: Command) -> None:
    """An endpoint gives the same words as the files; what GROUP_CONCAT joins may stand in another order."""
    here, there = pilotgraph(*arguments), pilotgraph(*arguments, "--endpoint", endpoint)
    assert (there.code, sorted(there.out.split())) == (here.code, sorted(here.out.split()))


def test_validate(endpoint: str, pilotgraph: Command) -> None:
    """What the endpoint holds has the findings that the files have, with a graph for a place."""
    here = json.loads(pilotgraph("validate", "--format", "json", "--fail-on", "never").out)
    there = json.loads(pilotgraph("validate", "--format", "json", "--fail-on", "never", "--endpoint", endpoint).out)

    def said(findings: list[dict[str, str]]) -> list[tuple[str, ...]]:
        return sorted((f["severity"], f["rule"], f["focus"], f["value"]) for f in findings)

    assert said(there) == said(here)


def test_second_load_sends_nothing(endpoint: str, pilotgraph: Command) -> None:
    """What is there is not sent again."""
    again = pilotgraph("load", "--to", endpoint)
    assert again.code == 0
    assert "sent 0 of " in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "pilots", "--endpoint", "URL", "--store", "x"], 2, "--store and --endpoint exclude each other"),
        (["load", "--to", "folder", "--dry-run"], 2, "--dry-run concerns endpoints only"),
        (["query", "pilots", "--endpoint", "nonsense"], 4, "nonsense: is no address of an endpoint"),
        (["query", "pilots", "--endpoint", f"http://ann:{SECRET}@127.0.0.1:9/"], 4, "127.0.0.1:9/: cannot be reached"),
        (["load", "--to", f"http://ann:{SECRET}@127.0.0.1:9/"], 4, "http://127.0.0.1:9/: cannot be reached"),
        (["query", "-", "--endpoint", "URL"], 3, "standard input:1: syntax error at column"),
    ],
)
def test_refused(arguments: list[str], code: int, message: str, endpoint: str, pilotgraph: Command) -> None:
    """A wrong call, an endpoint that is none or is down, a syntax error: one message, and no password in it."""
    done = pilotgraph(*[endpoint if word == "URL" else word for word in arguments], stdin="SELECT ?s { ?s a }")
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert SECRET not in done.err
    assert "Traceback" not in done.err
