"""Numbers, amounts and dates as Dutch prose writes them. The texts are forms of notation, not sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotgraph import dutch

NUMBERS = [
    ("7", "7"),
    ("1.139", "1139"),
    ("1.234.567", "1234567"),
    ("1,5", "1.5"),
    ("40.484,62", "40484.62"),
    ("nul", "0"),
    ("een", "1"),
    ("één", "1"),
    ("Twaalf", "12"),
    ("zestien", "16"),
    ("tweeëntwintig", "22"),
    ("drieëndertig", "33"),
    ("achtennegentig", "98"),
    ("honderd", "100"),
    ("honderdvijftig", "150"),
    ("tweehonderdeen", "201"),
    ("negenhonderdnegenennegentig", "999"),
    ("duizend", "1000"),
    ("twee miljoen", "2000000"),
    ("beide", "2"),
    ("een tiental", "10"),
    ("derde", "3"),
    ("2,5 miljoen", "2500000"),
    ("3 mln.", "3000000"),
    ("3 mln", "3000000"),
    ("1 miljard", "1000000000"),
    ("40%", "40"),
    ("12,5 %", "12.5"),
    ("(60)", "60"),
    ("60.", "60"),
    ("60, 70", "70"),
    ("de 2e", "2"),
    ("A4", None),
    ("3.5", None),
    ("1.23", None),
    ("1,2,3", None),
    ("versie 1.0.2", None),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_read(text: str, value: str | None) -> None:
    """Points group thousands, a comma is the decimal sign, words and scales are read; codes are no numbers."""
    found = [number.value for number in dutch.numbers(text)]
    assert Decimal(value) in found if value else found == []


@pytest.mark.parametrize(
    ("text", "value", "upper"),
    [
        ("10-20", 10, 20),
        ("10 – 20 zaken", 10, 20),
        ("10-20.", 10, 20),
        ("10-20%", 10, 20),
        ("1,5 - 2,5 miljoen", 1_500_000, 2_500_000),
        ("€ 100 – € 200", 100, 200),
    ],
)
def test_a_range_has_two_ends(text: str, value: int, upper: int) -> None:
    """A hyphen or dash between two numbers makes a range, and a scale holds for both ends."""
    assert (Decimal(value), Decimal(upper)) in [(number.value, number.upper) for number in dutch.numbers(text)]
    assert dutch.says_number(text, Decimal(value), Decimal(upper))
    assert not dutch.says_number(text, Decimal(value), Decimal(upper + 1))


def test_a_range_in_words_has_two_ends() -> None:
    """Two ends that are printed apart ("van 10 tot 20") carry a range as well."""
    assert dutch.says_number("van 10 tot 20", Decimal(10), Decimal(20))
    assert not dutch.says_number("van 10", Decimal(10), Decimal(20))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("€ 128.000,-", "128000"),
        ("€128.000,00", "128000.00"),
        ("€ 1,5 miljoen", "1500000"),
        ("€ 40.484,62", "40484.62"),
        ("EUR 250", "250"),
        ("250 euro", "250"),
        ("twee miljoen euro", "2000000"),
        ("ruim € 7.500", "7500"),
    ],
)
def test_an_amount_is_money(text: str, value: str) -> None:
    """An amount has a euro sign, EUR or the word euro; a bare number is none."""
    assert dutch.says_number(text, Decimal(value), money=True)
    bare = text.replace("€", "").replace("EUR", "").replace("euro", "")
    assert dutch.says_number(bare, Decimal(value))
    assert not dutch.says_number(bare, Decimal(value), money=True)


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("100", "exact"),
        ("ruim 100", "lower-bound"),
        ("Ruim 100", "lower-bound"),
        ("ruim € 100", "lower-bound"),
        ("meer dan 100", "lower-bound"),
        ("minimaal 100", "lower-bound"),
        ("ten minste 100", "lower-bound"),
        ("100 of meer", "lower-bound"),
        ("op z'n minst 100", "lower-bound"),
        ("circa 100", "approximate"),
        ("ca. 100", "approximate"),
        ("zo'n 100", "approximate"),
        ("zo’n 100", "approximate"),
        ("± 100", "approximate"),
        ("rond de 100", "approximate"),
        ("om en nabij 100", "approximate"),
        ("maximaal 100", "upper-bound"),
        ("minder dan 100", "upper-bound"),
        ("ten hoogste 100", "upper-bound"),
        ("kruim 100", "exact"),
        ("grond 100", "exact"),
        ("ruim tijd voor 100", "exact"),
    ],
)
def test_certainty_is_read_from_the_words_around(text: str, certainty: str) -> None:
    """A hedge counts directly before its number (or "of meer" behind it), and only as a whole word."""
    assert dutch.certainty_of(text, Decimal(100)) == {certainty}


DATES = [
    ("25 maart 2022", ["2022", "2022-03", "2022-03-25"], ["2021", "2022-04", "2022-03-26", "2022-03-2"]),
    ("1e juli 2020", ["2020-07-01"], ["2020-07-11"]),
    ("25-03-2022", ["2022-03-25", "2022-03"], ["2022-03-24"]),
    ("25/3/2022", ["2022-03-25"], ["2022-05-23"]),
    ("Maart 2022", ["2022-03"], ["2022-03-01"]),
    ("mrt. 2022", ["2022-03"], ["2022-05"]),
    ("jan 2022", ["2022-01"], ["2022-06"]),
    ("februari en maart 2022", ["2022-02", "2022-03"], ["2021-02", "2022-01"]),
    ("juli 2020 – medio 2022", ["2020-07", "2022"], ["2021", "2022-07"]),
    ("2020-2022", ["2020", "2022"], ["2021"]),
    ("derde kwartaal 2022", ["2022"], ["2023", "2022-07"]),
    ("Q3 2021", ["2021"], ["2022"]),
    ("eind 2021", ["2021"], ["2022"]),
    ("eind juni", ["2022-06", "2022"], ["2021-06"]),
    ("dit voorjaar", ["2022"], ["2021"]),
    ("vorig jaar", ["2021"], ["2020", "2022"]),
    ("€ 2.022", [], ["2022"]),
    ("Jan de Vries", [], ["2022", "2022-01"]),
    ("kamei", [], ["2022-05"]),
]


@pytest.mark.parametrize(("text", "said", "unsaid"), DATES)
def test_a_date_is_read_as_precisely_as_printed(text: str, said: list[str], unsaid: list[str]) -> None:
    """A date follows from a text that prints it or something more precise, never from something vaguer."""
    assert [value for value in said + unsaid if dutch.says_date(text, value, 2022)] == said


@pytest.mark.parametrize("value", ["", "later", "2022-3", "22-03-25", "2022-03-25Z", "2022-03-25T00:00:00"])
def test_what_is_no_date_follows_from_nothing(value: str) -> None:
    """A value that is no date of the data model is not derivable, and no error."""
    assert not dutch.says_date("25 maart 2022", value, 2022)


@given(
    st.integers(0, 10**9), st.sampled_from(["", "ruim ", "€ ", "(", "van "]), st.sampled_from(["", ".", ")", " x", "%"])
)
def test_every_whole_number_is_found(value: int, before: str, after: str) -> None:
    """A whole number with points between its thousands is read back, whatever stands around it."""
    assert dutch.says_number(f"{before}{value:,}{after}".replace(",", "."), Decimal(value))


@given(st.decimals(0, 10**7, places=2))
def test_every_amount_is_found(value: Decimal) -> None:
    """An amount with cents is read back."""
    text = f"€ {value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert dutch.says_number(text, value, money=True)


@given(st.integers(0, 999))
def test_every_number_word_is_found(value: int) -> None:
    """A number below 1000 that is spelled as one word is read back."""
    assert [number.value for number in dutch.numbers(f"met {dutch.spell(value)} deelnemers")] == [value]


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["{d} {m} {y}", "per {d} {m} {y}.", "{d}-{n}-{y}"])
)
def test_every_date_is_found(day: date, form: str) -> None:
    """A day in words or figures is read back, and its neighbours are not."""
    names = {number: name for name, number in dutch.MONTHS.items()}
    text = form.format(d=day.day, m=names[day.month], n=day.month, y=day.year)
    assert dutch.says_date(text, day.isoformat(), 2022)
    assert not dutch.says_date(text, day.replace(day=day.day % 28 + 1).isoformat(), 2022)


@given(st.text(max_size=80) | st.text(alphabet="0123456789.,-–€ %meirum", max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Every text has numbers and dates or has none."""
    assert all(text[start:end].strip() for start, end in dutch.number_spans(text) + dutch.date_spans(text))
    assert len(dutch.numbers(text)) == len(dutch.number_spans(text))
    assert dutch.dates(text) is not None
