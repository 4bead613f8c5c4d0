"""Loading and validating: pySHACL, pyrudof, and the columns of pilotgraph, on the same file and the same shapes.

Every side begins with a file of N-Triples and the shapes, and ends with the number of results. Some pilots have faults,
so that there are results to give. The reports of pySHACL and of pilotgraph are compared, statement by statement. The
sizes beyond the first are for pilotgraph and for the physical limit: a checked parse of the same file. Prints a
Markdown section; --write puts it in place, with the picture of cost against size.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from picture import log_log
from timing import (
    HEAD,
    ROOT,
    RULE,
    Cost,
    costs,
    count_lines,
    generate,
    generated,
    machine,
    number,
    run_once,
    write_section,
)

SHAPES = """
import hashlib, sys
from pathlib import Path
from pyoxigraph import BlankNode, RdfFormat, parse, serialize
shapes = [q.triple for path in sorted(Path(sys.argv[2]).glob("*.ttl")) for q in parse(path=path)]
SH = "http://www.w3.org/ns/shacl#"

# The number of results, a digest of all their statements (and those of their details), and one without values.
def told(report):
    said, number = {}, 0
    for subject, predicate, value in report:
        number += predicate.value == SH + "result"
        if isinstance(subject, BlankNode):
            said.setdefault(subject, []).append(f"{predicate} {'_' if isinstance(value, BlankNode) else value}")
    results = [sorted(one) for one in said.values() if any(SH + "focusNode>" in line for line in one)]
    return f"{number} {digest(results)} {digest([v for v in one if SH + 'value>' not in v] for one in results)}"

def digest(results):
    lines = sorted("|".join(one) for one in results)
    return hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]
"""
PYSHACL = (
    SHAPES
    + """
import logging, warnings
logging.disable()
warnings.simplefilter("ignore")
import pyshacl
data = Path(sys.argv[1]).read_bytes()
_, report, _ = pyshacl.validate(
    data, data_graph_format="nt", shacl_graph=serialize(shapes, format=RdfFormat.N_TRIPLES), shacl_graph_format="nt",
    inplace=True,
)
print(told(quad.triple for quad in parse(report.serialize(format="nt").encode(), RdfFormat.N_TRIPLES)))
"""
)
PYRUDOF = (
    SHAPES
    + """
import tempfile
from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat
rudof = Rudof(RudofConfig())
with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
    file.write(serialize(shapes, format=RdfFormat.TURTLE))
    file.flush()
    rudof.read_shacl(file.name, ShaclFormat.Turtle)
rudof.read_data(sys.argv[1], RDFFormat.NTriples)
print(len(rudof.validate_shacl()))
"""
)
OURS = (
    SHAPES
    + """
from pilotgraph.shacl.engine import validate
print(told(validate([Path(sys.argv[1])], shapes, "columns").triples()))
"""
)
PARSE = """
import sys
from pyoxigraph import parse
print(sum(1 for _ in parse(path=sys.argv[1])) > 0)
"""
FAULTS = ("--faults", "all=0.001")


def peers(lines: Path, shapes: Path, runs: int) -> dict[str, Cost]:
    """All sides at the first size; the slow ones once."""
    found = costs({"pilotgraph, columns": (OURS, lines, shapes), "checked parse alone": (PARSE, lines)}, runs)
    for name, code in (("rdflib + pySHACL", PYSHACL), ("pyrudof", PYRUDOF)):
        each = run_once(code, lines, shapes)
        found[name] = Cost(each.cpu, each.wall, each.memory, each.cpu, each.cpu, each.answer)
    same_report(found["pilotgraph, columns"].answer, found["rdflib + pySHACL"].answer)
    return found


def same_report(ours: str, theirs: str) -> None:
    """Raise RuntimeError if a report differs from that of pySHACL."""
    if ours != theirs:
        msg = f"another report than that of pySHACL: {ours}, not {theirs}"
        raise RuntimeError(msg)


def section(folder: Path, sizes: list[int], runs: int) -> tuple[str, dict[str, list[tuple[float, float]]]]:
    """Measure; give the section, and the points of the picture by side."""
    points: dict[str, list[tuple[float, float]]] = {}
    out: list[str] = []
    per_triple: dict[int, tuple[float, float]] = {}
    shapes = Path()
    for place, pilots in enumerate(sizes):
        lines = folder / f"{pilots}.nt"
        if place == 0:
            data, lines = generated(folder, pilots, *FAULTS)
            shapes = data / "ontology/shapes"
        else:
            generate("--pilots", str(pilots), "--nt", str(lines), *FAULTS)
        triples = count_lines(lines)
        if place == 0:
            found = peers(lines, shapes, runs)
            out += _peers_table(pilots, triples, found, runs)
        else:
            found = costs({"pilotgraph, columns": (OURS, lines, shapes), "checked parse alone": (PARSE, lines)}, 1)
        for name, each in found.items():
            points.setdefault(name, []).append((triples, each.cpu))
        ours, parse = found["pilotgraph, columns"], found["checked parse alone"]
        per_triple[pilots] = (ours.cpu / triples * 1e6, ours.memory)
        out_row = f"| {pilots:,} | {triples:,} | {number(ours.cpu)} | {ours.cpu / triples * 1e6:.2f} | "
        out_row += f"{ours.cpu / parse.cpu:.1f} | {ours.memory:.0f} |"
        out += _SIZE_HEAD if place == 0 else []
        out.append(out_row)
        lines.unlink()
    return "\n".join([*out, "", machine("pyoxigraph", "pyshacl", "rdflib", "pyrudof", "polars")]) + "\n", points


_SIZE_HEAD = [
    "",
    "| pilots | triples | columns, CPU s | µs a triple | times a checked parse | peak MB |",
    "|---:|---:|---:|---:|---:|---:|",
]


def _peers_table(pilots: int, triples: int, found: dict[str, Cost], runs: int) -> list[str]:
    ours = found["pilotgraph, columns"]
    out = [f"{pilots:,} pilots, {triples:,} triples; {runs} runs in turn, of pySHACL and pyrudof one.", ""]
    out += [f"| side {HEAD} results | ratio |", f"|---{RULE}---:|---:|"]
    for name, each in sorted(found.items(), key=lambda item: item[1].cpu):
        results = each.answer.split(" ")[0] if name != "checked parse alone" else ""
        out.append(f"| {name} | {each.cells()} | {results} | {each.cpu / ours.cpu:.1f} |")
    return [*out, "", "The reports of pilotgraph and pySHACL are the same, statement by statement."]


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of pilots; peers only at the first")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text, points = section(Path(folder), [int(size) for size in options.sizes.split(",")], options.runs)
    print(text, json.dumps(points))
    if options.write:
        drawn = log_log(points, limit="checked parse alone")
        (ROOT / "benchmarks/cost-against-size.svg").write_text(drawn, encoding="utf-8")
        write_section("validate", text)


if __name__ == "__main__":
    main()
