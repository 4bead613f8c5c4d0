"""The counts are well-formed data cubes: the integrity constraints of the RDF Data Cube Vocabulary hold.

Section 11 of the W3C Recommendation of 16 January 2014 numbers them IC-1 to IC-21. Those on slices (IC-7 to IC-10,
IC-18), on measure dimensions (IC-15 to IC-17) and on hierarchical code lists (IC-20, IC-21) have nothing to look at
here, and a test says so. The others are written here as queries for what breaks them, each with broken data.
"""

from __future__ import annotations

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, Store

from pilotgraph.dataset import Dataset
from pilotgraph.rdf import parse_file
from pilotgraph.terms import PREFIXES

PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("pg", "qb", "rdfs", "skos", "xsd"))

# Section 10 of the Recommendation, as far as our cubes are abbreviated: each property of a component is also its
# qb:componentProperty, and each kind of property has its class.
NORMALISE = """
INSERT { ?component qb:componentProperty ?property . ?property a ?class }
WHERE {
  VALUES (?kind ?class) {
    (qb:dimension qb:DimensionProperty) (qb:measure qb:MeasureProperty) (qb:attribute qb:AttributeProperty)
  }
  ?component ?kind ?property .
}
"""

# What breaks each constraint.
CONSTRAINTS = {
    "IC-1: an observation is in one data set": """
        ?it a qb:Observation .
        OPTIONAL { ?it qb:dataSet ?one }
        OPTIONAL { ?it qb:dataSet ?two . FILTER(?two != ?one) }
        FILTER(!BOUND(?one) || BOUND(?two))""",
    "IC-2: a data set has one structure": """
        ?it a qb:DataSet .
        OPTIONAL { ?it qb:structure ?one }
        OPTIONAL { ?it qb:structure ?two . FILTER(?two != ?one) }
        FILTER(!BOUND(?one) || BOUND(?two))""",
    "IC-3: a structure has a measure": """
        ?it a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?it qb:component/qb:componentProperty ?measure . ?measure a qb:MeasureProperty }""",
    "IC-4: a dimension has a range": """
        ?it a qb:DimensionProperty .
        FILTER NOT EXISTS { ?it rdfs:range ?range }""",
    "IC-5: a dimension of concepts has a code list": """
        ?it a qb:DimensionProperty ; rdfs:range skos:Concept .
        FILTER NOT EXISTS { ?it qb:codeList ?list }""",
    "IC-6: only an attribute may be optional": """
        ?structure qb:component ?it .
        ?it qb:componentRequired false ; qb:componentProperty ?property .
        FILTER NOT EXISTS { ?property a qb:AttributeProperty }""",
    "IC-11: an observation has each dimension": """
        ?it qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dimension .
        ?dimension a qb:DimensionProperty .
        FILTER NOT EXISTS { ?it ?dimension ?value }""",
    # Two observations differ in no dimension: there is none in which they have no value in common.
    "IC-12: no two observations have the same dimensions": """
        ?it qb:dataSet ?set .
        ?other qb:dataSet ?set .
        FILTER(STR(?it) < STR(?other))
        FILTER NOT EXISTS {
          ?set qb:structure/qb:component/qb:componentProperty ?dimension .
          ?dimension a qb:DimensionProperty .
          ?it ?dimension ?value .
          ?other ?dimension ?otherValue .
          FILTER(?value != ?otherValue)
        }""",
    "IC-13: an observation has each required attribute": """
        ?it qb:dataSet/qb:structure/qb:component ?component .
        ?component qb:componentRequired true ; qb:componentProperty ?attribute .
        FILTER NOT EXISTS { ?it ?attribute ?value }""",
    "IC-14: an observation has each measure": """
        ?it qb:dataSet/qb:structure ?structure .
        ?structure qb:component/qb:componentProperty ?measure .
        ?measure a qb:MeasureProperty .
        FILTER NOT EXISTS { ?structure qb:component/qb:componentProperty qb:measureType }
        FILTER NOT EXISTS { ?it ?measure ?value }""",
    "IC-19: the value of a dimension is from its code list": """
        ?it qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dimension .
        ?dimension a qb:DimensionProperty ; qb:codeList ?list .
        ?list a skos:ConceptScheme .
        ?it ?dimension ?value .
        FILTER NOT EXISTS { ?value a skos:Concept ; skos:inScheme ?list }""",
}

