"""Passages against source texts: anchored, moved or missing; and whether each value follows from its passage.

A passage is stored as a selector and never as its text: position (code points in the normalised text, end
exclusive), its first and last words (at most four each) and the SHA-256 of the normalised passage. This is
the W3C Web Annotation Data Model's TextPositionSelector and RangeSelector, made compact.

*Normalised text*: Unicode NFC; every run of white space (U+00A0 included) becomes one space; white space at
both ends is dropped; soft hyphens and page furniture stay.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pilotgraph import dutch
from pilotgraph.errors import DatasetError
from pilotgraph.facts import Facts
from pilotgraph.findings import Finding, ordered
from pilotgraph.rdf import read_bytes
from pilotgraph.terms import pg, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pilotgraph.dataset import Dataset, Source

WORDS_AT_EITHER_END = 4
HAS_SOURCE = term("oa:hasSource")
START_DATE, END_DATE = term("dcat:startDate"), term("dcat:endDate")
_YEAR_LENGTH = 4


def normalise(text: str) -> str:
    """Normalise a text as positions and digests assume it.

    >>> normalise(" Looptijd\\u00a0 juli\\n2020 ")
    'Looptijd juli 2020'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(passage: str) -> str:
    """The digest of a normalised passage, with the name of its algorithm."""
    return "sha256:" + hashlib.sha256(passage.encode("utf-8")).hexdigest()


def first_words(passage: str) -> str:
    """The first words of a passage, four at most."""
    return " ".join(passage.split(" ")[:WORDS_AT_EITHER_END])


def last_words(passage: str) -> str:
    """The last words of a passage, four at most."""
    return " ".join(passage.split(" ")[-WORDS_AT_EITHER_END:])


@dataclass(frozen=True)
class SourceText:
    """A source's normalised text, and whether the file is the one that the passages were read from."""

    source: Source
    text: str
    same_file: bool

    @classmethod
    def read(cls, source: Source, path: Path) -> SourceText:
        """Read a source text. Raises DatasetError if it is unreadable or not UTF-8."""
        content = read_bytes(path)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            msg = f"{path}: is not UTF-8; take the text that data/sources.toml describes"
            raise DatasetError(msg) from error
        return cls(source, normalise(text), hashlib.sha256(content).hexdigest() == source.sha256)

    def page_at(self, position: int) -> int | None:
        """The page on which a position lies, None where the pages are not known."""
        starts = [start for _, start in self.source.pages]
        known_until = self.source.pages_known_until
        index = bisect_right(starts, position) - 1
        if index < 0 or (known_until is not None and position >= known_until):
            return None
        return self.source.pages[index][0]


def read_sources(dataset: Dataset, folder: Path) -> dict[str, SourceText]:
    """Read the source texts that are in `folder`, by the IRI of their source.

    Raises DatasetError if none of them is there.
    """
    found = {}
    for source in dataset.sources:
        path = folder / source.file
        if path.is_file():
            found[dataset.iri("source", source.slug)] = SourceText.read(source, path)
    if not found:
        names = ", ".join(source.file for source in dataset.sources)
        msg = f"{folder}: not checked: none of the source texts ({names}) is here; give their folder with --sources"
        raise DatasetError(msg)
    return found


@dataclass(frozen=True)
class Selector:
    """Where a passage should be, and what it begins and ends with."""

    iri: str
    source: str
    start: int | None
    end: int | None
    starts_with: str
    ends_with: str
    digest: str

    @classmethod
    def of(cls, facts: Facts, iri: str) -> Selector:
        """Read the selector of a passage."""
        return cls(
            iri,
            facts.text(iri, HAS_SOURCE),
            facts.number(iri, pg("start")),
            facts.number(iri, pg("end")),
            facts.text(iri, pg("startsWith")),
            facts.text(iri, pg("endsWith")),
            facts.text(iri, pg("digest")),
        )

    def stands_in(self, text: str) -> bool:
        """Tell whether the passage is where it should be: digest and words agree."""
        if self.start is None or self.end is None or not self.digest:
            return False
        passage = text[self.start : self.end]
        words = passage.startswith(self.starts_with) and passage.endswith(self.ends_with)
        return words and digest(passage) == self.digest

    def candidates(self, text: str, within: tuple[int, int] | None = None) -> list[tuple[int, int]]:
        """All places in a text that begin and end with the words, the nearest end for each beginning.

        With a digest, every end is tried, and only the places with that digest remain.
        """
        low, high = within or (0, len(text))
        found = []
        for start in _occurrences(text, self.starts_with, low, high):
            for last in _occurrences(text, self.ends_with, start, high):
                end = last + len(self.ends_with)
                if end < start + len(self.starts_with):
                    continue
                if not self.digest:
                    found.append((start, end))
                    break
                if digest(text[start:end]) == self.digest:
                    found.append((start, end))
        return found


