"""The messages of a result: those of the shape, or the default one that pySHACL makes.

The default is made by pySHACL itself, from its own constraint component on the same shapes graph, so that it is
the same to the letter. That costs the import of pySHACL, once, and only for shapes without sh:message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.shacl import model
from pilotgraph.shacl.quiet import quiet
from pilotgraph.terms import PREFIXES, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from pilotgraph.shacl.model import Constraint, Node, Shape, Value
    from pilotgraph.shacl.results import Description

COMPONENTS: dict[type, NamedNode] = {
    kind: term(f"sh:{name or kind.__name__}ConstraintComponent")
    for kind, name in (
        (model.Class, ""),
        (model.Datatype, ""),
        (model.NodeKind, ""),
        (model.MinCount, ""),
        (model.MaxCount, ""),
        (model.MinExclusive, ""),
        (model.MinInclusive, ""),
        (model.MaxExclusive, ""),
        (model.MaxInclusive, ""),
        (model.MinLength, ""),
        (model.MaxLength, ""),
        (model.Pattern, ""),
        (model.LanguageIn, ""),
        (model.UniqueLang, ""),
        (model.Equals, ""),
        (model.Disjoint, ""),
        (model.LessThan, ""),
        (model.LessThanOrEquals, ""),
        (model.Not, ""),
        (model.And, ""),
        (model.Or, ""),
        (model.Xone, ""),
        (model.NodeShape, "Node"),
        (model.Property, ""),
        (model.Closed, ""),
        (model.HasValue, ""),
        (model.In, ""),
        (model.Sparql, "SPARQL"),
    )
}
QUALIFIED_MIN, QUALIFIED_MAX = (term(f"sh:Qualified{end}CountConstraintComponent") for end in ("Min", "Max"))
# The first parameter of each component, by which pySHACL finds its class.
_PARAMETERS = {
    kind: "node" if kind is model.NodeShape else kind.__name__[0].lower() + kind.__name__[1:]
    for kind in (*COMPONENTS, model.QualifiedValueShape)
}
# A description is read no further than pySHACL writes it out.
_DEPTH = 12
_ANY = "urn:any"


class Messages:
    """Messages for the results of one shapes graph; `data` describes the blank nodes of the data."""

    def __init__(self, shapes: Iterable[Triple], data: Description) -> None:
        self._triples, self._data = list(shapes), data
        self._graph: Any = None
        self._empty: Any = None
        self._components: dict[tuple[Node, type], Any] = {}

    def of(self, shape: Shape, constraint: Constraint, focus: Value, value: Value | None) -> tuple[Value, ...]:
        """Give the shape's own messages, or the default one."""
        return shape.messages or self._default(shape, constraint, focus, value)

    def _default(self, shape: Shape, constraint: Constraint, focus: Value, value: Value | None) -> tuple[Value, ...]:
        with quiet():
            if self._graph is None:
                self._load()
            key = (shape.id, type(constraint))
            if key not in self._components:
                self._components[key] = self._component(*key)
            default = self._components[key]
            graph = self._about(focus, value)
            nodes = (None if node is None else to_rdflib(node) for node in (focus, value))
            made = default.make_generic_messages(graph, *nodes)
            if graph is not self._empty:
                _forget()
        return tuple(Literal(str(message)) for message in made)

    def _load(self) -> None:
        from pyshacl.shapes_graph import ShapesGraph  # noqa: PLC0415 - importing it takes half a second

        _forget()
        graph = _graph()
        for triple in self._triples:
            parts = (to_rdflib(part) for part in triple)
            graph.add(tuple(parts))
        self._graph = ShapesGraph(graph)
        self._empty = _graph()
        _ = self._graph.shapes

    def _component(self, shape: Node, kind: type) -> Any:  # noqa: ANN401 - pySHACL's component
        from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP  # noqa: PLC0415
        from rdflib import URIRef  # noqa: PLC0415

        known = self._graph.lookup_shape_from_node(to_rdflib(shape))
        return CONSTRAINT_PARAMETERS_MAP[URIRef(PREFIXES["sh"] + _PARAMETERS[kind])](known)

    def _about(self, *nodes: Value | None) -> Any:  # noqa: ANN401 - rdflib's graph
        """Give a graph that holds what the data say of blank nodes."""
        waiting = [node for node in nodes if isinstance(node, BlankNode)]
        if not waiting:
            return self._empty
        from rdflib import URIRef  # noqa: PLC0415

        graph = _graph()
        for node in waiting:
            # A node of which nothing is said is looked for as an object.
            graph.add((URIRef(_ANY), URIRef(_ANY), to_rdflib(node)))
        seen: set[BlankNode] = set()
        for _ in range(_DEPTH):
            following: list[BlankNode] = []
            for node in waiting:
                if node in seen:
                    continue
                seen.add(node)
                for predicate, value in self._data(node):
                    graph.add(tuple(to_rdflib(part) for part in (node, predicate, value)))
                    following += [value] if isinstance(value, BlankNode) else []
            waiting = following
        return graph


def _graph() -> Any:  # noqa: ANN401 - rdflib's graph
    """Make an empty graph, with the prefixes that pySHACL knows."""
    from pyshacl.rdfutil.load import load_from_source  # noqa: PLC0415

    return load_from_source(b"# nothing\n", rdf_format="nt", multigraph=True)


def _forget() -> None:
    """Empty pySHACL's memory of blank nodes, which it keeps by the address of a graph that may be gone."""
    from pyshacl.rdfutil.stringify import stringify_blank_node  # noqa: PLC0415

    stringify_blank_node.dict_cache.clear()


def to_rdflib(node: Any) -> Any:  # noqa: ANN401 - rdflib's nodes have no common type
    """Give a term to rdflib, as it would come from N-Triples, unchanged."""
    from rdflib import BNode, URIRef  # noqa: PLC0415
    from rdflib import Literal as RdflibLiteral  # noqa: PLC0415

    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, BlankNode):
        return BNode(node.value)
    plain = node.language or node.datatype.value == PREFIXES["xsd"] + "string"
    datatype = None if plain else URIRef(node.datatype.value)
    return RdflibLiteral(node.value, lang=node.language, datatype=datatype, normalize=False)


def component(kind: type) -> NamedNode:
    """Give the constraint component of a class of constraints."""
    return COMPONENTS[kind]
