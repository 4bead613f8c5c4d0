"""Why two or more organisations are linked; what one has to do with a pilot; and the chain between what is not."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from pilotgraph.explain import facts as read
from pilotgraph.explain.common import closest, grouped
from pilotgraph.explain.model import ORGANISATION, PILOT, Absence, Fact, Reason
from pilotgraph.explain.weights import BY_PROGRAMME, FACTORS, TOGETHER, information, role_factor
from pilotgraph.overview import count_pilots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.explain.common import Context

_SHOWN = 3


def explain_organisations(context: Context, found: list[Fact]) -> tuple[list[Reason], list[Absence]]:
    """Find the pilots and programmes that organisations share, and the absent types of link.

    `found` holds the participations (:func:`pilotgraph.explain.facts.read_participations`).
    """
    population = read.count_organisations(context.reader)
    reasons = _shared_pilots(context, found, population) + _shared_kinds(context, population)
    absences = _absences(context, found, {reason.link for reason in reasons})
    if len(context.things) == 2 and not any(reason.link in {"pilot", "programme"} for reason in reasons):  # noqa: PLR2004
        reasons = [*chain(context), *reasons]
    return reasons, absences


def _shared_pilots(context: Context, found: list[Fact], population: int) -> list[Reason]:
    members = read.members({fact.value for fact in found}, context.reader)
    where = _by_claim(read.extents({fact.claim for fact in found}, context.reader))
    reasons = []
    for link in ("pilot", "programme"):
        for value, group in grouped(found, link).items():
            if len(group) < len(context.things):
                continue
            groups = [group[thing.iri] for thing in context.things]
            together = _together(groups, where)
            factors = {
                "information": information(members.get(value, len(groups)), population),
                "link": FACTORS["pilot"],
                "roles": closest(groups),
                **({"programme": BY_PROGRAMME} if link == "programme" else {}),
                **({"together": TOGETHER} if together else {}),
            }
            sentence = context.say(
                f"o-{link}{'-together' if together else ''}",
                two=context.two(),
                label=context.label(value),
                roles=_roles(context, groups),
                them=context.say("them_2" if len(groups) == 2 else "them_n"),  # noqa: PLR2004
            )
            sides = [context.side(t.label, facts) for t, facts in zip(context.things, groups, strict=True)]
            held = members.get(value, len(groups))
            reasons.append(
                Reason(
                    link,
                    value,
                    sentence,
                    prod(factors.values()),
                    held,
                    population,
                    factors,
                    "stated",
                    sides,
                    population_of="organisations",
                )
            )
    return reasons


def _shared_kinds(context: Context, population: int) -> list[Reason]:
    """Kinds of organisation that all are of: so says the register, and no passage."""
    kinds = read.classifications([thing.iri for thing in context.things], context.reader)
    common = set.intersection(*(kinds.get(thing.iri, set()) for thing in context.things))
    context.words.texts.update(read.read_words(common, context.reader, context.language).texts)
    reasons = []
    for kind, held in sorted(read.count_classified(common, context.reader).items()):
        factors = {"information": information(held, population), "link": FACTORS["kind"]}
        sentence = context.say("o-kind", two=context.two(), label=context.label(kind))
        reasons.append(
            Reason(
                "kind",
                kind,
                sentence,
                prod(factors.values()),
                held,
                population,
                factors,
                "assigned",
                [],
                population_of="organisations",
            )
        )
    return reasons


def _roles(context: Context, groups: list[list[Fact]]) -> str:
    return context.join(
        f"{thing.label} ({context.roles(group)})" for thing, group in zip(context.things, groups, strict=True)
    )


def _by_claim(extents: Iterable[read.Extent]) -> dict[str, list[read.Extent]]:
    found: dict[str, list[read.Extent]] = {}
    for extent in extents:
        found.setdefault(extent.claim, []).append(extent)
    return found


def _together(groups: list[list[Fact]], where: dict[str, list[read.Extent]]) -> bool:
    """Tell whether one passage carries a claim of every organisation."""
    first, *others = ([extent for fact in group for extent in where.get(fact.claim, [])] for group in groups)
    return any(all(any(one.meets(two) for two in other) for other in others) for one in first)


def _absences(context: Context, found: list[Fact], present: set[str]) -> list[Absence]:
    out = []
    for link, key in (("pilot", "a-pilot"), ("programme", "a-o-programme"), ("kind", "a-o-kind")):
        if link in present:
            continue
        details = []
        for thing in context.things:
            own = sorted({context.label(fact.value) for fact in found if fact.link == link and fact.thing == thing.iri})
            if own:
                details.append(context.say("has", name=thing.label, values=context.join(own, _SHOWN)))
            elif link != "kind":
                details.append(context.say("none", name=thing.label))
        out.append(Absence(link, f"{context.say(key, of=context.of())}{': ' if details else ''}{'; '.join(details)}."))
    return out


def explain_role(context: Context, found: list[Fact]) -> tuple[list[Reason], list[Absence]]:
    """Tell which roles the one organisation of a pair has in the one pilot, or the shortest chain between them."""
    pilot = next(thing for thing in context.things if thing.kind == PILOT)
    organisation = next(thing for thing in context.things if thing.kind == ORGANISATION)
    roles: dict[str, list[Fact]] = {}
    for fact in found:
        if fact.value == pilot.iri:
            roles.setdefault(fact.detail_iri, []).append(fact)
    population = count_pilots(context.reader)
    held = len({fact.value for fact in found if fact.link == "pilot"})
    reasons = []
    for role, facts in sorted(roles.items()):
        slug = facts[0].detail
        parts = {
            "information": information(held, population),
            "link": FACTORS["role"],
            "roles": role_factor({slug} if slug else set()),
        }
        key = "role-consulted" if slug == "consulted" else "role"
        label = context.label(role) if role else context.say("unnamed_role")
        sentence = context.say(key, org=organisation.label, role=label, pilot=pilot.label)
        side = context.side(pilot.label, facts)
        reasons.append(Reason("role", role, sentence, prod(parts.values()), held, population, parts, "stated", [side]))
    if reasons:
        return reasons, []
    known = read.coverage([pilot.iri], context.reader).get((pilot.iri, "participants"), "")
    sentence = context.say("a-role", pilot=pilot.label, org=organisation.label)
    silent = known in {"not-stated", "not-applicable"}
    if silent:
        sentence += "; " + context.say(known, name=pilot.label)
    return chain(context), [Absence("role", sentence + ".", (pilot.iri,) if known == "not-stated" else ())]


@dataclass(frozen=True, order=True)
class _Way:
    """A way through the network: as few steps as can be, then over the least connected things, then by name."""

    steps: int
    bustle: float
    nodes: tuple[str, ...]


def chain(context: Context) -> list[Reason]:
    """Give the shortest chain of roles and relations between two things, as one reason; none if there is no way.

    Professional groups are no links of a chain, for a group in two pilots is not one actor. Among chains of
    one length the one over the least connected things wins.
    """
    ties = read.edges(context.reader)
    way = _shortest(ties, context.things[0].iri, context.things[1].iri)
    if not way:
        return []
    context.words.texts.update(_texts(context, way, ties))
    sides = []
    for one, two in pairwise(way):
        facts = [tie for tie in ties if {tie.thing, tie.value} == {one, two}]
        sides.append(context.side(_hop(context, facts), facts))
    sentence = context.say("chain", steps=len(sides), way=" – ".join(map(context.label, way)))
    return [Reason("chain", " ".join(way), sentence, 0.0, 0, 0, {}, "derived", sides)]


def _texts(context: Context, way: tuple[str, ...], ties: list[Fact]) -> dict[tuple[str, str], dict[str, list[str]]]:
    on_it = [tie for tie in ties if tie.thing in way and tie.value in way]
    iris = {*way, *(tie.claim for tie in on_it), *(tie.detail_iri for tie in on_it if tie.detail_iri)}
    return read.read_words(iris, context.reader, context.language).texts


def _hop(context: Context, facts: list[Fact]) -> str:
    first = facts[0]
    if first.link == "organisation":
        roles = context.roles(facts)
        return context.say("hop", org=context.label(first.value), pilot=context.label(first.thing), roles=roles)
    kind = context.label(first.detail_iri) if first.detail_iri else "–"
    return context.say("hop-relation", a=context.label(first.thing), kind=kind, b=context.label(first.value))


def _shortest(ties: list[Fact], start: str, goal: str) -> tuple[str, ...]:
    neighbours: dict[str, set[str]] = {}
    for tie in ties:
        neighbours.setdefault(tie.thing, set()).add(tie.value)
        neighbours.setdefault(tie.value, set()).add(tie.thing)
    queue, done = [_Way(0, 0.0, (start,))], set[str]()
    while queue:
        way = heapq.heappop(queue)
        here = way.nodes[-1]
        if here == goal:
            return way.nodes
        if here in done:
            continue
        done.add(here)
        for there in sorted(neighbours.get(here, set()) - done):
            bustle = 0.0 if there == goal else math.log2(len(neighbours[there]))
            heapq.heappush(queue, _Way(way.steps + 1, round(way.bustle + bustle, 6), (*way.nodes, there)))
    return ()
