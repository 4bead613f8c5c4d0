"""Policy pilots as a knowledge graph, with the passage behind every fact.

>>> import pilotgraph
>>> g = pilotgraph.open()
>>> g.rows("SELECT (COUNT(*) AS ?pilots) { ?pilot a pg:Pilot }")
[{'pilots': 34}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["PilotGraph", "open"]

if TYPE_CHECKING:
    from pilotgraph.api import PilotGraph, open  # noqa: A004 - pilotgraph.open() reads best


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what the API offers
    # The API brings the whole library with it, which `pilotgraph --help` must not wait for.
    if name in __all__:
        from pilotgraph import api  # noqa: PLC0415

        return getattr(api, name)
    msg = f"module 'pilotgraph' has no attribute {name!r}"
    raise AttributeError(msg)
