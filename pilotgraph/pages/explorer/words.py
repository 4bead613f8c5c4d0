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
        "noscript_groups": "The picture, and what is in a group, need JavaScript. These are the groups.",
        "group": "group",
        "pilots": "pilots",
        "organisations": "organisations",
        "cut": "The table holds the first {n} of {total} pilots; the links of the others are on their own pages, and "
        "all are in the downloads.",
        "part": "All {total} pilots are in the picture, in groups. The table holds the first {n}; the links of the "
        "others are on their own pages, and all are in the downloads.",
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
        "noscript_groups": "De tekening en wat er in een groep zit, hebben JavaScript nodig. Dit zijn de groepen.",
        "group": "groep",
        "pilots": "pilots",
        "organisations": "organisaties",
        "cut": "De tabel bevat de eerste {n} van {total} pilots; de verbindingen van de andere staan op hun eigen "
        "pagina, en alle staan in de downloads.",
        "part": "Alle {total} pilots staan in het beeld, in groepen. De tabel bevat de eerste {n}; de verbindingen van "
        "de andere staan op hun eigen pagina, en alle staan in de downloads.",
    },
}
