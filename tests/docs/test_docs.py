"""The documentation is true: its commands run, its generated parts are fresh, its links lead somewhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from pilotgraph import cli, errors
from pilotgraph.dataset import Dataset
from pilotgraph.queries import library

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT.parent / "shared" / "sources"
DATASET_PARTS = ("data", "ontology", "queries")
_FENCE = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n+)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
_EXIT = re.compile(r"\s+# exit (\d+)$")
_LINK = re.compile(r"(?<!!)\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)\)")
_RULE = re.compile(r'"((?:verify|validate)/[a-z-]+)"')


def _script() -> Any:  # noqa: ANN401 - a module by its path
    spec = importlib.util.spec_from_file_location("docs_script", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCS = _script()
PAGES = [page.relative_to(ROOT).as_posix() for page in DOCS.pages()]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the stores of these tests out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOTGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@dataclass(frozen=True)
class Step:
    """One thing that a page does: save a file, or run a command and show lines of its output."""

    file: str = ""
    content: str = ""
    command: str = ""
    code: int = 0
    shown: tuple[str, ...] = ()


def steps(text: str) -> list[Step]:
    """What a reader of a page would save and type, in order."""
    found = []
    for fence in _FENCE.finditer(text):
        if fence["file"]:
            found.append(Step(file=fence["file"], content=fence["body"]))
        elif fence["kind"] == "console":
            found.extend(_commands(fence["body"]))
    return found


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _commands(body: str) -> Iterator[Step]:
    command, shown = "", list[str]()
    for line in [*body.splitlines(), DOCS.PROMPT]:
        if not line.startswith(DOCS.PROMPT):
            shown.append(line)
            continue
        if command:
            stated = _EXIT.search(command)
            yield Step(command=command, code=int(stated[1]) if stated else 0, shown=tuple(shown))
        command, shown = line.removeprefix(DOCS.PROMPT), []


def unseen(shown: tuple[str, ...], output: str) -> list[str]:
    """The lines of an example that its command did not print; an ellipsis stands for anything."""
    return [line for line in shown if not all(part in output for part in line.split("…"))]


def has_sources() -> bool:
    """Tell whether the texts that the passages were read from are at hand."""
    return all((SOURCES / source.file).is_file() for source in Dataset.open(ROOT).sources)


@pytest.mark.parametrize("page", [page for page in PAGES if any(step.command for step in steps(_text(page)))])
def test_every_command_of_a_page_runs(page: str, tmp_path: Path) -> None:
    """A console line exits with 0 or the code beside it, and prints what stands below it."""
    # A folder like a checkout, for a page may change the data.
    for part in DATASET_PARTS:
        shutil.copytree(ROOT / part, tmp_path / part)
    if has_sources():
        (tmp_path / "sources").symlink_to(SOURCES)
    for step in steps(_text(page)):
        if "--sources sources" in step.command and not has_sources():
            pytest.skip("the rest of the page needs the source texts, which are not at hand")
        if step.file:
            (tmp_path / step.file).write_text(step.content, encoding="utf-8")
            continue
        output, code = DOCS.run(step.command, tmp_path)
        assert code == step.code, f"{page}: {step.command}\n{output}"
        assert "Traceback" not in output
        assert unseen(step.shown, output) == [], f"{page}: {step.command}\n{output}"


def test_a_wrong_example_is_noticed(tmp_path: Path) -> None:
    """Negative control: another exit code and a line that was not printed both show."""
    page = "```console\n$ echo one; false   # exit 1\none\ntwo … three\n$ true\n```\n"
    first, second = steps(page)
    output, code = DOCS.run(first.command, tmp_path)
    assert (code, first.code, second.code) == (1, 1, 0)
    assert unseen(first.shown, output) == ["two … three"]


def test_generated_parts_are_fresh() -> None:
    """Help blocks, example output and the page of questions are what scripts/docs.py makes: run `make docs`."""
    assert [path.relative_to(ROOT).as_posix() for path in DOCS.stale()] == []


def test_a_stale_block_is_noticed(tmp_path: Path) -> None:
    """Negative control: a changed help text and a changed question show, and writing mends both."""
    for part in DATASET_PARTS:
        shutil.copytree(ROOT / part, tmp_path / part)
    page = tmp_path / "docs" / "commands" / "info.md"
    page.parent.mkdir(parents=True)
    fresh = _text("docs/commands/info.md")
    page.write_text(fresh.replace("Show this message and exit.", "Show nothing."), encoding="utf-8")
    listed = tmp_path / "docs" / "questions.md"
    listed.write_text("# The questions\n", encoding="utf-8")
    found = DOCS.stale(tmp_path)
    assert set(found) == {page, listed}
    assert found[page] == fresh
    for path, content in found.items():
        path.write_text(content, encoding="utf-8")
    assert DOCS.stale(tmp_path) == {}


def test_every_question_has_its_place() -> None:
    """The page of questions names each question once, with both its summaries."""
    text = _text("docs/questions.md")
    names = [query.name for query in library(Dataset.open(ROOT))]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == names
    assert text.count("**\\\n*") == len(names)


# rdflib 7 asks itself for names that it has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("page", ["README.md", "docs/api.md"])
def test_python_examples_run(page: str) -> None:
    """The pycon blocks of a page, one after the other, give what they show."""
    pytest.importorskip("pandas")
    blocks = [m["body"] for m in _FENCE.finditer(_text(page)) if m["kind"] == "pycon"]
    assert blocks
    flags = doctest.IGNORE_EXCEPTION_DETAIL
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)
    result = doctest.DocTestRunner(optionflags=flags).run(example)
    assert result.failed == 0
    assert result.attempted > 0


def broken_links(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere: no file, or no such heading in it."""
    found = []
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, heading = link.partition("#")
        target = (page.parent / name) if name else page
        if not target.exists() or (heading and heading not in _anchors(target)):
            found.append(link)
    return found


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Each relative link of a page leads to a file, and to a heading of it."""
    assert broken_links(ROOT / page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    """Negative control: a missing file and a missing heading show, a good link and another host do not."""
    page = tmp_path / "page.md"
    page.write_text(
        "# One heading\n[a](page.md#one-heading) [b](#other) [c](gone.md) [d](https://example.org/)\n", encoding="utf-8"
    )
    assert broken_links(page) == ["#other", "gone.md"]


def test_every_command_has_a_page() -> None:
    """There is one page per command, with its help, and the index names it."""
    pages = {path.stem for path in (ROOT / "docs" / "commands").glob("*.md")}
    assert pages == set(cli.VERBS)
    index = _text("docs/README.md")
    for verb in cli.VERBS:
        assert f"$ pilotgraph {verb} --help\nUsage:" in _text(f"docs/commands/{verb}.md")
        assert f"(commands/{verb}.md)" in index


def _error_rows(heading: str) -> list[str]:
    text = _text("docs/errors.md")
    section = re.split(rf"^## {heading}$", text, flags=re.MULTILINE)[1].split("\n## ")[0]
    return re.findall(r"^\| ([^|]+?) \|", section, re.MULTILINE)


def test_exit_codes_are_those_of_the_code() -> None:
    """docs/errors.md lists exactly the exit codes that the command line can give."""
    stated = {int(cell) for cell in _error_rows("Exit codes") if cell.isdigit()}
    ours = {kind.exit_code for kind in (errors.SourceError, errors.DatasetError, errors.EndpointError)}
    assert stated == {0, 1, click.UsageError.exit_code, cli.INTERRUPTED, cli.BROKEN_PIPE} | ours
    assert {errors.SourceError.exit_code, errors.EndpointError.exit_code} == {3, 4}


def test_every_rule_is_explained() -> None:
    """docs/errors.md explains each rule that validate and verify can name."""
    listed = set(re.findall(r"`((?:verify|validate)/[a-z-]+)`", "\n".join(_error_rows("Findings of exit code 1"))))
    named = {rule for path in (ROOT / "pilotgraph").rglob("*.py") for rule in _RULE.findall(path.read_text("utf-8"))}
    # These take their last word from the state of a passage.
    named |= {f"verify/{state}" for state in ("new", "moved", "missing", "page")}
    assert listed == named


def test_the_documentation_names_no_place_of_ours() -> None:
    """No path of a machine stands in a page."""
    for page in PAGES:
        assert not re.search(r"/(?:work|root|home|tmp)/", _text(page)), page


def test_check_only_tells(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`docs.py --check` exits with 1 and names what is out of date, and a wrong call exits with 2."""
    monkeypatch.setattr(DOCS, "stale", lambda: {ROOT / "README.md": "new"})
    before = (ROOT / "README.md").read_bytes()
    assert DOCS.main(["--check"]) == 1
    assert capsys.readouterr().out == "out of date: README.md\n"
    assert (ROOT / "README.md").read_bytes() == before
    assert DOCS.main(["--wrong"]) == 2
