"""Why two or more pilots are linked, and by what they are not."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from pilotgraph.explain import facts as read
from pilotgraph.explain.common import closest, grouped, kind_of_partner
from pilotgraph.explain.model import Absence, Fact, Reason
from pilotgraph.explain.places import place_reasons
from pilotgraph.explain.weights import ASSIGNED, FACTORS, OTHER_GROUP, information
from pilotgraph.explain.words import can_say, link_name
from pilotgraph.overview import count_pilots

if TYPE_CHECKING:
    from pilotgraph.explain.common import Context
    from pilotgraph.explain.model import Thing

# Under which dimensions the coverage of a pilot is kept, by type of link.
_DIMENSIONS = {
    "organisation": ("participants",),
    "kind": ("participants",),
    "place": ("location",),
    "page": ("web-link",),
    "theme": ("finding",),
    "target-group": ("direct-target-group", "indirect-target-group"),
    "passage": (),
}
_SHOWN = 3
_OTHER = frozenset({"relation", "place", "passage", "programme", "pilot", "role"})


@dataclass(frozen=True)
class Shared:
    """What the reasons of pilots are made from: their facts, and how many pilots have each value."""

    facts: list[Fact]
    holders: dict[str, int]
    population: int
    context: Context

    def reason(
        self,
        link: str,
        value: str,
        sentence: str,
        groups: dict[str, list[Fact]],
        parts: dict[str, float] | None = None,
    ) -> Reason:
        """Make a reason from the facts of each pilot; an editor's assignment on any side tempers it."""
        assigned = any(all(fact.assigned for fact in group) for group in groups.values())
        holders = self.holders.get(value, len(self.context.things))
        factors = {
            "information": information(holders, self.population),
            "link": FACTORS.get(link, 0.5),
            **(parts or {}),
            **({"assigned": ASSIGNED} if assigned else {}),
        }
        sides = [
            self.context.side(thing.label, groups[thing.iri]) for thing in self.context.things if thing.iri in groups
        ]
        knowing = "assigned" if assigned else "stated"
        return Reason(link, value, sentence, prod(factors.values()), holders, self.population, factors, knowing, sides)


def explain_pilots(context: Context, found: list[Fact]) -> tuple[list[Reason], list[Absence]]:
    """Find the reasons why pilots are linked, and the absent types of link.

    `found` holds the facts of the pilots (:func:`pilotgraph.explain.facts.read_facts`). Reasons are not
    sorted yet and have no passages yet.
    """
    places = {fact.value for fact in found if fact.link == "place"}
    lying = read.containers(places, context.reader)
    outer = {place for around in lying.values() for place in around}
    lying |= read.containers(outer, context.reader)
    context.words.texts.update(read.read_words(outer, context.reader, context.language).texts)
    values = {fact.value for fact in found} | outer
    shared = Shared(found, read.holders(values, context.reader), count_pilots(context.reader), context)
    reasons = [
        *_relations(shared),
        *_programmes(shared),
        *place_reasons(shared, lying),
        *_passages(shared),
        *_plain(shared),
    ]
    return reasons, _absences(shared, {reason.link for reason in reasons})


def _relations(shared: Shared) -> list[Reason]:
    """A relation that one of the pilots has to another of them."""
    context = shared.context
    iris = [thing.iri for thing in context.things]
    if len(iris) > 2:  # noqa: PLR2004 - a relation has two ends, and joins no third
        return []
    labels = {thing.iri: thing.label for thing in context.things}
    ties = [fact for fact in shared.facts if fact.link == "relation" and fact.value in iris]
    reasons = []
    for kind in sorted({fact.detail for fact in ties}):
        group = {iri: [f for f in ties if f.detail == kind and f.thing == iri] for iri in iris}
        group = {iri: found for iri, found in group.items() if found}
        first = next(iter(group.values()))[0]
        names = {"a": labels[first.thing], "b": labels[first.value]}
        key = f"relation-{kind}" if can_say(f"relation-{kind}", context.language) else "relation"
        sentence = context.say(key, kind=context.label(first.detail_iri), **names)
        sentence += " " + (context.say("both_say") if len(group) > 1 else context.say("one_says", **names))
        reasons.append(shared.reason("relation", f"{first.value}#{kind}", sentence, group))
    return reasons


def _programmes(shared: Shared) -> list[Reason]:
    """A programme that all are part of, or that some lead to and others are part of."""
    context, reasons = shared.context, []
    for value, group in _common(shared, "programme").items():
        kinds = {frozenset(fact.detail for fact in facts) for facts in group.values()}
        if kinds == {frozenset({"part-of"})}:
            sentence = context.say("programme", two=context.two(), label=context.label(value))
        else:
            listed = context.join(_tie(context, thing, group[thing.iri]) for thing in context.things)
            sentence = context.say("programme-other", two=context.two(), label=context.label(value), listed=listed)
        reasons.append(shared.reason("programme", value, sentence, group))
    return reasons


def _tie(context: Context, thing: Thing, facts: list[Fact]) -> str:
    """Say how one pilot is tied to a programme."""
    key = f"programme-{facts[0].detail}"
    kind = context.join(sorted({context.label(fact.detail_iri) for fact in facts if fact.detail_iri}))
    usable = can_say(key, context.language) and len({fact.detail for fact in facts}) == 1
    return context.say(key if usable else "programme-tie", name=thing.label, kind=kind)


