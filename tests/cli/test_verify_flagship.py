"""`verify` on the flagship data set and its source: all is anchored, and any changed digit is found and named."""

from __future__ import annotations

import random
import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from pilotgraph import evidence
from pilotgraph.dataset import Dataset
from pilotgraph.facts import Facts
from pilotgraph.terms import pg, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Command, Tiny

    from pilotgraph.terms import Term

ROOT = Path(__file__).parents[2]


@cache
def flagship_facts() -> tuple[Dataset, Facts]:
    """The bundled data set, read once."""
    dataset = Dataset.open(ROOT)
    return dataset, Facts.read(dataset.data_files())


def with_other_digit(text: str, at: int) -> str:
    """The text with the n-th of its digits made the next one."""
    position = [match.start() for match in re.finditer("[0-9]", text)][at]
    return text[:position] + str((int(text[position]) + 1) % 10) + text[position + 1 :]


def digits(text: str) -> range:
    """The digits of a text, to be changed one by one."""
    return range(len(re.findall("[0-9]", text)))


def test_every_passage_is_anchored(sources: Path, pilotgraph: Command) -> None:
    """The bundled data set verifies: exit 0, nothing found, no passage moved or missing."""
    result = pilotgraph("verify", "--sources", sources)
    assert (result.code, result.out) == (0, "")
    assert re.fullmatch(
        r"passages: [0-9]{4,} anchored, 0 moved, 0 missing; 0 violations, 0 warnings, 0 info\n", result.err
    )


def mutants(*names: str) -> Iterator[tuple[str, NamedNode, list[Term], int]]:
    """Each subject, property and value with a number, by the property's short name."""
    _, facts = flagship_facts()
    for name in names:
        predicate = term(name)
        for subject in sorted(facts.properties):
            values = facts.all(subject, predicate)
            yield from ((subject, predicate, values, number) for number in range(len(values)))


@pytest.mark.parametrize("name", ["pg:amount", "pg:value", "pg:valueMax", "dcat:startDate", "dcat:endDate"])
def test_one_changed_digit_of_any_value_is_found(sources: Path, name: str) -> None:
    """Whichever digit of whichever amount, count or date is changed, verify finds it, but for one in fifty at most.

    What stays unnoticed are values that the same passage prints of something else ("1 of the 2").
    """
    dataset, facts = flagship_facts()
    texts = evidence.read_sources(dataset, sources)
    spans = {
        iri: (facts.number(iri, pg("start")) or 0, facts.number(iri, pg("end")) or 0)
        for class_ in ("Record", "Evidence")
        for iri in facts.subjects(pg(class_))
    }
    unnoticed, tried = [], 0
    for subject, predicate, values, number in mutants(name):
        node = values[number]
        assert isinstance(node, Literal)
        for at in digits(node.value) if facts.all(subject, pg("evidence")) else ():
            changed = Literal(with_other_digit(node.value, at), datatype=node.datatype)
            facts.properties[subject][predicate.value] = [*values[:number], changed, *values[number + 1 :]]
            tried += 1
            if not list(evidence.check_claim(facts, subject, spans, texts)):
                unnoticed.append((subject, changed.value))
        facts.properties[subject][predicate.value] = values
    assert tried
    assert len(unnoticed) <= tried / 50, unnoticed
    for subject, value in unnoticed:
        passages = [(spans[iri], facts.text(iri, evidence.HAS_SOURCE)) for iri in facts.texts(subject, pg("evidence"))]
        text = " ".join(texts[source].text[start:end] for (start, end), source in passages)
        printed = (value[:4], {"2": "beide", "4": "vier"}.get(value, value[:4]))
        assert any(word in text for word in printed), f"{subject}: {value} is not printed"


@pytest.mark.parametrize("name", ["start", "end", "digest"])
def test_one_changed_digit_of_any_position_is_found(sources: Path, name: str) -> None:
    """Whichever position or digest is changed, its passage is moved or missing, and is named."""
    dataset, facts = flagship_facts()
    texts = evidence.read_sources(dataset, sources)
    chance = random.Random(name)  # noqa: S311 - a choice, not a secret
    for subject, predicate, values, number in mutants(f"pg:{name}"):
        node = values[number]
        if not isinstance(node, Literal) or not facts.all(subject, evidence.HAS_SOURCE):
            continue
        changed = with_other_digit(node.value, chance.choice(digits(node.value)))
        facts.properties[subject][predicate.value] = [Literal(changed, datatype=node.datatype)]
        selector = evidence.Selector.of(facts, subject)
        facts.properties[subject][predicate.value] = values
        assert not selector.stands_in(texts[selector.source].text), f"{subject} {node.value} → {changed}"


