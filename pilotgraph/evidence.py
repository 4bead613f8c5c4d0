"""Passages against source texts: anchored, moved or missing; and whether each value follows from its passage.

A passage is stored as a selector and never as its text: position (code points in the normalised text, end
exclusive), its first and last words (at most four each) and the SHA-256 of the normalised passage. This is
the W3C Web Annotation Data Model's TextPositionSelector and RangeSelector, made compact.

*Normalised text*: Unicode NFC; every run of white space (U+00A0 included) becomes one space; white space at
both ends is dropped; soft hyphens and page furniture stay.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pilotgraph import dutch
from pilotgraph.errors import DatasetError
from pilotgraph.facts import Facts
from pilotgraph.findings import Finding, ordered
from pilotgraph.progress import silent
from pilotgraph.rdf import read_bytes
from pilotgraph.terms import pg, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pilotgraph.dataset import Dataset, Source
    from pilotgraph.progress import Tell

WORDS_AT_EITHER_END = 4
LONGEST_PASSAGE = 10_000
HAS_SOURCE = term("oa:hasSource")
_DATES = {name: term(name) for name in ("dcat:startDate", "dcat:endDate", "pg:asOf")}
# What a claim gives as printed, which its passage must hold.
_PRINTED = {name: term(name) for name in ("pg:startText", "pg:endText", "pg:namedAs", "foaf:page")}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_YEAR = re.compile(r"[0-9]{4}")


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
            normalise(facts.text(iri, pg("startsWith"))),
            normalise(facts.text(iri, pg("endsWith"))),
            facts.text(iri, pg("digest")),
        )

    def stands_in(self, text: str) -> bool:
        """Tell whether the passage is where it should be: digest and words agree."""
        if self.start is None or self.end is None or not 0 <= self.start < self.end <= len(text):
            return False
        passage = text[self.start : self.end]
        words = passage.startswith(self.starts_with) and passage.endswith(self.ends_with)
        return words and digest(passage) == self.digest

    def candidates(self, text: str, within: tuple[int, int] | None = None) -> list[tuple[int, int]]:
        """All places in a text that begin and end with the words.

        With a digest, only the places with that digest. Without one, the nearest end for each beginning.
        """
        low, high = within or (0, len(text))
        starts = list(_occurrences(text, self.starts_with, low, high))
        if not self.digest:
            starts = [start for start in starts if _is_edge(text, start)]
            nearest = ([e for e in self._ends(text, start, high) if _is_edge(text, e)][:1] for start in starts)
            return [(start, end) for start, ends in zip(starts, nearest, strict=True) for end in ends]
        same_length = [(start, start + (self.end or 0) - (self.start or 0)) for start in starts]
        found = [place for place in same_length if self._fits(text, *place)]
        # The position itself may be wrong, and with it the length: then every end is tried.
        return found or [
            (start, end)
            for start in starts
            for end in self._ends(text, start, min(high, start + LONGEST_PASSAGE))
            if self._fits(text, start, end)
        ]

    def _fits(self, text: str, start: int, end: int) -> bool:
        return start < end and digest(text[start:end]) == self.digest

    def _ends(self, text: str, start: int, high: int) -> Iterator[int]:
        for last in _occurrences(text, self.ends_with, start, high):
            end = last + len(self.ends_with)
            if end >= start + len(self.starts_with):
                yield end


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


def verify(
    dataset: Dataset, sources: Mapping[str, SourceText], facts: Facts | None = None, tell: Tell = silent
) -> Verification:
    """Check every passage of a data set against the source texts at hand.

    `sources` maps a source's IRI to its text (:func:`read_sources`); `tell` is told how far it is.
    """
    tell("reading files", 0, 0)
    facts = facts or Facts.read(dataset.data_files())
    anchoring = _Anchoring(facts, sources, facts.users(pg("evidence")))
    result = anchoring.result
    for source in sources.values():
        if not source.same_file:
            result.findings.append(_other_file(source, dataset))
    anchoring.run({dataset.iri("source", source.slug) for source in dataset.sources}, tell)
    claims = list(_with_passages(facts))
    for done, claim in enumerate(claims):
        tell("checking claims", done, len(claims))
        result.findings.extend(check_claim(facts, claim, anchoring.spans, sources))
    result.findings = [_placed(finding, facts, dataset) for finding in ordered(result.findings)]
    return result


@dataclass
class _Anchoring:
    """One pass over all passages: where each stands, and what is found on the way."""

    facts: Facts
    sources: Mapping[str, SourceText]
    users: Mapping[str, list[str]]
    result: Verification = field(default_factory=Verification)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def run(self, listed: set[str], tell: Tell) -> None:
        """Anchor the records, then the passages; `listed` holds the sources of the manifest."""
        passages = [iri for class_ in ("Record", "Evidence") for iri in self.facts.subjects(pg(class_))]
        for done, iri in enumerate(passages):
            tell("finding passages", done, len(passages))
            selector = Selector.of(self.facts, iri)
            if selector.source in self.sources:
                self._anchor(selector, self.sources[selector.source])
            elif selector.source in listed:
                self.result.unchecked += 1
            else:
                self._miss(
                    selector,
                    f"the passage names no source that data/sources.toml lists ({selector.source or 'none'})",
                    f"de passage noemt geen bron uit data/sources.toml ({selector.source or 'geen'})",
                )

    def _anchor(self, selector: Selector, source: SourceText) -> None:
        if not selector.stands_in(source.text):
            self._look_elsewhere(selector, source)
            return
        self.result.anchored += 1
        self.spans[selector.iri] = (selector.start or 0, selector.end or 0)
        if selector.iri not in self.facts.by_type.get(pg("Record").value, ()):
            self._check_page(selector, source)

    def _look_elsewhere(self, selector: Selector, source: SourceText) -> None:
        """Find a passage that is not where it should be: moved (to one place) or missing."""
        if not selector.starts_with or not selector.ends_with:
            self._miss(selector, "has no first and last words", "heeft geen eerste en laatste woorden")
            return
        claims = self.users.get(selector.iri, [])
        record = _record_of_claims(self.facts, claims, selector.source)
        within = None if selector.digest else self.spans.get(record)
        places = selector.candidates(source.text, within)
        if selector.digest and len(places) > 1:
            places = self._moved_along(selector, claims, places)
        if len(places) == 1:
            self._move(selector, source, *places[0])
        else:
            self._miss(selector, *_why_missing(selector, source.text, len(places), inside=within is not None))

    def _moved_along(
        self, selector: Selector, claims: list[str], places: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Of places with the same words, the one that moved as the nearest record did, or those in the record."""
        at = selector.start or 0
        shifts = [
            (abs(old - at), self.spans[record][0] - old)
            for record in self.facts.subjects(pg("Record"))
            if record in self.spans
            and self.facts.text(record, HAS_SOURCE) == selector.source
            and (old := self.facts.number(record, pg("start"))) is not None
        ]
        wanted = at + min(shifts, default=(0, 0))[1]
        low, high = self.spans.get(_record_of_claims(self.facts, claims, selector.source), (0, 0))
        along = [(start, end) for start, end in places if start == wanted]
        return along or [(start, end) for start, end in places if low <= start and end <= high] or places

    def _move(self, selector: Selector, source: SourceText, start: int, end: int) -> None:
        self.result.moved += 1
        self.result.corrections[selector.iri] = (start, end, digest(source.text[start:end]), source.page_at(start))
        self.spans[selector.iri] = (start, end)
        state, en, nl = (
            ("moved", "moved", "verschoven") if selector.digest else ("new", "not yet anchored", "nog niet verankerd")
        )
        en, nl = f"the passage is {en}: it stands at {start}–{end}", f"de passage is {nl}: zij staat op {start}–{end}"
        self._report(state, selector, en, nl)

    def _miss(self, selector: Selector, en: str, nl: str) -> None:
        self.result.missing += 1
        self._report("missing", selector, en, nl)

    def _report(self, state: str, selector: Selector, en: str, nl: str) -> None:
        used_by = " ".join(self.users.get(selector.iri, []))
        self.result.findings.append(_passage_finding(state, selector, used_by, en, nl))

    def _check_page(self, selector: Selector, source: SourceText) -> None:
        start, end = self.spans[selector.iri]
        page, stated = source.page_at(start), self.facts.number(selector.iri, pg("page"))
        if page == stated:
            return
        en = f"the page is {page}, not {stated}" if page else f"the page is not known, but {stated} is given"
        nl = f"de pagina is {page}, niet {stated}" if page else f"de pagina is niet bekend, maar {stated} is gegeven"
        self._report("page", selector, en, nl)
        self.result.corrections[selector.iri] = (start, end, digest(source.text[start:end]), page)


