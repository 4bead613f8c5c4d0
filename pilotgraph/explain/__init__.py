"""Why two things are linked: ranked reasons, each with its passages, and the types of link that are absent.

Pilots are linked by what their claims share: an organisation (in which roles), a goal, a place, a programme, a
direct relation and so on; organisations by the pilots and programmes in which they have a role; a pilot and an
organisation by a role, or else by the shortest chain. For three or more it is told what all of them share.

The weight of a reason is the information content of what is shared, −log2(holders ÷ population), times a factor
for the type of link and for what tempers or strengthens it: the rarer and the closer, the heavier. All factors
stand in :mod:`pilotgraph.explain.weights` and in `docs/commands/explain.md`, and each output ends with them.

    explanation = explain(dataset, reader, ["rotterdam-zuid", "wijkrechtspraak-op-zuid"], "en")
    explanation.reasons[0].sentence

Everything is read through a Reader, so a remote endpoint serves as well. The same graph gives the same bytes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pilotgraph import answers
from pilotgraph.explain import facts as read
from pilotgraph.explain.common import Context
from pilotgraph.explain.model import ORGANISATION, PILOT, Explanation, Fact, Proof, Reason, Thing
from pilotgraph.explain.names import resolve
from pilotgraph.explain.organisations import explain_organisations, explain_role
from pilotgraph.explain.pilots import explain_pilots
from pilotgraph.explain.places import span
from pilotgraph.explain.weights import (
    ASSIGNED,
    DISTANT,
    FACTORS,
    MODERATE,
    MONEY,
    NEAR,
    OTHER_GROUP,
    STRONG,
    TOGETHER,
    WITHIN,
    strength,
)
from pilotgraph.explain.words import can_say, join, link_name, say
from pilotgraph.overview import count_pilots

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

__all__ = ["Explanation", "Reason", "explain"]

_HEADLINE_LINKS = 3


def explain(dataset: Dataset, reader: Reader, names: list[str], language: str = "en") -> Explanation:
    """Explain why the things that `names` mean are linked.

    `names` are slugs, IRIs or labels of pilots or organisations (:func:`pilotgraph.explain.names.resolve` tells
    which errors that can give, all of them DatasetError). `language` is en or nl.
    """
    found, notes = resolve(names, reader)
    iris = [iri for iri, _ in found]
    kinds = {kind for _, kind in found}
    organisations = [iri for iri, kind in found if kind == ORGANISATION]
    only_pilots = kinds == {PILOT}
    facts = read.read_facts(iris, reader) if only_pilots else read.read_participations(organisations, reader)
    words = read.read_words(
        {*iris, *(x for fact in facts for x in (fact.claim, fact.value, fact.detail_iri) if x)}, reader, language
    )
    things = [_thing(iri, kind, words, facts, reader) for iri, kind in found]
    context = Context(things, reader, language, words)
    explainer = explain_role if len(kinds) > 1 else explain_pilots if only_pilots else explain_organisations
    reasons, absences = explainer(context, facts)
    _prove(reasons, facts, reader, language)
    ranked = _rank(reasons)
    title = dataset.title.get(language, "")
    data = f"{title}, {'editie' if language == 'nl' else 'edition'} {dataset.edition}"
    return Explanation(things, language, _headline(context, ranked), ranked, absences, _foot(language), notes, data)


def _thing(iri: str, kind: str, words: read.Words, facts: list[Fact], reader: Reader) -> Thing:
    if kind == PILOT:
        return Thing(iri, kind, words.label(iri), words.one(iri, "description"), _when(iri, words, reader))
    pilots = {fact.value for fact in facts if fact.thing == iri and fact.link == "pilot"}
    numbers = say("in_pilots", words.language, n=len(pilots), of=count_pilots(reader))
    return Thing(iri, kind, words.label(iri), words.one(iri, "description"), numbers)


def _when(iri: str, words: read.Words, reader: Reader) -> str:
    """Tell when a pilot ran: as a whole if that is stated, else part by part."""
    claims = read.periods([iri], reader).get(iri, [])
    words.texts.update(read.read_words(claims, reader, words.language).texts)
    whole = [claim for claim in claims if not words.one(claim, "part")]
    ordered = sorted(whole or claims, key=lambda c: (words.one(c, "startDate") or words.one(c, "endDate"), c))
    return "; ".join(dict.fromkeys(said for claim in ordered if (said := span(words, claim))))


def _prove(reasons: list[Reason], facts: list[Fact], reader: Reader, language: str) -> None:
    """Look up the passages of every reason, and settle its state of knowing."""
    claims = sorted({claim for reason in reasons for side in reason.sides for claim in side.claims})
    table = answers.Table(["claim"], [[None] for _ in claims], [[claim] for claim in claims])
    answers.add_evidence(table, reader, language)
    passages = dict(zip(claims, table.passages, strict=True))
    clashing = read.clashing(claims, reader)
    words = read.read_words({clash for joined in clashing.values() for clash in joined}, reader, language)
    assigned = {fact.claim for fact in facts if fact.assigned}
    for reason in reasons:
        for side in reason.sides:
            for claim in side.claims:
                state = "contradicted" if claim in clashing else "assigned" if claim in assigned else "stated"
                known = {replace(proof.passage, claim="", knowing="") for proof in side.proofs}
                fresh = [p for p in passages[claim] if replace(p, claim="", knowing="") not in known]
                side.proofs += [Proof(p, state) for p in fresh]
            clashes = {clash for claim in side.claims for clash in clashing.get(claim, ())}
            side.says += [say("clash", language, text=words.one(c, "explanation")) for c in sorted(clashes)]
        carried = {proof.knowing for side in reason.sides for proof in side.proofs}
        if reason.knowing != "derived" and "contradicted" in carried:
            reason.knowing = "contradicted"
        reason.strength = strength(reason.weight)


def _rank(reasons: list[Reason]) -> list[Reason]:
    """Sort: the heaviest first, then in the order of the link types, then by what is shared."""
    order = {link: place for place, link in enumerate(FACTORS)}
    return sorted(
        reasons, key=lambda r: (r.link != "chain", -round(r.weight, 9), order.get(r.link, len(order)), r.value)
    )


def _headline(context: Context, reasons: list[Reason]) -> str:
    names = context.names()
    if len({thing.kind for thing in context.things}) > 1:
        if reasons and reasons[0].link == "role":
            return context.say("head_role", names=names)
        return context.say("head_chain" if reasons else "head_no_chain", names=names)
    if reasons and reasons[0].link == "chain":
        return context.say("head_chain", names=names)
    if not reasons:
        return context.say("head_none", names=names)
    top = reasons[0].strength
    loose = top == "moderate" and sum(r.weight for r in reasons if r.strength == top) < STRONG
    labels: dict[str, list[str]] = {}
    for reason in reasons:
        if reason.strength == top:
            labels.setdefault(reason.link, []).append(context.label(reason.value))
    links = [_in_headline(context, link, found) for link, found in list(labels.items())[:_HEADLINE_LINKS]]
    return context.say("head_loose" if loose else f"head_{top}", names=names, links=join(links, context.language))


def _in_headline(context: Context, link: str, labels: list[str]) -> str:
    key = f"l-{link}"
    return context.say(key if can_say(key, context.language) else "l", label=", ".join(labels[:_HEADLINE_LINKS]))


def _foot(language: str) -> list[str]:
    def plain(value: float) -> str:
        text = f"{value:g}"
        return text.replace(".", ",") if language == "nl" else text

    factors = "; ".join(f"{link_name(link, language)} {plain(factor)}" for link, factor in FACTORS.items())
    named = {
        "money": MONEY,
        "distant": DISTANT,
        "assigned": ASSIGNED,
        "within": WITHIN,
        "near": NEAR,
        "other": OTHER_GROUP,
        "together": TOGETHER,
        "strong": STRONG,
        "moderate": MODERATE,
    }
    values = {name: plain(value) for name, value in named.items()} | {"factors": factors}
    return [say(f"foot_{n}", language, **values) for n in range(1, 5)]