# What the other constraints are about.
ABSENT = {
    "IC-7 to IC-10, IC-18: slices": "{ ?s a ?sort FILTER(?sort IN (qb:Slice, qb:SliceKey)) } UNION { ?s qb:slice ?o }",
    "IC-15 to IC-17: measure dimensions": "?s qb:componentProperty qb:measureType",
    "IC-20, IC-21: hierarchical code lists": "?s a qb:HierarchicalCodeList",
}

# A small sound cube: two observations that differ in one dimension, an optional attribute that one of them lacks.
SOUND = {
    "data set": "ex:set a qb:DataSet ; qb:structure ex:structure .",
    "structure": """ex:structure a qb:DataStructureDefinition ;
        qb:component ex:c-topic , ex:c-number , ex:c-bound , ex:c-figure .""",
    "topic": "ex:c-topic qb:dimension ex:topic . ex:topic rdfs:range skos:Concept ; qb:codeList ex:topics .",
    "number": "ex:c-number qb:measure ex:number .",
    "bound": "ex:c-bound qb:attribute ex:bound ; qb:componentRequired true .",
    "figure": "ex:c-figure qb:attribute ex:figure ; qb:componentRequired false .",
    "topics": "ex:topics a skos:ConceptScheme . ex:debt a skos:Concept ; skos:inScheme ex:topics .",
    "second topic": "ex:housing a skos:Concept ; skos:inScheme ex:topics .",
    "first": """ex:first a qb:Observation ; qb:dataSet ex:set ;
        ex:topic ex:debt ; ex:number 1 ; ex:bound ex:exact ; ex:figure 1 .""",
    "second": """ex:second a qb:Observation ; qb:dataSet ex:set ;
        ex:topic ex:housing ; ex:number 2 ; ex:bound ex:exact .""",
}

# For each constraint, what is written instead, and what breaks it then.
BROKEN = {
    "IC-1": [
        ({"second": "ex:second a qb:Observation ; ex:topic ex:housing ; ex:number 2 ."}, "second"),
        ({"topics": SOUND["topics"] + "ex:first qb:dataSet ex:other-set ."}, "first"),
    ],
    "IC-2": [
        ({"data set": "ex:set a qb:DataSet ."}, "set"),
        ({"data set": SOUND["data set"] + "ex:set qb:structure ex:other-structure ."}, "set"),
    ],
    "IC-3": [({"number": "ex:c-number qb:attribute ex:number ."}, "structure")],
    "IC-4": [({"topic": "ex:c-topic qb:dimension ex:topic ."}, "topic")],
    "IC-5": [({"topic": "ex:c-topic qb:dimension ex:topic . ex:topic rdfs:range skos:Concept ."}, "topic")],
    "IC-6": [({"number": "ex:c-number qb:measure ex:number ; qb:componentRequired false ."}, "c-number")],
    "IC-11": [({"second": "ex:second qb:dataSet ex:set ; ex:number 2 ; ex:bound ex:exact ."}, "second")],
    "IC-12": [({"second": SOUND["second"].replace("ex:housing", "ex:debt")}, "first")],
    "IC-13": [({"second": SOUND["second"].replace("ex:bound ex:exact", "ex:figure 2")}, "second")],
    "IC-14": [({"second": SOUND["second"].replace("ex:number 2", "ex:words 'two'")}, "second")],
    "IC-19": [
        ({"second topic": "ex:housing a skos:Concept ; skos:inScheme ex:other-topics ."}, "second"),
        ({"second topic": "ex:housing skos:inScheme ex:topics ."}, "second"),
    ],
}
MUTANTS = [(number, change, found) for number, mutants in BROKEN.items() for change, found in mutants]


