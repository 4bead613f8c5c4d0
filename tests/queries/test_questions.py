"""The named questions: each gives its whole expected answer, with proof, on Oxigraph and on rdflib.

The expected answers are in `expected/`, a file a question and language. SPARQL does not say in which order
GROUP_CONCAT joins its values, so cells that list several (with a semicolon, and the column `claims` with a
space) are compared as sets; the order of rows is defined and compared. After a change to the data or to a
query, `PILOTGRAPH_UPDATE_EXPECTED=1 pytest tests/queries` rewrites the files: review the difference.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError
from pilotgraph.queries import CLAIMS_VARIABLE, LANGUAGES, Query, bind, library
from pilotgraph.terms import PG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import BlankNode, Triple
    from rdflib.query import ResultRow

    from pilotgraph.store.embedded import EmbeddedStore

    Row = dict[str, str]

EXPECTED = Path(__file__).parent / "expected"
UPDATE = os.environ.get("PILOTGRAPH_UPDATE_EXPECTED") == "1"
# The queries that networks are made of are asked in the same way.
QUESTIONS = {query.name: query for kind in ("question", "network") for query in library(Dataset.open(), kind)}
CASES = [(name, language) for name in QUESTIONS for language in LANGUAGES]

# What a required parameter is given.
REQUIRED = {"pilot-dossier": {"pilot": "rotterdam-zuid"}}

# For each parameter: a value that leaves some rows and takes others away.
VALUES = {
    **{query.name: {"pilot": "zsm"} for query in library(Dataset.open(), "network")},
    "pilot-finding": {"pilot": "divosa-tilburg"},
    "pilot-period": {"pilot": "mijn-zaak"},
    "pilot-programme": {"pilot": "mijn-zaak"},
    "pilot-relation": {"pilot": "divosa-utrecht"},
    "classifications": {"dimension": "ict"},
    "case-examples": {"pilot": "samen-recht-vinden"},
    "clusters-in-the-report": {"topic": "theme"},
    "contradictions": {
        "pilot": "zsm",
        "kind": "date-date",
        "severity": "high",
        "include": "apparent",
    },
    "coverage-by-question": {"pilot": "zsm", "knowing": "not-applicable"},
    "evaluations": {"pilot": "divosa-almere"},
    "findings-by-theme": {"theme": "borging", "kind": "knelpunt", "pilot": "zsm"},
    "gaps-per-dimension": {"pillar": "tweede-lijn"},
    "goals-and-pilots": {"goal": "eigen-regie", "pilot": "zsm", "alignment": "stated"},
    "goals-served": {"pillar": "tweede-lijn"},
    "identity-decisions": {"thing": "juridisch-loket"},
    "left-out": {"pilot": "zsm"},
    "limits-of-pilots": {"pilot": "zsm"},
    "linked-pilots": {"pilot": "divosa-utrecht", "atLeast": "5"},
    "main-parties-on-securing": {"actor": "juridisch-loket"},
    "money-by-programme-and-kind": {"pilot": "slachtofferadvocatuur", "kind": "subsidy"},
    "money-totals": {"kind": "subsidy"},
    "most-connected-kinds": {"exclude": "user"},
    "most-connected-organisations": {"exclude": "scheme-administrator", "kind": "gemeente"},
    "numbers-reached": {"pilot": "divosa-tilburg", "unit": "case"},
    "on-schedule": {"pilot": "zsm"},
    "open-mentions": {"pilot": "mijn-zaak", "tie": "certain"},
    "partners-of-pilots": {"pilot": "zsm", "actor": "juridisch-loket", "role": "funder"},
    "pilot-dossier": {"pilot": "zsm"},
    "pilots": {"pillar": "eerste-lijn", "programme": "divosa-rechtshulp-en-sociaal-domein"},
    "pilots-by-place": {"place": "rotterdam", "pilot": "zsm"},
    "pilots-in-the-report": {"pilot": "zsm"},
    "pilots-per-domain-and-pillar": {"pillar": "burgergerichte-overheid", "domain": "scheiden"},
    "pilots-sharing-partners": {"pilot": "mijn-zaak", "include": "programme-lead", "exclude": "consulted"},
    "places-map": {"pilot": "samenwerken-in-de-eerste-lijn"},
    "report-against-records": {"topic": "goal"},
    "report-figures": {"figure": "7"},
    "report-numbers": {"topic": "continuation"},
    "running-times": {"pilot": "zsm"},
    "securing-per-pilot": {"pilot": "rotterdam-zuid"},
    "status": {"pilot": "zsm", "status": "completed"},
    "subsidies-per-programme": {"programme": "subsidieregeling-raad-voor-rechtsbijstand"},
    "target-groups": {"group": "huurders", "pilot": "zsm"},
    "tested-with-users": {"pilot": "divosa-tilburg"},
    "web-links": {"pilot": "gezinsadvocaat"},
    "what-comes-next": {"pilot": "zsm"},
    "what-is-not-stated": {"pilot": "zsm", "dimension": "reach", "knowing": "not-stated"},
    "what-is-not-stated-matrix": {"pilot": "zsm"},
    "what-pilots-develop": {"pilot": "zsm"},
    "what-securing-takes": {"theme": "financiering", "kind": "aanbeveling"},
    "who-made-the-study": {"role": "author"},
}
PARAMETERS = [(name, p.name) for name, query in QUESTIONS.items() for p in query.parameters if p.name != "lang"]
NUMBERS = {(name, p.name) for name, query in QUESTIONS.items() for p in query.parameters if p.kind == "integer"}
RESEARCH_QUESTIONS = (
    *(f"a.{number}" for number in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")),
    *("b.i", "b.ii", "b.iii", "c.iv", "c.v", "c.vi", "d.i", "e.i", "o.a", "o.b"),
)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_gives_the_expected_answer(name: str, language: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """Oxigraph gives the whole expected answer, in each language."""
    given = {**REQUIRED.get(name, {}), "lang": language}
    answer = ask(QUESTIONS[name], given, dataset, store)
    path = EXPECTED / f"{name}.{language}.tsv"
    if UPDATE:
        path.write_text(written(answer), encoding="utf-8")
    assert written(answer) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_gives_the_same_answer(name: str, dataset: Dataset, store: EmbeddedStore, graph: rdflib.Graph) -> None:
    """Rdflib, which shares no code with Oxigraph, gives the same rows in the same order.

    In Dutch, as the parameters are tried in English.
    """
    given = {**REQUIRED.get(name, {}), "lang": "nl"}
    text = bind(QUESTIONS[name], given, dataset, store)
    result = graph.query(text)
    assert result.vars is not None
    names = [str(variable) for variable in result.vars]
    answer = [read_rdflib(row, names, dataset) for row in result if isinstance(row, rdflib.query.ResultRow)]
    path = EXPECTED / f"{name}.nl.tsv"
    assert written((names, answer)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_row_has_proof(name: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """Each row names claims, omissions or decisions with passages, or the records that were read."""
    names, rows = ask(QUESTIONS[name], REQUIRED.get(name, {}), dataset, store)
    assert CLAIMS_VARIABLE in names
    assert rows
    proofs = {
        compact(solution["proof"].value, dataset.base)
        for solution in store.select(
            f"SELECT DISTINCT ?proof {{ {{ ?proof <{PG}evidence> ?passage }} UNION {{ ?proof a <{PG}Record> }} }}"
        )
        if isinstance(solution["proof"], NamedNode)
    }
    for row in rows:
        named = row[CLAIMS_VARIABLE].split()
        assert named
        assert set(named) <= proofs


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_two_rows_are_the_same(name: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """A question never gives the same row twice, nor a cell that is cut into lines."""
    _, rows = ask(QUESTIONS[name], REQUIRED.get(name, {}), dataset, store)
    assert len({tuple(row.items()) for row in rows}) == len(rows)
    assert not any("\n" in value or "\t" in value for row in rows for value in row.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_header_is_complete(name: str) -> None:
    """Each question says in both languages what it asks and how to read it, and how it can be drawn."""
    query = QUESTIONS[name]
    for key in ("summary", "summary_nl", "reading", "reading_nl", "chart"):
        assert query.header.get(key), key
    assert query.header["summary"].endswith("?") or "?" in query.header["summary"]
    for parameter in query.parameters:
        assert all(parameter.about[language] for language in LANGUAGES), parameter.name
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    variables = set(re.findall(r"\?(\w+)", query.text.split("WHERE", 1)[0].split("SELECT", 1)[1]))
    assert set(re.findall(r"\?(\w+)", query.header["chart"])) <= variables


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_parameter_works(
    name: str, parameter: str, dataset: Dataset, store: EmbeddedStore, graph: rdflib.Graph
) -> None:
    """Each parameter changes the answer, still gives rows, and gives the same on rdflib."""
    query = QUESTIONS[name]
    given = {**REQUIRED.get(name, {}), parameter: VALUES[name][parameter]}
    without = ask(query, REQUIRED.get(name, {}), dataset, store)
    names, rows = ask(query, given, dataset, store)
    assert rows
    assert (names, rows) != without
    result = graph.query(bind(query, given, dataset, store))
    other = [read_rdflib(row, names, dataset) for row in result if isinstance(row, rdflib.query.ResultRow)]
    assert other == rows


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_wrong_value_is_refused_with_a_suggestion(
    name: str, parameter: str, dataset: Dataset, store: EmbeddedStore
) -> None:
    """A value that names nothing is an error which suggests what was meant."""
    right = VALUES[name][parameter]
    given = {**REQUIRED.get(name, {}), parameter: right[:-1] + right[-1] * 2 + "x"}
    wanted = "must be a whole number" if (name, parameter) in NUMBERS else f"did you mean .*{right}"
    with pytest.raises(DatasetError, match=rf"{parameter}.*{wanted}"):
        bind(QUESTIONS[name], given, dataset, store)


@pytest.mark.parametrize("name", QUESTIONS)
def test_wrong_language_is_refused(name: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """A language that the data set does not have is an error that names those it has."""
    with pytest.raises(DatasetError, match="en or nl"):
        bind(QUESTIONS[name], {**REQUIRED.get(name, {}), "lang": "de"}, dataset, store)


def test_dossier_needs_a_pilot(dataset: Dataset, store: EmbeddedStore) -> None:
    """A question with a required parameter says what is missing."""
    with pytest.raises(DatasetError, match="the parameter pilot is missing"):
        bind(QUESTIONS["pilot-dossier"], {}, dataset, store)


# Facts counted and added up by hand from the source document, not taken from the data.


def test_pilots_per_pillar_and_programme(dataset: Dataset, store: EmbeddedStore) -> None:
    """The document has 34 pilots: 20 first line, 11 second line, 3 government; 9 of Divosa, 11 of the scheme."""
    _, rows = ask(QUESTIONS["pilots"], {}, dataset, store)
    pillars = [row["pillarLabel"] for row in rows]
    programmes = [row["programmes"] for row in rows]
    assert len(rows) == 34
    assert [pillars.count(f"{label}@en") for label in ("first line", "second line", "citizen-oriented government")] == [
        20,
        11,
        3,
    ]
    assert programmes.count("Legal Help and the Social Domain (Divosa)") == 9
    assert programmes.count("Legal Aid Board subsidy scheme") == 11
    assert programmes.count("") == 14


def test_subsidies_of_the_scheme(dataset: Dataset, store: EmbeddedStore) -> None:
    """The eleven subsidy budgets, typed over from the document, add up to what the question gives."""
    printed = [198565, 1000000, 614400, 103964, 352000, 870000, 972840, 861191, 772865, 305769, 975000]
    assert len(printed) == 11
    _, rows = ask(QUESTIONS["subsidies-per-programme"], {}, dataset, store)
    by_programme = {row["programme"]: row for row in rows}
    scheme = by_programme["programme:subsidieregeling-raad-voor-rechtsbijstand"]
    divosa = by_programme["programme:divosa-rechtshulp-en-sociaal-domein"]
    assert number(scheme["subsidies"]) == sum(printed)
    assert (int(number(scheme["pilots"])), int(number(scheme["pilotsWithSubsidy"]))) == (11, 11)
    assert (int(number(divosa["pilots"])), divosa["subsidies"]) == (9, "")


def test_programme_budgets_are_counted_once(dataset: Dataset, store: EmbeddedStore) -> None:
    """The 4 and 10 million that stand in twenty records appear once each, and at no pilot."""
    for name, column in (("money-by-programme-and-kind", "amount"), ("money-totals", "total")):
        _, rows = ask(QUESTIONS[name], {}, dataset, store)
        amounts = [number(row[column]) for row in rows]
        assert amounts.count(Decimal(4000000)) == 1
        assert amounts.count(Decimal(10000000)) == 1
    _, rows = ask(QUESTIONS["money-by-programme-and-kind"], {}, dataset, store)
    large = [row["pilot"] for row in rows if number(row["amount"]) >= 4000000]
    assert all(pilot.startswith("programme:") for pilot in large)


@pytest.mark.parametrize(
    ("pilot", "organisations"),
    [
        ("legalguard", {"achmea", "legalguard"}),
        ("online-keuzehulp-bij-scheiden", {"juridisch-loket"}),
        (
            "wijkrechtspraak-op-zuid",
            {
                "rechtbank-rotterdam",
                "gemeente-rotterdam",
                "openbaar-ministerie",
                "politie",
                "programma-stelselvernieuwing-rechtsbijstand",
                "raad-voor-rechtsbijstand",
                "ministerie-van-justitie-en-veiligheid",
            },
        ),
        (
            "samenwerking-hjl-uwv",
            {"juridisch-loket", "uwv", "fnv", "ind", "duo", "deelprogramma-burgergerichte-overheid"},
        ),
        ("divosa-oude-ijsselstreek", {"divosa", "stoer", "gemeente-oude-ijsselstreek"}),
    ],
)
def test_partners_read_by_hand(pilot: str, organisations: set[str], dataset: Dataset, store: EmbeddedStore) -> None:
    """The organisations of some pilots are those that a reader of the record finds."""
    _, rows = ask(QUESTIONS["partners-of-pilots"], {"pilot": pilot}, dataset, store)
    found = {row["actor"].removeprefix("organisation:") for row in rows if row["actor"].startswith("organisation:")}
    assert found == organisations


@pytest.mark.parametrize(
    ("pilot", "numbers"),
    [
        ("samenwerken-in-de-eerste-lijn", {557, 357, 200, 175, 111, 48, 16, 13, 5}),
        ("samenwerking-hjl-uwv", {101, 72, 49}),
        ("slachtofferadvocatuur", {257, 227, 2}),
        ("gezinsadvocaat", {41, 30}),
    ],
)
def test_numbers_read_by_hand(pilot: str, numbers: set[int], dataset: Dataset, store: EmbeddedStore) -> None:
    """The numbers of some pilots are those printed in the record."""
    _, rows = ask(QUESTIONS["numbers-reached"], {"pilot": pilot}, dataset, store)
    assert {int(number(row["value"])) for row in rows} == numbers


def test_matrix_agrees_with_the_long_form(dataset: Dataset, store: EmbeddedStore) -> None:
    """34 pilots by 24 dimensions: the long form, the matrix and the counts per dimension say the same."""
    _, long = ask(QUESTIONS["what-is-not-stated"], {}, dataset, store)
    _, matrix = ask(QUESTIONS["what-is-not-stated-matrix"], {}, dataset, store)
    _, per_dimension = ask(QUESTIONS["gaps-per-dimension"], {}, dataset, store)
    assert len(long) == 34 * 24
    silent = [row for row in long if row["state"] == "not stated@en"]
    assert sum(number(row["notStated"]) for row in matrix) == len(silent)
    assert sum(number(row["notStated"]) for row in per_dimension) == len(silent)
    for row in per_dimension:
        states = ("stated", "contradicted", "notApplicable", "notStated")
        assert sum(number(row[state]) for state in states) == 34


def test_apparent_contradictions_are_added_on_request(dataset: Dataset, store: EmbeddedStore) -> None:
    """With include=apparent the answer holds every contradiction on record, without it none that only seems so."""
    _, default = ask(QUESTIONS["contradictions"], {}, dataset, store)
    _, everything = ask(QUESTIONS["contradictions"], {"include": "apparent"}, dataset, store)
    recorded = len(list(store.select(f"SELECT ?c {{ ?c a <{PG}Contradiction> }}")))
    assert len(everything) == recorded
    assert len(default) < recorded
    assert "apparent only@en" not in {row["kindLabel"] for row in default}


# Facts read by hand in the report.


def test_each_research_question_is_answered() -> None:
    """The headers name all twenty questions and no other, and every number only once a query."""
    named = [number for query in QUESTIONS.values() for number in answered(query)]
    assert set(named) == set(RESEARCH_QUESTIONS)
    assert all(len(answered(query)) == len(set(answered(query))) for query in QUESTIONS.values())


def test_research_questions_as_printed(dataset: Dataset, store: EmbeddedStore) -> None:
    """The report prints ten questions under a, three under b, three under c, one under d and e, two across."""
    _, rows = ask(QUESTIONS["research-questions"], {}, dataset, store)
    assert tuple(row["number"] for row in rows) == RESEARCH_QUESTIONS


@pytest.mark.parametrize(
    ("figure", "numbers"),
    [
        ("3", [19, 11]),
        ("4", [6, 6, 5, 4, 3, 3, 1, 1, 1]),
        ("7", [12, 9, 5, 4]),
        ("8", [4, 4, 2]),
        ("9", [14, 10, 6]),
        ("10", [10, 8, 7]),
        ("2", []),
    ],
)
def test_figures_read_by_hand(figure: str, numbers: list[int], dataset: Dataset, store: EmbeddedStore) -> None:
    """The numbers of a figure are those that the prose around it prints."""
    _, rows = ask(QUESTIONS["report-figures"], {"figure": figure}, dataset, store)
    assert sorted((int(number(row["value"])) for row in rows if row["value"]), reverse=True) == numbers


def test_figures_without_all_numbers(dataset: Dataset, store: EmbeddedStore) -> None:
    """Figures 3, 4, 7 and 9 add up to thirty; of figure 8 twenty pilots are missing, of figure 10 five."""
    _, rows = ask(QUESTIONS["figures-that-cannot-be-rebuilt"], {}, dataset, store)
    missing = {int(number(row["figure"])): int(number(row["missing"])) for row in rows}
    assert set(missing) == {1, 2, 5, 6, 8, 10, 11}
    assert (missing[2], missing[8], missing[10]) == (30, 20, 5)


def test_four_of_the_pilots_are_not_in_the_report(dataset: Dataset, store: EmbeddedStore) -> None:
    """The report leaves out the four on criminal law, and uses another name for the pilot of Tilburg."""
    _, rows = ask(QUESTIONS["pilots-in-the-report"], {}, dataset, store)
    scopes: dict[str, set[str]] = {}
    for row in rows:
        scopes.setdefault(row["scope"], set()).add(row["pilot"].removeprefix("pilot:"))
    assert sorted(map(len, scopes.values())) == [4, 30]
    left_out = min(scopes.values(), key=len)
    assert left_out == {"slachtofferadvocatuur", "wijkrechtbank-eindhoven", "wijkrechtspraak-op-zuid", "zsm"}
    names = {row["pilot"]: row["namesInReport"] for row in rows}
    assert "Dejuridiseren bij multiproblematiek in het sociaal domein" in names["pilot:divosa-tilburg"]
    assert "Versterking samenwerking hJL en UWV" in names["pilot:samenwerking-hjl-uwv"]
    assert names["pilot:legalguard"] == ""


def test_cases_in_the_report(dataset: Dataset, store: EmbeddedStore) -> None:
    """Four boxes with a case stand in chapters 2 and 3."""
    _, rows = ask(QUESTIONS["case-examples"], {}, dataset, store)
    assert {row["pilot"].removeprefix("pilot:") for row in rows} == {
        "berekenjescheiding",
        "samen-recht-vinden",
        "zelf-regieroute-scheiden",
        "divosa-tilburg",
    }


def test_who_made_the_study(dataset: Dataset, store: EmbeddedStore) -> None:
    """Significant Public for the ministry; the reflection group had four members."""
    _, rows = ask(QUESTIONS["who-made-the-study"], {}, dataset, store)
    by_role: dict[str, set[str]] = {}
    for row in rows:
        by_role.setdefault(row["roleLabel"], set()).add(row["actor"].rpartition(":")[2])
    assert by_role["commissioner@en"] == {"ministerie-van-justitie-en-veiligheid"}
    assert "significant-public" in by_role["author@en"]
    readers = {"ministerie-van-justitie-en-veiligheid", "juridisch-loket", "raad-voor-rechtsbijstand", "divosa"}
    assert readers in by_role.values()


def test_letters_of_the_chapters_on_securing(dataset: Dataset, store: EmbeddedStore) -> None:
    """Sections 4.2 and 4.3.4 have the letters a to e and a to d, the conclusions a to f."""
    _, rows = ask(QUESTIONS["what-securing-takes"], {}, dataset, store)
    letters = {row["number"] for row in rows}
    for section, ends in (("4.2", "abcde"), ("4.3.4", "abcd"), ("4.4", "abcdef"), ("3.3.3", "abcdef")):
        assert {f"{section}.{letter}" for letter in ends} <= letters


def test_the_report_counts_otherwise_than_the_records(dataset: Dataset, store: EmbeddedStore) -> None:
    """Six pilots on divorce against seven records; three stopped early against one; nine of Divosa in both."""
    _, rows = ask(QUESTIONS["report-against-records"], {}, dataset, store)
    found = {(row["value"].partition("^")[0], row["thingLabel"]): int(number(row["inRecords"])) for row in rows}
    assert found["6", "separation and divorce@en"] == 7
    assert found["3", "stopped early@en"] == 1
    assert found["9", "Legal Help and the Social Domain (Divosa)@en"] == 9


def test_the_same_platform_links_two_divorce_pilots(dataset: Dataset, store: EmbeddedStore) -> None:
    """Both records name Uitelkaar.nl, and they share the domain; a pair stands in the answer once."""
    _, rows = ask(QUESTIONS["linked-pilots"], {"atLeast": "1"}, dataset, store)
    pairs = {(row["first"], row["second"]): row for row in rows}
    assert len(pairs) == len(rows)
    assert all(first < second for first, second in pairs)
    pair = pairs["pilot:pakketafhankelijke-eigen-bijdrage", "pilot:zelf-regieroute-scheiden"]
    assert int(number(pair["relations"])) >= 1
    assert int(number(pair["domains"])) >= 1


def test_every_pilot_has_every_question(dataset: Dataset, store: EmbeddedStore) -> None:
    """34 by 18, one state each; cases for four pilots, ownership for one, as the records have it."""
    _, rows = ask(QUESTIONS["coverage-by-question"], {}, dataset, store)
    assert len(rows) == len({(row["pilot"], row["number"]) for row in rows}) == 34 * 18
    silent = {"not stated@en"}
    for number_, pilots in (("d.i", 4), ("a.x", 1)):
        assert sum({row["state"]} != silent for row in rows if row["number"] == number_) == pilots


def answered(query: Query) -> list[str]:
    """The research questions that a query's header names."""
    return [number.strip() for number in query.header.get("answers", "").split(",") if number.strip()]


