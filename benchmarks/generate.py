"""Write a synthetic programme as a data set of pilotgraph, of any size, in constant memory.

    python benchmarks/generate.py --pilots 10000 --seed 1 --to build/synthetic --nt build/synthetic.nt

The folder can be given to every command with --dataset. The same arguments write the same bytes. The ontology, the
shapes, the rules and the queries are those of the bundled data set; its concepts get the base of the synthetic one.
With --nt the whole graph (data, ontology and concepts) is also written as one file of canonical N-Triples.
With --faults, a share of the pilots gets a fault, by the kind of constraint that finds it: --faults closed=0.01.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import faults
import programme
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from pilotgraph.dataset import Dataset
from pilotgraph.terms import PREFIXES
from pilotgraph.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from programme import Pilot, Thing

_COPIED = ("ontology/shapes", "ontology/rules", "queries")
_FILES = ("ontology/context.jsonld", "ontology/pilotgraph.ttl", "ontology/alignments.ttl")
_MANIFEST = f"""# A synthetic data set, for measuring; made by benchmarks/generate.py.
base = "{programme.BASE}"
edition = "1.0.0"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "The pilotgraph developers"

[title]
nl = "Verzonnen pilots"
en = "Synthetic pilots"

[description]
nl = "Verzonnen gegevens om snelheid mee te meten."
en = "Invented data for measuring speed."
"""


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, help="folder of the data set; must not exist")
    parser.add_argument("--nt", type=Path, help="write the whole graph as one file of N-Triples")
    parser.add_argument("--format", choices=("nt", "ttl"), default="nt", help="of the files of the data set")
    parser.add_argument("--partners", type=float, default=1.5, help="mean number of partners of a pilot")
    parser.add_argument("--per-file", type=int, default=1000, help="pilots in one file")
    parser.add_argument(
        "--faults", action="append", default=[], metavar="KIND=SHARE", help=f"kinds: {', '.join(faults.FAULTS)}, all"
    )
    options = parser.parse_args()
    if not (options.to or options.nt):
        parser.error("give --to, --nt or both")
    if options.to and options.to.exists():
        parser.error(f"{options.to}: exists; choose a new folder")
    try:
        shares = read_faults(options.faults)
    except ValueError as error:
        parser.error(str(error))
    with ExitStack() as stack:
        whole = stack.enter_context(options.nt.open("w", encoding="utf-8")) if options.nt else None
        generate(options, shares, whole)


def read_faults(given: Iterable[str]) -> dict[str, float]:
    """Read shares by kind; `all=0.01` gives every kind a share. Raises ValueError."""
    shares: dict[str, float] = {}
    for text in given:
        kind, _, share = text.partition("=")
        if kind not in {*faults.FAULTS, "all"} or not 0 <= float(share or "x") <= 1:
            msg = f"{text}: write a kind of fault and its share, such as closed=0.01"
            raise ValueError(msg)
        shares |= dict.fromkeys(faults.FAULTS if kind == "all" else (kind,), float(share))
    return shares


@dataclass
class Target:
    """Where the things go: into the files of a folder, into one file, or both."""

    folder: Path | None
    whole: IO[str] | None
    format: str

    def write(self, name: str, things: Iterable[Thing]) -> None:
        """Write one file of the data set."""
        with ExitStack() as stack:
            streams: list[tuple[IO[str], Callable[[Thing], str]]] = [(self.whole, n_triples)] if self.whole else []
            if self.folder:
                path = self.folder / f"data/turtle/{name}.{self.format}"
                path.parent.mkdir(parents=True, exist_ok=True)
                stream = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
                stream.write(_HEAD if self.format == "ttl" else "")
                streams.append((stream, turtle if self.format == "ttl" else n_triples))
            for thing in things:
                for stream, form in streams:
                    stream.write(form(thing))

    def write_bundled(self) -> None:
        """Write what comes from the bundled data set, under the synthetic base."""
        bundled = Dataset.open()
        if self.folder:
            for part in _COPIED:
                shutil.copytree(bundled.root / part, self.folder / part)
            for part in _FILES:
                shutil.copyfile(bundled.root / part, self.folder / part)
            put_file(self.folder / "data/dataset.toml", _MANIFEST)
            put_file(self.folder / "data/sources.toml", "# There are no source texts.\n")
        for path, triples in vocabulary(bundled):
            if self.folder and path not in _FILES:
                put_file(self.folder / path, write_turtle(triples, programme.BASE))
            if self.whole:
                self.whole.write((serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode())


def generate(options: argparse.Namespace, shares: dict[str, float], whole: IO[str] | None) -> None:
    """Write the data set, and the one file if there is to be one."""
    target = Target(options.to, whole, options.format)
    target.write_bundled()
    target.write("register/organisations", programme.organisations(options.pilots))
    target.write("sources", programme.sources(options.pilots, random.Random(-options.seed)))  # noqa: S311 - no secret
    drawn = programme.pilots(options.pilots, options.seed, options.partners)
    for number, pilots in enumerate(_batches(drawn, options.per_file)):
        for pilot in pilots:
            faults.apply(pilot, shares)
        target.write(f"register/pilots-{number:05d}", (thing for pilot in pilots for thing in pilot.register))
        target.write(f"overviews/claims-{number:05d}", (thing for pilot in pilots for thing in pilot.claims))
        decisions = [thing for pilot in pilots for thing in pilot.decisions]
        if decisions:
            target.write(f"decisions/contradictions-{number:05d}", decisions)


def put_file(path: Path, text: str) -> None:
    """Write a file, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def vocabulary(bundled: Dataset) -> Iterator[tuple[str, list[Triple]]]:
    """The bundled ontology, concepts and cube, with their base replaced; by their path in a data set."""
    names: dict[str, BlankNode] = {}

    def moved(node: Any) -> Any:  # noqa: ANN401 - a term keeps its kind, which the types cannot say
        if isinstance(node, BlankNode):
            return names.setdefault(node.value, BlankNode(f"b{len(names)}"))
        if isinstance(node, NamedNode) and node.value.startswith(bundled.base):
            return NamedNode(programme.BASE + node.value.removeprefix(bundled.base))
        return node

    for path in [*bundled.vocabulary_files(), bundled.root / "data/turtle/cube.ttl"]:
        quads = parse(path=path, format=RdfFormat.TURTLE)
        triples = [Triple(moved(quad.subject), quad.predicate, moved(quad.object)) for quad in quads]
        yield path.relative_to(bundled.root).as_posix(), triples


