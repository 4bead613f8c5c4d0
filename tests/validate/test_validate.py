"""Validation: pySHACL's verdict and the check queries, with file and line, and what neither can see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from pilotgraph.dataset import Dataset
from pilotgraph.validate import validate
from pilotgraph.validate.literals import is_well_typed

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command, Tiny

WRONG = """PREFIX pg: <https://w3id.org/pilotgraph/def#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX role: <https://w3id.org/pilotgraph/rechtsbijstand/id/concept/role/>

<https://ex.org/one> a pg:Piolt ;
  pg:abuot <https://ex.org/two> ;
  pg:role role:researchr .

# The second one stands on line 11.
<https://ex.org/two> dcat:startDate "2021-02-30"^^xsd:date .
"""
TERM = "correct the name, or add the term to the ontology or scheme"
EXPECTED = (
    "{file}:6: violation: pg:Piolt does not exist; did you mean Pilot? [validate/unknown-term]\n"
    f"    https://ex.org/one\n    what to do: {TERM}\n"
    "{file}:6: violation: pg:abuot does not exist; did you mean about? [validate/unknown-term]\n"
    f"    https://ex.org/one\n    what to do: {TERM}\n"
    "{file}:6: violation: role:researchr does not exist; did you mean researcher? [validate/unknown-term]\n"
    f"    https://ex.org/one\n    what to do: {TERM}\n"
    "{file}:11: violation: dcat:startDate: “2021-02-30” is no xsd:date [validate/ill-typed]\n"
    "    https://ex.org/two\n    what to do: correct the value, or its type\n"
)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A file that is in no data set, with four faults."""
    path = tmp_path / "wrong.ttl"
    path.write_text(WRONG)
    return path


def test_a_file_of_the_users_own_is_checked(wrong: Path, pilotgraph: Command) -> None:
    """A file outside the data set is checked against its ontology; each finding has file, line and a near name."""
    result = pilotgraph("validate", wrong)
    assert result.out == EXPECTED.format(file=wrong)
    assert result.err == "checked 1 file: 4 violations, 0 warnings, 0 info\n"
    assert result.code == 1


def test_findings_speak_dutch(wrong: Path, pilotgraph: Command) -> None:
    """With --lang nl messages and advice are Dutch."""
    result = pilotgraph("validate", wrong, "--lang", "nl", "-q")
    assert f"{wrong}:6: violation: pg:Piolt bestaat niet; bedoelt u Pilot? [validate/unknown-term]\n" in result.out
    assert "    wat te doen: verbeter de waarde, of haar type\n" in result.out
    assert result.err == ""


@pytest.mark.parametrize("format_", ["json", "sarif", "github", "ttl"])
def test_each_format_holds_the_findings(wrong: Path, tmp_path: Path, pilotgraph: Command, format_: str) -> None:
    """The same findings in every format; a file appears under its name, and standard output stays empty."""
    output = tmp_path / f"report.{format_}"
    result = pilotgraph("validate", wrong, "--format", format_, "-o", output, "--fail-on", "never", "-q")
    assert result == (0, "", f"written: {output}\n")
    text = output.read_text()
    if format_ == "ttl":
        assert "sh:conforms true" in text
    elif format_ == "github":
        assert [line.split(",title")[0] for line in text.splitlines()] == [
            f"::error file={wrong},line={line}" for line in (6, 6, 6, 11)
        ]
    else:
        document = json.loads(text)
        findings = document if format_ == "json" else document["runs"][0]["results"]
        assert len(findings) == 4


CLEAN = "<https://ex.org/x> <https://ex.org/p> 1 .\n"
WARNED = "[] <https://ex.org/p> 1 .\n"
VIOLATED = '<https://ex.org/x> <https://ex.org/p> "x"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


@pytest.mark.parametrize(
    ("content", "threshold", "code"),
    [
        (CLEAN, "info", 0),
        (WARNED, "violation", 0),
        (WARNED, "warning", 1),
        (WARNED, "info", 1),
        (VIOLATED, "violation", 1),
        (VIOLATED, "never", 0),
    ],
)
def test_the_exit_code_follows_fail_on(
    tmp_path: Path, pilotgraph: Command, content: str, threshold: str, code: int
) -> None:
    """Exit 1 exactly if there is a finding at or above the chosen severity."""
    path = tmp_path / "x.ttl"
    path.write_text(content)
    assert pilotgraph("validate", path, "--fail-on", threshold, "-q").code == code


