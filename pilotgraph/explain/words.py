"""The sentences, in English and Dutch: one template for each thing that can be said."""

from __future__ import annotations

from typing import Any, Final

# {two} begins a sentence about pilots: "Both pilots", "Beide pilots"; {of} is "both" or "all 3".
_EN: Final[dict[str, str]] = {
    "two": "Both pilots",
    "many": "All {n} pilots",
    "two_organisations": "Both organisations",
    "many_organisations": "All {n} organisations",
    "and": "and",
    "or": "or",
    "in": "in",
    "as": "as",
    "named_as": "named as “{name}”",
    "unnamed_role": "role not told",
    "partner": "{two} work with the same organisation, {org}: {roles}.",
    "distant": "{two} have to do with the same organisation, {org}, though not everywhere as a partner: {roles}.",
    "money": "The same body pays for, administers or guides {of}, {org}: {roles}.",
    "role_in": "{roles} in {pilot}",
    "role_in_each": "{roles} in each",
    "in_pilots": "Has a role in {n} of {of} pilots.",
    "clash": "contradicted: {text}",
    "relation-follow-up-of": "{a} is a follow-up of {b}.",
    "relation-builds-on": "{a} builds on {b}.",
    "relation-basis-for": "{a} is a basis for {b}.",
    "relation-same-platform": "{a} and {b} run on the same platform.",
    "relation-tested-with": "{a} was tried out together with {b}.",
    "relation-part-of": "{a} is part of {b}.",
    "relation-mentions": "The record of {a} mentions {b}.",
    "relation": "{a}: {kind} {b}.",
    "both_say": "Both records have a passage for it.",
    "one_says": "Only the record of {a} has a passage for it; that of {b} has none.",
    "place-same": "{two} work in {place}.",
    "place-within": "{two} work in {place}: {listed}.",
    "place-near": "{two} work in {place}, though in different parts of it: {listed}.",
    "place-itself": "{name} in {place} as such",
    "place-part": "{name} in {places}, which {lies} in it",
    "place-at": "{name} in {places}",
    "lies": "lies",
    "lie": "lie",
    "overlap": "By their dates they did so at the same time, from {start} to {end} (worked out by us).",
    "no_overlap": "By their dates they did not do so at the same time (worked out by us).",
    "goal": "{two} serve the same goal of the new system: {label}.",
    "domain": "{two} are about the same subject: {label}.",
    "legal-area": "{two} are about {label}.",
    "direct": "{two} are meant to be used by the same group: {label}.",
    "indirect": "{two} are in the end for the same group: {label}.",
    "mixed": "{two} are for {label}, but not in the same way: {listed}.",
    "direct_in": "as users in {name}",
    "indirect_in": "as those who benefit in {name}",
    "direct_indirect_in": "as users and as those who benefit in {name}",
    "ict": "{two} rest on the same kind of ICT: {label}.",
    "result-kind": "{two} are to yield the same kind of result: {label}.",
    "line": "{two} have the same place in the system: {label}.",
    "pillar": "{two} belong to the same pillar: {label}.",
    "ownership": "{two} settle ownership alike: {label}.",
    "programme": "{two} are part of the same programme: {label}.",
    "programme-other": "{two} are tied to the same programme, {label}: {listed}.",
    "programme-part-of": "{name} is part of it",
    "programme-basis-for": "{name} is a basis for it",
    "programme-builds-on": "{name} builds on it",
    "programme-tie": "{name} ({kind})",
    "page": "{two} refer to the same web page: {label}.",
    "passage": "One passage of {label} is about {of}.",
    "kind": "The same kind of actor is involved in {of}: {label} ({roles}). A kind is not one actor.",
    "theme": "{two} have findings on the same theme, {label}.",
    "other": "{two} have {label} in common ({link}).",
    "o-pilot": "{two} have a role in {label}: {roles}.",
    "o-pilot-together": "{two} have a role in {label}, and one passage names {them} together: {roles}.",
    "o-programme": "{two} have a role in the programme {label}: {roles}.",
    "o-programme-together": "{two} have a role in the programme {label}, "
    "and one passage names {them} together: {roles}.",
    "o-kind": "{two} are of the same kind: {label}.",
    "them_2": "both",
    "them_n": "them",
    "role": "{org} is {role} in {pilot}.",
    "role-consulted": "{org} is consulted in {pilot}.",
    "chain": "They are not linked directly. The shortest way has {steps} steps: {way}.",
    "hop": "{org} has a role in {pilot} ({roles})",
    "hop-relation": "{a} – {kind} – {b}",
    "strong": "Strong",
    "moderate": "Moderate",
    "weak": "Weak: many share it, or the tie is loose",
    "absent": "What they do not share",
    "head_strong": "{names} are strongly linked, above all by {links}.",
    "head_moderate": "{names} are moderately linked: by {links}.",
    "head_loose": "{names} are loosely linked, by little more than {links}.",
    "head_weak": "{names} are hardly linked: what they share, many share or says little.",
    "head_none": "Nothing in the graph links {names}.",
    "head_role": "{names} are linked directly.",
    "head_chain": "{names} are not linked directly.",
    "head_no_chain": "{names} are not linked: no chain of roles and relations joins them.",
    "l-relation": "a direct relation",
    "l-organisation": "a shared organisation ({label})",
    "l-place": "a shared place ({label})",
    "l-programme": "a shared programme ({label})",
    "l-page": "a shared web page",
    "l-passage": "a passage about both",
    "l-goal": "a shared goal ({label})",
    "l-domain": "a shared subject ({label})",
    "l-legal-area": "a shared legal area ({label})",
    "l-target-group": "a shared target group ({label})",
    "l-ict": "the same kind of ICT ({label})",
    "l-pilot": "the pilot {label}",
    "l": "{label}",
    "a-relation": "No direct relation or follow-up is stated",
    "a-organisation": "No shared organisation",
    "a-place": "No shared place",
    "a-programme": "No shared programme or scheme",
    "a-page": "No shared web page",
    "a-passage": "No passage that is about {of}",
    "a-goal": "No shared goal",
    "a-domain": "No shared subject",
    "a-legal-area": "No shared legal area",
    "a-target-group": "No shared target group",
    "a-ict": "No shared kind of ICT",
    "a-result-kind": "Not the same kind of result",
    "a-line": "Not the same place in the system",
    "a-ownership": "No shared arrangement of ownership",
    "a-pillar": "Not the same pillar",
    "a-kind": "No shared kind of actor",
    "a-theme": "No findings on the same theme",
    "a-pilot": "No pilot in which {of} have a role",
    "a-o-programme": "No programme in which {of} have a role",
    "a-o-kind": "Not of the same kind",
    "a-role": "{pilot} has no claim that names {org}",
    "has": "{name}: {values}",
    "more": "and {n} more",
    "not-stated": "the record of {name} does not state it",
    "not-applicable": "{name}: not applicable or not yet known, says its record",
    "none": "{name} has none",
    "silent_2": "The records of both are silent on: {listed}.",
    "silent_n": "The records of all are silent on: {listed}.",
    "from": "from {start}",
    "until": "until {end}",
    "span": "{start} – {end}",
    "state_stated": "stated",
    "state_assigned": "assigned by an editor",
    "state_contradicted": "contradicted",
    "state_derived": "derived by us",
    "share_pilots": "{k} of {n} pilots",
    "share_organisations": "{k} of {n} organisations",
    "weight": "weight {w}",
    "page_short": "p. {page}",
    "more_passages": "and {n} more passages",
    "link": "in the source",
    "more_passages_1": "and 1 more passage",
    "foot_1": "Weight = −log2(share that has it) × factor of the link type × what tempers or strengthens it; "
    "strong from {strong}, moderate from {moderate}.",
    "foot_2": "Factors: {factors}.",
    "foot_3": "Payers, administrators, programme leads and facilitators × {money}; organisations only consulted, "
    "hoped for, referred to or spoken of × {distant}; a concept that an editor assigned × {assigned}; a place within "
    "the other × {within}, two places within a third × {near}; a target group direct for one and indirect for another "
    "× {other}; one passage naming both organisations × {together}.",
    "foot_4": "A kind of actor in two pilots is not the same actor. The status of pilots is no link. "
    "What is not listed is not in the graph; that does not prove it is not there.",
    "why": "Why these are linked",
    "what": "What is compared",
    "method": "How it is weighed",
    "evidence": "Passages",
    "reasons": "reasons",
}
_NL: Final[dict[str, str]] = {
    "two": "Beide pilots",
    "many": "Alle {n} de pilots",
    "two_organisations": "Beide organisaties",
    "many_organisations": "Alle {n} de organisaties",
    "and": "en",
    "or": "of",
    "in": "in",
    "as": "als",
    "named_as": "genoemd als ‘{name}’",
    "unnamed_role": "rol niet vermeld",
    "partner": "{two} werken met dezelfde organisatie, {org}: {roles}.",
    "distant": "{two} hebben met dezelfde organisatie te maken, {org}, zij het niet overal als partner: {roles}.",
    "money": "Dezelfde partij betaalt, beheert of begeleidt {of}, {org}: {roles}.",
    "role_in": "{roles} bij {pilot}",
    "role_in_each": "overal {roles}",
    "in_pilots": "Heeft een rol bij {n} van {of} pilots.",
    "clash": "tegengesproken: {text}",
    "relation-follow-up-of": "{a} is een vervolg op {b}.",
    "relation-builds-on": "{a} bouwt voort op {b}.",
    "relation-basis-for": "{a} is een basis voor {b}.",
    "relation-same-platform": "{a} en {b} draaien op hetzelfde platform.",
    "relation-tested-with": "{a} is samen met {b} beproefd.",
    "relation-part-of": "{a} is onderdeel van {b}.",
    "relation-mentions": "De beschrijving van {a} noemt {b}.",
    "relation": "{a}: {kind} {b}.",
    "both_say": "Bij allebei staat er een passage over.",
    "one_says": "Alleen bij {a} staat er een passage over; bij {b} niet.",
    "place-same": "{two} werken in {place}.",
    "place-within": "{two} werken in {place}: {listed}.",
    "place-near": "{two} werken in {place}, zij het in verschillende delen: {listed}.",
    "place-itself": "{name} in {place} zelf",
    "place-part": "{name} in {places}, {lies}",
    "place-at": "{name} in {places}",
    "lies": "dat daarin ligt",
    "lie": "die daarin liggen",
    "overlap": "Volgens hun looptijden was dat gelijktijdig, van {start} tot en met {end} (door ons afgeleid).",
    "no_overlap": "Volgens hun looptijden was dat niet gelijktijdig (door ons afgeleid).",
    "goal": "{two} dienen hetzelfde doel van het nieuwe stelsel: {label}.",
    "domain": "{two} hebben hetzelfde onderwerp: {label}.",
    "legal-area": "{two} gaan over {label}.",
    "direct": "{two} zijn bedoeld om door dezelfde groep te worden gebruikt: {label}.",
    "indirect": "{two} komen uiteindelijk dezelfde groep ten goede: {label}.",
    "mixed": "{two} zijn er voor {label}, maar niet op dezelfde manier: {listed}.",
    "direct_in": "als gebruikers bij {name}",
    "indirect_in": "als degenen die er baat bij hebben bij {name}",
    "direct_indirect_in": "als gebruikers en als degenen die er baat bij hebben bij {name}",
    "ict": "{two} steunen op dezelfde soort ICT: {label}.",
    "result-kind": "{two} moeten dezelfde soort resultaat opleveren: {label}.",
    "line": "{two} hebben dezelfde plek in het stelsel: {label}.",
    "pillar": "{two} vallen onder dezelfde pijler: {label}.",
    "ownership": "{two} regelen het eigenaarschap op dezelfde manier: {label}.",
    "programme": "{two} zijn onderdeel van hetzelfde programma: {label}.",
    "programme-other": "{two} hangen samen met hetzelfde programma, {label}: {listed}.",
    "programme-part-of": "{name} is er onderdeel van",
    "programme-basis-for": "{name} is er een basis voor",
    "programme-builds-on": "{name} bouwt erop voort",
    "programme-tie": "{name} ({kind})",
    "page": "{two} verwijzen naar dezelfde webpagina: {label}.",
    "passage": "Eén passage in {label} gaat over {of}.",
    "kind": "Bij {of} is dezelfde soort partij betrokken: {label} ({roles}). Een soort is niet één partij.",
    "theme": "{two} hebben bevindingen over hetzelfde thema, {label}.",
    "other": "{two} hebben {label} gemeen ({link}).",
    "o-pilot": "{two} hebben een rol bij {label}: {roles}.",
    "o-pilot-together": "{two} hebben een rol bij {label}, en één passage noemt {them} samen: {roles}.",
    "o-programme": "{two} hebben een rol in het programma {label}: {roles}.",
    "o-programme-together": "{two} hebben een rol in het programma {label}, "
    "en één passage noemt {them} samen: {roles}.",
    "o-kind": "{two} zijn van dezelfde soort: {label}.",
    "them_2": "beide",
    "them_n": "ze",
    "role": "{org} is {role} bij {pilot}.",
    "role-consulted": "{org} is geconsulteerd bij {pilot}.",
    "chain": "Er is geen rechtstreeks verband. De kortste weg telt {steps} stappen: {way}.",
    "hop": "{org} heeft een rol bij {pilot} ({roles})",
    "hop-relation": "{a} – {kind} – {b}",
    "strong": "Sterk",
    "moderate": "Matig",
    "weak": "Zwak: velen delen het, of de band is los",
    "absent": "Wat ze niet delen",
    "head_strong": "{names} hangen sterk samen, vooral door {links}.",
    "head_moderate": "{names} hangen enigszins samen: door {links}.",
    "head_loose": "{names} hangen losjes samen, door weinig meer dan {links}.",
    "head_weak": "{names} hangen nauwelijks samen: wat ze delen, delen velen of zegt weinig.",
    "head_none": "Niets in de graaf verbindt {names}.",
    "head_role": "{names} zijn rechtstreeks verbonden.",
    "head_chain": "{names} zijn niet rechtstreeks verbonden.",
    "head_no_chain": "{names} zijn niet verbonden: "
    "geen keten van rollen en verbanden leidt van het een naar het ander.",
    "l-relation": "een rechtstreeks verband",
    "l-organisation": "een gedeelde organisatie ({label})",
    "l-place": "een gedeelde plaats ({label})",
    "l-programme": "een gedeeld programma ({label})",
    "l-page": "een gedeelde webpagina",
    "l-passage": "een passage over beide",
    "l-goal": "een gedeeld doel ({label})",
    "l-domain": "een gedeeld onderwerp ({label})",
    "l-legal-area": "een gedeeld rechtsgebied ({label})",
    "l-target-group": "een gedeelde doelgroep ({label})",
    "l-ict": "dezelfde soort ICT ({label})",
    "l-pilot": "de pilot {label}",
    "l": "{label}",
    "a-relation": "Geen rechtstreeks verband of vervolg vermeld",
    "a-organisation": "Geen gedeelde organisatie",
    "a-place": "Geen gedeelde plaats",
    "a-programme": "Geen gedeeld programma of gedeelde regeling",
    "a-page": "Geen gedeelde webpagina",
    "a-passage": "Geen passage die over {of} gaat",
    "a-goal": "Geen gedeeld doel",
    "a-domain": "Geen gedeeld onderwerp",
    "a-legal-area": "Geen gedeeld rechtsgebied",
    "a-target-group": "Geen gedeelde doelgroep",
    "a-ict": "Geen gedeelde soort ICT",
    "a-result-kind": "Niet dezelfde soort resultaat",
    "a-line": "Niet dezelfde plek in het stelsel",
    "a-ownership": "Geen gedeelde regeling van het eigenaarschap",
    "a-pillar": "Niet dezelfde pijler",
    "a-kind": "Geen gedeelde soort partij",
    "a-theme": "Geen bevindingen over hetzelfde thema",
    "a-pilot": "Geen pilot waarin {of} een rol hebben",
    "a-o-programme": "Geen programma waarin {of} een rol hebben",
    "a-o-kind": "Niet van dezelfde soort",
    "a-role": "Geen bewering over {pilot} noemt {org}",
    "has": "{name}: {values}",
    "more": "en nog {n}",
    "not-stated": "bij {name} staat het niet vermeld",
    "not-applicable": "{name}: niet van toepassing of nog niet bekend, zegt de bron zelf",
    "none": "{name} heeft er geen",
    "silent_2": "Bij allebei staat niets vermeld over: {listed}.",
    "silent_n": "Bij geen van alle staat iets vermeld over: {listed}.",
    "from": "vanaf {start}",
    "until": "tot en met {end}",
    "span": "{start} – {end}",
    "state_stated": "vermeld",
    "state_assigned": "toegekend door een redacteur",
    "state_contradicted": "tegengesproken",
    "state_derived": "door ons afgeleid",
    "share_pilots": "{k} van {n} pilots",
    "share_organisations": "{k} van {n} organisaties",
    "weight": "gewicht {w}",
    "page_short": "p. {page}",
    "more_passages": "en nog {n} passages",
    "link": "in de bron",
    "more_passages_1": "en nog 1 passage",
    "foot_1": "Gewicht = −log2(aandeel dat het heeft) × factor van het soort verband × wat het afzwakt of versterkt; "
    "sterk vanaf {strong}, matig vanaf {moderate}.",
    "foot_2": "Factoren: {factors}.",
    "foot_3": "Betalers, beheerders, uitvoerders van een programma en begeleiders × {money}; organisaties die alleen "
    "geconsulteerd, gehoopt, doorverwezen of besproken zijn × {distant}; een begrip dat een redacteur toekende × "
    "{assigned}; een plaats binnen de andere × {within}, twee plaatsen binnen een derde × {near}; een doelgroep die "
    "hier direct en daar indirect is × {other}; één passage die beide organisaties noemt × {together}.",
    "foot_4": "Een soort partij in twee pilots is niet dezelfde partij. De status van pilots is geen verband. "
    "Wat hier niet staat, staat niet in de graaf; dat bewijst niet dat het er niet is.",
    "why": "Waarom deze verbonden zijn",
    "what": "Wat er wordt vergeleken",
    "method": "Hoe er gewogen is",
    "evidence": "Passages",
    "reasons": "redenen",
}
_LINK_NAMES: Final = {
    "en": {
        "relation": "direct relation", "pilot": "shared pilot", "role": "role", "organisation": "organisation",
        "place": "place", "programme": "programme", "page": "web page", "passage": "passage", "goal": "goal",
        "domain": "subject", "legal-area": "legal area", "target-group": "target group", "ict": "ICT",
        "result-kind": "kind of result", "line": "place in the system", "ownership": "ownership",
        "pillar": "pillar", "kind": "kind of actor", "theme": "theme of findings",
    },
    "nl": {
        "relation": "rechtstreeks verband", "pilot": "gedeelde pilot", "role": "rol", "organisation": "organisatie",
        "place": "plaats", "programme": "programma", "page": "webpagina", "passage": "passage", "goal": "doel",
        "domain": "onderwerp", "legal-area": "rechtsgebied", "target-group": "doelgroep", "ict": "ICT",
        "result-kind": "soort resultaat", "line": "plek in het stelsel", "ownership": "eigenaarschap",
        "pillar": "pijler", "kind": "soort partij", "theme": "thema van bevindingen",
    },
}  # fmt: skip
_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
}  # fmt: skip


