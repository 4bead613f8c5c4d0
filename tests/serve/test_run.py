"""The process: starting, stopping, a port in use, new editions, and a proxy before it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = "SELECT (COUNT(?p) AS ?n) { ?p a <https://w3id.org/pilotgraph/def#Pilot> }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NEW = "<{base}id/pilot/invented> a <https://w3id.org/pilotgraph/def#Pilot> .\n"


def run(*arguments: object) -> tuple[int, str]:
    """Run the command to its end."""
    line = [str(Path(sys.executable).with_name("pilotgraph")), "serve", *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stderr


def pilots(live: Any) -> int:  # noqa: ANN401
    """How many pilots the server knows."""
    return int(live.query(COUNT, accept="text/csv").text.split()[1])


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_port_in_use(live: Any) -> None:  # noqa: ANN401
    """Another server at the same port ends with 4 and says so."""
    code, told = run("--no-pages", "--port", live.port)
    assert code == 4
    assert f"127.0.0.1:{live.port}: cannot be listened at (address already in use)" in told


def test_wrong_calls(tmp_path: Path) -> None:
    """What is missing is 3, what is no address of this machine is 4, what excludes each other is 2."""
    assert run("--store", tmp_path / "none", "--port", 0)[0] == 3
    assert run("--dataset", tmp_path, "--port", 0)[0] == 3
    assert run("--host", "203.0.113.1", "--port", 0)[0] == 4
    assert run("--store", tmp_path, "--endpoint", "http://127.0.0.1:9/")[0] == 2
    assert run("--workers", 0)[0] == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_graceful_stop(start: Callable[..., Any], number: int) -> None:
    """A running query is answered or refused, never cut; the process and its workers are gone in a few seconds."""
    live = start("--no-pages", "--time-limit", "30", "--workers", "1")
    processes = [psutil.Process(live.process.pid), *psutil.Process(live.process.pid).children(recursive=True)]
    answers: list[httpx.Response | Exception] = []

    def ask() -> None:
        try:
            answers.append(httpx.get(f"{live.url}/sparql", params={"query": SLOW}, timeout=30))
        except httpx.HTTPError as error:
            answers.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: live.health()["busy"] == 1)
    started = time.monotonic()
    assert live.stop(number) == 0
    assert time.monotonic() - started < 10
    asking.join(10)
    assert len(answers) == 1
    if isinstance(answers[0], httpx.Response):
        assert answers[0].status_code == 503
    gone, alive = psutil.wait_procs(processes[1:], timeout=5)
    assert alive == []
    assert gone


def test_workers_do_not_outlive_a_killed_server(start: Callable[..., Any]) -> None:
    """SIGKILL leaves no worker behind."""
    live = start("--no-pages", "--workers", "1")
    children = psutil.Process(live.process.pid).children(recursive=True)
    assert children
    live.process.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_a_new_edition_takes_the_place_of_the_old(start: Callable[..., Any], tiny: Any) -> None:  # noqa: ANN401
    """Changed files are served within seconds, no answer is mixed, and a broken edition changes nothing."""
    live = start("--dataset", tiny.root, "--no-pages", "--workers", "2")
    assert pilots(live) == 1
    first = live.health()["edition"]
    tag = live.query(COUNT).headers["etag"]
    added = tiny.root / "data/turtle/invented.ttl"
    seen, stop = set(), threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=live.url, timeout=30) as client:
            while not stop.is_set():
                answer = client.get("/sparql", params={"query": COUNT}, headers={"accept": "text/csv"})
                seen.add((answer.status_code, answer.text))
                time.sleep(0.01)

    asking = threading.Thread(target=ask)
    asking.start()
    added.write_text(NEW.format(base=tiny.base))
    until(lambda: live.health()["edition"] != first)
    stop.set()
    asking.join()
    assert seen <= {(200, "n\r\n1\r\n"), (200, "n\r\n2\r\n")}
    assert pilots(live) == 2
    assert live.query(COUNT, if_none_match=tag).status_code == 200
    second = live.health()["edition"]
    added.write_text("this is no Turtle")
    until(lambda: any("reload failed" in line for line in live.lines))
    assert (pilots(live), live.health()["edition"]) == (2, second)
    assert live.metric('pilotgraph_reloads_total{outcome="failed"}') == 1
    added.unlink()
    live.process.send_signal(signal.SIGHUP)
    until(lambda: live.health()["edition"] != second)
    assert pilots(live) == 1
    workers = len(psutil.Process(live.process.pid).children(recursive=True))
    until(lambda: len(psutil.Process(live.process.pid).children(recursive=True)) <= workers)
    assert live.stop() == 0


def test_a_new_store_takes_the_place_of_the_old(start: Callable[..., Any], tiny: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """`pilotgraph load` into the folder that is served is enough."""
    command = str(Path(sys.executable).with_name("pilotgraph"))
    store = tmp_path / "store"
    line = [command, "load", "--to", str(store), "--dataset", str(tiny.root), "-q"]
    subprocess.run(line, check=True)
    live = start("--store", store, "--dataset", tiny.root, "--no-pages", "--workers", "1")
    assert pilots(live) == 1
    added = tiny.root / "data/turtle/invented.ttl"
    added.write_text(NEW.format(base=tiny.base))
    subprocess.run(line, check=True)
    added.unlink()
    until(lambda: pilots(live) == 2)
    assert live.stop() == 0


def test_behind_a_proxy(start: Callable[..., Any]) -> None:
    """Only with --behind-proxy is the visitor whom the proxy names, and then it is the last one named."""
    headers = {"x-forwarded-for": "198.51.100.1, 203.0.113.7", "x-forwarded-proto": "https", "host": "data.example.org"}
    live = start("--no-pages", "--behind-proxy", "--workers", "1")
    live.client.get("/health", headers=headers)
    assert live.log()[-1]["client"] == "203.0.113.7"
    described = live.client.get("/sparql", headers=headers | {"accept": "text/turtle"}).text
    assert "<https://data.example.org/sparql>" in described
    assert live.stop() == 0


def test_a_visitor_cannot_pretend(live: Any) -> None:  # noqa: ANN401
    """Without --behind-proxy the header changes nothing, and a host that is none is not repeated."""
    live.client.get("/health", headers={"x-forwarded-for": "203.0.113.7"})
    assert live.log()[-1]["client"] == "127.0.0.1"
    described = live.client.get("/sparql", headers={"accept": "text/turtle", "host": "a> <b"})
    assert "a> <b" not in described.text


def test_other_addresses(start: Callable[..., Any]) -> None:
    """IPv6 is listened at where there is one, and named so that the address can be opened."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("there is no IPv6 here")
    live = start("--no-pages", "--host", "::1", "--workers", "1")
    assert live.url.startswith("http://[::1]:")
    assert live.client.get("/health").status_code == 200
    assert live.stop() == 0


def test_nobody_reads_the_log(start: Callable[..., Any]) -> None:
    """A server whose log nobody takes goes on answering, and stops when it is told to."""
    live = start("--no-pages", "--workers", "1")
    live.deaf.set()
    path = "/" + "x" * 190
    with httpx.Client(base_url=live.url) as client:
        # Far more lines than a pipe holds.
        assert {client.get(path).status_code for _ in range(1500)} == {404}
    assert live.answers()
    live.process.terminate()
    assert live.process.wait(20) == 0
