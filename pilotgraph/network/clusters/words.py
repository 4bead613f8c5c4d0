"""What a report of clusters says in words: verdicts, the tests behind them, and names of methods and things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pilotgraph.network.clusters.verdict import GOOD, MIN_PILOTS, MIN_THINGS, MODERATE

if TYPE_CHECKING:
    from pilotgraph.network.clusters.model import ClusterReport

_EN: Final = {
    "verdict": "Verdict",
    "none": "none",
    "weak": "weak",
    "clear": "clear",
    "says-none": "No groups are drawn.",
    "says-weak": "The pilots are grouped more than chance would group them, but the borders are not sharp.",
    "sampled": "the whole warrant, for the network is large",
    "left-out-projection": "The projection was not searched: it would have too many links.",
    "left-out-cores": "Which pilots are together in nearly all analyses was not looked for: it would take comparing "
    "each two pilots. {drawn} things and {drawn} pilots, drawn at random, were left out in turn.",
    "groups": "The largest {n} of {total} groups, as they were found; how firm each is was not tested",
    "group": "Group {number}: {n} pilots",
    "says-clear": "The pilots fall into groups, and the groups hold whatever is left out.",
    "too-small": "There is too little to divide: it takes {pilots} linked pilots and {things} things that link them.",
    "one-group": "All linked pilots make one group.",
    "chance": "Random networks with the same numbers of links are as grouped as this one.",
    "beyond-chance": "more grouped than 99% of the random networks, by both methods",
    "runs": "the same outcome in repeated runs (adjusted Rand {good} or more)",
    "left-out": "hardly changed when one thing or one pilot is left out ({good} or more)",
    "links": "much the same when some of the links are left out ({moderate} or more)",
    "methods": "two methods that agree ({moderate} or more)",
    "passed": "Passed: {tests}.",
    "failed": "Not passed: {tests}.",
    "size": "{pilots} pilots linked by {things} things that two or more of them have, with {links} links; "
    "{alone} alone.",
    "projection": "projection (Louvain)",
    "two-mode": "two-mode (Barber)",
    "cores": "cores",
    "organisation": "partner",
    "kind": "kind of organisation",
    "goal": "goal",
    "domain": "domain",
    "place": "place",
    "head-method": "method",
    "head-groups": "groups",
    "head-modularity": "modularity",
    "head-chance": "by chance",
    "head-z": "z",
    "head-p": "p",
    "head-runs": "same in runs",
    "head-thing": "without a thing",
    "head-pilot": "without a pilot",
    "head-links": "without links",
    "agree": "The two methods agree: adjusted Rand {ari}, normalised mutual information {nmi}.",
    "core": "Core {number}: {n} pilots, each two together in {lowest} or more of the analyses",
    "holds": "{inside} of {n} have {label} ({layer}); {outside} of the other {others}{assigned}",
    "assigned": "; {n} by the editors’ judgement",
    "between": "Between the cores (most often together with core …)",
    "between-row": "{pilot}: core {number}, {share}",
    "alone": "Alone: share nothing in this network with another pilot",
    "compared": "Compared with divisions by others",
    "head-division": "division",
    "head-ours": "ours",
    "head-pilots": "pilots",
    "head-ari": "adjusted Rand",
    "head-nmi": "mutual information",
    "head-omega": "with overlap",
    "settings": "Seed {seed}; {runs} runs of each method, best of {tries} elsewhere; {samples} random networks; "
    "{noise} of the links left out {noise_samples} times; weighting {weighting}, resolution {resolution}; "
    "cores from {core}.",
}
_NL: Final = {
    "verdict": "Oordeel",
    "none": "geen",
    "weak": "zwak",
    "clear": "duidelijk",
    "says-none": "Er worden geen groepen getekend.",
    "says-weak": "De pilots zijn meer gegroepeerd dan door toeval, maar de grenzen zijn niet scherp.",
    "sampled": "de volledige toets, want het netwerk is groot",
    "left-out-projection": "In de projectie is niet gezocht: die zou te veel lijnen hebben.",
    "left-out-cores": "Welke pilots in bijna alle analyses samen zijn, is niet uitgezocht: daarvoor moet elk tweetal "
    "pilots worden vergeleken. {drawn} zaken en {drawn} pilots, door loting gekozen, zijn om de beurt weggelaten.",
    "groups": "De {n} grootste van {total} groepen, zoals zij zijn gevonden; hoe vast elk is, is niet getoetst",
    "group": "Groep {number}: {n} pilots",
    "says-clear": "De pilots vallen in groepen uiteen, en die houden stand, wat men ook weglaat.",
    "too-small": "Er is te weinig om in te delen: daarvoor zijn {pilots} verbonden pilots nodig en {things} zaken die "
    "hen verbinden.",
    "one-group": "Alle verbonden pilots vormen één groep.",
    "chance": "Toevallige netwerken met evenveel lijnen per pilot en per zaak zijn even sterk gegroepeerd als dit.",
    "beyond-chance": "sterker gegroepeerd dan 99% van de toevallige netwerken, volgens beide methoden",
    "runs": "dezelfde uitkomst bij herhaling (gecorrigeerde Rand-index {good} of meer)",
    "left-out": "nauwelijks anders als één zaak of één pilot wegvalt ({good} of meer)",
    "links": "grotendeels gelijk als een deel van de lijnen wegvalt ({moderate} of meer)",
    "methods": "twee methoden die het eens zijn ({moderate} of meer)",
    "passed": "Gehaald: {tests}.",
    "failed": "Niet gehaald: {tests}.",
    "size": "{pilots} pilots, verbonden door {things} zaken die twee of meer van hen hebben, met {links} lijnen; "
    "{alone} alleen.",
    "projection": "projectie (Louvain)",
    "two-mode": "tweedelig (Barber)",
    "cores": "kernen",
    "organisation": "partner",
    "kind": "soort organisatie",
    "goal": "doel",
    "domain": "domein",
    "place": "plaats",
    "head-method": "methode",
    "head-groups": "groepen",
    "head-modularity": "modulariteit",
    "head-chance": "bij toeval",
    "head-z": "z",
    "head-p": "p",
    "head-runs": "gelijk bij herhaling",
    "head-thing": "zonder één zaak",
    "head-pilot": "zonder één pilot",
    "head-links": "zonder lijnen",
    "agree": "Overeenstemming van de twee methoden: gecorrigeerde Rand-index {ari}, genormaliseerde wederzijdse "
    "informatie {nmi}.",
    "core": "Kern {number}: {n} pilots, elk tweetal samen in {lowest} of meer van de analyses",
    "holds": "{inside} van {n} hebben {label} ({layer}); van de andere {others}: {outside}{assigned}",
    "assigned": "; {n} naar het oordeel van de redactie",
    "between": "Tussen de kernen (het vaakst samen met kern …)",
    "between-row": "{pilot}: kern {number}, {share}",
    "alone": "Alleen: delen in dit netwerk niets met een andere pilot",
    "compared": "Vergeleken met indelingen van anderen",
    "head-division": "indeling",
    "head-ours": "van ons",
    "head-pilots": "pilots",
    "head-ari": "gecorrigeerde Rand-index",
    "head-nmi": "wederzijdse informatie",
    "head-omega": "met overlap",
    "settings": "Beginwaarde {seed}; {runs} keer elke methode, elders de beste van {tries}; {samples} toevallige "
    "netwerken; {noise_samples} keer {noise} van de lijnen weggelaten; weging {weighting}, resolutie {resolution}; "
    "kernen vanaf {core}.",
}
_WORDS: Final = {"en": _EN, "nl": _NL}


def say(key: str, language: str, **values: object) -> str:
    """Fill in a text in the language.

    >>> say("between-row", "nl", pilot="A", number=1, share="80%")
    'A: kern 1, 80%'
    """
    return _WORDS[language][key].format(**values)


def number(value: float, language: str, digits: int = 2) -> str:
    """Write a number with a fixed number of decimals.

    >>> number(0.5, "nl"), number(-0.001, "en"), number(11.06, "en", 1)
    ('0,50', '0.00', '11.1')
    """
    text = f"{round(value, digits) + 0.0:.{digits}f}"
    return text.replace(".", ",") if language == "nl" else text


def percent(share: float) -> str:
    """Write a share as a percentage, rounded down, so that "or more" stays true.

    >>> percent(0.9999), percent(1.0)
    ('99%', '100%')
    """
    return f"{int(share * 100 + 1e-9)}%"


def why(report: ClusterReport, language: str) -> list[str]:
    """Say what the verdict means and what it rests on, in whole sentences."""
    values = {
        "good": number(GOOD, language),
        "moderate": number(MODERATE, language),
        "pilots": MIN_PILOTS,
        "things": MIN_THINGS,
    }
    told = [say(reason, language, **values) for reason in report.reasons]
    left_out = [say(f"left-out-{name}", language, drawn=report.drawn) for name in report.left_out]
    if report.verdict == "none":
        return [*told, say("says-none", language), *left_out]
    tests = say("passed" if report.verdict == "clear" else "failed", language, tests="; ".join(told))
    return [say(f"says-{report.verdict}", language), tests, *left_out]
