"""The query links described for those who write programs: OpenAPI in JSON, and a page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from pilotgraph.serve.openapi_document import document, overview
from pilotgraph.serve.pages import METHODS, asked_language, at_edition, body_response, listing
from pilotgraph.serve.words import SERVED

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pilotgraph.serve.server import Current, Server

OPENAPI_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"


def routes(server: Server) -> list[Route]:
    """The addresses of the description."""
    return [
        Route("/openapi.json", at_edition(server, openapi), methods=METHODS),
        Route("/api.html", at_edition(server, api), methods=METHODS),
    ]


async def openapi(request: Request, current: Current) -> Response:
    """The description in OpenAPI 3.1."""
    body = await asyncio.to_thread(document, current.edition)
    return await body_response(request, body, OPENAPI_TYPE)


async def api(request: Request, current: Current) -> Response:
    """The description as a page."""
    edition, spoken = current.edition, asked_language(request)
    served = SERVED[spoken]
    values = overview(edition, spoken) | {"description": served["api_about"], "section": "query/index.html"}
    values["trail"] = [(served["live"], "query/")]
    return await listing(request, edition, "serve/api.html", served["api"], "api.html", values)
