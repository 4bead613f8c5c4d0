"""Random data and shapes graphs: every constraint component of SHACL Core, sh:sparql, and the known traps.

`case` draws from a `random.Random`, so that the long run (scripts/differential.py) can make case number N again
from N alone, and Hypothesis, whose `randoms()` it takes as well, can shrink what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

EX = "http://example.org/"
SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
TYPE = NamedNode(RDF + "type")
FIRST, REST, NIL = NamedNode(RDF + "first"), NamedNode(RDF + "rest"), NamedNode(RDF + "nil")
SUBCLASS = NamedNode(RDFS + "subClassOf")

NODES: list[Node] = [NamedNode(f"{EX}n{i}") for i in range(5)] + [BlankNode(f"b{i}") for i in range(3)]
CLASSES = [NamedNode(f"{EX}C{i}") for i in range(5)]
PREDICATES = [NamedNode(f"{EX}p{i}") for i in range(4)]
GRAPHS = [DefaultGraph(), NamedNode(EX + "g1"), NamedNode(EX + "g2")]

# Well-formed and ill-formed, in and out of order, at the edges of what two engines read alike.
FORMS = {
    "integer": ["1", "2", "3", "10", "-3", "0", "99999999999999999999", "x", "1.5", ""],
    "decimal": ["1.5", "-2.25", "3", "x"],
    "double": ["1.5", "-0.25", "x"],
    "float": ["1.5", "x"],
    "boolean": ["true", "false"],
    "date": ["2020-01-31", "2021-06-01", "2021-02-29", "2021-02-30", "2020-13-01", "last year", "2020"],
    "dateTime": ["2020-01-31T12:00:00", "2021-06-01T00:00:00", "2021-02-30T00:00:00", "2020-01-31T13:00:00+01:00"],
    "time": ["12:00:00", "25:00:00", "noon"],
    "gYear": ["2020", "2021", "20", "MMXX", "2020Z", "-0044"],
    "gYearMonth": ["2020-05", "2020-13"],
    "nonNegativeInteger": ["5", "-1", "x"],
    "byte": ["7", "300"],
    "anyURI": ["http://example.org/", "not a URI"],
    "duration": ["P1Y", "P1D", "1 day"],
    "token": ["a", "b"],
}
# What rdflib, and so pySHACL, writes in another way than it was given: see docs/validation-differences.md.
UNUSUAL_FORMS = {
    "integer": ["01", "+1", " 1"],
    "decimal": ["1.10", "+1.0", "1.0", "1e1"],
    "double": ["1.50e0", "1.5E0", "2", "NaN", "INF"],
    "float": ["-INF", "3"],
    "boolean": ["1", "0", "TRUE", "yes"],
    "dateTime": ["2020-01-31T12:00:00Z", "2020-01-31T12:00:00.000", "2020-01-31"],
    "date": ["2020-01-31Z", "2020-01-31+02:00"],
}
TEXTS = ["a", "b", "ab", "abc", "A", "", "é", "日本", "1", "2020-01-31", "a b", "a\nb", 'q"\\', "http://example.org/n0"]
LANGUAGES = ["en", "en-gb", "nl", "fr-be", "de"]
PATTERNS = ["^a", "b$", "^[a-z]+$", r"^\d{4}-\d\d-\d\d$", "a.b", "[0-9]", "^http", "^$", "n[0-2]", "é", r"^\S+$", "A|1"]
DATATYPES = [*(XSD + name for name in FORMS), XSD + "string", RDF + "langString", EX + "unit"]
SELECTS = [
    "SELECT $this ?value { $this <%(p)s> ?value . FILTER(isLiteral(?value)) }",
    # Without blank nodes: rdflib gives them a text (docs/validation-differences.md, text-of-blank-node).
    "SELECT $this { $this <%(p)s> ?x ; <%(q)s> ?y . FILTER(!isBlank(?x) && !isBlank(?y) && STR(?x) != STR(?y)) }",
    "SELECT $this ?path ?value { $this ?path ?value . FILTER(isIRI(?value) && ?path != <%(t)s>) }",
    "SELECT DISTINCT $this ?value { { $this <%(p)s> ?value } UNION { ?value <%(q)s> $this } }",
    "SELECT $this ?value { $this <%(p)s>/<%(q)s> ?value . FILTER NOT EXISTS { ?value a <%(c)s> } }",
    "SELECT $this ?value ?other { $this <%(p)s> ?value OPTIONAL { ?value <%(q)s> ?other } FILTER(!BOUND(?other)) }",
    "SELECT $this (?x AS ?value) WHERE { ?x <%(p)s> $this . FILTER(?x != $this) }",
    "SELECT $this { FILTER NOT EXISTS { $this <%(p)s> ?x FILTER(?x != $this) } }",
    "SELECT $this { { SELECT $this (COUNT(DISTINCT ?z) AS ?n) { $this <%(q)s> ?z } GROUP BY $this } FILTER(?n > 1) }",
    "SELECT $this { $this <%(p)s> ?a . { ?b <%(q)s> ?c . FILTER(?b = $this) } }",
]
PATH_SELECTS = [
    "SELECT $this ?value { $this $PATH ?value . FILTER(isBlank(?value)) }",
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER(STRLEN(STR(?value)) > 5 && isLiteral(?value)) }",
]


def sh(name: str) -> NamedNode:
    """A term of SHACL."""
    return NamedNode(SH + name)


@dataclass
class Case:
    """A data set and a shapes graph."""

    data: list[Quad] = field(default_factory=list)
    shapes: list[Triple] = field(default_factory=list)


def literal(random: Random, *, unusual: bool = False) -> Literal:
    """Any literal: plain, with a language, typed well, ill-typed, of a datatype that nobody knows."""
    kind = random.randint(0, 9)
    if kind <= 2:
        return Literal(random.choice(TEXTS))
    if kind <= 4:
        return Literal(random.choice(TEXTS[:6]), language=random.choice(LANGUAGES))
    if kind == 5:
        return Literal(random.choice(TEXTS), datatype=NamedNode(EX + "unit"))
    forms = UNUSUAL_FORMS if unusual and random.randint(0, 2) == 0 else FORMS
    name = random.choice([*forms, *(n for n in ("integer", "date", "decimal") if n in forms)])
    return Literal(random.choice(forms[name]), datatype=NamedNode(XSD + name))


def data(random: Random, *, unusual: bool = False) -> list[Quad]:
    """A small graph: a class tree (sometimes with a cycle), instances, values; sometimes in named graphs."""
    triples: list[Triple] = []
    for lower, upper in pairwise(CLASSES):
        if random.randint(0, 1):
            triples.append(Triple(lower, SUBCLASS, upper))
    if random.randint(0, 9) == 0:
        triples.append(Triple(CLASSES[-1], SUBCLASS, random.choice(CLASSES)))
    triples.extend(Triple(n, TYPE, random.choice(CLASSES)) for n in NODES for _ in range(random.choice([0, 1, 1, 2])))
    for _ in range(random.randint(0, 18)):
        value: Term = random.choice(NODES) if random.randint(0, 2) == 0 else literal(random, unusual=unusual)
        triples.append(Triple(random.choice(NODES), random.choice(PREDICATES), value))
    graphs = GRAPHS if random.randint(0, 3) == 0 else GRAPHS[:1]
    found: dict[Quad, None] = {}
    for triple in triples:
        for _ in range(random.choice([1, 1, 2])):
            found[Quad(triple.subject, triple.predicate, triple.object, random.choice(graphs))] = None
    return list(found)


class Shapes:
    """A shapes graph under construction. Shapes refer only to later ones: recursion is undefined in SHACL."""

    def __init__(self, random: Random, *, sparql: bool) -> None:
        self.random = random
        self.sparql = sparql
        self.triples: list[Triple] = []
        self.number = random.randint(1, 4)
        self._blanks = 0
        self._paths: dict[int, Node] = {}
        self.is_property = [random.randint(0, 2) == 0 for _ in range(self.number)]

    def add(self, subject: Node, predicate: str | NamedNode, value: Term) -> None:
        """Add a triple; `predicate` is a local name of SHACL or a whole IRI."""
        self.triples.append(Triple(subject, sh(predicate) if isinstance(predicate, str) else predicate, value))

    def blank(self) -> BlankNode:
        """A blank node that nobody has used."""
        self._blanks += 1
        return BlankNode(f"s{self._blanks}")

    def list(self, items: Sequence[Term]) -> Node:
        """An RDF list."""
        rest: Node = NIL
        for item in reversed(items):
            node = self.blank()
            self.add(node, FIRST, item)
            self.add(node, REST, rest)
            rest = node
        return rest

    def few(self, pool: Sequence[Term], most: int = 3) -> list[Term]:
        """Between one and `most` different members of a pool."""
        return self.random.sample(list(pool), self.random.randint(1, min(most, len(pool))))

    def path(self, depth: int = 0, *, inverted: bool = False) -> Node:
        """A property path of any kind, but no inverse of a sequence: pySHACL has that wrong."""
        kind = self.random.randint(0, 13)
        if inverted and kind in {8, 9}:
            kind = 7
        if kind <= 7 or depth == 2:
            return self.random.choice(PREDICATES) if kind else TYPE
        node = self.blank()
        if kind <= 9:
            return self.list([self.path(depth + 1, inverted=inverted) for _ in range(2)])
        if kind == 10:
            members = [self.path(depth + 1, inverted=inverted) for _ in range(2)]
            self.add(node, "alternativePath", self.list(members))
        else:
            names = {11: ["inversePath"], 12: ["zeroOrMorePath", "oneOrMorePath"], 13: ["zeroOrOnePath", "inversePath"]}
            name = self.random.choice(names[kind])
            self.add(node, name, self.path(depth + 1, inverted=inverted or name == "inversePath"))
        return node

    def build(self) -> list[Triple]:
        """Fill every shape; gives the graph."""
        for level in range(self.number):
            self.shape(self.name(level), level, is_property=self.is_property[level])
            if level == 0 or self.random.randint(0, 2) == 0:
                for _ in range(self.random.choice([1, 1, 2])):
                    self.target(self.name(level))
        return self.triples

    def name(self, level: int) -> NamedNode:
        """The IRI of a shape that is not nested."""
        return NamedNode(f"{EX}S{level}")

    def target(self, shape: Node) -> None:
        """Add one target of any kind."""
        kind = self.random.randint(0, 8)
        if kind <= 3:
            self.add(shape, "targetClass", self.random.choice(CLASSES))
        elif kind <= 5:
            self.add(shape, "targetNode", self.random.choice([*NODES[:5], NamedNode(EX + "absent"), Literal("a")]))
        elif kind == 6:
            self.add(shape, "targetSubjectsOf", self.random.choice(PREDICATES))
        elif kind == 7:
            self.add(shape, "targetObjectsOf", self.random.choice(PREDICATES))
        else:
            self.add(shape, TYPE, NamedNode(RDFS + "Class"))
            for class_ in self.random.sample(CLASSES, 1):
                self.add(shape, "targetClass", class_)

    def shape(self, node: Node, level: int, *, is_property: bool, depth: int = 0) -> None:
        """Fill one shape with a few constraints."""
        random = self.random
        self.add(node, TYPE, sh("PropertyShape" if is_property else "NodeShape"))
        if is_property:
            self.add(node, "path", self.path())
        if random.randint(0, 4) == 0:
            self.add(node, "severity", random.choice([sh("Warning"), sh("Info"), NamedNode(EX + "Severe")]))
        if random.randint(0, 3) == 0:
            for text in random.sample([Literal("no", language="en"), Literal("nee", language="nl"), Literal("x")], 2):
                self.add(node, "message", text)
        if random.randint(0, 19) == 0:
            self.add(
                node, "deactivated", Literal(random.choice(["true", "false"]), datatype=NamedNode(XSD + "boolean"))
            )
        choices = [*VALUE_COMPONENTS, *(PROPERTY_COMPONENTS if is_property else NODE_COMPONENTS)]
        if depth < 2:
            choices += [*SHAPE_COMPONENTS, *(QUALIFIED_COMPONENTS if is_property else PARENT_COMPONENTS)]
        if self.sparql and depth == 0:
            choices.append(sparql)
        for component in dict.fromkeys(random.sample(choices, random.choice([1, 1, 2, 2, 3]))):
            component(self, node, level, depth)

    def other(self, level: int, depth: int, *, node_shape: bool = False, property_shape: bool = False) -> Node:
        """A shape to refer to: a later one, or a new one in a blank node."""
        later = [
            self.name(i)
            for i in range(level + 1, self.number)
            if not (node_shape and self.is_property[i]) and not (property_shape and not self.is_property[i])
        ]
        if later and self.random.randint(0, 2) == 0:
            return self.random.choice(later)
        node = self.blank()
        is_property = property_shape or (not node_shape and self.random.randint(0, 3) == 0)
        self.shape(node, level, is_property=is_property, depth=depth + 1)
        return node


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def class_(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:class, once or twice."""
    for value in shapes.few(CLASSES, 2):
        shapes.add(node, "class", value)


