"""`pilotgraph explain` at the command line: forms of output, messages and exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

PAIR = ("rotterdam-zuid", "wijkrechtspraak-op-zuid")


def test_text_is_the_default_and_is_the_same_every_time(pilotgraph: Command) -> None:
    """Twice the same bytes, the headline first, the weighting last."""
    first, second = pilotgraph("explain", *PAIR), pilotgraph("explain", *PAIR)
    assert (first.code, first.err) == (0, "")
    assert first.out == second.out
    assert first.out.startswith(
        "Rotterdam South (Hillesluis) and Neighbourhood Justice in Rotterdam South are strongly"
    )
    assert "−log2(share that has it)" in first.out


@pytest.mark.parametrize("suffix", ["txt", "json", "html", "md"])
def test_the_extension_picks_the_form(pilotgraph: Command, tmp_path: Path, suffix: str) -> None:
    """A file appears whole, and an existing one is kept unless --force says otherwise."""
    target = tmp_path / f"why.{suffix}"
    done = pilotgraph("explain", *PAIR, "--lang", "nl", "-o", target)
    assert (done.code, done.out) == (0, "")
    assert "Hillesluis" in target.read_text(encoding="utf-8")
    again = pilotgraph("explain", *PAIR, "-o", target)
    assert again.code == 3
    assert "exists; add --force" in again.err


def test_json_can_be_read_by_a_program(pilotgraph: Command) -> None:
    """On standard output, with reasons, passages and absent types."""
    done = pilotgraph("explain", "mijn-zaak", "juridisch-loket", "--format", "json")
    document = json.loads(done.out)
    passage = document["reasons"][0]["sides"][0]["passages"][0]
    assert {"source", "section", "page", "starts_with", "ends_with", "link", "knowing"} <= set(passage)


@pytest.mark.parametrize(
    ("names", "code", "said"),
    [
        ((), 2, "give at least two names of pilots or organisations"),
        (("zsm",), 2, "give at least two names of pilots or organisations"),
        (("zsm", "ZSM"), 3, "zsm and ZSM: are the same pilot; give two different ones"),
        (("zsm", "wijkrechtbank-eindhofen"), 3, "did you mean wijkrechtbank-eindhoven"),
        (("zsm", "Wijkrechtbank Eindhofen"), 3, "did you mean wijkrechtbank eindhoven"),
        (("zsm", "xyzzy"), 3, "no pilot or organisation 'xyzzy'"),
        (("zsm", "divosa-rechtshulp-en-sociaal-domein"), 3, "is a programme; explain takes pilots and organisations"),
        (("zsm", "sociaal-raadslieden"), 3, "is a professional group"),
        (("zsm", "uwv", "mijn-zaak"), 3, "three or more must be all pilots or all organisations"),
        (("zsm", "> . DROP ALL"), 3, "no pilot or organisation '> . DROP ALL'"),
    ],
)
def test_wrong_names(pilotgraph: Command, names: tuple[str, ...], code: int, said: str) -> None:
    """One clear message, nothing on standard output, the documented exit code."""
    done = pilotgraph("explain", *names)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_labels_and_iris_are_names_too(pilotgraph: Command) -> None:
    """In either language, whatever the case."""
    by_slug = pilotgraph("explain", "uwv", "juridisch-loket")
    by_label = pilotgraph(
        "explain",
        "Employee Insurance Agency (UWV)",
        "https://w3id.org/pilotgraph/rechtsbijstand/id/organisation/juridisch-loket",
    )
    assert by_label == by_slug


def test_a_name_of_two_kinds_gets_a_note(pilotgraph: Command) -> None:
    """The pilot is meant, and the note stands on standard error, unless --quiet."""
    done = pilotgraph("explain", "legalguard", "slachtofferadvocatuur")
    assert done.err == "'legalguard' is read as the pilot; for the organisation write organisation:legalguard\n"
    assert pilotgraph("explain", "legalguard", "slachtofferadvocatuur", "-q").err == ""
