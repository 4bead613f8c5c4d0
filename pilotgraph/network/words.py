"""What a network is called and what is said about it, in Dutch and English."""

from __future__ import annotations

from typing import Final

TITLES: Final = {
    ("actor", "none"): {"en": "Who takes part in which pilot", "nl": "Wie doet mee aan welke pilot"},
    ("actor", "pilot"): {"en": "Pilots by shared partners", "nl": "Pilots naar gedeelde partners"},
    ("actor", "actor"): {"en": "Partners by shared pilots", "nl": "Partners naar gedeelde pilots"},
    ("goal", "none"): {"en": "Which pilot serves which goal", "nl": "Welke pilot dient welk doel"},
    ("goal", "pilot"): {"en": "Pilots by shared goals", "nl": "Pilots naar gedeelde doelen"},
    ("goal", "actor"): {"en": "Goals by shared pilots", "nl": "Doelen naar gedeelde pilots"},
    ("domain", "none"): {"en": "Which pilot is in which domain", "nl": "Welke pilot valt in welk domein"},
    ("domain", "pilot"): {"en": "Pilots by shared domains", "nl": "Pilots naar gedeelde domeinen"},
    ("domain", "actor"): {"en": "Domains by shared pilots", "nl": "Domeinen naar gedeelde pilots"},
    ("place", "none"): {"en": "Which pilot is in which place", "nl": "Welke pilot is in welke plaats"},
    ("place", "pilot"): {"en": "Pilots by shared places", "nl": "Pilots naar gedeelde plaatsen"},
    ("place", "actor"): {"en": "Places by shared pilots", "nl": "Plaatsen naar gedeelde pilots"},
    ("all", "none"): {"en": "Cross-links between pilots, by kind", "nl": "Dwarsverbanden tussen pilots, naar soort"},
}
WEIGHTS: Final = {
    "count": {
        "en": "Weight of a link: how many are shared.",
        "nl": "Gewicht van een verbinding: hoeveel er gedeeld worden.",
    },
    "newman": {
        "en": "Weight of a link: each one shared is divided over the others who have it (Newman).",
        "nl": "Gewicht van een verbinding: elk gedeeld ding wordt verdeeld over de anderen die het hebben (Newman).",
    },
    "inverse": {
        "en": "Weight of a link: each one shared counts by its rarity, in bits.",
        "nl": "Gewicht van een verbinding: elk gedeeld ding telt naar zijn zeldzaamheid, in bits.",
    },
}
_WORDS: Final = {
    "en": {
        "no-kinds": "Without professional groups and kinds of organisation.",
        "kinds": "With professional groups and kinds of organisation: the same group in two pilots is not one actor.",
        "without": "Without these roles: {roles}.",
        "sources": "Only what this source says: {sources}.",
        "as-of": "As of {date}: without pilots that had not begun or had ended by their stated dates.",
        "undated": "Without stated dates, and therefore kept: {number} of the pilots.",
        "strongest": "The network is large: of each node only the {number} strongest links are there.",
        "layers": "Weight of a link: the number of kinds of cross-link.",
        "source": "{title}, edition {edition}. Licence: {licence}",
        "mode-pilot": "pilot",
        "mode-organisation": "organisation",
        "mode-kind": "professional group or kind of organisation",
        "mode-goal": "goal",
        "mode-domain": "domain",
        "mode-place": "place",
        "modes-pilot": "{number} pilots",
        "modes-organisation": "{number} organisations",
        "modes-kind": "{number} professional groups",
        "modes-goal": "{number} goals",
        "modes-domain": "{number} domains",
        "modes-place": "{number} places",
        "links": "{number} links",
        "link": "1 link",
        "knowing-stated": "stated",
        "knowing-assigned": "assigned by the editors",
        "knowing-derived": "derived",
        "knowing-contradicted": "contradicted",
    },
    "nl": {
        "no-kinds": "Zonder beroepsgroepen en soorten organisaties.",
        "kinds": "Met beroepsgroepen en soorten organisaties: dezelfde groep in twee pilots is niet één partij.",
        "without": "Zonder deze rollen: {roles}.",
        "sources": "Alleen wat deze bron zegt: {sources}.",
        "as-of": "Stand op {date}: zonder pilots die volgens hun data nog niet begonnen of al afgelopen waren.",
        "undated": "Zonder vermelde data, en daarom gehouden: {number} van de pilots.",
        "strongest": "Het netwerk is groot: van elke knoop zijn alleen de {number} sterkste verbindingen er.",
        "layers": "Gewicht van een verbinding: het aantal soorten dwarsverband.",
        "source": "{title}, editie {edition}. Licentie: {licence}",
        "mode-pilot": "pilot",
        "mode-organisation": "organisatie",
        "mode-kind": "beroepsgroep of soort organisatie",
        "mode-goal": "doel",
        "mode-domain": "domein",
        "mode-place": "plaats",
        "modes-pilot": "{number} pilots",
        "modes-organisation": "{number} organisaties",
        "modes-kind": "{number} beroepsgroepen",
        "modes-goal": "{number} doelen",
        "modes-domain": "{number} domeinen",
        "modes-place": "{number} plaatsen",
        "links": "{number} verbindingen",
        "link": "1 verbinding",
        "knowing-stated": "vermeld",
        "knowing-assigned": "toegekend door de redactie",
        "knowing-derived": "afgeleid",
        "knowing-contradicted": "tegengesproken",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """Say something about a network.

    >>> say("links", "nl", number=3)
    '3 verbindingen'
    """
    return _WORDS[language][key].format(**values)
