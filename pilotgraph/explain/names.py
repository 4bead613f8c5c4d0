"""Which things a user means: by IRI, slug (`zsm`, `pilot:zsm`) or label, with near names for a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.errors import DatasetError
from pilotgraph.explain.model import ORGANISATION, PILOT
from pilotgraph.queries import did_you_mean, with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from pilotgraph.store.base import Reader

_KNOWN = """SELECT ?thing ?class ?label {
  ?thing a ?class . VALUES ?class { pg:Pilot pg:Organisation pg:Programme pg:OrganisationKind }
  OPTIONAL { ?thing skos:prefLabel|skos:altLabel ?label }
}"""
_KINDS = {
    "Pilot": PILOT,
    "Organisation": ORGANISATION,
    "Programme": "programme",
    "OrganisationKind": "organisation-kind",
}
_WHY_NOT = {
    "programme": "is a programme; explain takes pilots and organisations",
    "organisation-kind": "is a professional group, and a group in two pilots is not one actor; "
    "explain takes pilots and organisations",
}


def resolve(names: list[str], reader: Reader) -> tuple[list[tuple[str, str]], list[str]]:
    """Find the things that `names` mean.

    Returns pairs of IRI and kind (pilot or organisation), and notes on names that more than one thing has: a
    pilot goes first. Raises DatasetError for fewer than two names, for one that is unknown (with near names) or
    is no pilot or organisation, for two names of one thing, and for a mixture among three or more.
    """
    if len(names) < 2:  # noqa: PLR2004 - a link has two ends
        msg = "explain: give at least two names; a link has two ends"
        raise DatasetError(msg)
    known = _known(reader)
    notes: list[str] = []
    found = [_find(name, known, notes) for name in names]
    for number, thing in enumerate(found):
        if thing in found[:number]:
            first = names[found.index(thing)]
            msg = f"{first} and {names[number]}: are the same {thing[1]}; give two different ones"
            raise DatasetError(msg)
    kinds = {kind for _, kind in found}
    if len(found) > 2 and len(kinds) > 1:  # noqa: PLR2004
        listed = ", ".join(f"{name} ({kind})" for name, (_, kind) in zip(names, found, strict=True))
        msg = f"{listed}: three or more must be all pilots or all organisations; explain the mixed ones in pairs"
        raise DatasetError(msg)
    return found, notes


def _known(reader: Reader) -> dict[str, list[tuple[str, str]]]:
    """Everything that can be named, by IRI, `kind:slug`, slug and label in small letters."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in reader.select(with_prefixes(_KNOWN)):
        iri, kind = plain(row["thing"]), _KINDS[plain(row["class"]).rsplit("#", 1)[-1]]
        slug = iri.rsplit("/", 1)[-1]
        for name in (iri, slug, f"{kind}:{slug}", plain(row["label"])):
            if name:
                found.setdefault(name.casefold(), set()).add((iri, kind))
    order = [*_KINDS.values()]
    return {name: sorted(things, key=lambda thing: (order.index(thing[1]), thing[0])) for name, things in found.items()}


def _find(name: str, known: dict[str, list[tuple[str, str]]], notes: list[str]) -> tuple[str, str]:
    candidates = known.get(name.strip().casefold(), [])
    fitting = [thing for thing in candidates if thing[1] in {PILOT, ORGANISATION}]
    if not candidates:
        usable = {key: things for key, things in known.items() if things[0][1] not in _WHY_NOT}
        near = {key for key in usable if "/" not in key and ":" not in key}
        hint = did_you_mean(name.strip().casefold(), sorted(near)) or "; pilotgraph query pilots lists the pilots"
        msg = f"explain: no pilot or organisation {name!r}{hint}"
        raise DatasetError(msg)
    if not fitting:
        msg = f"explain: {name!r} {_WHY_NOT[candidates[0][1]]}"
        raise DatasetError(msg)
    same_kind = [thing for thing in fitting if thing[1] == fitting[0][1]]
    if len(same_kind) > 1:
        listed = " or ".join(thing[0].rsplit("/", 1)[-1] for thing in same_kind)
        msg = f"explain: {name!r} is the name of more than one {fitting[0][1]}; give {listed}"
        raise DatasetError(msg)
    notes.extend(
        f"{name!r} is read as the {fitting[0][1]}; for the {kind} write {kind}:{iri.rsplit('/', 1)[-1]}"
        for iri, kind in fitting[1:]
    )
    return fitting[0]
