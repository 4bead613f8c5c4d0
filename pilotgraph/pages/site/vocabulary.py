"""The ontology and the shapes, term by term, with examples from the data and the queries that use them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from pilotgraph.pages.site import data
from pilotgraph.pages.site.addresses import page_path, term_stem
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import TYPE, p
from pilotgraph.pages.site.page import LANGUAGES, Page, Sheet, Text
from pilotgraph.queries import parse_query
from pilotgraph.rdf import read_bytes, read_text
from pilotgraph.terms import PG, PREFIXES, RDF_TYPE, compact, data_prefix, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pilotgraph.pages.site.page import Site

_CLASSES = ("owl:Class",)
_PROPERTIES = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
_EXAMPLES = 3
_EXAMPLE_TRIPLES = 14
_RELATIONS = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "rdfs:range",
    "owl:inverseOf",
    "owl:disjointWith",
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "skos:closeMatch",
    "skos:exactMatch",
    "rdfs:seeAlso",
)
_INVERSE = ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range")


def pages(site: Site, language: str) -> Iterator[Page]:
    """The list of terms, a page a term, the list of shapes and a page a file of shapes."""
    shapes = [_Shapes(path) for path in site.dataset.shape_files()]
    counts = _counts(site)
    yield _index(Sheet(site, language, "def/index.html"), counts)
    for iri in sorted(site.graph.out):
        if iri.startswith(PG) and (stem := term_stem(iri)) and site.is_term(iri):
            yield _term(Sheet(site, language, f"{stem}.html"), iri, stem, shapes, counts)
    if shapes:
        yield _shape_index(Sheet(site, language, "shape/index.html"), shapes)
    for shape in shapes:
        yield _shape(Sheet(site, language, f"shape/{shape.name}.html"), shape)


class _Shapes:
    """A file of shapes: its text, and which terms it concerns."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.text = read_text(path)
        self.triples = list(_named(q.triple for q in parse(read_bytes(path), RdfFormat.TURTLE)))
        self.about = {t.object.value for t in self.triples if isinstance(t.object, NamedNode)}

    def targets(self) -> list[str]:
        """The classes whose things the shapes check."""
        return sorted({plain(t.object) for t in self.triples if t.predicate.value == p("sh:targetClass")})

    def messages(self, language: str) -> list[tuple[str, str]]:
        """What the shapes demand, as they say it when it is not so: the property and the sentence."""
        paths = {t.subject: plain(t.object) for t in self.triples if t.predicate.value == p("sh:path")}
        found = {
            (paths.get(t.subject, ""), t.object.value)
            for t in self.triples
            if t.predicate.value == p("sh:message")
            and isinstance(t.object, Literal)
            and t.object.language in {language, None}
        }
        return sorted(found)