def _batches(pilots: Iterator[Pilot], size: int) -> Iterator[list[Pilot]]:
    while batch := list(islice(pilots, size)):
        yield batch


def n_triples(thing: Thing) -> str:
    """Write a thing as lines of N-Triples."""
    subject, pairs = thing
    return "".join([f"{subject} {predicate} {value} .\n" for predicate, value in pairs])


def turtle(thing: Thing) -> str:
    """Write a thing as a statement of Turtle, in the names of :data:`_HEAD`."""
    subject, pairs = thing
    said = " ;\n    ".join([f"{_short(predicate)} {_short(value)}" for predicate, value in pairs])
    return f"{_short(subject)} {said} .\n\n"


_KINDS = ("pilot", "organisation", "record", "source", "evidence", "claim", "contradiction", "place", "cube")
_SCHEMES = (
    "alignment-kind", "category", "certainty", "contradiction-kind", "count-topic", "dimension", "domain", "goal",
    "organisation-kind", "pillar", "place-kind", "population-group", "role", "section", "severity",
)  # fmt: skip
_SPACES = (
    {PREFIXES[name]: name for name in ("dcat", "dct", "foaf", "geo", "oa", "org", "pg", "qb", "rdf", "skos", "xsd")}
    | {f"{programme.BASE}id/{kind}/": kind for kind in _KINDS}
    | {f"{programme.BASE}id/concept/{scheme}/": scheme for scheme in _SCHEMES}
)
_HEAD = "".join(f"@prefix {name}: <{space}> .\n" for space, name in _SPACES.items()) + "\n"


def _short(term: str) -> str:
    """Write an IRI, or the type of a literal, by its prefix."""
    text, mark, address = term.rpartition("<")
    if not mark:
        return term
    address = address[:-1]
    cut = max(address.rfind("#"), address.rfind("/")) + 1
    prefix = _SPACES.get(address[:cut])
    return f"{text}{prefix}:{address[cut:]}" if prefix else term


if __name__ == "__main__":
    sys.exit(main())