PATTERNS = {
    "an amount": r"pg:amount ([0-9.]+)",
    "a count": r"pg:value ([0-9]+)",
    "a start": r'dcat:startDate "([0-9-]+)"',
    "an end": r'dcat:endDate "([0-9-]+)"',
    "a position": r"pg:start ([0-9]+)",
    "a digest": r'pg:digest "sha256:([0-9a-f]+)"',
    "a name": r'pg:namedAs "(\w{5,})',
}


@pytest.mark.parametrize("what", PATTERNS)
def test_one_changed_character_in_a_file_fails_and_names_the_claim(
    flagship: Path, sources: Path, pilotgraph: Command, what: str
) -> None:
    """Changed in its file, a value makes `verify` exit 1, with the claim and its file and line."""
    chance = random.Random(what)  # noqa: S311 - a choice, not a secret
    files = sorted((flagship / "data/turtle/pilotoverzicht-2022").glob("*.ttl"))
    places = [(path, match) for path in files for match in re.finditer(PATTERNS[what], path.read_text())]
    for path, match in chance.sample(places, 2):
        text = path.read_text()
        value = match[1]
        last = "x" if value[-1] != "x" else "y"
        changed = value[:-1] + (str((int(value[-1]) + 1) % 10) if value[-1].isdigit() else last)
        path.write_text(text[: match.start(1)] + changed + text[match.end(1) :])
        result = pilotgraph("verify", "--sources", sources, "--dataset", flagship)
        path.write_text(text)
        subject = re.findall(r"^(?:claim|evidence):(\S+)", text[: match.start()], re.MULTILINE)[-1]
        line = text.count("\n", 0, text.rindex(f":{subject} a ", 0, match.start())) + 1
        assert result.code == 1
        assert f"{path.relative_to(flagship)}:{line}: violation: " in result.out
        assert f"/{subject}\n" in result.out


def test_without_the_sources_nothing_is_passed(tmp_path: Path, pilotgraph: Command) -> None:
    """Without the source texts verify says "not checked", and exits with 3."""
    result = pilotgraph("verify", "--sources", tmp_path)
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        f"pilotgraph: {tmp_path}: not checked: none of the source texts (pilotoverzicht-2022.txt, "
        "tussentijds-beeld-2022.txt) is here; "
        "give their folder with --sources\n"
    )