@dataclass
class Verification:
    """What verifying found: passages by state, findings, and the corrections that --fix would write."""

    anchored: int = 0
    moved: int = 0
    missing: int = 0
    unchecked: int = 0
    findings: list[Finding] = field(default_factory=list)
    corrections: dict[str, tuple[int, int, str, int | None]] = field(default_factory=dict)

    def count(self) -> str:
        """The states in one line."""
        parts = [f"{self.anchored} anchored", f"{self.moved} moved", f"{self.missing} missing"]
        return ", ".join(parts + ([f"{self.unchecked} not checked"] if self.unchecked else []))


def verify(dataset: Dataset, sources: Mapping[str, SourceText], facts: Facts | None = None) -> Verification:
    """Check every passage of a data set against the source texts at hand.

    `sources` maps a source's IRI to its text (:func:`read_sources`).
    """
    facts = facts or Facts.read(dataset.data_files())
    result = Verification()
    for source in sources.values():
        if not source.same_file:
            result.findings.append(_other_file(source, dataset))
    spans = _anchor_all(facts, sources, result)
    for claim in _with_passages(facts):
        result.findings.extend(_check_claim(facts, claim, spans, sources))
    result.findings = [_placed(finding, facts, dataset) for finding in ordered(result.findings)]
    return result


def _anchor_all(facts: Facts, sources: Mapping[str, SourceText], result: Verification) -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}
    users = facts.users(pg("evidence"))
    for class_ in ("Record", "Evidence"):
        for iri in facts.subjects(pg(class_)):
            selector = Selector.of(facts, iri)
            if selector.source not in sources:
                result.unchecked += 1
                continue
            source = sources[selector.source]
            if selector.stands_in(source.text):
                result.anchored += 1
                spans[iri] = (selector.start or 0, selector.end or 0)
                _check_page(facts, iri, spans[iri], source, result)
            else:
                spans |= _look_elsewhere(facts, selector, source, users.get(iri, []), spans, result)
    return spans


def _look_elsewhere(  # noqa: PLR0913 - the state of one pass over all passages
    facts: Facts,
    selector: Selector,
    source: SourceText,
    claims: list[str],
    spans: Mapping[str, tuple[int, int]],
    result: Verification,
) -> dict[str, tuple[int, int]]:
    """Find a passage that is not where it should be: moved (to one place) or missing."""
    used_by = " ".join(claims)
    if not selector.starts_with or not selector.ends_with:
        result.missing += 1
        result.findings.append(_passage_finding("missing", selector, used_by, "has no first and last words", "heeft geen eerste en laatste woorden"))
        return {}
    within = None if selector.digest else _record_of_claims(facts, claims, selector.source, spans)
    places = selector.candidates(source.text, within)
    if len(places) == 1:
        start, end = places[0]
        result.moved += 1
        result.corrections[selector.iri] = (start, end, digest(source.text[start:end]), source.page_at(start))
        was = "new" if not selector.digest else "moved"
        en = f"the passage is {'not yet anchored' if was == 'new' else 'moved'}: it stands at {start}–{end}"
        nl = f"de passage is {'nog niet verankerd' if was == 'new' else 'verschoven'}: zij staat op {start}–{end}"
        result.findings.append(_passage_finding(was, selector, used_by, en, nl))
        return {selector.iri: (start, end)}
    result.missing += 1
    en, nl = _why_missing(selector, source.text, len(places))
    result.findings.append(_passage_finding("missing", selector, used_by, en, nl))
    return {}


