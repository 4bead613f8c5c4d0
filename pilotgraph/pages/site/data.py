"""What the graph holds of a thing: every property, and whether a rule derived it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import TYPE, p
from pilotgraph.pages.site.page import Text
from pilotgraph.rdf import read_text
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.pages.site.page import Sheet
    from pilotgraph.terms import Term

MOST_VALUES = 12
_TEMPLATE = re.compile(r"CONSTRUCT\s*\{(.*?)\}", re.DOTALL)
_CURIE = re.compile(r"\b([a-z]+):([A-Za-z]+)")
# Which properties a rule of several shortcuts writes stands in its VALUES block.
_LISTED = re.compile(r'\("[^"]*"\s+([a-z]+:[A-Za-z]+)\)')


def whole(sheet: Sheet, iri: str) -> dict[str, Any]:
    """Everything that the graph says of a thing, for the end of its page."""
    dataset = sheet.site.dataset
    cite = sheet.words["citation"].format(title=sheet.site.title(sheet.language), edition=dataset.edition, iri=iri)
    return {"iri": iri, "rows": rows(sheet, iri), "cite": cite}


def rows(sheet: Sheet, iri: str, leave_out: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The properties of a thing, each with its first values and its state if it is derived."""
    found = []
    for name, values in sorted(sheet.graph.out[iri].items() if iri in sheet.graph.out else ()):
        if name in leave_out:
            continue
        derived = all(sheet.graph.is_derived(iri, name, value) for value in values)
        found.append(
            {
                "name": Text(capital(sheet.term(name).text), sheet.href(name)),
                "values": [_value(sheet, name, value) for value in values[:MOST_VALUES]],
                "rest": sheet.words["and_more"].format(n=len(values) - MOST_VALUES)
                if len(values) > MOST_VALUES
                else "",
                "state": "derived" if derived else "",
                "rule": _rule(sheet, name) if derived else None,
            }
        )
    return found


def _value(sheet: Sheet, name: str, value: Term) -> Text:
    return sheet.term(value.value) if name == TYPE and hasattr(value, "value") else sheet.said(value)


def _rule(sheet: Sheet, predicate: str) -> Text:
    name = rule_of(tuple(sheet.site.dataset.rule_files())).get(predicate, "")
    return Text(name, sheet.here(f"def/index.html#rule-{name}") if name else "")


@lru_cache(maxsize=4)
def rule_of(paths: tuple[Path, ...]) -> dict[str, str]:
    """Tell for each property which rule file writes it."""
    found: dict[str, str] = {}
    for path in paths:
        text = read_text(path)
        template = _TEMPLATE.search(text)
        named = _CURIE.findall(template[1]) if template else []
        named += [tuple(curie.split(":")) for curie in _LISTED.findall(text)]
        for prefix, local in named:
            if prefix in PREFIXES:
                found.setdefault(p(f"{prefix}:{local}"), path.stem)
    return found
