"""Findings: what a check has found, and the reports they leave in.

A finding is data, not an exception. Reports are deterministic: sorted, without a clock.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pilotgraph import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

SEVERITIES = ("violation", "warning", "info")
FORMATS = ("text", "json", "sarif", "github")
_SARIF_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}
_HEADINGS = {
    "en": {"do": "what to do", "value": "value", "none": "nothing found"},
    "nl": {"do": "wat te doen", "value": "waarde", "none": "niets gevonden"},
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing.

    `path` and `line` (from 1) say where; `focus` is the IRI that it is about; `rule` names the shape, check
    query or verification that found it; `message` and `advice` are by language.
    """

    severity: str
    rule: str
    message: dict[str, str]
    path: str = ""
    line: int | None = None
    focus: str = ""
    value: str = ""
    advice: dict[str, str] = field(default_factory=dict)

    def sort_key(self) -> tuple[Any, ...]:
        """Order: by place, then by gravity."""
        return (self.path, self.line or 0, SEVERITIES.index(self.severity), self.rule, self.focus, self.value)

    def say(self, language: str) -> str:
        """The message in a language, or in the one there is."""
        return self.message.get(language) or next(iter(self.message.values()), "")

    def advise(self, language: str) -> str:
        """The advice in a language, empty if there is none."""
        return self.advice.get(language) or next(iter(self.advice.values()), "")


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings, and drop exact repeats."""
    unique = {(f.sort_key(), f.say("en")): f for f in findings}
    return [unique[key] for key in sorted(unique)]


def reaches(findings: Iterable[Finding], threshold: str) -> bool:
    """Tell whether any finding is at or above a severity; "never" is above all."""
    if threshold == "never":
        return False
    grave = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    return any(finding.severity in grave for finding in findings)


def report(findings: list[Finding], format_: str, language: str = "en") -> str:
    """Write findings as text, json, sarif (2.1.0) or GitHub workflow annotations."""
    writers = {"json": _json, "sarif": _sarif, "github": _github}
    return writers[format_](findings, language) if format_ in writers else _text(findings, language)


def summary(findings: Iterable[Finding]) -> str:
    """Count findings by severity in one line."""
    count = Counter(finding.severity for finding in findings)
    return ", ".join(f"{count[s]} {s}{'s' if count[s] != 1 and s != 'info' else ''}" for s in SEVERITIES)


def _text(findings: list[Finding], language: str) -> str:
    words = _HEADINGS[language]
    out = []
    for finding in findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        where = f"{place or finding.focus}: " if place or finding.focus else ""
        out.append(f"{where}{finding.severity}: {finding.say(language)} [{finding.rule}]")
        if finding.focus and place:
            out.append(f"    {finding.focus}")
        if finding.value:
            out.append(f"    {words['value']}: {finding.value}")
        if finding.advise(language):
            out.append(f"    {words['do']}: {finding.advise(language)}")
    return "".join(line + "\n" for line in out)


def _json(findings: list[Finding], _language: str) -> str:
    return json.dumps([vars(finding) for finding in findings], ensure_ascii=False, indent=1) + "\n"


def _sarif(findings: list[Finding], language: str) -> str:
    """OASIS SARIF 2.1.0, section 3.27 (result objects)."""
    rules = sorted({finding.rule for finding in findings})
    results = []
    for finding in findings:
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "level": _SARIF_LEVELS[finding.severity],
            "message": {"text": _sentence(finding, language)},
        }
        if finding.path:
            location: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path)}}
            if finding.line:
                location["region"] = {"startLine": finding.line}
            result["locations"] = [{"physicalLocation": location}]
        results.append(result)
    driver = {"name": "pilotgraph", "version": __version__, "rules": [{"id": rule} for rule in rules]}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _github(findings: list[Finding], language: str) -> str:
    out = []
    for finding in findings:
        properties = {"file": finding.path, "line": str(finding.line or ""), "title": finding.rule}
        listed = ",".join(f"{key}={_escape(value, ':,')}" for key, value in properties.items() if value)
        out.append(f"::{_GITHUB_LEVELS[finding.severity]} {listed}::{_escape(_sentence(finding, language))}\n")
    return "".join(out)


def _sentence(finding: Finding, language: str) -> str:
    parts = [finding.say(language)]
    if finding.focus:
        parts.append(finding.focus)
    if finding.value:
        parts.append(f"{_HEADINGS[language]['value']}: {finding.value}")
    if finding.advise(language):
        parts.append(f"{_HEADINGS[language]['do']}: {finding.advise(language)}")
    return "; ".join(parts)


def _escape(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
