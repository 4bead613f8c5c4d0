"""An explanation as text, Markdown and JSON. The page stands in :mod:`pilotgraph.pages.explain`."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from pilotgraph.explain.words import join, link_name, number, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.explain.model import Explanation, Proof, Reason, Side

STRENGTHS = ("strong", "moderate", "weak")
_SHOWN = 3
_WIDTH = 100


def by_strength(explanation: Explanation) -> Iterator[tuple[str, list[tuple[int, Reason]]]]:
    """Give the reasons under their headings, numbered through; a chain and roles stand under none."""
    numbered = list(enumerate(explanation.reasons, 1))
    direct = [(n, reason) for n, reason in numbered if reason.link in {"chain", "role"}]
    if direct:
        yield "", direct
    for strength in STRENGTHS:
        found = [(n, r) for n, r in numbered if r.strength == strength and r.link not in {"chain", "role"}]
        if found:
            yield say(strength, explanation.language), found


def absent(explanation: Explanation) -> list[str]:
    """Say what is absent; types of link of which no record says anything make one sentence."""
    everyone = {thing.iri for thing in explanation.things}
    silent = [absence for absence in explanation.absences if set(absence.unknown) == everyone]
    said = [absence.sentence for absence in explanation.absences if absence not in silent]
    if silent:
        listed = join([link_name(absence.link, explanation.language) for absence in silent], explanation.language)
        key = "silent_2" if len(everyone) == 2 else "silent_n"  # noqa: PLR2004 - a pair
        said.append(say(key, explanation.language, listed=listed))
    return said


def measure(reason: Reason, language: str) -> str:
    """Say how much a reason weighs, how many share it, and how it is known."""
    said = []
    if reason.population:
        said.append(say("weight", language, w=number(reason.weight, language)))
        said.append(say(f"share_{reason.population_of}", language, k=reason.holders, n=reason.population))
    if reason.knowing != "stated":
        said.append(say(f"state_{reason.knowing}", language))
    return ", ".join(said)


def cite(proof: Proof, language: str) -> str:
    """Write a passage in one line: source, section, page, first and last words, and how it is known."""
    passage = proof.passage
    same = passage.starts_with == passage.ends_with
    words = passage.starts_with if same else f"{passage.starts_with} … {passage.ends_with}"
    page = say("page_short", language, page=passage.page) if passage.page else ""
    place = ", ".join(part for part in (passage.source, passage.section, page) if part)
    quoted = f"‘{words}’" if language == "nl" else f"“{words}”"
    state = "" if proof.knowing == "stated" else f" [{say(f'state_{proof.knowing}', language)}]"
    return f"{place}: {quoted}{state}"


def as_text(explanation: Explanation, *, links: bool = False) -> str:
    """Write an explanation for a terminal; with `links`, each passage's address in the public document."""
    language = explanation.language
    out = [*_wrap(explanation.headline), ""]
    for thing in explanation.things:
        out += _wrap(f"{thing.label} ({thing.kind}:{thing.slug})", "· ", "  ")
        out += [line for text in (thing.about, thing.when) if text for line in _wrap(text, "  ", "  ")]
    for heading, reasons in by_strength(explanation):
        out += ["", heading, "─" * len(heading)] if heading else [""]
        for place, reason in reasons:
            out += _wrap(reason.sentence, f"{place}. ", "   ")
            measured = measure(reason, language)
            out += [f"   ({measured})"] if measured else []
            out += [line for side in reason.sides for line in _text_side(side, language, links=links)]
    if explanation.absences:
        heading = say("absent", language)
        out += ["", heading, "─" * len(heading)]
        out += [line for sentence in absent(explanation) for line in _wrap(sentence, "– ", "  ")]
    out += ["", *(line for text in [*explanation.foot, explanation.data + "."] for line in _wrap(text))]
    return "\n".join(out) + "\n"


def _text_side(side: Side, language: str, *, links: bool) -> Iterator[str]:
    says = " · ".join(side.says)
    yield from _wrap(f"{side.name}{': ' if says else ''}{says}", "   ", "     ")
    for proof in side.proofs[:_SHOWN]:
        yield from _wrap(cite(proof, language), "     ↳ ", "       ")
        if links and proof.passage.link:
            yield f"       {proof.passage.link}"
    if len(side.proofs) > _SHOWN:
        more = len(side.proofs) - _SHOWN
        yield f"       {say('more_passages' if more > 1 else 'more_passages_1', language, n=more)}"


def _wrap(text: str, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )


def as_markdown(explanation: Explanation) -> str:
    """Write an explanation as Markdown, texts from the data escaped."""
    language = explanation.language
    out = [f"# {_escape(explanation.headline)}", ""]
    for thing in explanation.things:
        more = " ".join(_escape(text) for text in (thing.about, thing.when) if text)
        out.append(f"- **{_escape(thing.label)}** (`{thing.kind}:{thing.slug}`) {more}".rstrip())
    for heading, reasons in by_strength(explanation):
        out += ["", f"## {heading}", ""] if heading else [""]
        for place, reason in reasons:
            measured = measure(reason, language)
            out.append(f"{place}. {_escape(reason.sentence)}{f' *({measured})*' if measured else ''}")
            out += [line for side in reason.sides for line in _markdown_side(side, language)]
    if explanation.absences:
        out += ["", f"## {say('absent', language)}", ""]
        out += [f"- {_escape(sentence)}" for sentence in absent(explanation)]
    out += ["", f"## {say('method', language)}", "", *(_escape(text) for text in explanation.foot), ""]
    return "\n".join([*out, f"{_escape(explanation.data)}."]) + "\n"


def _markdown_side(side: Side, language: str) -> Iterator[str]:
    says = " · ".join(side.says)
    yield f"    - {_escape(side.name)}{': ' if says else ''}{_escape(says)}"
    for proof in side.proofs:
        link = f" ([{say('link', language)}](<{proof.passage.link}>))" if proof.passage.link else ""
        yield f"        - {_escape(cite(proof, language))}{link}"


def _escape(text: str) -> str:
    """Take the meaning from the marks of Markdown and HTML."""
    plain = " ".join(text.split()).replace("\\", "\\\\")
    for mark in "`*_[]|":
        plain = plain.replace(mark, "\\" + mark)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_json(explanation: Explanation) -> str:
    """Write an explanation as JSON: all that it holds, weights with their parts."""
    return json.dumps(document(explanation), ensure_ascii=False, indent=1) + "\n"


def document(explanation: Explanation) -> dict[str, Any]:
    """Give an explanation as plain values."""
    return {
        "things": [{**vars(thing), "slug": thing.slug} for thing in explanation.things],
        "language": explanation.language,
        "headline": explanation.headline,
        "reasons": [_reason(reason) for reason in explanation.reasons],
        "absent": [
            {"link": absence.link, "sentence": absence.sentence, "not_stated_by": list(absence.unknown)}
            for absence in explanation.absences
        ],
        "weighting": explanation.foot,
        "data": explanation.data,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    measured = {name: round(value, 6) for name, value in reason.parts.items()}
    sides = [
        {
            "name": side.name,
            "says": side.says,
            "claims": side.claims,
            "passages": [{**vars(proof.passage), "knowing": proof.knowing} for proof in side.proofs],
        }
        for side in reason.sides
    ]
    return {**vars(reason), "weight": round(reason.weight, 6), "parts": measured, "sides": sides}
