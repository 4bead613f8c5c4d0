"""Which rules a set of queries needs: those that can derive a triple that a pattern of theirs can match.

Told from the texts alone, with two questions to the data. A triple that a rule makes matches a pattern if predicate and
constants agree, and if each variable of the pattern can stand for the node in the triple: a node that the rule names
itself has no other triples than the rule gives it, and a node that has a class in the rule must be able to have the
one in the query too. What cannot be told counts as needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pilotgraph.proof import syntax
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_NAMES_ITSELF = re.compile(r"\s*[IU]RI\s*\(", re.IGNORECASE)
_TYPE = f"<{PREFIXES['rdf']}type>"
# What VALUES lists for a variable.
_Listed = dict[str, tuple[str, ...]]


class _Triple(NamedTuple):
    """Terms as `<iri>`, `?variable` or a literal; an empty one stands for anything."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True)
class _Edge:
    """What a pattern can match: any of some triples. Only a firm one says that there is a triple."""

    ways: tuple[_Triple, ...]
    firm: bool = True

    def touches(self, variable: str) -> bool:
        return self.firm and all(variable in (way.subject, way.object) for way in self.ways)


@dataclass(frozen=True)
class _Scope:
    """The patterns of one group, and all that hold with them."""

    own: tuple[_Edge, ...]
    all: tuple[_Edge, ...]

    def around(self, variable: str) -> list[_Edge]:
        return [edge for edge in self.all if edge.touches(variable)]

    def classes(self, variable: str) -> set[str]:
        return {
            edge.ways[0].object
            for edge in self.around(variable)
            if len(edge.ways) == 1 and edge.ways[0][:2] == (variable, _TYPE) and edge.ways[0].object.startswith("<")
        }


@dataclass
class _Rule:
    """A rule: what it makes, which of the nodes it names itself, and the scopes of its pattern."""

    head: list[_Triple]
    scopes: list[_Scope]
    named: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> _Rule:
        query = syntax.parse(text)
        reading = _Reading(query)
        listed = reading.listed(query.select.where)
        head = [way for pattern in query.template for edge in reading.edges(pattern, listed) for way in edge.ways]
        if not head:
            raise syntax.CannotTellError(query.form)
        typed = {made.subject for made in head if made.predicate == _TYPE}
        bound = {
            element.variable
            for element in query.select.where.elements
            if isinstance(element, syntax.Bind) and _NAMES_ITSELF.match(element.expression.text)
        }
        return cls(head, reading.scopes, typed & bound)

    def classes(self, node: str) -> set[str]:
        """The classes of a node that the rule finds, by its pattern."""
        return set().union(*(scope.classes(node) for scope in self.scopes[:1]))

    def made_of(self, node: str) -> set[str]:
        """The classes that the rule gives a node."""
        return {made.object for made in self.head if made.subject == node and made.predicate == _TYPE}


def needed(rules: Sequence[str], queries: Iterable[str], both: Callable[[str, str], bool]) -> list[bool]:
    """Tell of each rule whether it is needed to answer queries, directly or for another rule.

    Rules and queries are texts that the engine accepts; `both(a, b)` tells whether, among the data that no rule made,
    something is of two classes (IRIs in angle brackets).
    """
    try:
        known = [_Rule.of(text) for text in rules]
        asked = [scope for text in queries for scope in _Reading(syntax.parse(text)).scopes]
    except syntax.CannotTellError:
        return [True] * len(rules)
    for rule in known:
        rule.named = {node for node in rule.named if not any(both(one, one) for one in rule.made_of(node))}
    telling = _Telling(known, both)
    for rule in known:
        # What another rule finds among the nodes, it may say something about.
        if any(telling.reads(other.scopes, rule) for other in known if other is not rule):
            rule.named = set()
    wanted = [telling.reads(asked, rule) for rule in known]
    while more := [
        place
        for place, rule in enumerate(known)
        if not wanted[place]
        and any(telling.reads(other.scopes, rule) for other, is_wanted in zip(known, wanted, strict=True) if is_wanted)
    ]:
        for place in more:
            wanted[place] = True
    return wanted


