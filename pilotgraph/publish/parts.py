"""Which triples stand in which RDF file, so that all files together are the graph: no more and no less."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, NamedNode, Triple

from pilotgraph.pages.site.addresses import rdf_stem
from pilotgraph.pages.site.graph import p
from pilotgraph.publish.dumps import context as jsonld_context
from pilotgraph.publish.jsonld import write_jsonld
from pilotgraph.terms import PG, plain
from pilotgraph.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pilotgraph.dataset import Dataset
    from pilotgraph.pages.site.graph import Graph
    from pilotgraph.store.base import Reader

TYPES = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples"}
# What a thing without a page belongs to, in the order of telling.
_BELONGS = tuple(map(p, ("pg:about", "pg:recordOf", "oa:hasSource")))
_FARTHEST = 4
_LOOSE = "doc/dataset"
_VOCABULARY = "doc/def/index"


class Parts:
    """The triples of a data set by the file in which they stand.

    Each thing with a page has a file of its own. A thing without one stands in the file of what it belongs to, else
    of what points to it; what belongs to nothing stands in `doc/def/index` (the ontology) or `doc/dataset`. Triples
    with blank nodes that hang together stay together, for a blank node is known within one file only.
    """

    def __init__(self, graph: Graph, reader: Reader, dataset: Dataset) -> None:
        self._graph = graph
        self._base = dataset.base
        self._context = jsonld_context(dataset)
        vocabulary = dataset.graph("ontology")
        self._terms: set[str] = set()
        loose: list[Triple] = []
        for quad in reader.quads():
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                loose.append(quad.triple)
            elif getattr(quad.graph_name, "value", "") == vocabulary:
                self._terms.add(plain(quad.subject))
        # By file: the things whose triples it holds, and triples with blank nodes.
        self.owned: dict[str, list[str]] = defaultdict(list)
        self._loose: dict[str, list[Triple]] = defaultdict(list)
        self._owners: dict[str, str] = {}
        for subject in sorted(subject for subject in graph.out if self._has_own(subject)):
            self.owned[self.owner(subject)].append(subject)
        self._place(loose)

    def _has_own(self, subject: str) -> bool:
        """Tell whether a thing has a triple without a blank node."""
        return any(not isinstance(value, BlankNode) for values in self._graph.out[subject].values() for value in values)

    def _own(self, subject: str) -> list[Triple]:
        """The triples of a thing, without those that name a blank node, in the order of N-Triples."""
        said = self._graph.out.get(subject, {})
        found = [
            Triple(NamedNode(subject), NamedNode(predicate), value)
            for predicate, values in said.items()
            for value in values
            if not isinstance(value, BlankNode)
        ]
        return sorted(found, key=str)

    def owner(self, subject: str) -> str:
        """The file in which the triples of a thing stand, without its extension."""
        if subject not in self._owners:
            self._owners[subject] = self._belongs(subject, _FARTHEST) or self._rest(subject)
        return self._owners[subject]

    def _belongs(self, subject: str, steps: int) -> str:
        if stem := rdf_stem(subject, self._base):
            return stem
        if not steps or not subject.startswith(f"{self._base}id/"):
            return ""
        targets = [target for name in _BELONGS if (target := self._graph.iri(subject, name))]
        users = self._graph.into[subject].values() if subject in self._graph.into else ()
        near = [*targets, *sorted(user for some in users for user in some)]
        return next((found for other in near if other != subject and (found := self._belongs(other, steps - 1))), "")

    def _rest(self, subject: str) -> str:
        if subject.startswith(f"{self._base}id/cube/"):
            return "doc/cube"
        return _VOCABULARY if subject in self._terms or subject.startswith(PG[:-1]) else _LOOSE

    def _place(self, loose: list[Triple]) -> None:
        """Put triples with blank nodes into the file of the thing with which they hang together."""
        leader: dict[str, str] = {}

        def find(node: str) -> str:
            while leader.setdefault(node, node) != node:
                node = leader[node]
            return node

        for triple in loose:
            nodes = [n.value for n in (triple.subject, triple.object) if isinstance(n, BlankNode)]
            for node in nodes[1:]:
                leader[find(node)] = find(nodes[0])
            find(nodes[0])
        groups: dict[str, list[Triple]] = defaultdict(list)
        for triple in loose:
            blank = triple.subject if isinstance(triple.subject, BlankNode) else triple.object
            groups[find(plain(blank))].append(triple)
        for triples in groups.values():
            named = sorted(t.subject.value for t in triples if isinstance(t.subject, NamedNode))
            stem = self.owner(named[0]) if named else _LOOSE
            self.owned.setdefault(stem, [])
            self._loose[stem] += sorted(set(triples), key=str)

    def triples(self, stem: str, subjects: Iterable[str] = ()) -> list[Triple]:
        """The triples of a file: its own, and a copy of those of `subjects`, of which the page tells as well."""
        found = dict.fromkeys(triple for subject in self.owned.get(stem, ()) for triple in self._own(subject))
        found |= dict.fromkeys(self._loose.get(stem, ()))
        for subject in subjects:
            found |= dict.fromkeys(self._own(subject))
        return list(found)

    def files(self, stem: str, subjects: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
        """A file in each form: Turtle, JSON-LD and N-Triples."""
        triples = self.triples(stem, subjects)
        yield f"{stem}.ttl", write_turtle(triples, self._base).encode()
        yield f"{stem}.jsonld", write_jsonld(triples, _used(self._context, triples))
        yield f"{stem}.nt", "".join(sorted(f"{triple} .\n" for triple in triples)).encode()


def _used(context: Mapping[str, Any], triples: Iterable[Triple]) -> dict[str, Any]:
    """That part of a context which some triples need: it would often be longer than they are."""
    names = {t.predicate.value for t in triples} | {t.object.value for t in triples if isinstance(t.object, NamedNode)}
    expanded = {}
    for key, value in context.items():
        said = value.get("@id", "") if isinstance(value, dict) else value
        prefix, colon, local = said.partition(":") if isinstance(said, str) else ("", "", "")
        whole = context.get(prefix)
        expanded[key] = f"{whole}{local}" if colon and isinstance(whole, str) else said
    kept = {key for key, iri in expanded.items() if key.startswith("@") or str(iri).startswith("@") or iri in names}
    kept |= {said.partition(":")[0] for key in kept for said in _iris(context[key])}
    return {key: value for key, value in context.items() if key in kept}


def _iris(definition: Any) -> list[str]:  # noqa: ANN401 - what a context may hold
    values = definition.values() if isinstance(definition, dict) else [definition]
    return [value for value in values if isinstance(value, str)]
