"""The measures of a network: what each says in one sentence, its formula, and the paper it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pilotgraph.errors import DatasetError
from pilotgraph.network import compute
from pilotgraph.queries import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

TWO_MODE: Final = "two-mode"
ONE_MODE: Final = "one-mode"


@dataclass(frozen=True)
class Measure:
    """A number for each node of a network.

    `label` and `sentence` are in en and nl. `decimals` is how many are shown. `only` names the kind of network
    that it is for, two-mode or one-mode; it is empty if it is for both. A table begins with the highest numbers,
    unless `lowest_first`.
    """

    name: str
    label: dict[str, str]
    sentence: dict[str, str]
    formula: str
    source: str
    decimals: int
    compute: Callable[[nx.Graph[str]], dict[str, float]]
    only: str = ""
    lowest_first: bool = False


@dataclass(frozen=True)
class Whole:
    """A number for a whole network, described in the same way as a :class:`Measure`."""

    name: str
    label: dict[str, str]
    sentence: dict[str, str]
    formula: str
    source: str
    decimals: int
    compute: Callable[[nx.Graph[str]], float]
    only: str = ""


_NODES = (
    Measure(
        "degree",
        {"en": "links", "nl": "verbindingen"},
        {"en": "The number of direct links.", "nl": "Het aantal directe verbindingen."},
        "k(v) = |N(v)|, where N(v) are the neighbours of v",
        "L. C. Freeman, Centrality in social networks: conceptual clarification, Social Networks 1 (1978), 215–239",
        0,
        compute.degree,
    ),
    Measure(
        "weighted-degree",
        {"en": "weight of links", "nl": "gewicht van verbindingen"},
        {
            "en": "The weights of the direct links added up, so that both many links and heavy ones count.",
            "nl": "De gewichten van de directe verbindingen opgeteld, zodat veel en zware verbindingen beide tellen.",
        },
        "s(v) = Σ w(v,u) over the neighbours u of v; a link without a weight counts as 1",
        "A. Barrat and others, The architecture of complex weighted networks, PNAS 101 (2004), 3747–3752",
        2,
        compute.weighted_degree,
    ),
    Measure(
        "betweenness",
        {"en": "betweenness", "nl": "tussenpositie"},
        {
            "en": "How often the shortest way between two others leads through it: high for those who join groups.",
            "nl": "Hoe vaak de kortste weg tussen twee andere hierlangs loopt: hoog bij wie groepen verbindt.",
        },
        "b(v) = 2 / ((n−1)(n−2)) · Σ σ(s,t|v) / σ(s,t) over the pairs {s,t} without v; σ counts shortest paths, "
        "and those through v",
        "L. C. Freeman, A set of measures of centrality based on betweenness, Sociometry 40 (1977), 35–41; "
        "worked out as in U. Brandes, Journal of Mathematical Sociology 25 (2001), 163–177",
        4,
        compute.betweenness,
    ),
    Measure(
        "closeness",
        {"en": "closeness", "nl": "nabijheid"},
        {
            "en": "In how few steps the others can be reached, lowered where only part of them can be.",
            "nl": "In hoe weinig stappen de andere te bereiken zijn, verlaagd als dat maar voor een deel kan.",
        },
        "c(v) = (r−1)/(n−1) · (r−1) / Σ d(v,u) over the r−1 others in reach of v, among n nodes",
        "L. C. Freeman, Social Networks 1 (1978), 215–239; for a network in pieces: S. Wasserman and K. Faust, "
        "Social Network Analysis (1994), p. 201",
        4,
        compute.closeness,
    ),
    Measure(
        "pagerank",
        {"en": "PageRank", "nl": "PageRank"},
        {
            "en": "How important it is if a link with someone important counts for more; all values add up to one.",
            "nl": "Hoe belangrijk, als een verbinding met een belangrijke buur zwaarder telt; alles samen is één.",
        },
        "p(v) = (1−d)/n + d · Σ p(u)·w(u,v)/s(u) over the neighbours u of v, d = 0.85; nodes without links share "
        "theirs among all",
        "L. Page, S. Brin, R. Motwani and T. Winograd, The PageRank citation ranking, Stanford (1999)",
        4,
        compute.pagerank,
    ),
    Measure(
        "k-core",
        {"en": "k-core", "nl": "k-kern"},
        {
            "en": "The largest k for which it is in a group where everyone has at least k links inside the group.",
            "nl": "De grootste k met een groep eromheen waarin ieder minstens k verbindingen binnen de groep heeft.",
        },
        "core(v) = the largest k such that v is in the largest subgraph with all degrees ≥ k",
        "S. B. Seidman, Network structure and minimum degree, Social Networks 5 (1983), 269–287",
        0,
        compute.k_core,
    ),
    Measure(
        "articulation",
        {"en": "pieces without it", "nl": "stukken zonder"},
        {
            "en": "Into how many more pieces the network falls without it: above zero, it alone holds parts together.",
            "nl": "In hoeveel stukken meer het netwerk zonder uiteenvalt: boven nul houdt het als enige delen bijeen.",
        },
        "a(v) = (number of biconnected components that hold v) − 1, and 0 if there is none",
        "J. Hopcroft and R. Tarjan, Algorithm 447, Communications of the ACM 16 (1973), 372–378",
        0,
        compute.articulation,
    ),
    Measure(
        "bridges",
        {"en": "bridges", "nl": "bruggen"},
        {
            "en": "How many of its links are the only way between two parts of the network.",
            "nl": "Hoeveel van de verbindingen de enige weg tussen twee delen van het netwerk zijn.",
        },
        "g(v) = the number of links of v that lie on no cycle",
        "R. Tarjan, A note on finding the bridges of a graph, Information Processing Letters 2 (1974), 160–161",
        0,
        compute.bridges,
    ),
    Measure(
        "two-mode-clustering",
        {"en": "overlap", "nl": "overlap"},
        {
            "en": "How alike its links are to those of the others with whom it shares at least one; one is the same.",
            "nl": "Hoe gelijk de verbindingen zijn aan die van wie er minstens één deelt; één is hetzelfde.",
        },
        "cc(v) = mean of |N(v) ∩ N(u)| / |N(v) ∪ N(u)| over the u at distance two of v",
        "M. Latapy, C. Magnien and N. Del Vecchio, Basic notions for the analysis of large two-mode networks, "
        "Social Networks 30 (2008), 31–48",
        3,
        compute.two_mode_clustering,
        TWO_MODE,
    ),
    Measure(
        "clustering",
        {"en": "clustering", "nl": "clustering"},
        {
            "en": "Which share of the pairs of its neighbours is linked too; in a projection always on the high side.",
            "nl": "Welk deel van de paren buren ook onderling verbonden is; in een projectie altijd aan de hoge kant.",
        },
        "C(v) = 2·T(v) / (k(v)·(k(v)−1)), where T(v) counts the triangles with v",
        "D. J. Watts and S. H. Strogatz, Collective dynamics of small-world networks, Nature 393 (1998), 440–442",
        3,
        compute.clustering,
        ONE_MODE,
    ),
    Measure(
        "component",
        {"en": "piece", "nl": "stuk"},
        {
            "en": "The number of its piece of the network, 1 the largest: no way leads from one piece to another.",
            "nl": "Het nummer van het stuk netwerk, 1 is het grootste: tussen twee stukken loopt geen weg.",
        },
        "the connected component of v, numbered by size",
        "J. Hopcroft and R. Tarjan, Algorithm 447, Communications of the ACM 16 (1973), 372–378",
        0,
        compute.component,
        lowest_first=True,
    ),
)
_WHOLES = (
    Whole(
        "nodes",
        {"en": "nodes", "nl": "knopen"},
        {"en": "The number of things in the network.", "nl": "Het aantal dingen in het netwerk."},
        "n",
        "by definition",
        0,
        lambda graph: float(len(graph)),
    ),
    Whole(
        "links",
        {"en": "links", "nl": "verbindingen"},
        {"en": "The number of links.", "nl": "Het aantal verbindingen."},
        "m",
        "by definition",
        0,
        lambda graph: float(graph.number_of_edges()),
    ),
    Whole(
        "isolated",
        {"en": "without links", "nl": "zonder verbinding"},
        {"en": "The number of things without any link.", "nl": "Het aantal dingen zonder enige verbinding."},
        "|{v : k(v) = 0}|",
        "by definition",
        0,
        lambda graph: float(sum(number == 0 for _, number in graph.degree())),
    ),
    Whole(
        "components",
        {"en": "pieces", "nl": "stukken"},
        {
            "en": "The number of pieces between which no way leads, those of one thing included.",
            "nl": "Het aantal stukken waartussen geen weg loopt, ook die van één ding.",
        },
        "number of connected components",
        "J. Hopcroft and R. Tarjan, Algorithm 447, Communications of the ACM 16 (1973), 372–378",
        0,
        lambda graph: max(compute.component(graph).values(), default=0.0),
    ),
    Whole(
        "density",
        {"en": "density", "nl": "dichtheid"},
        {
            "en": "Which share of the links that could be there is there.",
            "nl": "Welk deel van de verbindingen die er kunnen zijn er is.",
        },
        "m / (n₁·n₂) with two modes, else 2m / (n·(n−1))",
        "S. Wasserman and K. Faust, Social Network Analysis (1994), pp. 101 and 316",
        3,
        compute.density,
    ),
    Whole(
        "robins-alexander",
        {"en": "two-mode clustering", "nl": "clustering in twee delen"},
        {
            "en": "How often two pilots that share something and have more, share a second thing.",
            "nl": "Hoe vaak twee pilots die iets delen en meer hebben, nog iets delen.",
        },
        "C = 4·C₄ / L₃: four-cycles per path of three links",
        "G. Robins and M. Alexander, Small worlds among interlocking directors, Computational and Mathematical "
        "Organization Theory 10 (2004), 69–94",
        3,
        compute.robins_alexander,
        TWO_MODE,
    ),
    Whole(
        "transitivity",
        {"en": "clustering", "nl": "clustering"},
        {
            "en": "How often two neighbours of the same thing are linked; in a projection always on the high side.",
            "nl": "Hoe vaak twee buren van hetzelfde ding verbonden zijn; in een projectie altijd aan de hoge kant.",
        },
        "T = 3·triangles / paths of two links",
        "M. E. J. Newman, S. H. Strogatz and D. J. Watts, Random graphs with arbitrary degree distributions, "
        "Physical Review E 64 (2001), 026118",
        3,
        compute.transitivity,
        ONE_MODE,
    ),
)
MEASURES: Final = {found.name: found for found in _NODES}
WHOLE: Final = {found.name: found for found in _WHOLES}


def find_measure(name: str) -> Measure:
    """Find a measure by its name; DatasetError suggests near names."""
    if name not in MEASURES:
        hint = did_you_mean(name, MEASURES) or f"; there are {', '.join(MEASURES)}"
        msg = f"{name}: no such measure{hint}"
        raise DatasetError(msg)
    return MEASURES[name]


def measure(graph: nx.Graph[str], name: str) -> dict[str, float]:
    """Give each node of a network its number, in the order of the nodes.

    `graph` is a simple network (of :func:`two_mode`, :func:`project` or :func:`collapse`). Raises DatasetError for
    a measure that does not exist or is not for this kind of network.
    """
    found = find_measure(name)
    kind = TWO_MODE if compute.two_sided(graph) else ONE_MODE
    if found.only not in {"", kind}:
        instead = "clustering" if kind == ONE_MODE else "two-mode-clustering"
        msg = f"{name}: is for a {found.only} network, and this one is {kind}; use {instead}"
        raise DatasetError(msg)
    return found.compute(graph)


def overview(graph: nx.Graph[str]) -> dict[str, float]:
    """The numbers of :data:`WHOLE` that suit a network."""
    kind = TWO_MODE if compute.two_sided(graph) else ONE_MODE
    return {name: whole.compute(graph) for name, whole in WHOLE.items() if whole.only in {"", kind}}
