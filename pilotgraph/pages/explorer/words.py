"""What the page of the explorer says before its script runs; the script brings its own words."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "en": {
        "lang": "en",
        "heading": "The network of the pilots",
        "edition": "edition",
        "noscript": "The picture needs JavaScript. This table shows who takes part in which pilot.",
        "more": "{n} more links are left out here.",
        "pilot": "pilot",
        "actor": "organisation or group",
        "roles": "roles",
    },
    "nl": {
        "lang": "nl",
        "heading": "Het netwerk van de pilots",
        "edition": "editie",
        "noscript": "De tekening heeft JavaScript nodig. Deze tabel toont wie aan welke pilot meedoet.",
        "more": "{n} andere verbindingen staan hier niet.",
        "pilot": "pilot",
        "actor": "organisatie of groep",
        "roles": "rollen",
    },
}