def _named(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Name blank nodes by their order: a parser names them at random."""
    names: dict[str, BlankNode] = {}

    def named(node: Any) -> Any:  # noqa: ANN401 - any term
        return names.setdefault(node.value, BlankNode(f"b{len(names)}")) if isinstance(node, BlankNode) else node

    for triple in triples:
        yield Triple(named(triple.subject), triple.predicate, named(triple.object))


def _counts(site: Site) -> Counter[str]:
    """How often each class and property is used outside the ontology itself."""
    found: Counter[str] = Counter()
    for iri, properties in site.graph.out.items():
        if not iri.startswith(PG):
            for name, values in properties.items():
                found[name] += len(values)
                if name == TYPE:
                    found.update(plain(value) for value in values)
    return found


def _index(sheet: Sheet, counts: Counter[str]) -> Page:
    graph, words = sheet.graph, sheet.words
    tables = []
    for heading, kinds in ((words["classes"], _CLASSES), (words["properties"], _PROPERTIES)):
        terms = sorted(
            {t for kind in kinds for t in graph.by_type.get(p(kind), ()) if t.startswith(PG) and term_stem(t)}
        )
        tables.append(
            (
                heading,
                [
                    (
                        Text(compact(t), sheet.href(t)),
                        sheet.term(t).text,
                        sheet.text(t, "skos:definition").text,
                        counts[t],
                    )
                    for t in terms
                ],
            )
        )
    ontology = next(iter(graph.by_type.get(p("owl:Ontology"), ())), "")
    rules = [parse_query(read_text(path), path.stem, path) for path in sheet.site.dataset.rule_files()]
    title = sheet.text(ontology, "dct:title").text or words["ontology"]
    return Page(
        path="def/index.html",
        template="site/vocabulary.html",
        title=title,
        description=sheet.about(sheet.text(ontology, "dct:description").text) or words["ontology"],
        values={
            "tables": tables,
            "rules": [(rule.name, rule.say("summary", sheet.language), rule.text) for rule in rules],
            "shapes": sheet.here("shape/index.html"),
            "prefix": PG,
        },
        rdf="doc/def/index",
        section="data.html",
        trail=((words["data_page"], "data.html"),),
        found=(words["kinds"]["term"], words["ontology"]),
    )


def _term(sheet: Sheet, iri: str, stem: str, shapes: list[_Shapes], counts: Counter[str]) -> Page:
    graph, words = sheet.graph, sheet.words
    name = iri.removeprefix(PG)
    used = re.compile(rf"\bpg:{name}\b")
    definition = sheet.text(iri, "skos:definition")
    relations = [(capital(words["relations"][c]), [sheet.term(x) for x in graph.iris(iri, p(c))]) for c in _RELATIONS]
    inverse = [
        (capital(words["relations_of"][c]), [sheet.term(x) for x in graph.subjects(iri, p(c)) if x.startswith(PG)])
        for c in _INVERSE
    ]
    return Page(
        path=f"{stem}.html",
        template="site/term.html",
        title=f"pg:{name}",
        description=sheet.about(f"{capital(sheet.term(iri).text)}:", definition.text),
        values={
            "label": capital(sheet.term(iri).text),
            "kind": words["class"] if stem.startswith("def/class/") else words["property"],
            "about": definition,
            "relations": [(heading, terms) for heading, terms in [*relations, *inverse] if terms],
            "count": counts[iri],
            "example": _example(sheet, iri),
            "queries": [
                Text(q.say("summary", sheet.language) or q.name, sheet.here(f"query/{q.name}.html"))
                for q in sheet.site.queries
                if used.search(q.text)
            ],
            "shapes": [
                Text(shape.name, sheet.here(f"shape/{shape.name}.html")) for shape in shapes if iri in shape.about
            ],
            "editor": sheet.here("sparql/index.html"),
            "data": data.whole(sheet, iri),
        },
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=((words["ontology"], "def/index.html"),),
        section="data.html",
        found=(words["kinds"]["term"], f"{sheet.term(iri).text} {definition.text}"),
    )


def _example(sheet: Sheet, iri: str) -> dict[str, Any] | None:
    """A few triples of the data that use a term, in Turtle, with links to what they describe."""
    graph = sheet.graph
    if iri in graph.by_type:
        things = [x for x in graph.by_type[iri] if not x.startswith(PG)][:1]
        triples = [
            _triple(x, name, v) for x in things for name, values in sorted(graph.out[x].items()) for v in values[:2]
        ]
    else:
        things, triples = [], []
        for subject in sorted(graph.out):
            if iri in graph.out[subject] and not subject.startswith(PG):
                things.append(subject)
                triples += [_triple(subject, iri, value) for value in graph.out[subject][iri][:2]]
                if len(things) == _EXAMPLES:
                    break
    if not triples:
        return None
    shown = triples[:_EXAMPLE_TRIPLES]
    links = [sheet.thing(x) for x in things if page_path(x, graph.base, sheet.language)]
    return {"turtle": turtle(shown, graph.base), "links": links, "cut": len(triples) > len(shown)}


def _triple(subject: str, predicate: str, value: Any) -> Triple:  # noqa: ANN401 - any term
    return Triple(NamedNode(subject), NamedNode(predicate), value)


def turtle(triples: list[Triple], base: str) -> str:
    """Write a few triples in Turtle without the lines of the prefixes."""
    prefixes = dict(PREFIXES)
    for triple in triples:
        for node in (triple.subject, triple.object):
            if isinstance(node, NamedNode) and (own := data_prefix(node.value, base)):
                prefixes.setdefault(*own)
    ordered = sorted(triples, key=lambda t: (str(t.subject), t.predicate != RDF_TYPE, str(t)))
    text = (serialize(ordered, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()
    return "\n".join(line for line in text.split("\n") if not line.startswith("@prefix")).strip()


def _shape_index(sheet: Sheet, shapes: list[_Shapes]) -> Page:
    words = sheet.words
    columns = [{"name": words["shape"]}, {"name": words["checks"]}, {"name": words["demands"], "number": True}]
    rows = [
        (
            [Text(s.name, sheet.here(f"shape/{s.name}.html"))],
            [sheet.term(t) for t in s.targets()],
            [Text(str(len(s.messages(sheet.language))))],
        )
        for s in shapes
    ]
    return Page(
        path="shape/index.html",
        template="site/list.html",
        title=words["shapes"],
        description=words["shapes_about"],
        values={"tables": [("", columns, rows, len(rows))]},
        rdf="doc/dataset",
        section="data.html",
        trail=((words["data_page"], "data.html"),),
        found=(words["kinds"]["term"], words["shapes_about"]),
    )


def _shape(sheet: Sheet, shape: _Shapes) -> Page:
    words = sheet.words
    demands = [([sheet.term(path)] if path else [], text) for path, text in shape.messages(sheet.language)]
    triples = sorted(shape.triples, key=str)
    path = f"shapes/{shape.name}"
    # They are the same for both languages.
    files = {
        f"{path}.ttl": shape.text.encode(),
        f"{path}.nt": serialize(triples, format=RdfFormat.N_TRIPLES) or b"",
        f"{path}.jsonld": serialize(triples, format=RdfFormat.JSON_LD) or b"",
    }
    return Page(
        path=f"shape/{shape.name}.html",
        template="site/shape.html",
        title=words["shape_title"].format(name=shape.name),
        description=sheet.about(words["shapes_about"], ", ".join(sheet.term(t).text for t in shape.targets())),
        values={"targets": [sheet.term(t) for t in shape.targets()], "demands": demands, "turtle": shape.text},
        rdf=path,
        section="data.html",
        trail=((words["shapes"], "shape/index.html"),),
        files=files if sheet.language == LANGUAGES[0] else {},
    )
