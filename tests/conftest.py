"""What several tests share: a cache of their own, the command line as a process, and a tiny data set."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import settings

from pilotgraph import evidence
from pilotgraph.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

# Started in the background, tests would hand on to the commands that they start that Ctrl-C is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
# A busy machine is no failure.
settings.register_profile("house", deadline=None, max_examples=60)
settings.load_profile("house")
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
BASE = "https://example.org/set/"
HEAD = f"""@prefix claim: <{BASE}id/claim/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix evidence: <{BASE}id/evidence/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix pg: <https://w3id.org/pilotgraph/def#> .
@prefix pilot: <{BASE}id/pilot/> .
@prefix record: <{BASE}id/record/> .
@prefix source: <{BASE}id/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


class Result(NamedTuple):
    """How a process ended."""

    code: int
    out: str
    err: str


class Command:
    """The installed command, as a process of its own."""

    def __call__(self, *arguments: object, stdin: str | bytes = "", cwd: Path = ROOT, **env: str) -> Result:
        """Run `pilotgraph` with the given arguments."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            self.line(*arguments), input=data, capture_output=True, cwd=cwd, env=os.environ | env, check=False
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def line(self, *arguments: object) -> list[str]:
        """The words of the command line."""
        return [str(Path(sys.executable).with_name("pilotgraph")), *map(str, arguments)]


class Tiny:
    """A data set with one source, written by a test, with the project's ontology, shapes and rules."""

    base = BASE
    head = HEAD

    def __init__(self, root: Path) -> None:
        self.root = root
        self.text = ""
        shutil.copytree(ROOT / "ontology", root / "ontology")
        for folder in ("data/turtle", "queries/question", "queries/check", "sources"):
            (root / folder).mkdir(parents=True)
        (root / "data/dataset.toml").write_text(
            f'base = "{BASE}"\nedition = "1"\nlicence = "https://example.org/licence"\n'
            '[title]\nen = "Tiny"\nnl = "Klein"\n[description]\nen = "Invented."\nnl = "Verzonnen."\n'
        )
        self.source("Pilot Alfa.")
        self.add("register", f'pilot:alfa a pg:Pilot .\n<{BASE}id/source/s> dct:issued "2022-07-06"^^xsd:date .\n')

    def source(self, text: str, pages: str = "[[1, 0]]") -> None:
        """Write the source text and its entry in the manifest."""
        self.text = evidence.normalise(text)
        (self.root / "sources/s.txt").write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        (self.root / "data/sources.toml").write_text(
            f'[[source]]\nslug = "s"\nfile = "s.txt"\nsha256 = "{digest}"\naddress = "https://example.org/s"\n'
            f"pages = {pages}\n"
        )

    def add(self, name: str, body: str) -> Path:
        """Write a Turtle file of the data set."""
        path = self.root / f"data/turtle/{name}.ttl"
        path.write_text(HEAD + body)
        return path

    def passage(self, name: str, words: str, **changed: object) -> str:
        """Describe the passage that consists of these words, with some values changed or left out (None)."""
        start = self.text.index(words)
        values: dict[str, object] = {
            "page": 1,
            "start": start,
            "end": start + len(words),
            "startsWith": f'"{evidence.first_words(words)}"',
            "endsWith": f'"{evidence.last_words(words)}"',
            "digest": f'"{evidence.digest(words)}"',
        }
        values |= changed
        lines = "".join(f" ;\n    pg:{key} {value}" for key, value in values.items() if value is not None)
        kind, of = ("pg:Record", " ;\n    pg:recordOf pilot:alfa") if name == "record" else ("pg:Evidence", "")
        return f"evidence:{name} a {kind}{of} ;\n    oa:hasSource source:s{lines} .\n"

    def claim(self, words: str, values: str) -> None:
        """Write one claim about the pilot, with the passage that consists of these words."""
        body = f"claim:c a pg:Claim ;\n    pg:about pilot:alfa ;\n    pg:evidence evidence:e ;\n    {values} .\n\n"
        self.add("claims", body + self.passage("e", words))

    def verify(self) -> evidence.Verification:
        """Verify the data set against its source."""
        dataset = Dataset.open(self.root)
        return evidence.verify(dataset, evidence.read_sources(dataset, self.root / "sources"))


@pytest.fixture(scope="session")
def servers() -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    """The module that starts SPARQL servers."""
    spec = importlib.util.spec_from_file_location("servers", Path(__file__).with_name("servers.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for cached stores, one a test process, so that nobody's own cache is touched."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOTGRAPH_CACHE", str(folder))
        for name in ("PILOTGRAPH_DATASET", "PILOTGRAPH_LANG", "PILOTGRAPH_SOURCES"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the source texts, which are not in the repository."""
    folder = SHARED / "sources"
    if not (folder / "pilotoverzicht-2022.txt").is_file():
        pytest.skip(f"the source texts are not at hand: {folder} has no pilotoverzicht-2022.txt")
    return folder


@pytest.fixture(scope="session")
def pilotgraph() -> Command:
    """The installed command."""
    return Command()


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A data set of one pilot and one source, for a test to add to."""
    return Tiny(tmp_path / "set")


@pytest.fixture
def flagship(tmp_path: Path) -> Path:
    """A copy of the bundled data set, for a test to break."""
    for part in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "flagship" / part)
    return tmp_path / "flagship"
