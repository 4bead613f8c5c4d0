"""The figures behind the page on cross-links and clusters: computed once, then told in each language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.errors import DatasetError
from pilotgraph.network.clusters import Settings, cluster_report, references
from pilotgraph.network.networks import cross_links, two_mode
from pilotgraph.network.options import NetworkOptions
from pilotgraph.network.report import figures
from pilotgraph.overview import count_pilots
from pilotgraph.progress import silent

if TYPE_CHECKING:
    import networkx as nx

    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters import ClusterReport, Reference
    from pilotgraph.network.report.figures import Bridge, Pair, Shared
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

# Who is only asked, hoped for, spoken of or referred to does not take part, nor who only uses, tests, houses or
# points to what others make: sharing such a body is no cooperation.
LOOSE_ROLES: Final = frozenset(
    {
        "consulted",
        "host",
        "idea-originator",
        "intended-partner",
        "prospective-user",
        "referral-target",
        "referrer",
        "subject",
        "tester",
        "user",
    }
)
# What the pilots are grouped by. Places are few and local, and are told as cross-links.
GROUPED_BY: Final = ("actor", "goal", "domain")
# The page tells pilots and pairs of them one by one.
MOST_TOLD: Final = 500
# The other ways of counting need fewer repetitions than the answer itself.
QUICK: Final = Settings(runs=20, tries=3, samples=99, noise_samples=10)


@dataclass(frozen=True)
class Variant:
    """The same question with another count: its report, and the share of each core's pairs that stay together."""

    name: str
    report: ClusterReport
    kept: tuple[float, ...]


@dataclass(frozen=True)
class Analysis:
    """All figures that the page tells; IRIs stand for things, whose labels are read per language.

    `main` groups by partners, goals and domains together, `variants` otherwise. `possible` pairs can be made of
    the pilots; `layers` counts the linked pairs by kind, `pairs` lists them, the closest first. `partners`,
    `places` and `payers` are shared by two pilots or more; `hub_only` pairs share the first partner and nothing
    else. `bridges` (partners) and `bridging` (pilots) are between others. `unshared` pilots share no partner with
    another, and of these `nameless` have none that is named.
    """

    main: ClusterReport
    variants: dict[str, Variant]
    pilots: int
    possible: int
    knowing: dict[str, dict[str, int]]
    layers: dict[str, int]
    pairs: tuple[Pair, ...]
    partners: tuple[Shared, ...]
    hub_only: int
    places: tuple[Shared, ...]
    payers: tuple[Shared, ...]
    bridges: tuple[Bridge, ...]
    bridging: tuple[Bridge, ...]
    unshared: tuple[str, ...]
    nameless: tuple[str, ...]


def analyse(dataset: Dataset, reader: Reader, progress: Tell = silent) -> Analysis:
    """Compute the figures; takes some tens of seconds.

    Raises DatasetError if the data set lacks a query, or has more pilots than can be told one by one.
    """
    number = count_pilots(reader)
    if number > MOST_TOLD:
        msg = (
            f"--report: tells pilots and what links each two of them, and {number} are more than a page can hold "
            f"({MOST_TOLD}); use --clusters for the groups, --links for a table, or --format explorer"
        )
        raise DatasetError(msg)
    progress("reading the network", 0, 0)
    graphs = networks(dataset, reader, "en")
    others = references(reader, "en")
    counted = ways_to_count(graphs)
    main = cluster_report(counted.pop("main"), compare_with=others, progress=progress)
    crossing = cross_links(dataset, reader, NetworkOptions(funders=False, without_roles=LOOSE_ROLES))
    actors = graphs["actor"]
    pilots, tying, partners = figures.pilots_of(actors), figures.tying(actors), figures.shared_things(actors)
    return Analysis(
        main=main,
        variants={name: _variant(name, graph, main, others, progress) for name, graph in counted.items()},
        pilots=len(pilots),
        possible=math.comb(len(pilots), 2),
        knowing={name: figures.knowing(graphs[name]) for name in GROUPED_BY},
        layers={kind: sum(key == kind for *_, key in crossing.edges(keys=True)) for kind in figures.KINDS},
        pairs=tuple(figures.linked_pairs(crossing)),
        partners=partners,
        hub_only=figures.only_through(actors, partners[0].thing) if partners else 0,
        places=figures.shared_things(graphs["place"]),
        payers=figures.payers(graphs["everyone"]),
        bridges=figures.bridges(tying, figures.things_of(tying)),
        bridging=figures.bridges(tying, figures.pilots_of(tying)),
        unshared=tuple(pilot for pilot in pilots if pilot not in tying),
        nameless=tuple(pilot for pilot in pilots if not actors.degree[pilot]),
    )


def networks(dataset: Dataset, reader: Reader, language: str) -> dict[str, nx.Graph[str]]:
    """The two-mode networks that the page is about; `everyone` has also who pays, and who hardly takes part."""

    def made(relation: str, **changed: Any) -> nx.Graph[str]:  # noqa: ANN401 - options of several types
        return two_mode(dataset, reader, NetworkOptions(relation=relation, language=language, **changed))

    found = {relation: made(relation, funders=False, without_roles=LOOSE_ROLES) for relation in (*GROUPED_BY, "place")}
    return found | {"everyone": made("actor")}


def ways_to_count(graphs: dict[str, nx.Graph[str]]) -> dict[str, nx.Graph[str]]:
    """The network that the pilots are grouped by, `main`, and those that show what depends on the choice."""
    import networkx as nx  # noqa: PLC0415 - heavy

    main = nx.compose_all([graphs[name] for name in GROUPED_BY])
    return {
        "main": main,
        "goals": graphs["goal"],
        "domains": graphs["domain"],
        "without-goals": nx.compose(graphs["actor"], graphs["domain"]),
        "stated": figures.stated(main),
        "partners": graphs["actor"],
        "payers": graphs["everyone"],
    }


def _variant(name: str, graph: nx.Graph[str], main: ClusterReport, others: list[Reference], progress: Tell) -> Variant:
    # A name of its own for each, so that what is left is told of this one.
    report = cluster_report(graph, QUICK, others, lambda what, done, total: progress(f"{what} ({name})", done, total))
    return Variant(name, report, tuple(figures.kept_together(core.pilots, report) for core in main.cores))