class _Telling:
    """Whether patterns can match what a rule makes."""

    def __init__(self, rules: list[_Rule], both: Callable[[str, str], bool]) -> None:
        self._rules, self._both = rules, both

    def reads(self, scopes: list[_Scope], rule: _Rule) -> bool:
        return any(
            _alike(way, made)
            and self._can_be(way.subject, made.subject, scope, rule)
            # An object that the rule found has no class here: the pattern of a shortcut seldom tells it.
            and (made.object not in rule.named or self._can_be(way.object, made.object, scope, rule))
            for scope in scopes
            for edge in scope.own
            for way in edge.ways
            for made in rule.head
        )

    def _can_be(self, variable: str, node: str, scope: _Scope, rule: _Rule) -> bool:
        """Tell whether a variable of a query can stand for a node of a rule."""
        if not variable.startswith("?"):
            return True
        if node in rule.named:
            made = [*rule.head, *(one for other in self._rules if other is not rule for one in _about_named(other))]
            return all(_fits(edge, variable, made, node) for edge in scope.around(variable))
        pairs = ((one, two) for one in scope.classes(variable) for two in rule.classes(node))
        return all(one == two or self._both(one, two) or self._made(one) or self._made(two) for one, two in pairs)

    def _made(self, class_: str) -> bool:
        """Tell whether a rule makes things of a class."""
        return any(_alike(_Triple("", _TYPE, class_), made) for rule in self._rules for made in rule.head)


def _about_named(rule: _Rule) -> Iterator[_Triple]:
    """What a rule says of the nodes that it names: they may be those of another rule."""
    for made in rule.head:
        if made.subject in rule.named or made.object in rule.named:
            yield _Triple(*("?" if term in rule.named else term for term in made))


def _fits(edge: _Edge, variable: str, made: list[_Triple], node: str) -> bool:
    """Tell whether a pattern around a variable can match what is said of a node."""
    for way in edge.ways:
        for one in made:
            if not _alike(way, one):
                continue
            subject, value = (term in {node, "?"} for term in (one.subject, one.object))
            if (way.subject == variable and subject) or (way.object == variable and value):
                return True
    return False


def _alike(way: _Triple, made: _Triple) -> bool:
    """Tell whether a pattern's constants allow a triple of a rule, whose variables can be anything."""
    pairs = zip(way, made, strict=True)
    return all(one == two or one[:1] in {"", "?"} or two[:1] in {"", "?"} for one, two in pairs)


