"""JSON-LD with the short names of the data set's own context.

rdflib writes JSON-LD with a context too, but in another order each time, and pyoxigraph writes no short names.
Here the context is only used where it gives the triple back exactly (JSON-LD 1.1, section 4.2, and its API,
section 5.1, expansion); all else is written in full: IRIs of things always, a property for which no short name
fits, a value with a type of its own. Lists stay as their triples.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from pilotgraph.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, Triple

    from pilotgraph.publish.whole import Whole
    from pilotgraph.terms import Term

_STRING = PREFIXES["xsd"] + "string"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!//)")
_REFERENCE, _LANGUAGE, _PLAIN = "@id", "@language", ""


def write_jsonld(triples: Iterable[Triple], context: Mapping[str, Any]) -> bytes:
    """Write triples as JSON-LD, a line for each thing, in order.

    `context` is the content of a JSON-LD context with simple and expanded terms, as `ontology/context.jsonld` has it.
    """
    things: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        things[_identifier(triple.subject)].append(triple)
    names = _Names(context, _schemes(things.items()))
    return "".join(_document(names, [_lines(names.node(*thing) for thing in sorted(things.items()))])).encode()


def stream_jsonld(whole: Whole, context: Mapping[str, Any]) -> Iterator[str]:
    """Write a whole graph as JSON-LD, a line for each thing, in order of graph and thing.

    What is in the default graph stands at the top level.
    """
    graphs = whole.graphs()
    names = _Names(context, _schemes(chain([(graph, []) for graph in graphs], _things(whole, None))))
    return _document(names, (_block(names, graph, _things(whole, graph)) for graph in graphs))


def _things(whole: Whole, graph: str | None) -> Iterator[tuple[str, list[Quad]]]:
    for subject in sorted(whole.subjects(graph), key=_identifier):
        yield _identifier(subject), whole.about(subject, graph)


def _document(names: _Names, blocks: Iterable[Iterable[str]]) -> Iterator[str]:
    head = json.dumps(names.context, ensure_ascii=False, indent=1)
    yield f'{{"@context": {head},\n"@graph": [\n'
    for number, block in enumerate(blocks):
        yield ",\n" if number else ""
        yield from block
    yield "\n]}\n"


def _block(names: _Names, graph: str, things: Iterator[tuple[str, list[Quad]]]) -> Iterator[str]:
    """The things of a graph, within the graph if it has a name."""
    yield f'{{"@id": {_json(graph)}, "@graph": [\n' if graph else ""
    yield from _lines(names.node(*thing) for thing in things)
    yield "\n]}" if graph else ""


class _Names:
    """The short names of a context, and how a value must look to be written under one."""

    def __init__(self, context: Mapping[str, Any], schemes: set[str]) -> None:
        written = {key: self._expanded(value, context) for key, value in context.items()}
        # A prefix that is also the scheme of an IRI in the data ("geo:52,4") would change that IRI.
        self.context = {key: value for key, value in written.items() if key not in schemes and _is_kept(key)}
        self._short: dict[tuple[str, str], str] = {}
        for key, value in sorted(self.context.items()):
            definition = value if isinstance(value, dict) else {"@id": value}
            iri = definition.get("@id")
            how = definition.get("@container") or definition.get("@type", _PLAIN)
            if isinstance(iri, str) and isinstance(how, str) and set(definition) in _UNDERSTOOD:
                self._short.setdefault((iri, how), key)
        keys = {value: key for key, value in self.context.items() if isinstance(value, str)}
        self._id, self._type = keys.get("@id", "@id"), keys.get("@type", "@type")

    def node(self, thing: str, said: Sequence[Quad | Triple]) -> str:
        """One thing, with all that is said of it."""
        values: dict[str, list[Any]] = defaultdict(list)
        tagged: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in sorted(said, key=str):
            key, value = self._value(quad.predicate, quad.object)
            if isinstance(value, tuple):
                tagged[key][value[0]].append(value[1])
            else:
                values[key].append(value)
        whole: dict[str, Any] = {key: _one(found) for key, found in values.items()}
        whole |= {key: {tag: _one(found) for tag, found in by.items()} for key, by in tagged.items()}
        ordered = sorted(whole.items(), key=lambda item: (item[0] != self._type, item[0]))
        return _json({self._id: thing, **dict(ordered)})

    def _value(self, predicate: NamedNode, value: Term) -> tuple[str, Any]:
        """The key and the value for one triple; a text with its language comes as a pair."""
        iri = predicate.value
        if not isinstance(value, Literal):
            if predicate == RDF_TYPE and isinstance(value, NamedNode):
                return self._type, self._short.get((value.value, _PLAIN), value.value)
            short = self._short.get((iri, _REFERENCE))
            return (short, _identifier(value)) if short else (self._key(iri), {"@id": _identifier(value)})
        if value.language:
            short = self._short.get((iri, _LANGUAGE))
            written = {"@value": value.value, "@language": value.language}
            return (short, (value.language, value.value)) if short else (self._key(iri), written)
        datatype = value.datatype.value
        how = _PLAIN if datatype == _STRING else datatype
        if short := self._short.get((iri, how)):
            return short, value.value
        return self._key(iri), {"@value": value.value} | ({"@type": datatype} if how else {})

    def _key(self, iri: str) -> str:
        """The key for a value that says itself what it is."""
        return self._short.get((iri, _PLAIN), iri)

    def _expanded(self, value: Any, context: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """A definition with its IRIs in full, so that it does not depend on a prefix."""
        if isinstance(value, dict):
            return {
                key: self._expanded(part, context) if key in {"@id", "@type"} else part for key, part in value.items()
            }
        prefix, colon, local = value.partition(":") if isinstance(value, str) else ("", "", "")
        known = context.get(prefix)
        return known + local if colon and isinstance(known, str) and not local.startswith("//") else value


_UNDERSTOOD = ({"@id"}, {"@id", "@type"}, {"@id", "@container"})


def _is_kept(key: str) -> bool:
    """Tell whether an entry of a context may stay: a default language or base would change every value."""
    return not key.startswith("@") or key == "@version"


def _schemes(things: Iterable[tuple[str, Sequence[Quad | Triple]]]) -> set[str]:
    """The schemes of the IRIs that a reader of JSON-LD could take for a short name."""
    found = set()
    for thing, said in things:
        terms = [thing, *(quad.predicate.value for quad in said)]
        terms += [quad.object.value for quad in said if isinstance(quad.object, NamedNode)]
        terms += [quad.object.datatype.value for quad in said if isinstance(quad.object, Literal)]
        found |= {match[1] for iri in terms if (match := _SCHEME.match(iri))}
    return found


def _identifier(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _lines(parts: Iterable[str]) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield f",\n{part}" if number else part


def _one(values: list[Any]) -> Any:  # noqa: ANN401 - JSON
    return values[0] if len(values) == 1 else values


def _json(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, ensure_ascii=False)
