"""Start, listen, stop: the life of the process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import uvicorn

from pilotgraph.errors import EndpointError
from pilotgraph.serve.app import create_app
from pilotgraph.serve.http import Protocol
from pilotgraph.serve.log import Log
from pilotgraph.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pilotgraph.serve.server import Settings

_BACKLOG = 2048
_GRACE = 5
_TICKS_A_SECOND = 10
_FLUSH_TICKS = 2


def serve(
    settings: Settings, host: str, port: int, *, access_log: bool = True, ready: Callable[[Server, str], None]
) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP opens the data anew.

    `ready` is called with the server and its address when requests are taken. Raises EndpointError if the address
    cannot be listened at, and whatever opening the data raises.
    """
    listener = listen(host, port)
    log = Log(sys.stderr, access=access_log)
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_serve(settings, listener, log, ready))
    finally:
        listener.close()
        log.close()


def listen(host: str, port: int) -> socket.socket:
    """Take an address to listen at. Raises EndpointError if that cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        msg = f"{host}: is no address of this machine ({error.strerror}); choose another --host"
        raise EndpointError(msg) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        msg = f"{host}:{port}: cannot be listened at ({reason}); choose another --port (0 for any) or --host"
        raise EndpointError(msg) from error
    listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
    return listener


def address_of(listener: socket.socket) -> str:
    """The address of a listening socket, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Http(uvicorn.Server):
    """uvicorn's server, with our look at every connection once a second and our signals."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._ours = server

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to :func:`_serve`, which ends the process with 0 after them."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """Flush the log, and end what takes too long."""
        if counter % _FLUSH_TICKS == 0:
            self._ours.log.flush()
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, Protocol):
                    connection.check(now)
        return await super().on_tick(counter)


async def _serve(settings: Settings, listener: socket.socket, log: Log, ready: Callable[[Server, str], None]) -> None:
    _many_files()
    # What goes wrong inside a request is logged by uvicorn, on standard error.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    server = Server(settings, log)
    await server.start()
    try:
        await _listen_and_serve(server, listener, ready)
    finally:
        await server.close()


async def _listen_and_serve(server: Server, listener: socket.socket, ready: Callable[[Server, str], None]) -> None:
    protocol = type("BoundProtocol", (Protocol,), {"crowd": server.crowd})
    config = uvicorn.Config(
        create_app(server),
        http=protocol,
        loop="none",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
    )
    http = _Http(config, server)
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[Any]] = {loop.create_task(server.watch())}

    def stop() -> None:
        http.force_exit = http.should_exit
        http.should_exit = True

    def reload() -> None:
        task = loop.create_task(server.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    for number, act in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, reload)):
        loop.add_signal_handler(number, act)
    loop.call_soon(ready, server, address_of(listener))
    try:
        await http.serve(sockets=[listener])
    finally:
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415 - where there is none, the loop of Python does it, slower
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _many_files() -> None:
    """Allow as many open connections as the system lets us."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if most != resource.RLIM_INFINITY else 65_536
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), most))