def test_a_blank_node_does_not_hide_its_faults(tmp_path: Path) -> None:
    """A thing without a name is checked too, whatever its label, and its file is named."""
    path = tmp_path / "blank.ttl"
    path.write_text("_:é a <https://w3id.org/pilotgraph/def#Pilot> .\n")
    found = validate(Dataset.open(), [path]).findings
    assert {finding.path for finding in found} == {str(path)}
    assert {finding.focus for finding in found if "pgsh:" in finding.rule} == {"_:blank"}
    assert ("warning", "validate/blank-node", 1) in [(f.severity, f.rule, f.line) for f in found]


def test_a_file_without_triples_is_a_finding(tmp_path: Path, pilotgraph: Command) -> None:
    """A file that holds only comments is no pass."""
    path = tmp_path / "notes.ttl"
    path.write_text("# nothing yet\n")
    message = f"{path}:1: warning: the file says nothing: it holds no triple [validate/no-triples]"
    assert pilotgraph("validate", path).out.splitlines()[0] == message


def test_shapes_without_focus_and_classes_without_shape_are_findings(tiny: Tiny) -> None:
    """SHACL is silent where a shape finds nothing to look at, and about classes that no shape looks at."""
    tiny.add("odd", "pilot:x a foaf:Person .\n")
    found = {(f.rule, f.say("en"), f.value, f.path, f.line) for f in validate(Dataset.open(tiny.root)).findings}
    line = tiny.head.count("\n") + 1
    assert (
        "validate/untargeted-class",
        "no shape looks at this class",
        "foaf:Person",
        "data/turtle/odd.ttl",
        line,
    ) in found
    nothing = "the shape pgsh:Funding has nothing to look at: the data has no pg:Funding"
    assert ("validate/no-focus-node", nothing, "", "", None) in found
    assert not any("pgsh:Pilot has nothing" in message for _, message, *_ in found)


def test_a_check_query_is_run_with_file_and_line(tiny: Tiny) -> None:
    """Each row of a check query is a finding, placed where its focus stands."""
    (tiny.root / "queries/check/no-date.rq").write_text(
        "#+ summary: No date\n#+ summary_nl: Geen datum\n#+ severity: warning\n#+ solution: Add one\n"
        "PREFIX pg: <https://w3id.org/pilotgraph/def#>\n"
        "SELECT ?focus ?value { ?focus a pg:Pilot . BIND(pg:Pilot AS ?value) }\n"
    )
    found = [finding for finding in validate(Dataset.open(tiny.root)).findings if finding.rule == "check/no-date"]
    (finding,) = found
    assert (finding.severity, finding.path, finding.line) == (
        "warning",
        "data/turtle/register.ttl",
        tiny.head.count("\n") + 1,
    )
    assert (finding.say("nl"), finding.value, finding.advise("nl")) == ("Geen datum", "pg:Pilot", "Add one")


def test_the_bundled_data_set_is_valid(pilotgraph: Command) -> None:
    """The flagship data set has no violation."""
    result = pilotgraph("validate", "--format", "json")
    assert [finding for finding in json.loads(result.out) if finding["severity"] == "violation"] == []
    assert result.code == 0


XSD = "http://www.w3.org/2001/XMLSchema#"
LEXICAL = {
    "integer": (["0", "-007", "+1"], ["", "1.0", "a", " 1"]),
    "decimal": (["1", "1.50", ".5", "-1."], ["1e3", "1,5", "."]),
    "boolean": (["true", "false", "1", "0"], ["True", "yes"]),
    "date": (["2020-02-29", "2022-07-06Z", "2022-07-06+01:00"], ["2021-02-30", "2021-02-29", "06-07-2022", "2021-2-3"]),
    "gYear": (["2022"], ["22", "2022-01", "0000"]),
    "gYearMonth": (["2022-07"], ["2022-13", "2022", "2022-07-01"]),
    "double": (["1e3", "INF", "-1.5"], ["1e", "inf"]),
    "nonNegativeInteger": (["0", "7"], ["-1"]),
    "duration": (["anything"], []),
}


@pytest.mark.parametrize("name", LEXICAL)
def test_the_lexical_space_of_each_type(name: str) -> None:
    """The text of a literal fits its type as XML Schema 1.1 Part 2 says; types that the model does not use pass."""
    good, bad = LEXICAL[name]
    values = [is_well_typed(Literal(text, datatype=NamedNode(XSD + name))) for text in good + bad]
    assert values == [True] * len(good) + [False] * len(bad)
