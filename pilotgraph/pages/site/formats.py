"""Numbers, amounts and dates as a reader of Dutch or English writes them."""

from __future__ import annotations

import re
from decimal import Decimal

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_SIGNS = {"EUR": "€"}


def number(text: str, language: str) -> str:
    """Write a number; what is no plain number stays as it is.

    >>> number("772865", "nl"), number("1234.5", "en"), number("-", "en")
    ('772.865', '1,234.5', '-')
    """
    if not _PLAIN.fullmatch(text):
        return text
    value = Decimal(text)
    written = f"{value:,f}" if value != value.to_integral_value() else f"{int(value):,d}"
    return written.translate(str.maketrans(",.", ".,")) if language == "nl" else written


def amount(text: str, currency: str, language: str) -> str:
    """Write an amount of money.

    >>> amount("772865", "EUR", "nl"), amount("10", "USD", "en")
    ('€\xa0772.865', 'USD\xa010')
    """
    sign = _SIGNS.get(currency, currency)
    space = "" if sign in _SIGNS.values() and language == "en" else "\u00a0"
    return f"{sign}{space if sign else ''}{number(text, language)}"


def date(text: str, language: str) -> str:
    """Write a date, a month or a year, as precise as it is given.

    >>> date("2022-07-06", "nl"), date("2021-11", "en"), date("2020", "en"), date("herfst", "nl")
    ('6 juli 2022', 'November 2021', '2020', 'herfst')
    """
    match = _DATE.fullmatch(text)
    if not match or not 1 <= int(match[2] or 1) <= 12:  # noqa: PLR2004 - months of a year
        return text
    month = f"{_MONTHS[language][int(match[2]) - 1]} " if match[2] else ""
    day = f"{int(match[3])} " if match[3] else ""
    return f"{day}{month}{match[1]}"


def capital(text: str) -> str:
    """Begin with a capital, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def counted(number_: int, words: tuple[str, str], language: str) -> str:
    """Write a count with its noun.

    >>> counted(1, ("pilot", "pilots"), "nl"), counted(1200, ("fact", "facts"), "en")
    ('1 pilot', '1,200 facts')
    """
    return f"{number(str(number_), language)} {words[0] if number_ == 1 else words[1]}"


def size(bytes_: int, language: str) -> str:
    """Write the size of a file.

    >>> size(900, "en"), size(1_540_000, "nl")
    ('900\xa0B', '1,5\xa0MB')
    """
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if bytes_ >= factor:
            return f"{number(f'{bytes_ / factor:.1f}', language)}\u00a0{unit}"
    return f"{bytes_}\u00a0B"
