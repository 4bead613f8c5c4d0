"""Findings and the reports they leave in."""

from __future__ import annotations

import json
import re

import pytest

from pilotgraph import __version__
from pilotgraph.findings import FORMATS, Finding, ordered, reaches, report, summary

PLACED = Finding(
    "violation",
    "check/x",
    {"en": "is wrong", "nl": "is fout"},
    "a,b:c.ttl",
    3,
    "https://ex.org/a",
    "50%\nof it",
    {"en": "correct it", "nl": "verbeter het"},
)
BARE = Finding("info", "check/y", {"en": "worth knowing"})
UNPLACED = Finding("warning", "check/z", {"nl": "let op"}, focus="https://ex.org/b")


def test_the_order_is_by_place_then_gravity() -> None:
    """Any order in gives one order out, without exact repeats."""
    same_place = Finding("info", "a", {"en": "x"}, "a,b:c.ttl", 3)
    expected = [UNPLACED, BARE, PLACED, same_place]
    assert ordered([same_place, PLACED, BARE, UNPLACED, PLACED]) == expected
    assert ordered(reversed(expected)) == expected


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        ("never", [False, False, False]),
        ("violation", [True, False, False]),
        ("warning", [True, True, False]),
        ("info", [True, True, True]),
    ],
)
def test_a_finding_reaches_its_severity_and_those_below(threshold: str, expected: list[bool]) -> None:
    """The threshold lets through what is graver than it, and itself."""
    assert [reaches([finding], threshold) for finding in (PLACED, UNPLACED, BARE)] == expected
    assert not reaches([], threshold)


def test_the_summary_counts() -> None:
    """One line counts each severity, in the right number."""
    assert summary([]) == "0 violations, 0 warnings, 0 info"
    assert summary([PLACED, PLACED, UNPLACED, BARE]) == "2 violations, 1 warning, 1 info"


def test_text() -> None:
    """Place, severity, message and rule in one line; then focus, value and advice, in the chosen language."""
    assert report([PLACED, BARE, UNPLACED], "text", "nl") == (
        "a,b:c.ttl:3: violation: is fout [check/x]\n"
        "    https://ex.org/a\n"
        "    waarde: 50%\nof it\n"
        "    wat te doen: verbeter het\n"
        "info: worth knowing [check/y]\n"
        "https://ex.org/b: warning: let op [check/z]\n"
    )


def test_json() -> None:
    """Every field of every finding, in both languages."""
    first, second = json.loads(report([PLACED, BARE], "json"))
    assert first == {
        "severity": "violation",
        "rule": "check/x",
        "message": {"en": "is wrong", "nl": "is fout"},
        "path": "a,b:c.ttl",
        "line": 3,
        "focus": "https://ex.org/a",
        "value": "50%\nof it",
        "advice": {"en": "correct it", "nl": "verbeter het"},
    }
    assert (second["line"], second["path"]) == (None, "")


def test_sarif() -> None:
    """SARIF 2.1.0: one run, its rules once, a result for each finding with level, message and place."""
    document = json.loads(report([PLACED, PLACED, BARE, UNPLACED], "sarif"))
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    assert run["tool"]["driver"] == {
        "name": "pilotgraph",
        "version": __version__,
        "rules": [{"id": "check/x"}, {"id": "check/y"}, {"id": "check/z"}],
    }
    place = {"artifactLocation": {"uri": "a%2Cb%3Ac.ttl"}, "region": {"startLine": 3}}
    assert run["results"][0] == run["results"][1]
    assert run["results"][1:] == [
        {
            "ruleId": "check/x",
            "level": "error",
            "message": {"text": "is wrong; https://ex.org/a; value: 50%\nof it; what to do: correct it"},
            "locations": [{"physicalLocation": place}],
        },
        {"ruleId": "check/y", "level": "note", "message": {"text": "worth knowing"}},
        {"ruleId": "check/z", "level": "warning", "message": {"text": "let op; https://ex.org/b"}},
    ]


def test_github_annotations() -> None:
    """One line a finding: what would end a property or the line is escaped as GitHub asks."""
    text = report([PLACED, BARE], "github")
    assert text == (
        "::error file=a%2Cb%3Ac.ttl,line=3,title=check/x::"
        "is wrong; https://ex.org/a; value: 50%25%0Aof it; what to do: correct it\n"
        "::notice title=check/y::worth knowing\n"
    )
    assert all(re.fullmatch(r"::(error|warning|notice) [^\r\n]*::[^\r\n]*", line) for line in text.splitlines())


@pytest.mark.parametrize("format_", FORMATS)
def test_no_findings(format_: str) -> None:
    """Without findings a report is still valid, and empty."""
    text = report([], format_)
    assert text == "" or json.loads(text) == [] or json.loads(text)["runs"][0]["results"] == []
