"""What is written in a picture of a network besides the names of things."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "en": {
        "hidden": "Not drawn: {number} more, those with the fewest links.",
        "size": "the larger the dot, the more links",
        "thick": "the thicker the line, the heavier the link",
        "alone": "Without a link",
        "source": "Source",
        "busiest": "Most links",
    },
    "nl": {
        "hidden": "Niet getekend: nog {number}, die met de minste verbindingen.",
        "size": "hoe groter de stip, hoe meer verbindingen",
        "thick": "hoe dikker de lijn, hoe zwaarder de verbinding",
        "alone": "Zonder verbinding",
        "source": "Bron",
        "busiest": "Meeste verbindingen",
    },
}


def word(key: str, language: str, **values: object) -> str:
    """Give a word or phrase.

    >>> word("source", "nl")
    'Bron'
    """
    return _WORDS[language][key].format(**values)