def _passages(shared: Shared) -> list[Reason]:
    """Passages that carry claims about every one of the pilots."""
    context = shared.context
    iris = [thing.iri for thing in context.things]
    about = read.claims_about(iris, context.reader)
    by_thing = {iri: read.extents(about.get(iri, []), context.reader) if iri in about else [] for iri in iris}
    first, *others = (by_thing[iri] for iri in iris)
    meeting = [one for one in first if all(any(one.meets(two) for two in other) for other in others)]
    if not meeting:
        return []
    group = {iris[0]: [_as_fact(one, iris[0]) for one in meeting]}
    for iri, other in zip(iris[1:], others, strict=True):
        group[iri] = [_as_fact(two, iri) for two in other if any(one.meets(two) for one in meeting)]
    source = meeting[0].source
    sentence = context.say("passage", label=source.rsplit("/", 1)[-1], of=context.of())
    return [shared.reason("passage", source, sentence, group)]


def _as_fact(extent: read.Extent, thing: str) -> Fact:
    return Fact(thing, extent.claim, "passage", extent.source)


def _plain(shared: Shared) -> list[Reason]:
    """Everything that pilots share by naming the same value."""
    reasons = []
    for link in sorted({fact.link for fact in shared.facts} - _OTHER):
        for value, group in _common(shared, link).items():
            groups = [group[thing.iri] for thing in shared.context.things]
            parts: dict[str, float] = {}
            if link == "organisation":
                parts["roles"] = closest(groups)
            if link == "target-group" and _manner(groups) == "mixed":
                parts["other_group"] = OTHER_GROUP
            reasons.append(shared.reason(link, value, _sentence(shared, link, value, groups), group, parts))
    return reasons


def _common(shared: Shared, link: str) -> dict[str, dict[str, list[Fact]]]:
    """The values of one type that every pilot has."""
    found = grouped(shared.facts, link)
    return {value: group for value, group in found.items() if len(group) == len(shared.context.things)}


def _sentence(shared: Shared, link: str, value: str, groups: list[list[Fact]]) -> str:
    context = shared.context
    label = value if link == "page" else context.label(value)
    said = {"two": context.two(), "of": context.of(), "label": label}
    if link == "organisation":
        return context.say(kind_of_partner(groups), org=label, roles=_roles(context, groups), **said)
    if link == "kind":
        return context.say("kind", roles=_roles(context, groups), **said)
    if link == "target-group":
        manner = _manner(groups)
        listed = context.join(
            context.say("_".join(_dimensions(group)) + "_in", name=thing.label)
            for thing, group in zip(context.things, groups, strict=True)
        )
        return context.say(manner, listed=listed, **said)
    if can_say(link, context.language):
        return context.say(link, **said)
    return context.say("other", link=link_name(link, context.language), **said)


def _roles(context: Context, groups: list[list[Fact]]) -> str:
    listed = {context.roles(group) for group in groups}
    if len(listed) == 1:
        return context.say("role_in_each", roles=listed.pop())
    return context.join(
        context.say("role_in", roles=context.roles(group), pilot=thing.label)
        for thing, group in zip(context.things, groups, strict=True)
    )


def _dimensions(group: list[Fact]) -> list[str]:
    """The manners in which a pilot has a target group: direct, indirect or both."""
    return sorted({fact.detail.split("-", 1)[0] for fact in group})


def _manner(groups: list[list[Fact]]) -> str:
    """Tell whether every pilot has the group as direct target group, as indirect one, or in mixed ways."""
    common = set.intersection(*(set(_dimensions(group)) for group in groups))
    return min(common) if common else "mixed"


def _absences(shared: Shared, present: set[str]) -> list[Absence]:
    """Say which types of link are absent, what each pilot has instead, and of what its record says nothing."""
    context = shared.context
    iris = [thing.iri for thing in context.things]
    known = read.coverage(iris, context.reader)
    out = []
    for link in FACTORS:
        if link in present or link in {"pilot", "role"} or (link == "relation" and len(iris) > 2):  # noqa: PLR2004
            continue
        sentence, unknown = context.say(f"a-{link}", of=context.of()), []
        details = []
        if link != "passage":
            for thing in context.things:
                own = sorted({context.label(f.value) for f in shared.facts if f.link == link and f.thing == thing.iri})
                state = _state(known, thing.iri, _DIMENSIONS.get(link, (link,)))
                if own and link != "page":
                    details.append(context.say("has", name=thing.label, values=context.join(own, _SHOWN)))
                elif not own:
                    details.append(context.say(state, name=thing.label))
                    unknown += [thing.iri] if state == "not-stated" else []
        out.append(Absence(link, f"{sentence}{': ' if details else ''}{'; '.join(details)}.", tuple(unknown)))
    return out


def _state(known: dict[tuple[str, str], str], thing: str, dimensions: tuple[str, ...]) -> str:
    states = {known.get((thing, dimension), "") for dimension in dimensions}
    return next((state for state in ("not-applicable", "not-stated") if states == {state}), "none")
