"""An explanation as one HTML page that needs nothing but itself: no script, no outside request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.explain.render import absent, by_strength, cite, measure
from pilotgraph.explain.words import say
from pilotgraph.pages import templates

if TYPE_CHECKING:
    from pilotgraph.explain.model import Explanation

_WORDS = ("why", "what", "absent", "method", "link")


def explanation_page(explanation: Explanation) -> str:
    """Write an explanation as a page. Texts from the data are escaped, and only web addresses become links."""
    language = explanation.language
    return (
        templates()
        .get_template("explain.html")
        .render(
            explanation=explanation,
            title=" – ".join(thing.label for thing in explanation.things),
            groups=list(by_strength(explanation)),
            absent=absent(explanation),
            words={key: say(key, language) for key in _WORDS},
            cite=lambda proof: cite(proof, language),
            measure=lambda reason: measure(reason, language),
            is_web=lambda address: address.startswith(("https://", "http://")),
        )
    )