def say(key: str, language: str, **values: Any) -> str:  # noqa: ANN401 - whatever a template holds
    """Fill in a sentence. A key that a language lacks is a mistake of ours, and a test finds it."""
    return (_NL if language == "nl" else _EN)[key].format(**values)


def can_say(key: str, language: str) -> bool:
    """Tell whether there is such a sentence."""
    return key in (_NL if language == "nl" else _EN)


def link_name(link: str, language: str) -> str:
    """Name a type of link."""
    return _LINK_NAMES[language].get(link, link)


def join(items: list[str], language: str, limit: int | None = None) -> str:
    """Write items as a list in running text: a, b and c.

    >>> join(["a", "b", "c"], "en"), join(["a", "b"], "nl"), join(["a", "b", "c"], "en", 1)
    ('a, b and c', 'a en b', 'a and 2 more')
    """
    if limit and len(items) > limit + 1:
        more = say("more", language, n=len(items) - limit)
        return f"{', '.join(items[:limit])} {more}"
    if len(items) < 2:  # noqa: PLR2004 - a list of two needs an "and"
        return "".join(items)
    return f"{', '.join(items[:-1])} {say('and', language)} {items[-1]}"


def number(value: float, language: str) -> str:
    """Write a weight with one decimal, as the language does.

    >>> number(8.175, "nl")
    '8,2'
    """
    text = f"{value:.1f}"
    return text.replace(".", ",") if language == "nl" else text


def date(text: str, language: str) -> str:
    """Write a date, month or year as precisely as it is known.

    >>> date("2020-06-01", "en"), date("2019-12", "nl"), date("2020", "nl")
    ('1 June 2020', 'december 2019', '2020')
    """
    parts = text.split("-")
    if len(parts) == 1:
        return text
    month = f"{_MONTHS[language][int(parts[1]) - 1]} {parts[0]}"
    return f"{int(parts[2])} {month}" if len(parts) > 2 else month  # noqa: PLR2004 - year, month, day


def vocabulary() -> dict[str, dict[str, str]]:
    """All sentences by language, for the test that both languages say the same things."""
    return {"en": _EN, "nl": _NL}