def _why_missing(selector: Selector, text: str, places: int, *, inside: bool) -> tuple[str, str]:
    if places:
        return (
            f"the passage is not unique: {places} places begin and end so",
            f"de passage is niet uniek: {places} plaatsen beginnen en eindigen zo",
        )
    at = text.find(selector.starts_with)
    if at < 0:
        return "no passage begins with these words", "geen passage begint met deze woorden"
    if not selector.digest:
        en, nl = (" in the record of its pilot", " in het deel over de pilot") if inside else ("", "")
        return f"no passage begins and ends with these words{en}", f"geen passage begint en eindigt zo{nl}"
    return (
        f"no passage has these words and this digest; the first words stand at {at}",
        f"geen passage heeft deze woorden en deze digest; de eerste woorden staan op {at}",
    )


def _record_of_claims(facts: Facts, claims: list[str], source: str) -> str:
    """The record of the pilot that claims are about, empty if the source has none."""
    subjects = {about for claim in claims for about in facts.texts(claim, pg("about"))}
    for record in facts.subjects(pg("Record")):
        if facts.text(record, HAS_SOURCE) == source and facts.text(record, pg("recordOf")) in subjects:
            return record
    return ""


def _with_passages(facts: Facts) -> list[str]:
    found = [s for s, properties in facts.properties.items() if pg("evidence").value in properties]
    return sorted(found)


