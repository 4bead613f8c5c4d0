"""Places that pilots share: the same one, one within the other, or both within a third."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.explain import facts as read
from pilotgraph.explain.common import grouped
from pilotgraph.explain.weights import NEAR, WITHIN
from pilotgraph.explain.words import date, say

if TYPE_CHECKING:
    from pilotgraph.explain.common import Context
    from pilotgraph.explain.model import Reason, Side
    from pilotgraph.explain.pilots import Shared


def place_reasons(shared: Shared, lying: dict[str, set[str]]) -> list[Reason]:
    """Find the places where all the pilots work; `lying` gives for each place those in which it lies.

    A place around another shared place is left out, for it is implied, unless further parts of it are shared.
    A place that lies in no other (a country) counts only where each pilot names it itself.
    """
    by_place = grouped(shared.facts, "place")
    own = {thing.iri: {p for p, group in by_place.items() if thing.iri in group} for thing in shared.context.things}
    around = {iri: places.union(*(lying.get(p, set()) for p in places)) for iri, places in own.items()}
    common = set.intersection(*around.values())
    reasons = []
    for place in sorted(common):
        inner = {other for other in common if place in lying.get(other, set())}
        parts = {iri: _within(place, places, lying, inner) for iri, places in own.items()}
        direct = [iri for iri, places in own.items() if place in places]
        everywhere = len(direct) == len(own)
        if (not lying.get(place) and not everywhere) or (inner and not _adds(place, own, parts)):
            continue
        if everywhere:
            parts = {iri: {place} for iri in own}
        reasons.append(_reason(shared, place, parts, len(direct), lying))
    return reasons


def _within(place: str, places: set[str], lying: dict[str, set[str]], inner: set[str]) -> set[str]:
    """The places of one pilot that are `place` or lie in it, but not in a narrower shared place."""
    inside = {p for p in places if p == place or place in lying.get(p, set())}
    return {p for p in inside if p not in inner and not (lying.get(p, set()) & inner)}


def _adds(place: str, own: dict[str, set[str]], parts: dict[str, set[str]]) -> bool:
    """Tell whether a place around a narrower shared one adds something: one names it, another works in other parts."""
    named = [iri for iri, places in own.items() if place in places]
    further = [iri for iri, places in parts.items() if places - {place}]
    return bool(named) and len(named) < len(own) and all(iri in named or iri in further for iri in own)


def _reason(shared: Shared, place: str, parts: dict[str, set[str]], direct: int, lying: dict[str, set[str]]) -> Reason:
    context = shared.context
    manner = {len(parts): "same", 0: "near"}.get(direct, "within")
    group = {
        iri: [f for f in shared.facts if f.link == "place" and f.thing == iri and f.value in places]
        for iri, places in parts.items()
    }
    said = {"two": context.two(), "place": _named(context, place, lying), "listed": _listed(context, place, parts)}
    sentence = context.say(f"place-{manner}", **said)
    factor: dict[str, float] = {"same": {}, "within": {"within": WITHIN}, "near": {"near": NEAR}}[manner]
    reason = shared.reason("place", place, sentence, group, factor)
    if manner != "same":
        reason.knowing = "derived"
    _add_periods(context, reason, place if manner == "same" else "")
    return reason


def _named(context: Context, place: str, lying: dict[str, set[str]]) -> str:
    """Name a place with those around it, narrowest first: "Hillesluis (Feijenoord, Rotterdam)"; not the country."""
    around = [p for p in lying.get(place, set()) if lying.get(p)]
    names = [context.label(p) for p in sorted(around, key=lambda p: (-len(lying[p]), p))]
    return f"{context.label(place)} ({', '.join(names)})" if names else context.label(place)


def _listed(context: Context, place: str, parts: dict[str, set[str]]) -> str:
    out = []
    for thing in context.things:
        inside = sorted(parts[thing.iri] - {place}, key=context.label)
        named = context.join(map(context.label, inside))
        if place in parts[thing.iri]:
            out.append(context.say("place-itself", name=thing.label, place=context.label(place)))
        elif len(parts) > 1 and any(place in places for places in parts.values()):
            lies = context.say("lies" if len(inside) == 1 else "lie")
            out.append(context.say("place-part", name=thing.label, places=named, lies=lies))
        else:
            out.append(context.say("place-at", name=thing.label, places=named))
    return context.join(out)


def _add_periods(context: Context, reason: Reason, place: str) -> None:
    """Say on each side when the pilot ran there, with the claims that say so, and whether that was at one time.

    The period of a part that is named after the place goes before that of the whole pilot.
    """
    if not place:
        return
    spans = []
    for thing, side in zip(context.things, reason.sides, strict=True):
        claim = _period(context, thing.iri, context.label(place))
        if not claim:
            continue
        start, end = (context.words.one(claim, name) for name in ("startDate", "endDate"))
        _tell(context, side, claim)
        spans.append((start, end))
    if len(spans) < len(context.things) or not all(start and end for start, end in spans):
        return
    first = max((start for start, _ in spans), key=lambda text: _padded(text, "01"))
    last = min((end for _, end in spans), key=lambda text: _padded(text, "31"))
    if _padded(first, "01") >= _padded(last, "31"):
        reason.sentence += " " + context.say("no_overlap")
    else:
        dates = {"start": date(first, context.language), "end": date(last, context.language)}
        reason.sentence += " " + context.say("overlap", **dates)


def _period(context: Context, pilot: str, place: str) -> str:
    claims = read.periods([pilot], context.reader).get(pilot, [])
    texts = read.read_words(claims, context.reader, context.language).texts if claims else {}
    context.words.texts.update(texts)
    whole = [claim for claim in claims if not context.words.one(claim, "part")]
    named = [claim for claim in claims if place.casefold() in context.words.one(claim, "part").casefold()]
    return next(iter(named or whole), "")


def _tell(context: Context, side: Side, claim: str) -> None:
    told = span(context.words, claim)
    if told:
        side.says.insert(0, told)
        side.claims.append(claim)


def span(words: read.Words, claim: str) -> str:
    """Write the period of a claim, as precisely as its source; empty if it gives no date."""
    start, end = (_end(words, claim, name) for name in ("start", "end"))
    part = words.one(claim, "part")
    if not start and not end:
        return ""
    key = "span" if start and end else "from" if start else "until"
    # The end of what is named as a moment ("evaluation finished") is that moment.
    told = end if part and not start else say(key, words.language, start=start, end=end)
    return f"{part}: {told}" if part else told


def _end(words: read.Words, claim: str, name: str) -> str:
    """Write the start or end of a period, with the source's own words for it where it gives a season or the like."""
    day, printed = words.one(claim, f"{name}Date"), words.one(claim, f"{name}Text")
    written = date(day, words.language) if day else ""
    return f"{written} (“{printed}”)" if printed and printed != written else written


def _padded(text: str, day: str) -> str:
    """Write a date, month or year as a full date, so that it can be compared.

    >>> _padded("2020-06", "01"), _padded("2020", "31")
    ('2020-06-01', '2020-12-31')
    """
    month = "01" if day == "01" else "12"
    return "-".join([*text.split("-"), *[month, day][len(text.split("-")) - 1 :]])