def ask(query: Query, given: Mapping[str, str], dataset: Dataset, store: EmbeddedStore) -> tuple[list[str], list[Row]]:
    """Ask Oxigraph; each cell in its comparable form."""
    solutions = store.select(bind(query, given, dataset, store))
    names = [variable.value for variable in solutions.variables]
    return names, [{name: comparable(solution[name], name, dataset) for name in names} for solution in solutions]


def read_rdflib(row: ResultRow, names: list[str], dataset: Dataset) -> Row:
    """Turn a row of rdflib's into comparable cells."""
    cells: Row = {}
    for name in names:
        term = row[name]
        if isinstance(term, rdflib.Literal):
            datatype = None if term.language else NamedNode(str(term.datatype or rdflib.XSD.string))
            literal = Literal(str(term), datatype=datatype) if datatype else Literal(str(term), language=term.language)
            cells[name] = comparable(literal, name, dataset)
        else:
            cells[name] = comparable(None if term is None else NamedNode(str(term)), name, dataset)
    return cells


def comparable(term: NamedNode | BlankNode | Literal | Triple | None, name: str, dataset: Dataset) -> str:
    """Write a cell: IRIs short, numbers by value, lists as sorted sets."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return compact(term.value, dataset.base)
    assert isinstance(term, Literal)
    datatype = compact(term.datatype.value)
    if term.language:
        return f"{term.value}@{term.language}"
    if datatype in {"xsd:integer", "xsd:decimal"}:
        return f"{Decimal(term.value).normalize():f}^^{datatype}"
    if datatype != "xsd:string":
        return f"{term.value}^^{datatype}"
    return _sorted_list(term.value, name, dataset)


def _sorted_list(text: str, name: str, dataset: Dataset) -> str:
    if name == CLAIMS_VARIABLE:
        return " ".join(sorted({compact(iri, dataset.base) for iri in text.split()}))
    return "; ".join(sorted(set(text.split("; "))))


def written(answer: tuple[list[str], list[Row]]) -> str:
    """Write an answer as the expected file holds it."""
    names, rows = answer
    lines = ["\t".join(names), *("\t".join(row[name] for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def number(cell: str) -> Decimal:
    """Read a number back from its comparable form."""
    return Decimal(cell.partition("^^")[0])


def test_prefixes_are_known() -> None:
    """Every prefix that a question declares stands for what it stands for everywhere in the project."""
    for query in QUESTIONS.values():
        for prefix, namespace in re.findall(r"PREFIX (\w+): <([^>]+)>", query.text):
            assert PREFIXES[prefix] == namespace