def check_claim(
    facts: Facts, claim: str, spans: Mapping[str, tuple[int, int]], sources: Mapping[str, SourceText]
) -> Iterator[Finding]:
    """Check what one claim says against its passages, which stand at `spans`."""
    passages, reference = [], ""
    for evidence in facts.texts(claim, pg("evidence")):
        source = facts.text(evidence, HAS_SOURCE)
        if evidence in spans and source in sources:
            start, end = spans[evidence]
            passages.append(sources[source].text[start:end])
            yield from _check_record(facts, claim, evidence, source, spans)
            reference = facts.text(source, term("dct:issued"))
        elif evidence not in facts.by_type.get(pg("Evidence").value, ()):
            yield _no_passage(claim, evidence)
    if passages:
        year = _YEAR.match(reference)
        yield from _check_values(facts, claim, passages, int(year.group()) if year else 0)


def _no_passage(claim: str, evidence: str) -> Finding:
    return Finding(
        "violation",
        "verify/no-passage",
        {"en": "the claim names a passage that does not exist", "nl": "de bewering noemt een passage die niet bestaat"},
        focus=claim,
        value=evidence,
        advice={
            "en": "correct the name, or describe the passage as a pg:Evidence",
            "nl": "verbeter de naam, of beschrijf de passage als pg:Evidence",
        },
    )


def _check_record(
    facts: Facts, claim: str, evidence: str, source: str, spans: Mapping[str, tuple[int, int]]
) -> Iterator[Finding]:
    extent = spans.get(_record_of_claims(facts, [claim], source))
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
    yield from _check_numbers(facts, claim, text)
    yield from _check_dates(facts, claim, text, year)
    for name, predicate in _PRINTED.items():
        for printed in facts.texts(claim, predicate):
            if normalise(printed).casefold() not in text.casefold():
                yield _underivable(claim, name, printed)


def _check_numbers(facts: Facts, claim: str, text: str) -> Iterator[Finding]:
    ends = facts.text(claim, pg("valueMax"))
    for name, upper in (("amount", ""), ("value", ends)):
        for value in facts.texts(claim, pg(name)):
            number, most = _decimal(value), _decimal(upper) if upper else None
            readable = number is not None and (most is not None or not upper)
            if not readable or number is None or not dutch.says_number(text, number, most, money=name == "amount"):
                yield _underivable(claim, f"pg:{name}", f"{value}–{upper}" if upper else value)
            else:
                yield from _check_certainty(facts, claim, text, number)


def _check_dates(facts: Facts, claim: str, text: str, year: int) -> Iterator[Finding]:
    for name, predicate in _DATES.items():
        for value in facts.texts(claim, predicate):
            if not dutch.says_date(text, value, year):
                yield _underivable(claim, name, value)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


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
            "nl": "neem het bestand uit data/sources.toml, of controleer de verschoven passages en werk het bij",
        },
    )


def _placed(finding: Finding, facts: Facts, dataset: Dataset) -> Finding:
    if finding.focus not in facts.places:
        return finding
    path, line = facts.places[finding.focus]
    shown = str(path.relative_to(dataset.root)) if path.is_relative_to(dataset.root) else str(path)
    return Finding(**{**vars(finding), "path": shown, "line": line})


def _is_edge(text: str, at: int) -> bool:
    """Tell whether a word begins or ends at a position."""
    return not (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum())


def _occurrences(text: str, words: str, low: int, high: int) -> Iterator[int]:
    at = text.find(words, low, high)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, high)
