"""The figures in words: one template for each language, in `viz/templates`, filled with names, numbers and proofs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pilotgraph.dataset import bundled_root
from pilotgraph.network.clusters.verdict import MODERATE
from pilotgraph.network.clusters.words import number, percent, why
from pilotgraph.network.report import readings
from pilotgraph.network.report.analysis import networks
from pilotgraph.network.report.figures import kept_together

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from pilotgraph.answers import Passage
    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters import ClusterReport
    from pilotgraph.network.clusters.model import Core
    from pilotgraph.network.report.analysis import Analysis
    from pilotgraph.store.base import Reader

# A core is called firm where each two of its pilots are together in nine of ten analyses or more.
FIRM: Final = 0.9
# Below one in two, a pilot is as often elsewhere.
HALF: Final = 0.5
# Adjusted Rand below which two divisions are told not to agree; from MODERATE on they agree well.
SOME: Final = 0.3
TOP_PAIRS: Final = 8
TOP_HOLDS: Final = 4
_AND: Final = {"en": "and", "nl": "en"}
_ANCHOR: Final = {"en": "passages", "nl": "vindplaatsen"}
_CLAIM: Final = {"en": "claim", "nl": "bewering"}
_CLASHING: Final = {"en": ", contradicted elsewhere", "nl": ", elders tegengesproken"}
_MARKS = re.compile(r"([\\`*_\[\]<>|])")


def write_page(analysis: Analysis, dataset: Dataset, reader: Reader, language: str) -> str:
    """Tell the figures in a language (en or nl), as Markdown, with a numbered passage behind every statement."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only the page needs it

    graphs = networks(dataset, reader, language)
    teller = Teller(graphs, language)
    # Markdown is no HTML: what comes from the data is escaped by the teller.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(bundled_root() / "viz" / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    body = environment.get_template(f"cross-links.{language}.md").render(
        a=analysis,
        t=teller,
        edition=dataset.edition,
        groups=[
            Group(letter, core, teller, graphs) for letter, core in zip(_letters(), analysis.main.cores, strict=False)
        ],
        relations=readings.relations(dataset, reader, language),
        to_programmes=readings.to_programmes(reader, language),
        out_of_scope=readings.out_of_scope(reader),
        themes=readings.themes(reader, language, analysis.main.cores),
        overlap=readings.overlap(dataset, reader),
        clashes=readings.clashes(reader, analysis.partners[0].thing, language) if analysis.partners else [],
        sources=readings.sources(reader, language),
        commissioned=readings.commissioned(reader, language),
        kept=kept_together,
        top_pairs=TOP_PAIRS,
        firm=FIRM,
        half=HALF,
        moderate=MODERATE,
        some=SOME,
    )
    proofs = zip(teller.cited, readings.passages(teller.cited, reader, language), strict=True)
    lines = [f"{n}. {_proof(claim, found, language)}" for n, (claim, found) in enumerate(proofs, 1)]
    return _tidy(body) + "\n\n" + "\n".join(lines) + "\n"


class Teller:
    """Names, numbers and proofs in one language; remembers in which order claims were cited."""

    def __init__(self, graphs: dict[str, nx.Graph[str]], language: str) -> None:
        self.language = language
        self.cited: list[str] = []
        self._graphs = graphs
        self._labels = {node: str(data["label"]) for graph in graphs.values() for node, data in graph.nodes(data=True)}
        self._numbers: dict[str, int] = {}

    def name(self, iri: str) -> str:
        """The label of a thing."""
        return escape(self._labels.get(iri, iri.rsplit("/", 1)[-1]))

    def names(self, iris: Iterable[str]) -> str:
        """Labels as a list in running text, by name."""
        return self.listed(sorted(map(self.name, iris), key=str.casefold))

    def lines(self, iris: Iterable[str]) -> str:
        """Labels by name, apart from each other by semicolons, for lists that are long."""
        return "; ".join(sorted(map(self.name, iris), key=str.casefold))

    def listed(self, texts: Iterable[str]) -> str:
        """Texts as a list in running text."""
        *first, last = list(texts) or [""]
        return f"{', '.join(first)} {_AND[self.language]} {last}" if first else last

    def number(self, value: float, digits: int = 2) -> str:
        """A number with decimals."""
        return number(value, self.language, digits)

    def percent(self, share: float) -> str:
        """A share as a percentage, rounded down."""
        return percent(share)

    def why(self, report: ClusterReport) -> str:
        """What the verdict of a report rests on."""
        return " ".join(why(report, self.language))

    def cite(self, claims: Iterable[str]) -> str:
        """Refer to the passages of some claims, at the foot of the page."""
        numbers = []
        for claim in claims:
            if claim not in self._numbers:
                self.cited.append(claim)
                self._numbers[claim] = len(self.cited)
            numbers.append(self._numbers[claim])
        return f"[\\[{ranges(numbers)}\\]](#{_ANCHOR[self.language]})" if numbers else ""


class Group:
    """A core, as the page tells it: a letter, a name after what holds it most, and counts of its pilots."""

    def __init__(self, letter: str, core: Core, teller: Teller, graphs: dict[str, nx.Graph[str]]) -> None:
        self.letter = letter
        self.core = core
        self.size = len(core.pilots)
        self.holds = core.holds[:TOP_HOLDS]
        self.title = teller.name(core.holds[0].thing) if core.holds else ""
        self.links = sum(hold.inside for hold in core.holds)
        self.assigned = sum(hold.assigned for hold in core.holds)
        nodes = graphs["actor"].nodes
        self.programmes = _counted(label for p in core.pilots for label in nodes[p]["programme_labels"])
        self.pillars = _counted(nodes[p]["pillar_label"] for p in core.pilots if nodes[p]["pillar_label"])

    @property
    def name(self) -> str:
        """The name at the beginning of a line."""
        return self.title[:1].upper() + self.title[1:]


def escape(text: str) -> str:
    r"""Keep Markdown from reading marks in a text.

    >>> escape("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _MARKS.sub(r"\\\1", text)


def ranges(numbers: Iterable[int]) -> str:
    """Write numbers short.

    >>> ranges([3, 1, 2, 7, 2])
    '1–3, 7'
    """
    found: list[list[int]] = []
    for n in sorted(set(numbers)):
        if found and n == found[-1][-1] + 1:
            found[-1].append(n)
        else:
            found.append([n])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)


def _tidy(text: str) -> str:
    """Take away the white space that a template leaves at the ends of lines and between blocks."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def _proof(claim: str, passages: list[Passage], language: str) -> str:
    """Where a claim rests on: source, section, page, first and last words; a claim that is contradicted says so."""
    where = "; ".join(escape(replace(passage, knowing="stated").cite()) for passage in passages)
    clashing = any(passage.knowing == "contradicted" for passage in passages)
    return f"{where} ([{_CLAIM[language]}]({claim}){_CLASHING[language] if clashing else ''})"


def _counted(labels: Iterable[str]) -> list[tuple[str, int]]:
    listed = sorted(labels)
    return sorted(((label, listed.count(label)) for label in set(listed)), key=lambda item: (-item[1], item[0]))


def _letters() -> list[str]:
    return [chr(code) for code in range(ord("A"), ord("Z") + 1)]
