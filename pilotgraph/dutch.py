"""Numbers, amounts and dates as Dutch prose writes them.

A second and independent check on curated claims: a value that a claim gives must be readable from its
passage. The notation follows the Taaladvies and NEN-EN 28601 habits of Dutch official texts: a point
groups thousands, a comma is the decimal sign, ``,-`` closes a round amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "januari februari maart april mei juni juli augustus september oktober november december"
        ).split(),
        1,
    )
}
_UNITS = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien".split()
WORDS = {word: number for number, word in enumerate(_UNITS)} | {
    "één": 1,
    "eén": 1,
    "zeventien": 17,
    "achttien": 18,
    "negentien": 19,
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
    "honderd": 100,
    "duizend": 1000,
    "beide": 2,
    "twaalftal": 12,
    "tiental": 10,
    "drietal": 3,
    "viertal": 4,
}
ORDINALS = {
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
    "vijfde": 5,
    "zesde": 6,
    "zevende": 7,
    "achtste": 8,
    "negende": 9,
    "tiende": 10,
}
SCALES = {"duizend": 10**3, "miljoen": 10**6, "miljard": 10**9, "mln": 10**6, "mln.": 10**6}
CERTAINTY = {
    "circa": "approximate",
    "ca.": "approximate",
    "zo’n": "approximate",
    "zo'n": "approximate",
    "ongeveer": "approximate",
    "rond de": "approximate",
    "rond": "approximate",
    "ruim": "lower-bound",
    "meer dan": "lower-bound",
    "minimaal": "lower-bound",
    "ten minste": "lower-bound",
    "tenminste": "lower-bound",
    "minstens": "lower-bound",
    "maximaal": "upper-bound",
    "ten hoogste": "upper-bound",
    "hooguit": "upper-bound",
}
_DIGITS = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?:[0-9]+|-))?"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<money>€\s?)?(?P<first>{_DIGITS})(?![0-9])"
    rf"(?:\s?[-–]\s?(?P<second>{_DIGITS})(?=\s?%|\s))?"
    rf"(?:\s(?P<scale>{'|'.join(re.escape(s) for s in SCALES)})\b)?(?P<percent>\s?%)?",
)
_NUMBER_WORD = re.compile(rf"\b(?P<word>{'|'.join(sorted(WORDS | ORDINALS, key=len, reverse=True))})\b", re.IGNORECASE)
_BEFORE = re.compile(rf"(?:{'|'.join(re.escape(w) for w in sorted(CERTAINTY, key=len, reverse=True))})[0-9]?\s*€?\s*$", re.I)
_OR_MORE = re.compile(r"\sof meer\b")
_SEASONS = "voorjaar|lente|zomer|najaar|herfst|winter"
_VAGUE = (
    rf"(?:(?:begin|medio|eind|halverwege|half|einde|voor de|na de|rond|in de loop van|het|dit|de)\s)*"
    rf"(?:{_SEASONS}|(?:eerste|tweede|derde|vierde)\s(?:kwartaal|halfjaar|helft)|Q[1-4]|medio|begin|eind|einde)"
)
_DATE = re.compile(
    rf"(?:(?P<day>[0-3]?[0-9])\s)?(?P<month>{'|'.join(MONTHS)})(?:\s(?P<year>(?:19|20)[0-9]{{2}}))?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?P<year>(?:19|20)[0-9]{2})(?![\d.,]*\d)")
_SEASON = re.compile(rf"\b(?:{_SEASONS})\b", re.IGNORECASE)
_RELATIVE = re.compile(rf"\b(?:{_VAGUE}|dit jaar|vorig jaar|momenteel|op dit moment|inmiddels|tot op heden)\b", re.I)
_YEARLESS_REACH = 40


@dataclass(frozen=True)
class Number:
    """A number in a text: its value, the end of its range, and what the words around it say of it."""

    value: Decimal
    upper: Decimal | None
    money: bool
    percent: bool
    certainty: str
    start: int


@dataclass(frozen=True)
class Date:
    """A date in a text, as precise as printed; `year` is None where only a month or day is printed."""

    year: int | None
    month: int | None
    day: int | None
    start: int


def decimal(text: str) -> Decimal:
    """Read a number in Dutch notation.

    >>> decimal("1.139"), decimal("40.484,62"), decimal("128.000,-"), decimal("1,5")
    (Decimal('1139'), Decimal('40484.62'), Decimal('128000'), Decimal('1.5'))
    """
    whole, _, fraction = text.partition(",")
    digits = whole.replace(".", "")
    return Decimal(f"{digits}.{fraction}" if fraction and fraction != "-" else digits)


def numbers(text: str) -> list[Number]:
    """Find the numbers of a text, in digits and in words, with their certainty.

    >>> [(n.value, n.certainty) for n in numbers("ruim 100 zaken en zo'n twintig cliënten")]
    [(Decimal('100'), 'lower-bound'), (Decimal('20'), 'approximate')]
    """
    found = []
    for match in _NUMBER.finditer(text):
        scale = SCALES.get(match["scale"] or "", 1)
        upper = decimal(match["second"]) * scale if match["second"] else None
        value = decimal(match["first"]) * scale
        flags = bool(match["money"]), bool(match["percent"])
        found.append(Number(value, upper, *flags, _certainty(text, *match.span()), match.start()))
    for match in _NUMBER_WORD.finditer(text):
        word = match["word"].lower()
        number = WORDS.get(word, ORDINALS.get(word, 0))
        found.append(Number(Decimal(number), None, False, False, _certainty(text, *match.span()), match.start()))  # noqa: FBT003 - the fields' order is the dataclass's own
    return sorted(found, key=lambda n: n.start)


def dates(text: str) -> list[Date]:
    """Find the dates of a text: days, months and bare years.

    A month without a year takes the year of the next date if they are joined ("februari en maart 2022").

    >>> [(d.year, d.month) for d in dates("juli 2020 – medio 2022")]
    [(2020, 7), (2022, None)]
    """
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(text):
        year = int(match["year"]) if match["year"] else None
        day = int(match["day"]) if match["day"] else None
        found.append(Date(year, MONTHS[match["month"].lower()], day, match.start()))
        taken.append(match.span())
    for match in _YEAR.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            found.append(Date(int(match["year"]), None, None, match.start()))
    found.sort(key=lambda d: d.start)
    return [_with_next_year(date, found[i + 1 : i + 2]) for i, date in enumerate(found)]


def number_spans(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a text stand."""
    return sorted(match.span() for pattern in (_NUMBER, _NUMBER_WORD) for match in pattern.finditer(text))


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where the dates and seasons of a text stand."""
    return sorted(match.span() for pattern in (_DATE, _SEASON) for match in pattern.finditer(text))


def says_number(text: str, value: Decimal, upper: Decimal | None = None, *, money: bool = False) -> bool:
    """Tell whether a text prints this number (and the end of its range)."""
    return any(
        number.value == value and (upper is None or number.upper == upper) and number.money >= money
        for number in numbers(text)
    ) or (upper is not None and not money and says_number(text, value) and says_number(text, upper))


def says_date(text: str, value: str, reference_year: int) -> bool:
    """Tell whether a text prints the date `value` (2022, 2022-03 or 2022-03-25).

    What is printed without a year ("eind juni", "dit voorjaar", "vorig jaar") is read with the year of the
    document, `reference_year`.

    >>> says_date("wordt eind juni afgerond", "2022-06", 2022), says_date("eind 2021", "2022", 2022)
    (True, False)
    """
    wanted = [int(part) for part in value.split("-")]
    printed = dates(text)
    for date in printed:
        parts = [date.year or reference_year, date.month, date.day]
        if parts[: len(wanted)] == wanted and (len(wanted) > 1 or date.year or date.month):
            return True
    if len(wanted) > 1:
        return False
    if "vorig jaar" in text.lower() and wanted[0] == reference_year - 1:
        return True
    return wanted[0] == reference_year and any(not _year_follows(text, m.end()) for m in _RELATIVE.finditer(text))


def certainty_of(text: str, value: Decimal) -> set[str]:
    """The certainties with which a text prints a number: exact, approximate, lower-bound, upper-bound."""
    return {number.certainty for number in numbers(text) if value in {number.value, number.upper}}


def hedges(text: str) -> set[str]:
    """The certainties for which a text has a word, wherever it stands ("minimaal even zoveel").

    >>> hedges("160 casussen, en dus minimaal even zoveel cliënten")
    {'lower-bound'}
    """
    return {kind for word, kind in CERTAINTY.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I)}


def _certainty(text: str, start: int, end: int) -> str:
    if _OR_MORE.match(text[end : end + 8]):
        return "lower-bound"
    match = _BEFORE.search(text[max(0, start - 24) : start])
    if not match:
        return "exact"
    word = re.sub(r"[0-9]?\s*€?\s*$", "", match.group()).lower()
    return CERTAINTY[word]


def _with_next_year(date: Date, following: list[Date]) -> Date:
    if date.year is None and following and following[0].year and following[0].start - date.start < _YEARLESS_REACH:
        return Date(following[0].year, date.month, date.day, date.start)
    return date


def _year_follows(text: str, end: int) -> bool:
    return bool(re.match(r"\s(?:van\s)?(?:19|20)[0-9]{2}", text[end : end + 12]))