class _Reading:
    """The scopes of a query."""

    def __init__(self, query: syntax.Query) -> None:
        words = syntax.tokens(query.prologue)
        if "BASE" in {word.upper() for word in words}:
            msg = "BASE"
            raise syntax.CannotTellError(msg)
        self._prefixes = {name[:-1]: iri[1:-1] for name, iri in zip(words[1::3], words[2::3], strict=True)}
        self._fresh = 0
        self.scopes: list[_Scope] = []
        self._select(query.select)

    def _select(self, select: syntax.Select) -> None:
        """Read a query by itself: its variables are others than those outside, unless it gives them."""
        if select.unclear:
            msg = "EXISTS beside an aggregate"
            raise syntax.CannotTellError(msg)
        self._group(select.where, (), {})
        for column in select.columns:
            self._exists(column, (), {})

    def _group(self, group: syntax.Group, above: tuple[_Edge, ...], given: _Listed) -> None:
        listed = given | self.listed(group)
        own = tuple(
            edge for one in group.elements if isinstance(one, syntax.Pattern) for edge in self.edges(one, listed)
        )
        scope = _Scope(own, (*above, *own))
        self.scopes.append(scope)
        for element in group.elements:
            match element:
                case syntax.Select():
                    self._select(element)
                case syntax.Union(branches):
                    for branch in branches:
                        self._group(branch, scope.all, listed)
                case syntax.Optional(inner) | syntax.Minus(inner) | syntax.Within(_, inner):
                    self._group(inner, scope.all, listed)
                case syntax.Filter() | syntax.Bind():
                    self._exists(element, scope.all, listed)

    def _exists(self, element: object, above: tuple[_Edge, ...], listed: _Listed) -> None:
        if isinstance(element, syntax.Filter | syntax.Bind):
            for exists in element.expression.exists:
                self._group(exists.group, above, listed)

    def listed(self, group: syntax.Group) -> _Listed:
        """Give the terms that VALUES lists for each variable of a group."""
        found: _Listed = {}
        for one in group.elements:
            if isinstance(one, syntax.Values):
                inside = syntax.tokens(one.text[one.text.index("{") :])
                terms = [self._term(token) for token in inside if token not in {"{", "}", "(", ")"}]
                for place, variable in enumerate(one.variables):
                    found[variable] = tuple(dict.fromkeys(terms[place :: len(one.variables)]))
        return found

    def edges(self, pattern: syntax.Pattern, listed: _Listed) -> list[_Edge]:
        """Give what a pattern can match, step by step; `listed` has all values that a variable can have."""
        steps = self._steps(self._term(pattern.subject), pattern.path, self._term(pattern.object))
        return [
            _Edge(
                tuple(
                    _Triple(way.subject, predicate, value)
                    for way in edge.ways
                    for predicate in listed.get(way.predicate, (way.predicate,))
                    for value in listed.get(way.object, (way.object,))
                ),
                edge.firm,
            )
            for edge in steps
        ]

    def _steps(self, start: str, path: syntax.Path, end: str) -> list[_Edge]:
        match path:
            case syntax.Link(token):
                return [_Edge((_Triple(start, self._term(token), end),))]
            case syntax.Inverse(inner):
                return self._steps(end, inner, start)
            case syntax.Sequence(parts):
                self._fresh += 1
                inner_nodes = [f"?/{self._fresh}.{place}" for place in range(1, len(parts))]
                ends = [start, *inner_nodes, end]
                return [
                    edge for place, part in enumerate(parts) for edge in self._steps(ends[place], part, ends[place + 1])
                ]
            case syntax.Alternative(parts):
                steps = [self._steps(start, part, end) for part in parts]
                if all(len(step) == 1 and step[0].firm for step in steps):
                    return [_Edge(tuple(way for step in steps for way in step[0].ways))]
                return [_Edge(edge.ways, firm=False) for step in steps for edge in step]
            case syntax.Repeat(inner, _):
                # Of the nodes between its ends nothing is known, and there may be no triple at all.
                predicates = [way.predicate for edge in self._steps("", inner, "") for way in edge.ways]
            case syntax.Negated():
                predicates = [""]
        return [_Edge(tuple(_Triple("", one, "") for one in predicates), firm=False)]

    def _term(self, token: str) -> str:
        """Give an IRI in full, a variable, or nothing for what is not compared."""
        if token == "a":  # noqa: S105 - a word of the query
            return _TYPE
        if token.startswith("_:"):
            return f"?{token}"
        if token.startswith("?") or "\\" in token:
            return "" if "\\" in token else token
        if token.startswith("<"):
            return token
        prefix, colon, local = token.partition(":")
        return f"<{self._prefixes[prefix]}{local}>" if colon and prefix in self._prefixes else ""


def makes(rule: str, class_: str) -> bool:
    """Tell whether a rule makes things of a class, as far as can be told.

    The rule is a text that the engine accepts, the class an IRI.
    """
    try:
        head = _Rule.of(rule).head
    except syntax.CannotTellError:
        return True
    return any(_alike(_Triple("", _TYPE, f"<{class_}>"), made) for made in head)


__all__ = ["makes", "needed"]
