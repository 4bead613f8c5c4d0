"""Numbers, amounts and dates as Dutch prose writes them.

A second and independent check on curated claims: a value that a claim gives must be readable from its
passage. The notation follows the Taaladvies and NEN-EN 28601 habits of Dutch official texts: a point
groups thousands, a comma is the decimal sign, ``,-`` closes a round amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = {
    "januari": 1,
    "februari": 2,
    "maart": 3,
    "april": 4,
    "mei": 5,
    "juni": 6,
    "juli": 7,
    "augustus": 8,
    "september": 9,
    "oktober": 10,
    "november": 11,
    "december": 12,
}
_SMALL = (
    *("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    *("dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"),
)
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")


def spell(number: int) -> str:
    """Spell a number below 1000 as one Dutch word.

    >>> spell(22), spell(101), spell(345)
    ('tweeëntwintig', 'honderdeen', 'driehonderdvijfenveertig')
    """
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return f"{_SMALL[hundreds] if hundreds > 1 else ''}honderd{spell(rest) if rest else ''}"
    if number < len(_SMALL):
        return _SMALL[number]
    tens, unit = divmod(number, 10)
    joint = "ën" if _SMALL[unit].endswith("e") else "en"
    return f"{_SMALL[unit]}{joint}{_TENS[tens - 2]}" if unit else _TENS[tens - 2]


WORDS = {spell(number): number for number in range(1000)} | {
    "één": 1,
    "eén": 1,
    "duizend": 1000,
    "beide": 2,
    "drietal": 3,
    "viertal": 4,
    "vijftal": 5,
    "tiental": 10,
    "twaalftal": 12,
    "twintigtal": 20,
    "dertigtal": 30,
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
    "hoogstens": "upper-bound",
    "minder dan": "upper-bound",
    "plusminus": "approximate",
    "±": "approximate",
    "om en nabij": "approximate",
    "op z'n minst": "lower-bound",
    "op zijn minst": "lower-bound",
}
_DIGITS = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?:[0-9]+|-))?"
_SCALE = "|".join(re.escape(scale) for scale in sorted(SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<sign>€\s?|EUR\s)?(?P<first>{_DIGITS})(?![.,]?[0-9])"
    rf"(?:\s?[-–]\s?€?\s?(?P<second>{_DIGITS})(?![\w-]|[.,][0-9]))?"
    rf"(?:\s(?P<scale>{_SCALE})(?!\w))?(?P<euro>\s(?:euro|EUR)\b)?(?P<percent>\s?%)?",
)
_WORD = re.compile(rf"\b(?P<word>[A-Za-zÀ-ÿ]+)\b(?:\s(?P<scale>{_SCALE})(?!\w))?(?P<euro>\s(?:euro|EUR)\b)?")
_BEFORE = re.compile(
    rf"(?<!\w)(?P<hedge>{'|'.join(re.escape(w) for w in sorted(CERTAINTY, key=len, reverse=True))})[0-9]?\s*€?\s*$",
    re.IGNORECASE,
)
_HEDGE_REACH = 24
_OR_MORE = re.compile(r"\sof meer\b")
_SEASONS = "voorjaar|lente|zomer|najaar|herfst|winter"
_VAGUE = (
    rf"(?:(?:begin|medio|eind|halverwege|half|einde|voor de|na de|rond|in de loop van|het|dit|de)\s)*"
    rf"(?:{_SEASONS}|(?:eerste|tweede|derde|vierde)\s(?:kwartaal|halfjaar|helft)|Q[1-4]|medio|begin|eind|einde)"
)
_SHORT_MONTHS = {
    **{name[:3]: number for name, number in MONTHS.items() if name not in {"maart", "mei"}},
    "mrt": 3,
    "sept": 9,
}
_DATE = re.compile(
    rf"(?:\b(?P<day>[0-3]?[0-9])(?:e|ste|de)?\s)?"
    rf"(?:\b(?P<month>{'|'.join(MONTHS)})|\b(?P<short>{'|'.join(_SHORT_MONTHS)})\b\.?(?=\s(?:19|20)[0-9]{{2}}))"
    rf"(?:\s(?P<year>(?:19|20)[0-9]{{2}}))?\b",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(
    r"(?<![\d./-])(?P<day>[0-3]?[0-9])(?P<mark>[-/.])(?P<month>[01]?[0-9])(?P=mark)(?P<year>(?:19|20)[0-9]{2})(?!\d)"
)
_YEAR = re.compile(r"(?<![\d.,])(?P<year>(?:19|20)[0-9]{2})(?![\d.,]*\d)")
_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_SEASON = re.compile(rf"\b(?:{_SEASONS})\b", re.IGNORECASE)
_RELATIVE = re.compile(rf"\b(?:{_VAGUE}|dit jaar|momenteel|op dit moment|inmiddels|tot op heden)\b", re.IGNORECASE)
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
        found.append(_number(text, match, decimal(match["first"]) * scale, upper))
    for match in _words(text):
        word = match["word"].lower()
        number = WORDS[word] if word in WORDS else ORDINALS[word]
        found.append(_number(text, match, Decimal(number) * SCALES.get(match["scale"] or "", 1)))
    return sorted(found, key=lambda n: n.start)


def dates(text: str) -> list[Date]:
    """Find the dates of a text: days, months and bare years.

    A month without a year takes the year of the next date if they are joined ("februari en maart 2022").

    >>> [(d.year, d.month) for d in dates("juli 2020 – medio 2022")]
    [(2020, 7), (2022, None)]
    """
    written = [*_DATE.finditer(text), *_NUMERIC_DATE.finditer(text)]
    taken = [match.span() for match in written]
    years = (m for m in _YEAR.finditer(text) if not any(start <= m.start() < end for start, end in taken))
    found = [_date(match) for match in written]
    found.extend(Date(int(match["year"]), None, None, match.start()) for match in years)
    found.sort(key=lambda d: d.start)
    return [_with_next_year(date, found[i + 1 : i + 2]) for i, date in enumerate(found)]


def number_spans(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a text stand."""
    return sorted(match.span() for match in (*_NUMBER.finditer(text), *_words(text)))


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where the dates and seasons of a text stand."""
    return sorted(match.span() for pattern in (_DATE, _NUMERIC_DATE, _SEASON) for match in pattern.finditer(text))


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
    if not _ISO.fullmatch(value):
        return False
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
    return {
        kind for word, kind in CERTAINTY.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    }


def _certainty(text: str, start: int, end: int) -> str:
    if _OR_MORE.match(text[end : end + 8]):
        return "lower-bound"
    match = _BEFORE.search(text, max(0, start - _HEDGE_REACH), start)
    return CERTAINTY[match["hedge"].lower()] if match else "exact"


def _words(text: str) -> Iterator[re.Match[str]]:
    """The numbers and ordinals that are written as words."""
    return (match for match in _WORD.finditer(text) if match["word"].lower() in WORDS.keys() | ORDINALS.keys())


def _number(text: str, match: re.Match[str], value: Decimal, upper: Decimal | None = None) -> Number:
    groups = match.groupdict()
    return Number(
        value,
        upper,
        money=bool(groups.get("sign") or groups["euro"]),
        percent=bool(groups.get("percent")),
        certainty=_certainty(text, *match.span()),
        start=match.start(),
    )


def _date(match: re.Match[str]) -> Date:
    groups = match.groupdict()
    named = (groups["month"] or groups["short"]).lower()
    month = MONTHS.get(named) or _SHORT_MONTHS.get(named) or int(named)
    year, day = groups["year"], groups["day"]
    return Date(int(year) if year else None, month, int(day) if day else None, match.start())


def _with_next_year(date: Date, following: list[Date]) -> Date:
    if date.year is None and following and following[0].year and following[0].start - date.start < _YEARLESS_REACH:
        return Date(following[0].year, date.month, date.day, date.start)
    return date


def _year_follows(text: str, end: int) -> bool:
    return bool(re.match(r"\s(?:van\s)?(?:19|20)[0-9]{2}", text[end : end + 12]))