def _why_missing(selector: Selector, text: str, places: int) -> tuple[str, str]:
    if places:
        return (
            f"the passage is not unique: {places} places begin and end so",
            f"de passage is niet uniek: {places} plaatsen beginnen en eindigen zo",
        )
    at = text.find(selector.starts_with)
    if at < 0:
        return "no passage begins with these words", "geen passage begint met deze woorden"
    return (
        f"no passage has these words and this digest; the first words stand at {at}",
        f"geen passage heeft deze woorden en deze digest; de eerste woorden staan op {at}",
    )


def _record_of_claims(
    facts: Facts, claims: list[str], source: str, spans: Mapping[str, tuple[int, int]]
) -> tuple[int, int] | None:
    subjects = {about for claim in claims for about in facts.texts(claim, pg("about"))}
    for record in facts.subjects(pg("Record")):
        if facts.text(record, HAS_SOURCE) == source and facts.text(record, pg("recordOf")) in subjects:
            return spans.get(record)
    return None


def _check_page(facts: Facts, iri: str, span: tuple[int, int], source: SourceText, result: Verification) -> None:
    if facts.subjects(pg("Record")) and iri in facts.by_type.get(pg("Record").value, ()):
        return
    page, stated = source.page_at(span[0]), facts.number(iri, pg("page"))
    if page != stated:
        en = f"the page is {page}, not {stated}" if page else f"the page is not known, but {stated} is given"
        nl = f"de pagina is {page}, niet {stated}" if page else f"de pagina is niet bekend, maar {stated} is gegeven"
        advice = {"en": "run: pilotgraph verify --fix", "nl": "voer uit: pilotgraph verify --fix"}
        result.findings.append(Finding("violation", "verify/page", {"en": en, "nl": nl}, focus=iri, advice=advice))
        passage = source.text[span[0] : span[1]]
        result.corrections[iri] = (*span, digest(passage), page)


def _with_passages(facts: Facts) -> list[str]:
    found = [s for s, properties in facts.properties.items() if pg("evidence").value in properties]
    return sorted(found)


def _check_claim(
    facts: Facts, claim: str, spans: Mapping[str, tuple[int, int]], sources: Mapping[str, SourceText]
) -> Iterator[Finding]:
    passages, reference = [], ""
    for evidence in facts.texts(claim, pg("evidence")):
        source = facts.text(evidence, HAS_SOURCE)
        if evidence in spans and source in sources:
            start, end = spans[evidence]
            passages.append(sources[source].text[start:end])
            yield from _check_record(facts, claim, evidence, source, spans)
            reference = facts.text(source, term("dct:issued"))
    if passages:
        yield from _check_values(facts, claim, passages, int(reference[:_YEAR_LENGTH] or 0))


def _check_record(
    facts: Facts, claim: str, evidence: str, source: str, spans: Mapping[str, tuple[int, int]]
) -> Iterator[Finding]:
    extent = _record_of_claims(facts, [claim], source, spans)
    if extent is None or facts.all(claim, pg("outsideRecord")):
        return
    start, end = spans[evidence]
    if not (extent[0] <= start and end <= extent[1]):
        yield Finding(
            "violation",
            "verify/record",
            {
                "en": "the passage lies outside the record of the pilot that the claim is about",
                "nl": "de passage ligt buiten het deel van de bron over deze pilot",
            },
            focus=claim,
            value=evidence,
            advice={
                "en": "choose a passage inside the record, or say why not with pg:outsideRecord",
                "nl": "kies een passage binnen dat deel, of zeg waarom niet met pg:outsideRecord",
            },
        )


