"""Who we are to an endpoint: from the environment or netrc, never shown.

In this order: a user and password in the endpoint's URL (they are taken out of it), PILOTGRAPH_ENDPOINT_TOKEN,
PILOTGRAPH_ENDPOINT_USER with PILOTGRAPH_ENDPOINT_PASSWORD, the netrc file (NETRC, or ~/.netrc).
"""

from __future__ import annotations

import netrc
import os
from base64 import b64encode
from typing import TYPE_CHECKING

import httpx

from pilotgraph.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Generator

USER = "PILOTGRAPH_ENDPOINT_USER"
PASSWORD = "PILOTGRAPH_ENDPOINT_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN = "PILOTGRAPH_ENDPOINT_TOKEN"  # noqa: S105
HOW = f"set {USER} and {PASSWORD}, or {TOKEN}, or write the host into your netrc file"


class Credentials:
    """A user with a password, or a token; printing the object shows neither."""

    def __init__(self, user: str = "", password: str = "", token: str = "") -> None:
        self._user, self._password, self._token = user, password, token

    @classmethod
    def find(cls, url: httpx.URL) -> Credentials:
        """Look for credentials for `url`. Raises EndpointError if there are half of them or netrc is unusable."""
        if url.username or url.password:
            return cls(url.username, url.password)
        if token := os.environ.get(TOKEN):
            return cls(token=token)
        user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
        if bool(user) != bool(password):
            msg = f"{PASSWORD if user else USER} is not set, but its companion is; set both or neither"
            raise EndpointError(msg)
        return cls(user, password) if user else cls(*_from_netrc(url.host))

    def __repr__(self) -> str:
        """Tell that there are credentials, and nothing of them."""
        return f"Credentials({'…' if self else ''})"

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._user or self._token)

    def auth(self) -> httpx.Auth | None:
        """What httpx signs requests with."""
        if self._token:
            return _Token(self._token)
        return _Login(self._user, self._password) if self._user else None

    def redact(self, text: str) -> str:
        """Take the secrets out of a text that a server sent back."""
        both = b64encode(f"{self._user}:{self._password}".encode()).decode() if self._user else ""
        for secret in (both, self._password, self._token):
            if secret:
                text = text.replace(secret, "…")
        return text


class _Token(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign with the token (RFC 6750)."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _Login(httpx.Auth):
    """Basic authentication, and digest where the server turns it down.

    Virtuoso answers an unwelcome basic login without saying that it would take a digest, so it is always tried.
    """

    def __init__(self, user: str, password: str) -> None:
        self._basic = b64encode(f"{user}:{password}".encode()).decode()
        self._digest = httpx.DigestAuth(user, password)
        self._use_digest = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign with the method that worked last."""
        if not self._use_digest:
            request.headers["Authorization"] = f"Basic {self._basic}"
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            del request.headers["Authorization"]
            self._use_digest = True
        yield from self._digest.auth_flow(request)


def _from_netrc(host: str) -> tuple[str, str]:
    path = os.environ.get("NETRC")
    try:
        found = netrc.netrc(path).authenticators(host)
    except FileNotFoundError:
        return "", ""
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError):
        # The reason can quote the file, and with it a password.
        msg = f"{path or '~/.netrc'}: cannot be read as netrc; correct it or its permissions"
        raise EndpointError(msg) from None
    return (found[0], found[2] or "") if found else ("", "")