def test_a_moved_passage_is_repaired(flagship: Path, sources: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Words put in front of the source move every passage; --fix writes the new positions, and keeps comments."""
    moved = tmp_path / "sources"
    shutil.copytree(sources, moved)
    for source in moved.glob("*.txt"):
        source.write_text("Vooraf een woord. " + source.read_text())
    path = flagship / "data/turtle/pilotoverzicht-2022/zsm.ttl"
    path.write_text("# Kept at the head.\n" + path.read_text())
    (flagship / "data/sources.toml").write_text(
        re.sub(r"(?m)^pages = .*$", "pages = []", (flagship / "data/sources.toml").read_text())
    )
    arguments = ("verify", "--sources", moved, "--dataset", flagship)
    before = pilotgraph(*arguments)
    assert before.code == 1
    assert re.search(r"passages: 0 anchored, [0-9]{4,} moved, 0 missing;", before.err)
    fixed = pilotgraph(*arguments, "--fix")
    assert re.search(r"passages: [0-9]{4,} anchored, 0 moved, 0 missing; 0 violations, 2 warnings, 0 info\n", fixed.err)
    assert (fixed.code, pilotgraph(*arguments).code) == (0, 0)
    assert path.read_text().startswith("# Kept at the head.\n@prefix ")


TEXT = "Pilot Alfa begint. Budget: € 5. Bureau Oost en Bureau Oost. Einde."


@pytest.fixture
def alfa(tiny: Tiny) -> Tiny:
    """A tiny data set with a record and a commented file to fill in."""
    tiny.source(TEXT)
    tiny.add("records", tiny.passage("record", TEXT))
    return tiny


def new_passage(tiny: Tiny, first: str, last: str, note: str = "") -> Path:
    """A claim with a passage that is written with words only, and comments."""
    return tiny.add(
        "claims",
        "# About the claim.\nclaim:c a pg:Claim ;\n    pg:about pilot:alfa ;\n    pg:evidence evidence:e .\n\n"
        "# About the passage.\nevidence:e a pg:Evidence ;\n    oa:hasSource source:s ;\n"
        f'    pg:endsWith "{last}" ;\n    pg:startsWith "{first}" .{note}\n',
    )


def test_a_passage_of_words_only_is_filled_in(alfa: Tiny, pilotgraph: Command) -> None:
    """--fix writes position, page and digest, in the canonical form, with the comments where they were."""
    path = new_passage(alfa, "Budget:", "€ 5.")
    arguments = ("verify", "--sources", alfa.root / "sources", "--dataset", alfa.root)
    assert pilotgraph(*arguments).code == 1
    start, words = TEXT.index("Budget"), "Budget: € 5."
    result = pilotgraph(*arguments, "--fix")
    count = "passages: 2 anchored, 0 moved, 0 missing; 0 violations, 0 warnings, 0 info\n"
    assert result == (0, "", f"written: {path}\n{count}")
    used = ("claim", "evidence", "oa", "pg", "pilot", "source")
    head = "".join(
        line + "\n" for line in alfa.head.splitlines() if line.startswith(tuple(f"@prefix {p}:" for p in used))
    )
    assert path.read_text() == (
        f"{head}\n"
        "# About the claim.\nclaim:c a pg:Claim ;\n    pg:about pilot:alfa ;\n    pg:evidence evidence:e .\n\n"
        "# About the passage.\nevidence:e a pg:Evidence ;\n    oa:hasSource source:s ;\n"
        f'    pg:digest "{evidence.digest(words)}" ;\n    pg:end {start + len(words)} ;\n    pg:endsWith "€ 5." ;\n'
        f'    pg:page 1 ;\n    pg:start {start} ;\n    pg:startsWith "Budget:" .\n'
    )


def test_what_is_not_unique_is_not_filled_in(alfa: Tiny, pilotgraph: Command) -> None:
    """--fix guesses nothing: words that fit two places stay as they are, and verify fails."""
    path = new_passage(alfa, "Bureau", "Oost")
    text = path.read_text()
    result = pilotgraph("verify", "--fix", "--sources", alfa.root / "sources", "--dataset", alfa.root, "-q")
    line = text[: text.index("evidence:e a")].count("\n") + 1
    assert (result.code, result.err, path.read_text()) == (1, "", text)
    assert result.out == (
        f"data/turtle/claims.ttl:{line}: violation: the passage is not unique: 2 places begin and end so "
        f"[verify/missing]\n    {alfa.base}id/evidence/e\n    value: “Bureau … Oost” carries {alfa.base}id/claim/c\n"
        "    what to do: correct the words, or read the source again\n"
    )


def test_a_comment_that_would_be_lost_stops_the_repair(alfa: Tiny, pilotgraph: Command) -> None:
    """A comment behind a statement has no place in the rewritten file: --fix says so and writes nothing."""
    path = new_passage(alfa, "Budget:", "€ 5.", " # mine")
    text = path.read_text()
    result = pilotgraph("verify", "--fix", "--sources", alfa.root / "sources", "--dataset", alfa.root)
    line = text.count("\n")
    message = "a comment stands inside or behind a statement and would be lost; put it above the subject"
    assert result == (3, "", f"pilotgraph: {path}:{line}: {message}\n")
    assert path.read_text() == text


def test_only_turtle_is_repaired(alfa: Tiny, pilotgraph: Command) -> None:
    """A passage in another format is reported, and its file is not rewritten as what it is not."""
    path = new_passage(alfa, "Budget:", "€ 5.")
    other = path.rename(path.with_suffix(".trig"))
    result = pilotgraph("verify", "--fix", "--sources", alfa.root / "sources", "--dataset", alfa.root)
    message = f"only Turtle files can be corrected, and this one holds {alfa.base}id/evidence/e; convert it to Turtle"
    assert result == (3, "", f"pilotgraph: {other}: {message}\n")