def _check_values(facts: Facts, claim: str, passages: list[str], year: int) -> Iterator[Finding]:
    text = " ¶ ".join(passages)
    for value in facts.texts(claim, pg("amount")):
        if not dutch.says_number(text, Decimal(value), money=True):
            yield _underivable(claim, "pg:amount", value)
        else:
            yield from _check_certainty(facts, claim, text, Decimal(value))
    upper = facts.text(claim, pg("valueMax"))
    for value in facts.texts(claim, pg("value")):
        if not dutch.says_number(text, Decimal(value), Decimal(upper) if upper else None):
            yield _underivable(claim, "pg:value", f"{value}–{upper}" if upper else value)
        else:
            yield from _check_certainty(facts, claim, text, Decimal(value))
    for name, predicate, words in (
        ("dcat:startDate", START_DATE, pg("startText")),
        ("dcat:endDate", END_DATE, pg("endText")),
        ("pg:asOf", pg("asOf"), None),
    ):
        for value in facts.texts(claim, predicate):
            if not dutch.says_date(text, value, year):
                yield _underivable(claim, name, value)
        for printed in facts.texts(claim, words) if words else ():
            if printed.casefold() not in text.casefold():
                yield _underivable(claim, "pg:startText/pg:endText", printed)
    for name, predicate in (("pg:namedAs", pg("namedAs")), ("foaf:page", term("foaf:page"))):
        for printed in facts.texts(claim, predicate):
            if printed.casefold() not in text.casefold():
                yield _underivable(claim, name, printed)


def _check_certainty(facts: Facts, claim: str, text: str, value: Decimal) -> Iterator[Finding]:
    stated = plain_slug(facts.text(claim, pg("certainty"))) or "exact"
    printed = dutch.certainty_of(text, value)
    if stated in {"exact", "approximate", "lower-bound", "upper-bound"} - printed - (dutch.hedges(text) - {"exact"}):
        words = ", ".join(sorted(printed))
        yield Finding(
            "violation",
            "verify/certainty",
            {
                "en": f"the claim calls the number {stated}, but its passage prints it as {words}",
                "nl": f"de bewering noemt het getal {stated}, maar de passage drukt het af als {words}",
            },
            focus=claim,
            value=str(value),
            advice={"en": "correct pg:certainty, or the passage", "nl": "verbeter pg:certainty, of de passage"},
        )


def plain_slug(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rsplit("/", 1)[-1]


def _underivable(claim: str, property_: str, value: str) -> Finding:
    return Finding(
        "violation",
        "verify/value",
        {
            "en": f"the value of {property_} does not follow from the passage",
            "nl": f"de waarde van {property_} volgt niet uit de passage",
        },
        focus=claim,
        value=value,
        advice={
            "en": "correct the value, or choose the passage that prints it",
            "nl": "verbeter de waarde, of kies de passage waarin zij staat",
        },
    )


def _passage_finding(state: str, selector: Selector, used_by: str, en: str, nl: str) -> Finding:
    fixable = state != "missing"
    advice = {
        "en": "run: pilotgraph verify --fix" if fixable else "correct the words, or read the source again",
        "nl": "voer uit: pilotgraph verify --fix" if fixable else "verbeter de woorden, of lees de bron opnieuw",
    }
    value = f"“{selector.starts_with} … {selector.ends_with}”" + (f" carries {used_by}" if used_by else "")
    return Finding("violation", f"verify/{state}", {"en": en, "nl": nl}, focus=selector.iri, value=value, advice=advice)


def _other_file(source: SourceText, dataset: Dataset) -> Finding:
    return Finding(
        "warning",
        "verify/source",
        {
            "en": "the source text is not the file that the passages were read from (another SHA-256)",
            "nl": "de brontekst is niet het bestand waaruit de passages zijn gelezen (andere SHA-256)",
        },
        focus=dataset.iri("source", source.source.slug),
        value=source.source.file,
        advice={
            "en": "take the file that data/sources.toml describes, or check the moved passages and update it",
            "nl": "neem het bestand dat data/sources.toml beschrijft, of controleer de verschoven passages en werk het bij",
        },
    )


def _placed(finding: Finding, facts: Facts, dataset: Dataset) -> Finding:
    if finding.focus not in facts.places:
        return finding
    path, line = facts.places[finding.focus]
    shown = str(path.relative_to(dataset.root)) if path.is_relative_to(dataset.root) else str(path)
    return Finding(**{**vars(finding), "path": shown, "line": line})


def _occurrences(text: str, words: str, low: int, high: int) -> Iterator[int]:
    at = text.find(words, low, high)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, high)