def normalised(store: Store) -> Store:
    """Write out what an abbreviated cube leaves unsaid."""
    store.update(PROLOGUE + NORMALISE)
    return store


def invented(change: dict[str, str]) -> Store:
    """The small sound cube, with some of it written otherwise."""
    store = Store()
    prefixes = PROLOGUE.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + "@prefix ex: <https://example.org/> .\n"
    text = prefixes + "\n".join((SOUND | change).values())
    store.load(text.encode(), format=RdfFormat.TURTLE)
    return normalised(store)


def broken_by(constraint: str, store: Store) -> set[str]:
    """Run the query of a constraint; give what breaks it."""
    rows = store.query(f"{PROLOGUE}SELECT DISTINCT ?it WHERE {{{CONSTRAINTS[constraint]}\n}}")
    assert isinstance(rows, QuerySolutions)
    return {row["it"].value for row in rows}


def asked(pattern: str, store: Store) -> bool:
    """Tell whether a pattern is in a store."""
    answer = store.query(f"{PROLOGUE}ASK {{ {pattern} }}")
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


@pytest.fixture(scope="module")
def cubes() -> Store:
    """The bundled data set with its ontology and schemes, as one graph, normalised."""
    store = Store()
    for _, path in Dataset.open().graph_files():
        store.load(b"\n".join(f"{triple} .".encode() for triple in parse_file(path)), format=RdfFormat.N_TRIPLES)
    return normalised(store)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_bundled_cubes_satisfy(constraint: str, cubes: Store) -> None:
    """Nothing in the bundled data breaks the constraint."""
    assert broken_by(constraint, cubes) == set()


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_sound_cube_satisfies(constraint: str) -> None:
    """Nothing in the small sound cube breaks the constraint."""
    assert broken_by(constraint, invented({})) == set()


@pytest.mark.parametrize(("number", "change", "found"), MUTANTS, ids=[f"{n}-{found}" for n, _, found in MUTANTS])
def test_broken_cube_is_found(number: str, change: dict[str, str], found: str) -> None:
    """The constraint finds what breaks it."""
    (constraint,) = (name for name in CONSTRAINTS if name.startswith(f"{number}:"))
    assert broken_by(constraint, invented(change)) == {f"https://example.org/{found}"}


def test_every_constraint_has_a_broken_cube() -> None:
    """No constraint goes without a negative control."""
    assert [name.partition(":")[0] for name in CONSTRAINTS] == list(BROKEN)


@pytest.mark.parametrize("what", ABSENT)
def test_other_constraints_have_nothing_to_look_at(what: str, cubes: Store) -> None:
    """The bundled cubes have no slices, measure dimensions or hierarchical code lists."""
    assert not asked(ABSENT[what], cubes)


def test_absence_is_not_for_want_of_cubes(cubes: Store) -> None:
    """There are two cubes, and each has observations."""
    rows = cubes.query(
        PROLOGUE + "SELECT ?set (COUNT(?it) AS ?n) { ?set a qb:DataSet . ?it qb:dataSet ?set } GROUP BY ?set"
    )
    assert isinstance(rows, QuerySolutions)
    counts = {row["set"].value.rsplit("/", 1)[1]: int(row["n"].value) for row in rows}
    assert set(counts) == {"report-counts", "report-quantifiers"}
    assert min(counts.values()) > 0
    slices = "ex:slice a qb:Slice . ex:c-type qb:componentProperty qb:measureType . ex:list a qb:HierarchicalCodeList ."
    assert all(asked(pattern, invented({"topics": SOUND["topics"] + slices})) for pattern in ABSENT.values())
