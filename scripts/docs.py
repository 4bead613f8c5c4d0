"""Write the generated parts of the documentation: what a command prints, and the page of all questions.

In README.md and docs/ a line such as ``<!-- output by scripts/docs.py: 8 lines -->`` stands above a console
block. Each line of the block that starts with ``$ `` is a command; what stands below it is replaced by what
the command prints now, `all` of it or so many lines. docs/questions.md is made from the query library.

    python scripts/docs.py           write what has changed
    python scripts/docs.py --check   write nothing; exit 1 if something has changed
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pilotgraph.dataset import Dataset
from pilotgraph.queries import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.queries import Query

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = "docs/questions.md"
WIDTH = 140
PROMPT = "$ "
_BLOCK = re.compile(
    r"(?P<head><!-- output by scripts/docs\.py: (?P<lines>all|\d+ lines) -->\n+```console\n)"
    r"(?P<body>.*?)(?P<foot>^```$)",
    re.DOTALL | re.MULTILINE,
)
_SETTINGS = ("PILOTGRAPH_DATASET", "PILOTGRAPH_LANG", "PILOTGRAPH_SOURCES", "COLUMNS")
_QUESTIONS_HEAD = """\
# The questions

This page is made from the headers of the files in `queries/question/` by `make docs`. Change it there.

Ask a question by its name:

```console
$ pilotgraph query money-totals
$ pilotgraph query money-totals --param kind=subsidy --evidence
```

- A parameter that names a thing takes its slug (`zsm`), its label in either language, or its IRI.
- Every question also takes `--lang nl` or `--lang en`, the language of its labels.
- `--evidence` adds the passages that carry each row. [`docs/commands/query.md`](commands/query.md) tells the rest.
- *Chart* says how a page may draw the answer: the kind of chart, then the columns.

"""


def pages(root: Path = ROOT) -> list[Path]:
    """All pages of the documentation, sorted."""
    top = [root / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [path for path in top if path.is_file()] + sorted((root / "docs").rglob("*.md"))


def stale(root: Path = ROOT) -> dict[Path, str]:
    """The pages whose generated parts are out of date, with their new content."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in pages(root):
            old = path.read_text(encoding="utf-8")
            new = regenerated(old, Path(folder))
            if new != old:
                found[path] = new
    page, content = root / QUESTIONS, questions(root)
    if not page.is_file() or page.read_text(encoding="utf-8") != content:
        found[page] = content
    return found


def regenerated(text: str, folder: Path) -> str:
    """A page with the output of its generated blocks made anew; the commands run in `folder`."""

    def block(match: re.Match[str]) -> str:
        limit = None if match["lines"] == "all" else int(match["lines"].split()[0])
        commands = [line for line in match["body"].splitlines() if line.startswith(PROMPT)]
        body = "".join(f"{line}\n{_shortened(run(line[len(PROMPT) :], folder)[0], limit)}" for line in commands)
        return match["head"] + body + match["foot"]

    return _BLOCK.sub(block, text)


def run(command: str, folder: Path) -> tuple[str, int]:
    """Run a command line as a reader would, in `folder`: what it prints on both streams, and its exit code."""
    settings = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
    settings["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{settings.get('PATH', '')}"
    shell = shutil.which("bash") or "/bin/sh"
    done = subprocess.run(  # noqa: S603 - the commands are those of our own pages
        [shell, "-c", command],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8"), done.returncode


def questions(root: Path = ROOT) -> str:
    """The page of all questions."""
    parts = (_question(query) for query in library(Dataset.open(root)))
    return _QUESTIONS_HEAD + "\n".join(parts)


def _question(query: Query) -> str:
    return "\n".join(_question_lines(query))


def _question_lines(query: Query) -> Iterator[str]:
    yield f"## {query.name}\n"
    yield f"**{_escaped(query.say('summary', 'en'))}**\\\n*{_escaped(query.say('summary', 'nl'))}*\n"
    parameters = [parameter for parameter in query.parameters if parameter.name != "lang"]
    if parameters:
        yield "| parameter | takes | needed | meaning | betekenis |\n|---|---|---|---|---|"
        for parameter in parameters:
            takes = parameter.kind.replace("concept/", "").replace(",", " or ")
            about = f"{_escaped(parameter.about['en'])} | {_escaped(parameter.about['nl'])}"
            yield f"| `{parameter.name}` | {takes} | {'yes' if parameter.required else 'no'} | {about} |"
        yield ""
    if reading := query.header.get("reading"):
        yield f"How to read it: {_escaped(reading)}\n"
    if reading := query.header.get("reading_nl"):
        yield f"Leeswijzer: {_escaped(reading)}\n"
    if chart := query.header.get("chart"):
        yield f"Chart: `{chart}`\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\|<*_`\[\]])", r"\\\1", text)


def _shortened(output: str, limit: int | None) -> str:
    lines = [line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…" for line in output.splitlines()]
    if limit is not None and len(lines) > limit:
        lines = [*lines[:limit], "…"]
    return "".join(line.rstrip() + "\n" for line in lines)


def main(arguments: list[str]) -> int:
    """Write, or with --check only tell, what is out of date."""
    check = arguments == ["--check"]
    if arguments and not check:
        sys.stderr.write("usage: docs.py [--check]\n")
        return 2
    found = stale()
    for path, content in found.items():
        if not check:
            path.write_text(content, encoding="utf-8")
        sys.stdout.write(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}\n")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