def datatype(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:datatype."""
    shapes.add(node, "datatype", NamedNode(shapes.random.choice(DATATYPES)))


def node_kind(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:nodeKind."""
    kinds = ["IRI", "Literal", "BlankNode", "IRIOrLiteral", "BlankNodeOrIRI", "BlankNodeOrLiteral"]
    shapes.add(node, "nodeKind", sh(shapes.random.choice(kinds)))


def value_range(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """The four bounds."""
    name = shapes.random.choice(["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"])
    type_, form = shapes.random.choice(
        [("integer", "2"), ("decimal", "1.5"), ("double", "1.5"), ("date", "2020-12-31"), ("gYear", "2020"),
         ("dateTime", "2020-12-31T00:00:00"), ("integer", "0")]
    )  # fmt: skip
    shapes.add(node, name, Literal(form, datatype=NamedNode(XSD + type_)))


def length(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:minLength, sh:maxLength."""
    shapes.add(node, shapes.random.choice(["minLength", "maxLength"]), _integer(shapes.random.randint(0, 5)))


def pattern(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:pattern, sometimes two, with flags."""
    for text in shapes.random.sample(PATTERNS, shapes.random.choice([1, 1, 1, 2])):
        shapes.add(node, "pattern", Literal(text))
    if shapes.random.randint(0, 2) == 0:
        shapes.add(node, "flags", Literal(shapes.random.choice(["i", "m", "im", "s"])))


def language_in(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:languageIn."""
    shapes.add(node, "languageIn", shapes.list(shapes.few([Literal(x) for x in ("en", "EN", "nl", "en-GB", "*")])))


def in_(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:in."""
    values: list[Term] = [*NODES[:3], *CLASSES[:1], *(literal(shapes.random) for _ in range(3))]
    shapes.add(node, "in", shapes.list(shapes.few(dict.fromkeys(values), 4)))


def has_value(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:hasValue, once or twice."""
    values: list[Term] = [*NODES[:3], Literal("a"), literal(shapes.random), Literal("a", language="en")]
    for value in shapes.few(dict.fromkeys(values), 2):
        shapes.add(node, "hasValue", value)


def pair(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:equals, sh:disjoint."""
    for value in shapes.few(PREDICATES, 2):
        shapes.add(node, shapes.random.choice(["equals", "disjoint"]), value)


def less_than(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:lessThan, sh:lessThanOrEquals."""
    name = shapes.random.choice(["lessThan", "lessThanOrEquals"])
    shapes.add(node, name, shapes.random.choice(PREDICATES))


def count(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:minCount, sh:maxCount."""
    shapes.add(node, shapes.random.choice(["minCount", "maxCount"]), _integer(shapes.random.randint(0, 3)))


def unique_lang(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:uniqueLang."""
    value = Literal(shapes.random.choice(["true", "true", "false"]), datatype=NamedNode(XSD + "boolean"))
    shapes.add(node, "uniqueLang", value)


def closed(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """sh:closed with sh:ignoredProperties and a few property shapes."""
    shapes.add(
        node, "closed", Literal(shapes.random.choice(["true", "true", "false"]), datatype=NamedNode(XSD + "boolean"))
    )
    if shapes.random.randint(0, 1):
        shapes.add(node, "ignoredProperties", shapes.list(shapes.few([TYPE, *PREDICATES[:2]])))
    if shapes.random.randint(0, 1) and depth < 2:
        property_(shapes, node, level, depth)


def not_(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """sh:not, once or twice."""
    for _ in range(shapes.random.choice([1, 1, 2])):
        shapes.add(node, "not", shapes.other(level, depth))


def logical(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """sh:and, sh:or, sh:xone."""
    members = [shapes.other(level, depth) for _ in range(shapes.random.choice([1, 2, 2, 3]))]
    shapes.add(node, shapes.random.choice(["and", "or", "xone"]), shapes.list(members))


def node(shapes: Shapes, node_: Node, level: int, depth: int) -> None:
    """sh:node."""
    shapes.add(node_, "node", shapes.other(level, depth, node_shape=True))


def property_(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """sh:property, once or twice."""
    for _ in range(shapes.random.choice([1, 2])):
        shapes.add(node, "property", shapes.other(level, depth, property_shape=True))


def qualified(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """sh:qualifiedValueShape with a least, a most, or both."""
    shapes.add(node, "qualifiedValueShape", shapes.other(level, depth))
    least = shapes.random.randint(0, 2)
    names = shapes.random.choice(
        [["qualifiedMinCount"], ["qualifiedMaxCount"], ["qualifiedMinCount", "qualifiedMaxCount"]]
    )
    for name in names:
        shapes.add(node, name, _integer(least))
    if shapes.random.randint(0, 2) == 0:
        shapes.add(node, "qualifiedValueShapesDisjoint", Literal("true", datatype=NamedNode(XSD + "boolean")))


def siblings(shapes: Shapes, node: Node, level: int, depth: int) -> None:
    """Two qualified property shapes beside each other, disjoint: each counts what the other does not."""
    path = shapes.path()
    for _ in range(2):
        child = shapes.blank()
        shapes.add(node, "property", child)
        shapes.add(child, "path", path)
        shapes.add(child, "qualifiedValueShape", shapes.other(level, depth))
        shapes.add(
            child,
            shapes.random.choice(["qualifiedMinCount", "qualifiedMaxCount"]),
            _integer(shapes.random.randint(0, 2)),
        )
        shapes.add(child, "qualifiedValueShapesDisjoint", Literal("true", datatype=NamedNode(XSD + "boolean")))


def sparql(shapes: Shapes, node: Node, _level: int, _depth: int) -> None:
    """sh:sparql with a SELECT query."""
    constraint = shapes.blank()
    is_property = any(t.subject == node and t.predicate == sh("path") for t in shapes.triples)
    text = shapes.random.choice(PATH_SELECTS if is_property and shapes.random.randint(0, 1) else SELECTS)
    p, q = shapes.random.sample(PREDICATES, 2)
    text = text.replace("%(p)s", p.value).replace("%(q)s", q.value)
    text = text.replace("%(c)s", shapes.random.choice(CLASSES).value).replace("%(t)s", TYPE.value)
    shapes.add(node, "sparql", constraint)
    shapes.add(constraint, "select", Literal(text))
    if shapes.random.randint(0, 1):
        shapes.add(constraint, "message", Literal("{$this} has {?value}, says {?other}"))


Component: TypeAlias = "Callable[[Shapes, Node, int, int], None]"
VALUE_COMPONENTS: list[Component] = [
    class_, datatype, datatype, node_kind, value_range, value_range, length, pattern, language_in, in_, has_value, pair,
]  # fmt: skip
PROPERTY_COMPONENTS: list[Component] = [less_than, count, count, unique_lang]
NODE_COMPONENTS: list[Component] = [closed]
SHAPE_COMPONENTS: list[Component] = [not_, logical, logical, node, property_]
QUALIFIED_COMPONENTS: list[Component] = [qualified]
PARENT_COMPONENTS: list[Component] = [property_, property_, siblings]


def case(random: Random, *, unusual: bool = False, sparql: bool = True) -> Case:
    """One random case."""
    return Case(data(random, unusual=unusual), Shapes(random, sparql=sparql).build())


def cases(*, unusual: bool = False, sparql: bool = True) -> st.SearchStrategy[Case]:
    """Random cases for Hypothesis."""
    return st.randoms(use_true_random=False).map(lambda random: case(random, unusual=unusual, sparql=sparql))
